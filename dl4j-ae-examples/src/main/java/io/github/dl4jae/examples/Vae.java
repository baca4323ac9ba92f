package io.github.dl4jae.examples;

import io.github.dl4jae.dense.FastDenseLayer;
import io.github.dl4jae.dense.FastOutputLayer;
import io.github.dl4jae.likelihood.LossBernoulli;
import io.github.dl4jae.plot.CurvePlot;
import io.github.dl4jae.updater.FastAdam;
import io.github.dl4jae.variational.GaussianLatentLayer;
import io.github.dl4jae.variational.LatentListener;
import io.github.dl4jae.variational.LikelihoodEstimate;
import io.github.dl4jae.variational.VariationalModel;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.deeplearning4j.nn.weights.WeightInit;
import org.nd4j.linalg.activations.Activation;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Kingma and Welling's variational autoencoder: a code with a prior, to draw new images from. */
@Command(
        name = "vae",
        description = "A variational autoencoder: 400 hidden units, 20 latents; and one with two latents, for maps.",
        usageHelpAutoWidth = true)
final class Vae implements Callable<Integer> {

    private static final int PIXELS = 28 * 28;
    private static final int HIDDEN = 400;
    private static final int BATCH = 128;

    @Mixin
    private ExampleOptions options;

    @Option(
            names = "--latents",
            paramLabel = "N",
            description = "how many numbers make up a code; default: ${DEFAULT-VALUE}")
    private int latents = 20;

    @Option(
            names = "--beta",
            paramLabel = "B",
            description = "the weight of the Kullback-Leibler term; default: ${DEFAULT-VALUE}")
    private double beta = 1;

    @Option(
            names = "--likelihood-samples",
            paramLabel = "S",
            description = "per test image, for -ln p(x); default: ${DEFAULT-VALUE}")
    private int likelihoodSamples = 500;

    @Override
    public Integer call() {
        if (latents < 2) {
            throw new IllegalArgumentException(
                    "--latents must be at least 2, got " + latents + "; maps are drawn of two of them");
        }
        ExampleData data = options.loadData();
        Path out = options.out("vae");

        // 1. The latent layer stands between encoder and decoder; the loss is the negative log-likelihood of the
        // pixels.
        MultiLayerNetwork network = network(latents);

        // 2. Train it: the score is the negative evidence lower bound.
        Training.Result<MultiLayerNetwork> result = new Training(options, data, out, options.epochs(40, 65), BATCH)
                .patience(15)
                .listeners(new LatentListener("z", 500, report -> {})) // warns if latents collapse
                .run(network);

        // 3. How likely does it find test images, and what does it draw?
        VariationalModel model = VariationalModel.of(result.network(), "z");
        LikelihoodEstimate evidence =
                LikelihoodEstimate.estimate(model, data.test().iterator(1000).build(), 1, options.seed());
        LikelihoodEstimate likelihood = LikelihoodEstimate.estimate(
                model, data.test().first(500).features(), likelihoodSamples, options.seed());
        Report report = new Report(
                        "Variational autoencoder on " + options.source(),
                        latents
                                + " latents. Gray values are taken as probabilities of white; figures are in nats per test image.",
                        out)
                .figure("-ELBO", -evidence.elbo())
                .figure("  of this, reconstruction", -evidence.reconstruction())
                .figure("  of this, KL", evidence.klDivergence())
                .figure(
                        "-ln p(x), 500 images, " + likelihoodSamples + " samples each",
                        likelihood.negativeLogLikelihood())
                .figure("active latents", Integer.toString(evidence.activeUnits()))
                .figure("training time in seconds", result.seconds());
        LatentPictures.of(model, data.test(), options.seed()).addTo(report);

        // 4. For maps of the latent space, another with two latents.
        if (latents > 2) {
            MultiLayerNetwork small = new Training(
                            options, data, out.resolve("two-latents"), options.epochs(15, 10), BATCH)
                    .oneOfSeveral()
                    .run(network(2))
                    .network();
            LatentPictures.of(VariationalModel.of(small, "z"), data.test(), options.seed())
                    .addMaps(report, "-two-latents");
        }
        report.picture("curve", "Negative evidence lower bound while training.", () -> new CurvePlot(
                                "Variational autoencoder on " + options.source(), "epoch", "nats per image")
                        .curve("train", result.trainScores())
                        .curve("validation, at the mean code", result.validationScores())
                        .draw())
                .write();
        return 0;
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
