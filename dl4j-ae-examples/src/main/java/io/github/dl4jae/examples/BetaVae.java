package io.github.dl4jae.examples;

import io.github.dl4jae.dense.FastDenseLayer;
import io.github.dl4jae.dense.FastOutputLayer;
import io.github.dl4jae.likelihood.LossBernoulli;
import io.github.dl4jae.plot.CurvePlot;
import io.github.dl4jae.schedule.LinearSchedule;
import io.github.dl4jae.training.ElboScoreCalculator;
import io.github.dl4jae.updater.FastAdam;
import io.github.dl4jae.variational.GaussianLatentLayer;
import io.github.dl4jae.variational.LikelihoodEstimate;
import io.github.dl4jae.variational.VariationalModel;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.deeplearning4j.nn.weights.WeightInit;
import org.nd4j.linalg.activations.Activation;
import org.nd4j.linalg.schedule.ScheduleType;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** β-VAE: a heavier Kullback-Leibler term makes latents few and separate, at the cost of the reconstruction. */
@Command(
        name = "beta-vae",
        description = "A variational autoencoder with beta = 4, warmed up: which latents stay, and what do they draw?",
        usageHelpAutoWidth = true)
final class BetaVae implements Callable<Integer> {

    private static final int PIXELS = 28 * 28;
    private static final int HIDDEN = 400;
    private static final int LATENTS = 10;
    private static final int BATCH = 128;

    @Mixin
    private ExampleOptions options;

    @Option(
            names = "--beta",
            paramLabel = "B",
            description = "the weight of the Kullback-Leibler term; default: ${DEFAULT-VALUE}")
    private double beta = 4;

    @Override
    public Integer call() {
        ExampleData data = options.loadData();
        Path out = options.out("beta-vae");

        // 1. Beta rises from 0 over the first 2,000 minibatches: latents are used before they are charged for.
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

        // 2. Train it; while beta rises, so does the network's own score: validation has beta's last value all the
        // time.
        Training.Result<MultiLayerNetwork> result = new Training(options, data, out, options.epochs(40, 20), BATCH)
                .validateBy((model, images) ->
                        new ElboScoreCalculator<>(images, "z").beta(beta).calculateScore(model))
                .run(network);

        // 3. Which latents stay, and what do they draw?
        VariationalModel model = VariationalModel.of(result.network(), "z");
        LikelihoodEstimate evidence =
                LikelihoodEstimate.estimate(model, data.test().iterator(1000).build(), 1, options.seed());
        Report report = new Report(
                        "β-VAE on " + options.source(),
                        LATENTS + " latents, β = " + beta + ". Figures are in nats per test image.",
                        out)
                .figure("-ELBO", -evidence.elbo())
                .figure("  of this, reconstruction", -evidence.reconstruction())
                .figure("  of this, KL", evidence.klDivergence())
                .figure("active latents", evidence.activeUnits() + " of " + LATENTS)
                .figure("training time in seconds", result.seconds());
        LatentPictures.of(model, data.test(), options.seed()).addTo(report);
        report.picture(
                        "curve",
                        "Reconstruction and weighted Kullback-Leibler term while training.",
                        () -> new CurvePlot("β-VAE on " + options.source(), "epoch", "nats per image")
                                .curve("train", result.trainScores())
                                .curve("validation, at the final β", result.validationScores())
                                .draw())
                .write();
        return 0;
    }
}
