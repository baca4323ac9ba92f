package io.github.dl4jae.examples.selection;

import io.github.dl4jae.data.SyntheticTable;
import io.github.dl4jae.dense.FastDenseLayer;
import io.github.dl4jae.dense.FastOutputLayer;
import io.github.dl4jae.examples.support.Report;
import io.github.dl4jae.plot.CurvePlot;
import io.github.dl4jae.selection.ConcreteSelection;
import io.github.dl4jae.selection.FeatureSelector;
import io.github.dl4jae.selection.GreedyColumnSelection;
import io.github.dl4jae.selection.PcaLoadings;
import io.github.dl4jae.selection.PrincipalFeatureAnalysis;
import io.github.dl4jae.selection.RandomSelection;
import io.github.dl4jae.selection.SelectedFeatures;
import io.github.dl4jae.selection.SupervisedHead;
import io.github.dl4jae.tabular.FeatureTable;
import io.github.dl4jae.tabular.Imputation;
import io.github.dl4jae.tabular.TableReader;
import io.github.dl4jae.updater.FastAdam;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.deeplearning4j.nn.conf.MultiLayerConfiguration;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.nd4j.linalg.activations.Activation;
import org.nd4j.linalg.lossfunctions.impl.LossMCXENT;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** Selects the most informative columns of a CSV file, or of a generated table with known informative columns. */
@Command(
        name = "select-columns",
        description = "Feature selection on a CSV file, or on a generated table with known informative columns.")
public final class SelectColumns implements Callable<Integer> {

    private static final int INFORMATIVE = 5;

    @Option(names = "--csv", paramLabel = "FILE", description = "Table with a header line. Default: a generated table.")
    private Path csv;

    @Option(
            names = "--label",
            paramLabel = "COLUMN",
            description = "Column of classes, to report the accuracy of a classifier.")
    private String label;

    @Option(names = "--ignore", paramLabel = "COLUMN", split = ",", description = "Columns to leave out.")
    private String[] ignored = {};

    @Option(
            names = "--categorical",
            paramLabel = "COLUMN",
            split = ",",
            description = "Numeric columns to treat as categories.")
    private String[] categorical = {};

    @Option(
            names = "--imputation",
            paramLabel = "HOW",
            description =
                    "Imputation of missing values: ${COMPLETION-CANDIDATES}. Default: ${DEFAULT-VALUE} (an error).")
    private Imputation imputation = Imputation.NONE;

    @Option(names = "--k", paramLabel = "K", description = "Number of selected columns. Default: ${DEFAULT-VALUE}.")
    private int k = INFORMATIVE;

    @Option(
            names = "--restarts",
            paramLabel = "N",
            description =
                    "Trainings of the concrete autoencoder, the best of which is used. Default: ${DEFAULT-VALUE}.")
    private int restarts = 5;

    @Option(names = "--seed", paramLabel = "N", description = "Random seed. Default: ${DEFAULT-VALUE}.")
    private long seed = 42;

    @Option(names = "--out", paramLabel = "DIR", description = "Output directory. Default: ${DEFAULT-VALUE}.")
    private Path out = Path.of("out", "select-columns");

    @SuppressWarnings("UnusedVariable") // read by picocli
    @Option(names = "--help", usageHelp = true, description = "Show this help and exit.")
    private boolean help;

    @Override
    public Integer call() throws IOException {
        // 1. Read the table, and split it into training and test rows.
        Path file = csv;
        Report report = new Report(
                k + " columns of " + (csv == null ? "a generated table" : csv.getFileName()),
                "Columns are selected on four fifths of the rows, and evaluated on the others. R² is the mean over all"
                        + " columns of a linear reconstruction from the selected ones; accuracy is that of a small"
                        + " network on the selected columns.",
                out);
        if (csv == null) {
            SyntheticTable known = SyntheticTable.generate(2_000, INFORMATIVE, 15, 10, seed);
            file = known.save(out.resolve("table.csv"));
            label = "class";
            report.figure(
                    "informative",
                    Arrays.stream(known.informativeColumns())
                            .mapToObj(known.names()::get)
                            .collect(Collectors.joining(" ")));
        }
        FeatureTable table = new TableReader.Builder()
                .label(label)
                .ignore(ignored)
                .categorical(categorical)
                .imputation(imputation)
                .build()
                .read(file);
        System.out.println(table);
        int rows = (int) table.features().size(0);
        RandomSplit split = RandomSplit.of(rows, rows, seed);
        FeatureTable train = table.rows(split.train());
        FeatureTable test = table.rows(split.test());

        // 2. Select columns by several methods.
        report.table(
                label == null ? new String[] {"mean R²", "columns"} : new String[] {"mean R²", "accuracy", "columns"});
        selectors().forEach((name, selector) -> {
            System.out.println(name);
            SelectedFeatures selected = selector.select(train, k);
            String r2 = Report.decimals(3, meanR2(selected, test));
            String names = String.join(" ", selected.names());
            if (label == null) {
                report.row(name, r2, names);
            } else {
                report.row(name, r2, Report.decimals(3, accuracy(selected, train, test)), names);
            }
        });

        // 3. Save the DataVec transform from records of the file to the greedily selected columns.
        SelectedFeatures greedy = new GreedyColumnSelection().select(train, k);
        System.out.println("\nR² of each column, given the greedily selected ones (*):\n" + greedy);
        save(greedy.transformProcess().toJson(), out.resolve("transform-process.json"));
        report.picture("columns", "Mean R² by the number of selected columns.", () -> explained(train, test))
                .write();
        return 0;
    }

    private Map<String, FeatureSelector> selectors() {
        Map<String, FeatureSelector> selectors = new LinkedHashMap<>();
        selectors.put("greedy", new GreedyColumnSelection());
        selectors.put(
                "concrete",
                new ConcreteSelection.Builder()
                        .seed(seed)
                        .steps(1_500)
                        .restarts(restarts)
                        .learningRate(0.01)
                        .build());
        selectors.put("principal feature analysis", new PrincipalFeatureAnalysis(seed));
        selectors.put("PCA loadings", new PcaLoadings());
        selectors.put("random", new RandomSelection(seed));
        return selectors;
    }

    /** Returns the mean R², without constant columns. */
    private static double meanR2(SelectedFeatures selected, FeatureTable test) {
        return selected.r2(test).values().stream()
                .filter(r2 -> !r2.isNaN())
                .mapToDouble(r2 -> r2)
                .average()
                .orElse(Double.NaN);
    }

    private double accuracy(SelectedFeatures selected, FeatureTable train, FeatureTable test) {
        MultiLayerConfiguration head = new NeuralNetConfiguration.Builder()
                .seed(seed)
                .updater(new FastAdam(5e-3))
                .list()
                .layer(new FastDenseLayer.Builder()
                        .nIn(k)
                        .nOut(32)
                        .activation(Activation.RELU)
                        .build())
                .layer(new FastOutputLayer.Builder(new LossMCXENT())
                        .nIn(32)
                        .nOut(train.classes().size())
                        .activation(Activation.SOFTMAX)
                        .build())
                .build();
        return new SupervisedHead(head, 30, 64, seed)
                .evaluate(selected.features(train), train.labels(), selected.features(test), test.labels())
                .accuracy();
    }

    private BufferedImage explained(FeatureTable train, FeatureTable test) {
        CurvePlot plot = new CurvePlot("Explained variance", "columns", "mean R² on held-out rows");
        int most = Math.min(train.names().size(), 3 * k);
        List.of("greedy", "random")
                .forEach(name -> plot.curve(
                        name,
                        IntStream.rangeClosed(1, most)
                                .mapToDouble(
                                        columns -> meanR2(selectors().get(name).select(train, columns), test))
                                .toArray()));
        return plot.draw();
    }

    private static void save(String text, Path file) throws IOException {
        Files.createDirectories(file.toAbsolutePath().getParent());
        Files.writeString(file, text);
        System.out.println("DataVec transform: " + file.toAbsolutePath().normalize());
    }
}
