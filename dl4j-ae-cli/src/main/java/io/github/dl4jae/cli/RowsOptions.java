package io.github.dl4jae.cli;

import io.github.dl4jae.tabular.FeatureTable;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.List;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;
import picocli.CommandLine.Spec.Target;

/** The options of commands that pass the rows of a table, or images, through a model. */
final class RowsOptions {

    @Spec(Target.MIXEE)
    @SuppressWarnings("NullAway.Init") // set by picocli
    private CommandSpec spec;

    @Option(names = "--model", paramLabel = "FILE", required = true, description = "A model that fit wrote.")
    @SuppressWarnings("NullAway.Init") // set by picocli
    private Path model;

    @ArgGroup(multiplicity = "1")
    @SuppressWarnings("NullAway.Init") // set by picocli
    private Source source;

    @Option(
            names = "--out",
            paramLabel = "FILE",
            description = "File to write; it is replaced when all rows are written. - writes standard output. For the"
                    + " images of reconstruct: a directory for PNG files, or an IDX file (*ubyte or *.idx, also with"
                    + " .gz). Default: ${DEFAULT-VALUE}.")
    private Path out = Path.of("-");

    @Option(
            names = "--batch",
            paramLabel = "N",
            description = "Rows in memory at a time; fewer images if they are large. Default: ${DEFAULT-VALUE}.")
    private int batch = 1024;

    @Option(names = "--json", description = "Print the summary as a JSON object.")
    private boolean json;

    private List<String> notes = List.of();

    /** Checks the file for a result with one line per example. */
    OutputFile file(Console console) {
        check();
        return new OutputFile(console, out);
    }

    /** Reads the model. */
    TrainedModel model() {
        check();
        return TrainedModel.load(model);
    }

    private void check() {
        Usage.require(spec, batch >= 1, "--batch must be at least 1, got " + batch);
    }

    /** Opens the examples, and tells what is left out of them: in the summary if that is JSON. */
    Examples examples(Console console, TrainedModel trained) {
        Examples examples = trained.open(console, source, batch);
        if (json) {
            notes = examples.notes();
        } else {
            console.printNotes(examples.notes());
        }
        return examples;
    }

    /** Checks the place for a result with examples like those that are read. */
    ExampleOutput output(Console console, TrainedModel trained) throws IOException {
        source.requireKept(out);
        return trained.output(console, out);
    }

    /** Prints a summary where it is not among the results. */
    void print(Console console, boolean isStandardOutput, Summary summary) throws IOException {
        if (!notes.isEmpty()) {
            summary.add("notes", notes);
        }
        PrintWriter where = isStandardOutput ? console.errors() : console.text();
        summary.print(where, json);
    }

    /** Returns the number of rows of a table. */
    static int count(FeatureTable rows) {
        return (int) rows.features().size(0);
    }
}
