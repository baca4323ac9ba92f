package io.github.dl4jae.examples.reproduce;

import io.github.dl4jae.anomaly.DetectionQuality;
import io.github.dl4jae.examples.support.ExampleData;
import io.github.dl4jae.examples.support.ImageExample;
import io.github.dl4jae.examples.support.MnistByDefault;
import io.github.dl4jae.examples.support.OneClassImages;
import io.github.dl4jae.examples.support.Report;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** Detection of images of other classes than the one that was trained on: Ruff et al. 2018. */
@Command(
        name = "oneclass",
        description = "Trains on images of one class and finds those of the others (Ruff et al. 2018), for each class:"
                + " area under ROC of autoencoders, Deep SVDD, PCA and a random cut forest.",
        defaultValueProvider = MnistByDefault.class)
public final class OneClass extends ImageExample {

    private static final double HELD_OUT = 0.1;
    private static final int CLASSES = 10;

    /** Published areas under ROC on MNIST in per cent, by digit. */
    private static final Map<String, double[]> PUBLISHED = published();

    @Option(
            names = "--classes",
            paramLabel = "C",
            split = ",",
            description = "Classes that are normal in turn. Default: 0 to 9.")
    private List<Integer> classes = IntStream.range(0, CLASSES).boxed().toList();

    @Option(
            names = "--models",
            paramLabel = "M",
            split = ",",
            description = "Methods: dense, convolutional, vae, svdd, pca, forest. Default: dense,pca,forest, which take"
                    + " minutes for ten classes.")
    private List<OneClassMethod> models = List.of(OneClassMethod.DENSE, OneClassMethod.PCA, OneClassMethod.FOREST);

    /** The results of a score. */
    private static final class Row {
        private final Map<Integer, Double> areas = new TreeMap<>();
        private double seconds;
    }

    @Override
    protected void checkOptions() {
        if (options.resume()) {
            throw new IllegalArgumentException(
                    "--resume: must be left out, because oneclass writes no checkpoint; start the run again");
        }
        classes.stream().filter(each -> each < 0 || each >= CLASSES).forEach(each -> {
            throw new IllegalArgumentException("--classes must be in [0, 9], got " + each);
        });
        options.epochs(1, 1); // refuses numbers below 1 before images are loaded
    }

    @Override
    protected void run(ExampleData data, Path out) {
        Map<String, Row> rows = new LinkedHashMap<>();
        for (int label : classes) {
            OneClassImages images = OneClassImages.of(data, label, HELD_OUT, options.seed());
            for (OneClassMethod method : models) {
                evaluate(method, images, rows);
            }
        }

        Report report = new Report(
                "One-class detection on " + options.source(),
                "Each class in turn is normal: methods are fitted to 90 % of its training images, and the other 10 %"
                        + " standardize scores. Area under ROC in per cent on "
                        + data.test().size()
                        + " test images of all classes; those of other classes are anomalies. Seconds are for fitting"
                        + " and scoring, on average over classes.",
                out);
        report.formula(
                "one-class",
                "The score of error and nearest codes: the squared error e, and the mean distance d of the normalized"
                        + " code to the k = 5 nearest of training images, each with mean μ and standard deviation σ of"
                        + " held-out images.");
        report.table(headings("measured", "seconds"));
        rows.forEach((name, row) -> report.row(
                name,
                cells(
                        row.areas.values().stream()
                                .mapToDouble(Double::doubleValue)
                                .toArray(),
                        Report.decimals(1, row.seconds / classes.size()))));
        addPublished(report);
        report.count("seed", options.seed()).write();
    }

    private void evaluate(OneClassMethod method, OneClassImages images, Map<String, Row> rows) {
        long start = System.nanoTime();
        Map<String, double[]> scores =
                method.scores(images, options.epochs(method.epochs(), method.epochs()), options.seed());
        double seconds = (System.nanoTime() - start) / 1e9;
        scores.forEach((name, values) -> {
            double area =
                    100 * DetectionQuality.compute(values, images.isAnomaly()).areaUnderRoc();
            Row row = rows.computeIfAbsent(name, each -> new Row());
            row.areas.put(images.label(), area);
            row.seconds += seconds;
            System.out.println("class " + images.label() + ", " + name + ": " + Report.decimals(1, area) + " ("
                    + Report.decimals(1, seconds) + " s)");
        });
    }

    private String[] headings(String first, String last) {
        return Stream.concat(
                        Stream.concat(
                                Stream.of(first),
                                classes.stream().sorted().distinct().map(Object::toString)),
                        Stream.of("mean", last))
                .toArray(String[]::new);
    }

    private static String[] cells(double[] areas, String last) {
        double mean = Arrays.stream(areas).average().orElseThrow();
        return Stream.concat(
                        Arrays.stream(areas).mapToObj(area -> Report.decimals(1, area)),
                        Stream.of(Report.decimals(1, mean), last))
                .toArray(String[]::new);
    }

    /** Adds the figures of papers, which are quoted and not measured here. */
    private void addPublished(Report report) {
        if (options.source() == ExampleData.Source.MNIST) {
            report.table(headings("published", "source"));
            PUBLISHED.forEach((name, areas) -> report.row(
                    name,
                    cells(
                            classes.stream()
                                    .sorted()
                                    .distinct()
                                    .mapToDouble(label -> areas[label])
                                    .toArray(),
                            name.startsWith("VAE") ? "Abati 2019" : "Ruff 2018")));
        } else if (options.source() == ExampleData.Source.FASHION_MNIST) {
            report.table("published", "mean of ten classes")
                    .row("convolutional autoencoder", "90.2")
                    .row("Deep SVDD", "89.2")
                    .row("one-class SVM", "92.8");
        }
    }

    private static Map<String, double[]> published() {
        Map<String, double[]> rows = new LinkedHashMap<>();
        rows.put("Deep SVDD", new double[] {98.0, 99.7, 91.7, 91.9, 94.9, 88.5, 98.3, 94.6, 93.9, 96.5});
        rows.put(
                "convolutional autoencoder", new double[] {97.6, 98.3, 85.4, 86.7, 86.5, 78.2, 94.6, 92.3, 86.5, 90.4});
        rows.put("isolation forest", new double[] {98.0, 97.3, 88.6, 89.9, 92.7, 85.5, 95.6, 92.0, 89.9, 93.5});
        rows.put("VAE", new double[] {99.7, 99.9, 93.6, 95.9, 97.3, 96.4, 99.3, 97.6, 92.3, 97.6});
        return rows;
    }
}
