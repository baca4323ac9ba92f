package io.github.dl4jae.examples;

import io.github.dl4jae.Autoencoder;
import io.github.dl4jae.Autoencoders;
import io.github.dl4jae.concrete.ConcreteSelectorLayer;
import io.github.dl4jae.concrete.SelectorState;
import io.github.dl4jae.dense.FastDenseLayer;
import io.github.dl4jae.dense.FastOutputLayer;
import io.github.dl4jae.plot.CurvePlot;
import io.github.dl4jae.plot.ImageGrid;
import io.github.dl4jae.schedule.GeometricSchedule;
import io.github.dl4jae.selection.GreedyColumnSelection;
import io.github.dl4jae.selection.LinearReconstruction;
import io.github.dl4jae.selection.RandomSelection;
import io.github.dl4jae.updater.AdamMini;
import io.github.dl4jae.updater.FastAdam;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Locale;
import java.util.concurrent.Callable;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.deeplearning4j.nn.transferlearning.TransferLearning;
import org.nd4j.linalg.activations.Activation;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.lossfunctions.impl.LossMSE;
import org.nd4j.linalg.schedule.ScheduleType;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Which pixels tell the most about an image: a concrete autoencoder, and what others would choose. */
@Command(
        name = "concrete",
        description = "Concrete autoencoder: chooses the pixels from which the others can be reconstructed.",
        usageHelpAutoWidth = true)
final class Concrete implements Callable<Integer> {

    private static final int PIXELS = 28 * 28;
    private static final int BATCH = 256;
    private static final int FOR_REGRESSION = 10_000; // training images
    private static final int FOR_CLASSIFIER = 5_000;

    @Mixin
    private ExampleOptions options;

    @Option(names = "--k", paramLabel = "K", description = "how many pixels; default: ${DEFAULT-VALUE}")
    private int k = 50;

    @Option(
            names = "--hidden",
            paramLabel = "N",
            description = "hidden units of the decoder; default: none, it is linear")
    private int hidden;

    @Override
    public Integer call() {
        ExampleData data = options.loadData();
        Path out = options.out("concrete");
        int epochs = options.epochs(60, 20);
        int steps = epochs * ((data.train().size() + BATCH - 1) / BATCH);

        // 1. k selectors, and a decoder that makes all pixels of those selected.
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

        // 2. Train while the temperature falls; then the choice stands, and the decoder settles on it.
        Training.Result<MultiLayerNetwork> choice = new Training(options, data, out.resolve("choice"), epochs, BATCH)
                .patience(Integer.MAX_VALUE)
                .keepLast()
                .run(network);
        MultiLayerNetwork decided = new TransferLearning.Builder(choice.network())
                .setFeatureExtractor(0)
                .build();
        Training.Result<MultiLayerNetwork> result = new Training(options, data, out, Math.max(epochs / 10, 1), BATCH)
                .oneOfSeveral()
                .run(decided);
        SelectorState selection = SelectorState.of(result.network());
        Autoencoder autoencoder = Autoencoders.of(result.network(), 0);

        // 3. What others would choose.
        INDArray train = data.train(FOR_REGRESSION).features();
        int[] concrete = selection.selectedFeatures();
        int[] greedy = new GreedyColumnSelection().select(train, k);
        int[] random = new RandomSelection(options.seed()).select(train, k);
        INDArray shown = data.test().first(16).features();
        Report report = new Report(
                        k + " of " + PIXELS + " pixels of " + options.source(),
                        "Mean squared error per pixel of test images, reconstructed from the selected pixels, and the accuracy of"
                                + " extremely randomized trees on them.",
                        out)
                .figure("", "decoder   linear regression   classifier")
                .figure("concrete", figures(data, train, concrete, decoderError(autoencoder, data)))
                .figure("greedy", figures(data, train, greedy, Double.NaN))
                .figure("random", figures(data, train, random, Double.NaN))
                .figure("selection", selection.toString())
                .figure("training time in seconds", choice.seconds() + result.seconds());
        report.picture(
                        "pixels",
                        "The selected pixels (white) on the mean image: concrete, greedy, random.",
                        () -> ImageGrid.of(28, 28)
                                .scale(6)
                                .columns(3)
                                .images(marked(train, concrete))
                                .images(marked(train, greedy))
                                .images(marked(train, random))
                                .draw())
                .picture(
                        "reconstructions",
                        "Test images, what the selectors pass on, and what the decoder makes of it.",
                        () -> ImageGrid.of(28, 28)
                                .row(shown)
                                .row(only(shown, concrete))
                                .row(autoencoder.reconstruct(shown))
                                .draw())
                .picture("curve", "Squared error per image while training.", () -> new CurvePlot(
                                "Training", "epoch", "squared error per image")
                        .curve("training", choice.trainScores())
                        .curve("validation", choice.validationScores())
                        .draw())
                .write();
        return 0;
    }

    private double decoderError(Autoencoder autoencoder, ExampleData data) {
        INDArray test = data.test().features();
        INDArray error = autoencoder.reconstruct(test).sub(test);
        return error.muli(error).meanNumber().doubleValue();
    }

    private String figures(ExampleData data, INDArray train, int[] columns, double decoderError) {
        double accuracy = ForestClassifier.accuracy(
                data.train(FOR_CLASSIFIER).features().getColumns(columns),
                data.train(FOR_CLASSIFIER).labels(),
                data.test().features().getColumns(columns),
                data.test().labels(),
                options.seed());
        return String.format(
                Locale.ROOT,
                "%7s   %17.4f   %10.3f",
                Double.isNaN(decoderError) ? "" : String.format(Locale.ROOT, "%.4f", decoderError),
                LinearReconstruction.fit(train, columns)
                        .meanSquaredError(data.test().features()),
                accuracy);
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
