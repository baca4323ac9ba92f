package io.github.dl4jae.cli;

import io.github.dl4jae.internal.io.AtomicFile;
import io.github.dl4jae.selection.RandomSelection;
import io.github.dl4jae.selection.SelectedFeatures;
import io.github.dl4jae.tabular.FeatureTable;
import io.github.dl4jae.tabular.TableSplit;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** Selects the columns of a table from which its other columns can be predicted. */
@Command(
        name = "select",
        mixinStandardHelpOptions = true,
        versionProvider = Version.class,
        sortOptions = false,
        description = "Selects the columns of a table from which the others can be predicted, the most important first,"
                + " and writes how much of all columns the first ones explain: R² of a linear reconstruction of the"
                + " rows that were left out of the selection, a mean over columns.")
final class SelectCommand implements Callable<Integer> {

    private final Console console;

    @Spec
    @SuppressWarnings("NullAway.Init") // set by picocli
    private CommandSpec spec;

    @Option(names = "--csv", paramLabel = "FILE", required = true, description = "A table. It is read several times.")
    @SuppressWarnings("NullAway.Init") // set by picocli
    private Path csv;

    @Option(names = "--k", paramLabel = "K", required = true, description = "Number of columns to select.")
    private int k;

    @Option(
            names = "--method",
            paramLabel = "METHOD",
            description = "How to select: ${COMPLETION-CANDIDATES}. Default: ${DEFAULT-VALUE}.")
    private SelectionMethod method = SelectionMethod.GREEDY;

    @Option(
            names = "--out",
            paramLabel = "FILE",
            description = "File to write; - writes standard output. Default: ${DEFAULT-VALUE}.")
    private Path out = Path.of("-");

    @Option(
            names = "--transform",
            paramLabel = "FILE",
            description = "JSON file to write: the DataVec transform from a record of the table to the features of the"
                    + " selected columns.")
    private @Nullable Path transform;

    @Option(
            names = "--validation-fraction",
            paramLabel = "F",
            description = "Share of rows for R². Default: ${DEFAULT-VALUE}.")
    private double validationFraction = 0.2;

    @Option(
            names = "--seed",
            paramLabel = "S",
            description = "Seed of the method, and of the choice of validation rows. Default: ${DEFAULT-VALUE}.")
    private long seed = 42;

    @Option(names = "--json", description = "Print the summary as a JSON object.")
    private boolean json;

    @Mixin
    private final TableOptions table = new TableOptions();

    SelectCommand(Console console) {
        this.console = console;
    }

    @Override
    public Integer call() throws IOException {
        require(k >= 1, "--k must be at least 1, got " + k);
        require(
                validationFraction > 0 && validationFraction < 1,
                "--validation-fraction must be above 0 and below 1, got " + validationFraction);
        require(!csv.toString().equals("-"), "--csv must be a file for select, which reads it several times, got -");
        OutputFile file = new OutputFile(console, out);
        if (transform != null) {
            OutputFile.require("--transform", transform);
        }
        TableSplit split = table.reader().build().split(csv, 1 - validationFraction, seed);
        if (!json) {
            console.printNotes(split.schema().notes());
        }
        int columns = split.schema().columnNames().size();
        if (k > columns) {
            throw new IllegalArgumentException("--k must be at most " + columns
                    + ", the number of columns with features, got " + k
                    + "; --keep and --categorical encode columns that were left out");
        }
        SelectedFeatures selected = method.selector(seed).select(split.train(), k);
        if (transform != null) {
            String process = selected.transformProcess().toJson();
            AtomicFile.write(transform, part -> Files.writeString(part, process));
        }
        write(file, selected, split.test());
        print(file, split, selected, columns);
        return 0;
    }

    private void require(boolean holds, String message) {
        if (!holds) {
            throw new ParameterException(spec.commandLine(), message);
        }
    }

    private static void write(OutputFile file, SelectedFeatures selected, FeatureTable test) throws IOException {
        file.write(StandardCharsets.UTF_8, ',', csv -> {
            csv.writeRecord("rank", "column", "r2");
            for (int rank = 1; rank <= selected.columnNames().size(); rank++) {
                csv.writeRecord(
                        Integer.toString(rank),
                        selected.columnNames().get(rank - 1),
                        Main.shown(selected.first(rank).meanR2(test)));
            }
        });
    }

    private void print(OutputFile file, TableSplit split, SelectedFeatures selected, int columns) throws IOException {
        SelectedFeatures random = new RandomSelection(seed).select(split.train(), k);
        new Summary()
                .add("method", method.toString())
                .add("selected columns", selected.columnNames())
                .add("of columns", columns)
                .add("r2", selected.meanR2(split.test()))
                .add("r2 of random columns", random.meanR2(split.test()))
                .print(file.isStandardOutput() ? console.errors() : console.text(), json);
    }
}
