package io.github.dl4jae.examples.variational;

import io.github.dl4jae.dense.FastDenseLayer;
import io.github.dl4jae.dense.FastOutputLayer;
import io.github.dl4jae.examples.support.ExampleData;
import io.github.dl4jae.examples.support.ImageExample;
import io.github.dl4jae.examples.support.Report;
import io.github.dl4jae.examples.support.Training;
import io.github.dl4jae.likelihood.LossBernoulli;
import io.github.dl4jae.schedule.LinearSchedule;
import io.github.dl4jae.training.ElboScoreCalculator;
import io.github.dl4jae.updater.FastAdam;
import io.github.dl4jae.variational.GaussianLatentLayer;
import io.github.dl4jae.variational.LikelihoodEstimate;
import io.github.dl4jae.variational.VariationalModel;
import java.nio.file.Path;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.deeplearning4j.nn.weights.WeightInit;
import org.nd4j.linalg.activations.Activation;
import org.nd4j.linalg.schedule.ScheduleType;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** A β-VAE: a larger weight of the KL divergence gives fewer, more independent latents and larger errors. */
@Command(name = "beta-vae", description = "A variational autoencoder whose KL weight beta rises from 0 to 4.")
public final class BetaVae extends ImageExample {

    private static final int HIDDEN = 400;
    private static final int LATENTS = 10;
    private static final int BATCH = 128;

    @Option(names = "--beta", paramLabel = "B", description = "Weight of the KL divergence. Default: ${DEFAULT-VALUE}.")
    private double beta = 4;

    @Override
    protected void run(ExampleData data, Path out) {
        // 1. Build the network. β rises from 0 over the first 2,000 mini-batches, so that latents do not collapse.
        MultiLayerNetwork network = new MultiLayerNetwork(new NeuralNetConfiguration.Builder()
                .seed(options.seed())
                .weightInit(WeightInit.XAVIER)
                .updater(new FastAdam(1e-3))
                .activation(Activation.RELU)
                .list()
                .layer(new FastDenseLayer.Builder()
                        .nIn(PIXELS)
                        .nOut(HIDDEN)
                        .inputGradient(false)
                        .build())
                .layer(new GaussianLatentLayer.Builder()
                        .name("z")
                        .nIn(HIDDEN)
                        .nOut(LATENTS)
                        .beta(new LinearSchedule(ScheduleType.ITERATION, 0, beta, 2000))
                        .build())
                .layer(new FastDenseLayer.Builder().nIn(LATENTS).nOut(HIDDEN).build())
                .layer(new FastOutputLayer.Builder(new LossBernoulli())
                        .nIn(HIDDEN)
                        .nOut(PIXELS)
                        .activation(Activation.SIGMOID)
                        .build())
                .build());
        network.init();

        // 2. Train it. The network's own score rises with β, so validation uses the final β throughout.
        Training.Result<MultiLayerNetwork> result = new Training(options, data, out, options.epochs(40, 20), BATCH)
                .validateBy((model, images) -> new ElboScoreCalculator.Builder(images, "z")
                        .beta(beta)
                        .build()
                        .calculateScore(model))
                .run(network);

        // 3. Report the active latents, and draw samples.
        VariationalModel model = VariationalModel.of(result.network(), "z");
        LikelihoodEstimate evidence =
                LikelihoodEstimate.estimate(model, data.test().iterator(1000).build(), 1, options.seed());
        Report report = new Report(
                        "β-VAE on " + options.source(),
                        LATENTS + " latents, β = " + beta
                                + ". The evidence lower bound (ELBO) is that of test images, with β = 1.",
                        out)
                .formula("elbo", "Minimized: the negative ELBO, with the KL divergence weighted by β.");
        EvidenceFigures.add(report, evidence);
        LatentPictures.of(model, data.test(), options.seed()).addTo(report);
        report.training(
                        "Reconstruction and weighted KL divergence in nats per image",
                        result.curve(),
                        "validation, at the final β")
                .write();
    }
}
