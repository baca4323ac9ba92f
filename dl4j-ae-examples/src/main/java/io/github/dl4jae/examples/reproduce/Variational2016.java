package io.github.dl4jae.examples.reproduce;

import io.github.dl4jae.data.LabeledImages;
import io.github.dl4jae.dense.FastDenseLayer;
import io.github.dl4jae.dense.FastOutputLayer;
import io.github.dl4jae.examples.support.ExampleData;
import io.github.dl4jae.examples.support.ImageExample;
import io.github.dl4jae.examples.support.MnistByDefault;
import io.github.dl4jae.examples.support.Report;
import io.github.dl4jae.examples.support.Training;
import io.github.dl4jae.examples.variational.ImportanceWeightedGraph;
import io.github.dl4jae.likelihood.LossBernoulli;
import io.github.dl4jae.plot.ImageGrid;
import io.github.dl4jae.updater.FastAdam;
import io.github.dl4jae.variational.GaussianLatentLayer;
import io.github.dl4jae.variational.LikelihoodEstimate;
import io.github.dl4jae.variational.VariationalModel;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Map;
import java.util.TreeMap;
import me.tongfei.progressbar.ProgressBar;
import org.deeplearning4j.nn.api.Model;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.deeplearning4j.nn.weights.WeightInit;
import org.nd4j.linalg.activations.Activation;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.schedule.ExponentialSchedule;
import org.nd4j.linalg.schedule.ISchedule;
import org.nd4j.linalg.schedule.MapSchedule;
import org.nd4j.linalg.schedule.ScheduleType;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** The likelihoods of a variational and an importance-weighted autoencoder: Burda, Grosse and Salakhutdinov 2016. */
abstract class Variational2016 extends ImageExample {

    private static final int HIDDEN = 200;
    private static final int LATENTS = 50;
    /** Images per batch of the likelihood estimate. */
    private static final int BLOCK = 50;

    @Option(
            names = "--likelihood-samples",
            paramLabel = "S",
            description = "Samples per test image for the estimate of -ln p(x). Default: ${DEFAULT-VALUE}.")
    private int likelihoodSamples = 5000;

    @Option(names = "--test-images", paramLabel = "N", description = "Number of test images. Default: all.")
    private Integer testImages;

    @Option(
            names = "--full",
            description = "Use the schedule of the paper: 3280 epochs, mini-batches of 20; takes days."
                    + " Default: a schedule of less than an hour on two cores.")
    private boolean full;

    /** A variational autoencoder, with one sample per image. */
    @Command(
            name = "vae",
            description = "-ln p(x) of a variational autoencoder (Burda, Grosse and Salakhutdinov 2016): 86.76 nats.",
            defaultValueProvider = MnistByDefault.class)
    static final class Vae extends Variational2016 {
        @Override
        int importanceSamples() {
            return 0;
        }
    }

    /** An importance-weighted autoencoder, with several samples per image. */
    @Command(
            name = "iwae",
            description = "-ln p(x) of an importance-weighted autoencoder (the same paper): 85.54 nats with 5 samples.",
            defaultValueProvider = MnistByDefault.class)
    static final class Iwae extends Variational2016 {
        @Option(
                names = "--importance-samples",
                paramLabel = "K",
                description = "Samples per image. Default: ${DEFAULT-VALUE}.")
        private int importanceSamples = 5;

        @Override
        int importanceSamples() {
            return importanceSamples;
        }
    }

    /** Returns K, or 0 for a variational autoencoder. */
    abstract int importanceSamples();

    @Override
    protected String outputName() {
        return "reproduce-" + method();
    }

    private String method() {
        return importanceSamples() > 0 ? "iwae-" + importanceSamples() : "vae";
    }

    @Override
    protected void run(ExampleData loaded, Path out) {
        boolean weighted = importanceSamples() > 0;
        ExampleData data = loaded.trainingOnAll(); // as the paper does
        int epochs = full ? 3280 : options.epochs(60, weighted ? 120 : 250);
        FastAdam adam = new FastAdam(1e-3, 0.9, 0.999, full ? 1e-4 : 1e-8);
        adam.setLrAndSchedule(1e-3, full ? paperSchedule() : falling(epochs));
        Training training = new Training(options, data, out, epochs, full ? 20 : weighted ? 64 : 128)
                .minibatches(images -> images.binarized(options.seed()))
                .patience(Integer.MAX_VALUE)
                .keepLast();
        if (weighted) {
            Training.Result<ComputationGraph> result =
                    training.run(new ImportanceWeightedGraph(PIXELS, HIDDEN, LATENTS, importanceSamples())
                            .create(options.seed(), adam));
            report(VariationalModel.of(result.network(), "z"), result, data, out);
        } else {
            Training.Result<MultiLayerNetwork> result = training.run(vae(adam));
            report(VariationalModel.of(result.network(), "z"), result, data, out);
        }
    }

    /** Returns a rate of 10^(−3 − i/7) for 3^i epochs, i from 0 to 7. */
    private static ISchedule paperSchedule() {
        Map<Integer, Double> rates = new TreeMap<>();
        int epoch = 0;
        for (int i = 0; i < 8; i++) {
            rates.put(epoch, 1e-3 * Math.pow(10, -i / 7.0));
            epoch += (int) Math.pow(3, i);
        }
        return new MapSchedule(ScheduleType.EPOCH, rates);
    }

    /** Returns a rate that decays from 10⁻³ to 10⁻⁴. */
    private static ISchedule falling(int epochs) {
        return new ExponentialSchedule(ScheduleType.EPOCH, 1e-3, Math.pow(0.1, 1.0 / epochs));
    }

    private MultiLayerNetwork vae(FastAdam adam) {
        MultiLayerNetwork network = new MultiLayerNetwork(new NeuralNetConfiguration.Builder()
                .seed(options.seed())
                .weightInit(WeightInit.XAVIER)
                .activation(Activation.TANH)
                .updater(adam)
                .list()
                .layer(new FastDenseLayer.Builder()
                        .nIn(PIXELS)
                        .nOut(HIDDEN)
                        .inputGradient(false)
                        .build())
                .layer(new FastDenseLayer.Builder().nIn(HIDDEN).nOut(HIDDEN).build())
                .layer(new GaussianLatentLayer.Builder()
                        .name("z")
                        .nIn(HIDDEN)
                        .nOut(LATENTS)
                        .build())
                .layer(new FastDenseLayer.Builder().nIn(LATENTS).nOut(HIDDEN).build())
                .layer(new FastDenseLayer.Builder().nIn(HIDDEN).nOut(HIDDEN).build())
                .layer(new FastOutputLayer.Builder(new LossBernoulli())
                        .nIn(HIDDEN)
                        .nOut(PIXELS)
                        .activation(Activation.SIGMOID)
                        .build())
                .build());
        network.init();
        return network;
    }

    private void report(VariationalModel model, Training.Result<? extends Model> result, ExampleData data, Path out) {
        LabeledImages test = testImages == null ? data.test() : data.test().first(testImages);
        double seconds = result.curve().seconds();
        long start = System.nanoTime();
        double[] elbo = new double[test.size()];
        double[] likelihood = new double[test.size()];
        try (ProgressBar bar = new ProgressBar("ln p(x)", test.size())) {
            for (int from = 0; from < test.size(); from += BLOCK) {
                LabeledImages block = test.range(from, Math.min(from + BLOCK, test.size()));
                INDArray x = block.iterator(BLOCK)
                        .binarized(options.seed())
                        .build()
                        .next()
                        .getFeatures();
                LikelihoodEstimate evidence =
                        LikelihoodEstimate.estimate(model, x, likelihoodSamples, options.seed() + from);
                System.arraycopy(evidence.elboPerExample(), 0, elbo, from, block.size());
                System.arraycopy(evidence.logLikelihoodPerExample(), 0, likelihood, from, block.size());
                bar.stepBy(block.size());
            }
        }
        int active = LikelihoodEstimate.estimate(
                        model, test.iterator(1000).binarized(options.seed()).build(), 1, options.seed())
                .activeUnits();
        new Report(
                        "Reproduction of " + method() + " on " + options.source(),
                        "784-200-200 tanh, 50 latents, dynamic binarization, ln p(x) from " + likelihoodSamples
                                + " samples per test image (Burda, Grosse and Salakhutdinov 2016).",
                        out)
                .formula(
                        importanceSamples() > 0 ? "importance-weighted" : "elbo",
                        importanceSamples() > 0
                                ? "Minimized: the negative bound from K = " + importanceSamples()
                                        + " samples of the code."
                                : "Minimized: the negative ELBO, β = 1.")
                .figure("published -ln p(x) in nats per image", published(method()))
                .figure(
                        "measured -ln p(x) in nats per image",
                        -Arrays.stream(likelihood).average().orElseThrow())
                .figure(
                        "-ELBO in nats per image",
                        -Arrays.stream(elbo).average().orElseThrow())
                .count("active latents", active)
                .count("epochs", result.curve().epochs())
                .count("seed", options.seed())
                .figure("training time in minutes", seconds / 60)
                .figure("estimation time in minutes", (System.nanoTime() - start) / 6e10)
                .picture("samples", "Decoded samples of the prior.", () -> ImageGrid.of(28, 28)
                        .columns(20)
                        .images(model.decode(model.samplePrior(200, options.seed())))
                        .draw())
                .training("Bound in nats per image", result.curve(), "2,000 training images, at the mean code")
                .write();
    }

    private static String published(String name) {
        Map<String, Double> figures = Map.of("vae", 86.76, "iwae-5", 85.54, "iwae-50", 84.78);
        return figures.containsKey(name) ? Report.decimals(2, figures.get(name)) : "none";
    }
}
