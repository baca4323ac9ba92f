package io.github.dl4jae.examples;

import io.github.dl4jae.data.LabeledImages;
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
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import me.tongfei.progressbar.ProgressBar;
import me.tongfei.progressbar.ProgressBarBuilder;
import me.tongfei.progressbar.ProgressBarStyle;
import org.deeplearning4j.nn.api.Model;
import org.deeplearning4j.optimize.api.BaseTrainingListener;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Feature selection by a concrete autoencoder and by others, as Balın, Abid and Zou 2019 compare it. */
@Command(
        name = "concrete2019",
        description =
                "Reconstruction error from 50 selected pixels (Balin, Abid and Zou 2019): 0.0189 on MNIST, 0.0190 on"
                        + " Fashion-MNIST (--data fashion-mnist).",
        usageHelpAutoWidth = true,
        defaultValueProvider = Reproduce.MnistByDefault.class)
final class ReproduceConcrete2019 implements Callable<Integer> {

    private static final int BATCH = 256;

    @Mixin
    private ExampleOptions options;

    @Option(names = "--k", paramLabel = "K", description = "selected pixels; default: ${DEFAULT-VALUE}")
    private int k = 50;

    @Option(
            names = "--images",
            paramLabel = "N",
            description = "of training and test images; default: ${DEFAULT-VALUE}")
    private int imagesInAll = 10_000;

    @Option(
            names = "--steps",
            paramLabel = "N",
            description = "minibatches of the training, unless --epochs are given; default: ${DEFAULT-VALUE}")
    private int steps = 4_000;

    @Override
    public Integer call() {
        if (options.resume()) {
            throw new IllegalArgumentException(
                    "--resume must be left out: concrete2019 keeps no checkpoint, got one asked"
                            + " for; a run takes minutes, start it again");
        }
        ExampleData data = options.loadData();
        Path out = options.out("reproduce-concrete2019");
        long start = System.nanoTime();

        // some of all images, 80 % of them to train on
        INDArray all = Nd4j.vstack(data.all().features(), data.test().features());
        int[] labels = labels(data.all(), data.test());
        RandomSplit split = RandomSplit.of(labels.length, imagesInAll, options.seed());
        INDArray x = all.getRows(split.train).dup('c');
        INDArray held = all.getRows(split.test).dup('c');

        int epochs = options.epochs(0, 0);
        if (epochs > 0) {
            steps = epochs * ((split.train.length + BATCH - 1) / BATCH);
        }

        Report report = new Report(
                "Reproduction of Balin, Abid and Zou 2019 on " + options.source(),
                x.size(0) + held.size(0) + " images, 80 % to train on, " + k
                        + " pixels. The error is that of linear regression from the selected pixels to all, squared, per pixel of the other"
                        + " images; accuracy is that of extremely randomized trees on the selected pixels.",
                out);
        report.figure("", "published    error   accuracy   seconds");
        ImageGrid grid = ImageGrid.of(28, 28).scale(4).columns(4);
        selectors().forEach((name, selector) -> {
            System.out.println(name);
            long begin = System.nanoTime();
            int[] columns = selector.select(x, k);
            double seconds = (System.nanoTime() - begin) / 1e9;
            INDArray picture = x.mean(true, 0).muli(0.7);
            Arrays.stream(columns).forEach(pixel -> picture.putScalar(0, pixel, 1));
            grid.images(picture);
            report.figure(
                    name,
                    String.format(
                            Locale.ROOT,
                            "%9s   %.4f   %8.3f   %7.1f",
                            published(name),
                            LinearReconstruction.fit(x, columns).meanSquaredError(held),
                            ForestClassifier.accuracy(
                                    x.getColumns(columns),
                                    pick(labels, split.train),
                                    held.getColumns(columns),
                                    pick(labels, split.test),
                                    options.seed()),
                            seconds));
        });
        report.figure("seed", Long.toString(options.seed()))
                .figure("time in minutes", (System.nanoTime() - start) / 6e10)
                .picture(
                        "pixels",
                        "The selected pixels (white) on the mean image, in the order of the table.",
                        grid::draw)
                .write();
        return 0;
    }

    private Map<String, FeatureSelector> selectors() {
        Map<String, FeatureSelector> selectors = new LinkedHashMap<>();
        selectors.put("concrete autoencoder", (x, count) -> concrete(x, count, false));
        selectors.put("  with natural gradient", (x, count) -> concrete(x, count, true));
        selectors.put("greedy column selection", new GreedyColumnSelection());
        selectors.put("principal feature analysis", new PrincipalFeatureAnalysis(options.seed()));
        selectors.put("PCA loadings", new PcaLoadings());
        selectors.put("Laplacian score", new LaplacianScore(5));
        selectors.put("variance", new VarianceSelection());
        selectors.put("random", new RandomSelection(options.seed()));
        return selectors;
    }

    private int[] concrete(INDArray x, int count, boolean naturalGradient) {
        try (ProgressBar bar = new ProgressBarBuilder()
                .setTaskName("train")
                .setInitialMax(steps)
                .setStyle(ProgressBarStyle.ASCII)
                .setUpdateIntervalMillis(1000)
                .build()) {
            return new ConcreteSelection.Builder()
                    .steps(steps)
                    .batch(BATCH)
                    .seed(options.seed())
                    .naturalGradient(naturalGradient)
                    .listeners(new BaseTrainingListener() {
                        @Override
                        public void iterationDone(Model model, int iteration, int epoch) {
                            bar.step();
                        }
                    })
                    .build()
                    .select(x, count);
        }
    }

    /** For k = 50, from the authors' logs; the greedy one recomputed. */
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
