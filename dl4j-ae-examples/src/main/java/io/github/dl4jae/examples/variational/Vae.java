package io.github.dl4jae.examples.variational;

import io.github.dl4jae.dense.FastDenseLayer;
import io.github.dl4jae.dense.FastOutputLayer;
import io.github.dl4jae.examples.support.ExampleData;
import io.github.dl4jae.examples.support.ImageExample;
import io.github.dl4jae.examples.support.Report;
import io.github.dl4jae.examples.support.Training;
import io.github.dl4jae.likelihood.LossBernoulli;
import io.github.dl4jae.updater.FastAdam;
import io.github.dl4jae.variational.GaussianLatentLayer;
import io.github.dl4jae.variational.LatentListener;
import io.github.dl4jae.variational.LikelihoodEstimate;
import io.github.dl4jae.variational.VariationalModel;
import java.nio.file.Path;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.deeplearning4j.nn.weights.WeightInit;
import org.nd4j.linalg.activations.Activation;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** Kingma and Welling's variational autoencoder, which samples new images from a prior over codes. */
@Command(
        name = "vae",
        description =
                "A variational autoencoder with 400 hidden units and 20 latents, and one with two latents for maps.")
public final class Vae extends ImageExample {

    private static final int HIDDEN = 400;
    private static final int BATCH = 128;

    @Option(names = "--latents", paramLabel = "N", description = "Size of a code. Default: ${DEFAULT-VALUE}.")
    private int latents = 20;

    @Option(names = "--beta", paramLabel = "B", description = "Weight of the KL divergence. Default: ${DEFAULT-VALUE}.")
    private double beta = 1;

    @Option(
            names = "--likelihood-samples",
            paramLabel = "S",
            description = "Samples per test image for the estimate of -ln p(x). Default: ${DEFAULT-VALUE}.")
    private int likelihoodSamples = 500;

    @Override
    protected void checkOptions() {
        if (latents < 2) {
            throw new IllegalArgumentException(
                    "--latents must be at least 2, got " + latents + "; maps need two latents");
        }
    }

    @Override
    protected void run(ExampleData data, Path out) {
        // 1. Build a network with a latent layer between encoder and decoder. The loss is a negative log-likelihood.
        MultiLayerNetwork network = network(latents);

        // 2. Train it. The score is the negative evidence lower bound (ELBO).
        Training.Result<MultiLayerNetwork> result = new Training(options, data, out, options.epochs(40, 65), BATCH)
                .patience(15)
                .listeners(new LatentListener("z", 500, report -> {})) // warns if latents collapse
                .run(network);

        // 3. Estimate the likelihood of test images, and draw samples.
        VariationalModel model = VariationalModel.of(result.network(), "z");
        LikelihoodEstimate evidence =
                LikelihoodEstimate.estimate(model, data.test().iterator(1000).build(), 1, options.seed());
        LikelihoodEstimate likelihood = LikelihoodEstimate.estimate(
                model, data.test().first(500).features(), likelihoodSamples, options.seed());
        Report report = new Report(
                        "Variational autoencoder on " + options.source(),
                        latents
                                + " latents. Gray values are the probabilities of white pixels. The evidence lower"
                                + " bound (ELBO) is that of test images; ln p(x) is estimated for 500 of them, with "
                                + likelihoodSamples + " samples each.",
                        out)
                .formula("elbo", "Minimized: the negative ELBO, β = " + beta + ".");
        EvidenceFigures.add(report, evidence).figure("-ln p(x) in nats per image", likelihood.negativeLogLikelihood());
        LatentPictures.of(model, data.test(), options.seed()).addTo(report);

        // 4. Train another network with two latents, for maps of the latent space.
        if (latents > 2) {
            MultiLayerNetwork small = new Training(
                            options, data, out.resolve("two-latents"), options.epochs(15, 10), BATCH)
                    .oneOfSeveral()
                    .run(network(2))
                    .network();
            LatentPictures.of(VariationalModel.of(small, "z"), data.test(), options.seed())
                    .addMaps(report, "-two-latents");
        }
        report.training(
                        "Negative evidence lower bound in nats per image",
                        result.curve(),
                        "validation, at the mean code")
                .write();
    }

    private MultiLayerNetwork network(int width) {
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
                        .nOut(width)
                        .beta(beta)
                        .build())
                .layer(new FastDenseLayer.Builder().nIn(width).nOut(HIDDEN).build())
                .layer(new FastOutputLayer.Builder(new LossBernoulli())
                        .nIn(HIDDEN)
                        .nOut(PIXELS)
                        .activation(Activation.SIGMOID)
                        .build())
                .build());
        network.init();
        return network;
    }
}
