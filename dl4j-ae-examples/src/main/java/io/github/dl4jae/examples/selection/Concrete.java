package io.github.dl4jae.examples.selection;

import io.github.dl4jae.Autoencoder;
import io.github.dl4jae.Autoencoders;
import io.github.dl4jae.concrete.ConcreteSelectorLayer;
import io.github.dl4jae.concrete.SelectorState;
import io.github.dl4jae.dense.FastDenseLayer;
import io.github.dl4jae.dense.FastOutputLayer;
import io.github.dl4jae.examples.support.ExampleData;
import io.github.dl4jae.examples.support.ForestClassifier;
import io.github.dl4jae.examples.support.ImageExample;
import io.github.dl4jae.examples.support.ImageRow;
import io.github.dl4jae.examples.support.Report;
import io.github.dl4jae.examples.support.Training;
import io.github.dl4jae.plot.ImageGrid;
import io.github.dl4jae.schedule.GeometricSchedule;
import io.github.dl4jae.selection.GreedyColumnSelection;
import io.github.dl4jae.selection.LinearReconstruction;
import io.github.dl4jae.selection.RandomSelection;
import io.github.dl4jae.updater.AdamMini;
import io.github.dl4jae.updater.FastAdam;
import java.nio.file.Path;
import java.util.Arrays;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.deeplearning4j.nn.transferlearning.TransferLearning;
import org.nd4j.linalg.activations.Activation;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.lossfunctions.impl.LossMSE;
import org.nd4j.linalg.schedule.ScheduleType;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** Selects the most informative pixels by a concrete autoencoder, compared with greedy and random selection. */
@Command(
        name = "concrete",
        description = "A concrete autoencoder, which selects the pixels from which the others can be reconstructed.")
public final class Concrete extends ImageExample {

    private static final int BATCH = 256;
    private static final int FOR_REGRESSION = 10_000; // training images
    private static final int FOR_CLASSIFIER = 5_000;

    @Option(names = "--k", paramLabel = "K", description = "Number of selected pixels. Default: ${DEFAULT-VALUE}.")
    private int k = 50;

    @Option(
            names = "--hidden",
            paramLabel = "N",
            description = "Hidden units of the decoder. Default: none (a linear decoder).")
    private int hidden;

    @Override
    protected void run(ExampleData data, Path out) {
        int epochs = options.epochs(60, 20);
        int steps = epochs * ((data.train().size() + BATCH - 1) / BATCH);

        // 1. Build a network of k selectors, and a decoder that reconstructs all pixels from the selected ones.
        NeuralNetConfiguration.ListBuilder layers = new NeuralNetConfiguration.Builder()
                .seed(options.seed())
                .updater(new FastAdam(3e-3))
                .list()
                .layer(new ConcreteSelectorLayer.Builder()
                        .name("selector")
                        .nIn(PIXELS)
                        .nOut(k)
                        .temperature(new GeometricSchedule(ScheduleType.ITERATION, 10, 0.1, steps))
                        .naturalGradient(true)
                        .updater(new AdamMini(20 * Math.log(PIXELS) / steps, PIXELS))
                        .inputGradient(false)
                        .build());
        if (hidden > 0) {
            layers.layer(new FastDenseLayer.Builder()
                    .nIn(k)
                    .nOut(hidden)
                    .activation(Activation.LEAKYRELU)
                    .build());
        }
        MultiLayerNetwork network = new MultiLayerNetwork(layers.layer(new FastOutputLayer.Builder(new LossMSE())
                        .nIn(hidden > 0 ? hidden : k)
                        .nOut(PIXELS)
                        .activation(Activation.IDENTITY)
                        .build())
                .build());
        network.init();

        // 2. Train it while the temperature falls; then freeze the selection and train the decoder.
        Training.Result<MultiLayerNetwork> selecting = new Training(options, data, out.resolve("choice"), epochs, BATCH)
                .patience(Integer.MAX_VALUE)
                .keepLast()
                .run(network);
        MultiLayerNetwork decided = new TransferLearning.Builder(selecting.network())
                .setFeatureExtractor(0)
                .build();
        Training.Result<MultiLayerNetwork> result = new Training(options, data, out, Math.max(epochs / 10, 1), BATCH)
                .oneOfSeveral()
                .run(decided);
        SelectorState selection = SelectorState.of(result.network());
        Autoencoder autoencoder = Autoencoders.of(result.network(), 0);

        // 3. Compare with other selections.
        INDArray train = data.train(FOR_REGRESSION).features();
        int[] concrete = selection.selectedFeatures();
        int[] greedy = new GreedyColumnSelection().select(train, k);
        int[] random = new RandomSelection(options.seed()).select(train, k);
        INDArray shown = data.test().first(16).features();
        Report report = new Report(
                        k + " of " + PIXELS + " pixels of " + options.source(),
                        "Mean squared errors per pixel of test images, reconstructed from the selected pixels, and the"
                                + " test accuracy of extremely randomized trees on these pixels.",
                        out)
                .formula(
                        "concrete",
                        "Minimized: the m-th selector outputs Mₘ·x, a random mixture of pixels that turns into"
                                + " one pixel as the temperature T falls. γ is Gumbel noise, ℓ are weights, g"
                                + " decodes.")
                .table(
                        "selection",
                        "squared error per pixel, decoder",
                        "squared error per pixel, linear regression",
                        "accuracy of trees")
                .row("concrete", figures(data, train, concrete, Report.decimals(4, decoderError(autoencoder, data))))
                .row("greedy", figures(data, train, greedy, ""))
                .row("random", figures(data, train, random, ""))
                .count("selectors", k)
                .count("different pixels", concrete.length)
                .figure("mean-max probability of the selectors", selection.meanConfidence())
                .figure(
                        "training time of the frozen selection's decoder in seconds",
                        Report.decimals(1, result.curve().seconds()));
        report.picture("pixels", "Selected pixels (white) on the mean image.", () -> ImageGrid.of(28, 28)
                        .scale(6)
                        .row("concrete", marked(train, concrete))
                        .row("greedy", marked(train, greedy))
                        .row("random", marked(train, random))
                        .draw())
                .images(
                        "reconstructions",
                        "Test images, their selected pixels, and the reconstructions.",
                        new ImageRow("original", shown),
                        new ImageRow("selected pixels", only(shown, concrete)),
                        new ImageRow("reconstruction", autoencoder.reconstruct(shown)))
                .training("Squared error per pixel", selecting.curve(), "validation")
                .write();
    }

    private double decoderError(Autoencoder autoencoder, ExampleData data) {
        INDArray test = data.test().features();
        INDArray error = autoencoder.reconstruct(test).sub(test);
        return error.muli(error).meanNumber().doubleValue();
    }

    private String[] figures(ExampleData data, INDArray train, int[] columns, String decoderError) {
        double accuracy = ForestClassifier.accuracy(
                data.train(FOR_CLASSIFIER).features().getColumns(columns),
                data.train(FOR_CLASSIFIER).labels(),
                data.test().features().getColumns(columns),
                data.test().labels(),
                options.seed());
        double error = LinearReconstruction.fit(train, columns)
                .meanSquaredError(data.test().features());
        return new String[] {decoderError, Report.decimals(4, error), Report.decimals(3, accuracy)};
    }

    private static INDArray marked(INDArray images, int[] pixels) {
        INDArray mean = images.mean(true, 0).muli(0.7);
        Arrays.stream(pixels).forEach(pixel -> mean.putScalar(0, pixel, 1));
        return mean;
    }

    private static INDArray only(INDArray images, int[] pixels) {
        INDArray only = Nd4j.zeros(images.dataType(), images.shape());
        Arrays.stream(pixels).forEach(pixel -> only.putColumn(pixel, images.getColumn(pixel)));
        return only;
    }
}
