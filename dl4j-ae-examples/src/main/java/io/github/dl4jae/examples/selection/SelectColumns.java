package io.github.dl4jae.examples.selection;

import io.github.dl4jae.data.SyntheticTable;
import io.github.dl4jae.examples.support.OutputDirectory;
import io.github.dl4jae.examples.support.Report;
import io.github.dl4jae.examples.support.TableInput;
import io.github.dl4jae.plot.CurvePlot;
import io.github.dl4jae.selection.ConcreteSelection;
import io.github.dl4jae.selection.FeatureSelector;
import io.github.dl4jae.selection.GreedyColumnSelection;
import io.github.dl4jae.selection.PcaLoadings;
import io.github.dl4jae.selection.PrincipalFeatureAnalysis;
import io.github.dl4jae.selection.RandomSelection;
import io.github.dl4jae.selection.SelectedFeatures;
import io.github.dl4jae.tabular.FeatureTable;
import io.github.dl4jae.tabular.TableSplit;
import io.github.dl4jae.tabular.UnseenLevel;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import java.util.stream.DoubleStream;
import java.util.stream.IntStream;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Selects the most informative columns of a CSV file, or of a generated table with known informative columns. */
@Command(
        name = "select-columns",
        description = "Feature selection on a CSV file, or on a generated table with known informative columns.")
public final class SelectColumns implements Callable<Integer> {

    private static final int INFORMATIVE = 5;

    @Mixin
    private final TableInput table = new TableInput();

    @Option(
            names = "--label",
            paramLabel = "COLUMN",
            description = "Column to predict, of classes or a quantity, to evaluate the selections by a small network.")
    private String label;

    @Option(
            names = "--k",
            paramLabel = "K",
            description = "Number of selected columns. Default: " + INFORMATIVE + ", or all if there are fewer.")
    private Integer k;

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
        // 1. Read the table. Its schema is fitted to the training rows.
        OutputDirectory.require(out);
        SyntheticTable known = table.isGiven() ? null : SyntheticTable.generate(2_000, INFORMATIVE, 15, 10, seed);
        Path file = table.file(known == null ? null : known.save(out.resolve("table.csv")));
        label = known == null ? label : "class";
        TableSplit split = table.reader()
                .label(label)
                .unseenLevel(UnseenLevel.ZEROS)
                .build()
                .split(file, table.trainFraction(), seed);
        TableInput.print(split.schema());
        FeatureTable train = split.train();
        FeatureTable test = split.test();
        int selectable =
                (int) IntStream.of(split.schema().columnOfFeature()).distinct().count();
        k = requireAtMost(selectable, k == null ? Math.min(INFORMATIVE, selectable) : k);
        Report report = new Report(
                k
                        + (k == 1 ? " column of " : " columns of ")
                        + (known == null ? file.getFileName() : "a generated table"),
                "Columns are selected on the training rows, and evaluated on the others. R² is the mean over all"
                        + " columns of a linear reconstruction from the selected columns. The other figures are those"
                        + " of a small network that predicts the label from them.",
                out);
        report.formula(
                "column-selection",
                "Minimized by greedy selection, column by column: X has a row for each row of"
                        + " the table, S are k of its columns, and B is a linear regression.");
        if (known != null) {
            report.figure(
                    "informative columns",
                    Arrays.stream(known.informativeColumns())
                            .mapToObj(known.names()::get)
                            .collect(Collectors.joining(" ")));
        }

        // 2. Select columns by several methods. One that cannot cope with the table is left out by name.
        Prediction prediction = label == null ? null : new Prediction(split, seed);
        List<String> headings = new ArrayList<>(List.of("method", "mean R²"));
        headings.addAll(prediction == null ? List.of() : prediction.headings());
        headings.add("columns");
        report.table(headings.toArray(String[]::new));
        Map<String, SelectedFeatures> selections = new LinkedHashMap<>();
        selectors().forEach((name, selector) -> {
            try {
                SelectedFeatures selected = selector.select(train, k);
                List<String> cells = new ArrayList<>(List.of(Report.decimals(3, selected.meanR2(test))));
                cells.addAll(prediction == null ? List.of() : prediction.figures(selected));
                cells.add(String.join(" ", selected.columnNames()));
                System.out.println(name + ": " + String.join("  ", cells));
                report.row(name, cells.toArray(String[]::new));
                selections.put(name, selected);
            } catch (IllegalArgumentException e) {
                System.out.println(name + " is left out: " + e.getMessage());
            }
        });

        // 3. Save the DataVec transform from records of the file to the greedily selected columns.
        SelectedFeatures greedy = selections.get("greedy");
        if (greedy != null) {
            System.out.println("\nR² of each column, given the greedily selected ones (*):\n" + greedy);
            saveTransform(greedy);
            explained(train, test)
                    .ifPresent(picture ->
                            report.picture("columns", "Mean R² by the number of selected columns.", () -> picture));
        }
        report.write();
        return 0;
    }

    private static int requireAtMost(int columns, int k) {
        if (k < 1 || k > columns) {
            throw new IllegalArgumentException(
                    "--k must be in [1, " + columns + "], the number of encoded columns, got " + k
                            + "; --keep and --categorical encode columns that were left out");
        }
        return k;
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

    /** Returns a plot, or nothing if no column varies in the test rows. */
    private Optional<BufferedImage> explained(FeatureTable train, FeatureTable test) {
        CurvePlot plot = new CurvePlot("Explained variance", "number of columns", "mean R² on held-out rows");
        int most = Math.min(train.schema().columnNames().size(), 3 * k);
        for (String name : List.of("greedy", "random")) {
            SelectedFeatures selected = selectors().get(name).select(train, most);
            double[] curve = IntStream.rangeClosed(1, most)
                    .mapToDouble(columns -> selected.first(columns).meanR2(test))
                    .toArray();
            if (DoubleStream.of(curve).noneMatch(Double::isFinite)) {
                return Optional.empty();
            }
            plot.curve(name, curve);
        }
        return Optional.of(plot.draw());
    }

    private void saveTransform(SelectedFeatures selected) throws IOException {
        try {
            Path file = out.resolve("transform-process.json");
            Files.writeString(file, selected.transformProcess().toJson());
            System.out.println("DataVec transform: " + file.toAbsolutePath().normalize());
        } catch (IllegalArgumentException e) {
            System.out.println("No DataVec transform: " + e.getMessage()); // dates, for example
        }
    }
}
