package io.github.dl4jae.examples.reproduce;

import io.github.dl4jae.data.LabeledImages;
import io.github.dl4jae.examples.selection.RandomSplit;
import io.github.dl4jae.examples.support.ExampleData;
import io.github.dl4jae.examples.support.ForestClassifier;
import io.github.dl4jae.examples.support.ImageExample;
import io.github.dl4jae.examples.support.MinibatchBar;
import io.github.dl4jae.examples.support.MnistByDefault;
import io.github.dl4jae.examples.support.Report;
import io.github.dl4jae.plot.ImageGrid;
import io.github.dl4jae.selection.ConcreteSelection;
import io.github.dl4jae.selection.FeatureSelector;
import io.github.dl4jae.selection.GreedyColumnSelection;
import io.github.dl4jae.selection.LaplacianScore;
import io.github.dl4jae.selection.LinearReconstruction;
import io.github.dl4jae.selection.PcaLoadings;
import io.github.dl4jae.selection.PrincipalFeatureAnalysis;
import io.github.dl4jae.selection.RandomSelection;
import io.github.dl4jae.selection.VarianceSelection;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.stream.Stream;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** Feature selection by a concrete autoencoder and other methods: Balın, Abid and Zou 2019. */
@Command(
        name = "concrete2019",
        description =
                "Reconstruction error from 50 selected pixels (Balin, Abid and Zou 2019): 0.0189 on MNIST, 0.0190 on"
                        + " Fashion-MNIST (--data fashion-mnist).",
        defaultValueProvider = MnistByDefault.class)
public final class Concrete2019 extends ImageExample {

    private static final int BATCH = 256;

    @Option(names = "--k", paramLabel = "K", description = "Number of selected pixels. Default: ${DEFAULT-VALUE}.")
    private int k = 50;

    @Option(
            names = "--images",
            paramLabel = "N",
            description = "Number of images, training and test images together. Default: ${DEFAULT-VALUE}.")
    private int imagesInAll = 10_000;

    @Option(
            names = "--steps",
            paramLabel = "N",
            description = "Mini-batches of the training; --epochs overrides it. Default: ${DEFAULT-VALUE}.")
    private int steps = 4_000;

    @Override
    protected void checkOptions() {
        if (options.resume()) {
            throw new IllegalArgumentException(
                    "--resume: must be left out, because concrete2019 writes no checkpoint; start the run again");
        }
    }

    @Override
    protected void run(ExampleData data, Path out) {
        long start = System.nanoTime();

        // 1. Split a random subset of all images: 80 % for training.
        INDArray all = Nd4j.vstack(data.all().features(), data.test().features());
        int[] labels = labels(data.all(), data.test());
        RandomSplit split = RandomSplit.of(labels.length, imagesInAll, options.seed());
        INDArray x = all.getRows(split.train()).dup('c');
        INDArray held = all.getRows(split.test()).dup('c');

        int epochs = options.epochs(0, 0);
        if (epochs > 0) {
            steps = epochs * ((split.train().length + BATCH - 1) / BATCH);
        }

        Report report = new Report(
                "Reproduction of Balin, Abid and Zou 2019 on " + options.source(),
                x.size(0) + held.size(0) + " images, 80 % for training, " + k
                        + " selected pixels. Errors are mean squared"
                        + " errors per pixel of test images, by linear regression from the selected pixels. Accuracy is"
                        + " that of extremely randomized trees on the selected pixels.",
                out);
        report.formula(
                "concrete",
                "Minimized by the concrete autoencoder: the m-th selector outputs Mₘ·x, a random mixture"
                        + " of pixels that turns into one pixel as the temperature T falls.");
        report.table(
                "selection", "published error per pixel", "measured error per pixel", "accuracy", "time in seconds");

        // 2. Select pixels by several methods.
        ImageGrid grid = ImageGrid.of(28, 28).scale(3);
        selectors().forEach((name, selector) -> {
            System.out.println(name);
            long begin = System.nanoTime();
            int[] columns = selector.select(x, k);
            double seconds = (System.nanoTime() - begin) / 1e9;
            INDArray picture = x.mean(true, 0).muli(0.7);
            Arrays.stream(columns).forEach(pixel -> picture.putScalar(0, pixel, 1));
            grid.row(name, picture);
            double accuracy = ForestClassifier.accuracy(
                    x.getColumns(columns),
                    pick(labels, split.train()),
                    held.getColumns(columns),
                    pick(labels, split.test()),
                    options.seed());
            report.row(
                    name,
                    published(name),
                    Report.decimals(4, LinearReconstruction.fit(x, columns).meanSquaredError(held)),
                    Report.decimals(3, accuracy),
                    Report.decimals(1, seconds));
        });
        report.count("seed", options.seed())
                .figure("time in minutes", (System.nanoTime() - start) / 6e10)
                .picture("pixels", "Selected pixels (white) on the mean image.", grid::draw)
                .write();
    }

    private Map<String, FeatureSelector> selectors() {
        Map<String, FeatureSelector> selectors = new LinkedHashMap<>();
        selectors.put("concrete autoencoder", (x, count) -> concrete(x, count, false));
        selectors.put("concrete, natural gradient", (x, count) -> concrete(x, count, true));
        selectors.put("greedy column selection", new GreedyColumnSelection());
        selectors.put("principal feature analysis", new PrincipalFeatureAnalysis(options.seed()));
        selectors.put("PCA loadings", new PcaLoadings());
        selectors.put("Laplacian score", new LaplacianScore(5));
        selectors.put("variance", new VarianceSelection());
        selectors.put("random", new RandomSelection(options.seed()));
        return selectors;
    }

    private int[] concrete(INDArray x, int count, boolean naturalGradient) {
        try (MinibatchBar bar = new MinibatchBar("train", steps)) {
            return new ConcreteSelection.Builder()
                    .steps(steps)
                    .batch(BATCH)
                    .seed(options.seed())
                    .naturalGradient(naturalGradient)
                    .listeners(bar)
                    .build()
                    .select(x, count);
        }
    }

    /** Returns the error for k = 50 from the authors' logs; that of greedy selection is recomputed. */
    private String published(String name) {
        boolean fashion = options.source() == ExampleData.Source.FASHION_MNIST;
        if (k != 50 || options.source() == ExampleData.Source.DIGITS) {
            return "";
        }
        return switch (name) {
            case "concrete autoencoder" -> fashion ? "0.0190" : "0.0189";
            case "principal feature analysis" -> fashion ? "0.0218" : "0.0288";
            case "greedy column selection" -> fashion ? "" : "0.0185";
            default -> "";
        };
    }

    private static int[] labels(LabeledImages... parts) {
        return Stream.of(parts)
                .flatMapToInt(part -> Arrays.stream(part.labels()))
                .toArray();
    }

    private static int[] pick(int[] labels, int[] rows) {
        return Arrays.stream(rows).map(row -> labels[row]).toArray();
    }
}
