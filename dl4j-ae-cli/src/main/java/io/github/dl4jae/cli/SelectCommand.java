package io.github.dl4jae.cli;

import io.github.dl4jae.internal.io.AtomicFile;
import io.github.dl4jae.selection.RandomSelection;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Selects the columns of a table, or the pixels of images, from which the others can be predicted. */
@Command(
        name = "select",
        mixinStandardHelpOptions = true,
        versionProvider = Version.class,
        sortOptions = false,
        description =
                "Selects the columns of a table, or the pixels of images, from which the others can be predicted, the"
                        + " most important first, and writes how much of all the first ones explain: R² of a linear"
                        + " reconstruction of the rows or images that were left out of the selection.")
final class SelectCommand implements Callable<Integer> {

    private final Console console;

    @Spec
    @SuppressWarnings("NullAway.Init") // set by picocli
    private CommandSpec spec;

    @ArgGroup(multiplicity = "1")
    @SuppressWarnings("NullAway.Init") // set by picocli
    private FitSource source;

    @Option(names = "--k", paramLabel = "K", required = true, description = "Number of columns or pixels.")
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
            description = "Share of rows or images for R². Default: ${DEFAULT-VALUE}.")
    private double validationFraction = 0.2;

    @Option(
            names = "--seed",
            paramLabel = "S",
            description = "Seed of the method, and of the choice of validation examples. Default: ${DEFAULT-VALUE}.")
    private long seed = 42;

    @Option(names = "--json", description = "Print the summary as a JSON object.")
    private boolean json;

    @Mixin(name = FitSource.TABLE)
    private final TableOptions table = new TableOptions();

    SelectCommand(Console console) {
        this.console = console;
    }

    @Override
    public Integer call() throws IOException {
        Usage.require(spec, k >= 1, "--k must be at least 1, got " + k);
        Usage.requireFraction(spec, "--validation-fraction", validationFraction);
        source.check(spec, List.of("--transform"), List.of());
        OutputFile file = new OutputFile(console, out);
        if (transform != null) {
            OutputFile.require("--transform", transform);
        }
        FitData data = source.read(table.reader().build(), false, 1 - validationFraction, seed);
        if (!json) {
            console.printNotes(data.notes());
        }
        Selection selection = data.select(method.selector(seed), k);
        double[] r2 = IntStream.rangeClosed(1, k).mapToDouble(selection::r2).toArray();
        if (transform != null && selection instanceof ColumnSelection columns) {
            String process = columns.selected().transformProcess().toJson();
            AtomicFile.write(transform, part -> Files.writeString(part, process));
        }
        write(file, selection, r2);
        print(
                file,
                selection,
                r2[k - 1],
                selection.by(new RandomSelection(seed)).r2(k));
        return 0;
    }

    private static void write(OutputFile file, Selection selection, double... r2) throws IOException {
        file.write(StandardCharsets.UTF_8, ',', csv -> {
            csv.writeRecord(line("rank", selection.keyNames(), "r2"));
            int rank = 0;
            for (List<String> key : selection.keys()) {
                rank++;
                csv.writeRecord(line(Integer.toString(rank), key, Main.shown(r2[rank - 1])));
            }
        });
    }

    private static List<String> line(String first, List<String> key, String last) {
        List<String> line = new ArrayList<>(key);
        line.add(0, first);
        line.add(last);
        return line;
    }

    private void print(OutputFile file, Selection selection, double r2, double ofRandom) throws IOException {
        new Summary()
                .add("method", method.toString())
                .add(
                        "selected " + selection.unit(),
                        selection.keys().stream()
                                .map(key -> String.join(" ", key))
                                .toList())
                .add("of " + selection.unit(), selection.selectable())
                .add("r2", r2)
                .add("r2 of random " + selection.unit(), ofRandom)
                .print(file.isStandardOutput() ? console.errors() : console.text(), json);
    }
}
