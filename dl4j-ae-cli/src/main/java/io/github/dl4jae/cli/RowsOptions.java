package io.github.dl4jae.cli;

import io.github.dl4jae.tabular.FeatureTable;
import io.github.dl4jae.tabular.TableSchema;
import io.github.dl4jae.tabular.TableStream;
import java.io.FileInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintWriter;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;
import picocli.CommandLine.Spec.Target;

/** The options of commands that pass the rows of a table through a model. */
final class RowsOptions {

    @Spec(Target.MIXEE)
    @SuppressWarnings("NullAway.Init") // set by picocli
    private CommandSpec spec;

    @Option(names = "--model", paramLabel = "FILE", required = true, description = "A model that fit wrote.")
    @SuppressWarnings("NullAway.Init") // set by picocli
    private Path model;

    @Option(
            names = "--csv",
            paramLabel = "FILE",
            required = true,
            description = "Rows with the columns of the model, in any order. - reads standard input, in the format of"
                    + " the table that the model was fitted to.")
    @SuppressWarnings("NullAway.Init") // set by picocli
    private Path csv;

    @Option(
            names = "--out",
            paramLabel = "FILE",
            description = "File to write; it is replaced when all rows are written. - writes standard output. Default:"
                    + " ${DEFAULT-VALUE}.")
    private Path out = Path.of("-");

    @Option(names = "--batch", paramLabel = "N", description = "Rows in memory at a time. Default: ${DEFAULT-VALUE}.")
    private int batch = 1024;

    @Option(names = "--json", description = "Print the summary as a JSON object.")
    private boolean json;

    /** Checks the output and reads the model. */
    Pass open(Console console) {
        if (batch < 1) {
            throw new ParameterException(spec.commandLine(), "--batch must be at least 1, got " + batch);
        }
        OutputFile file = new OutputFile(console, out);
        return new Pass(console, file, TableModel.load(model));
    }

    /** A pass over the rows. */
    final class Pass {
        private final Console console;
        private final OutputFile file;
        private final TableModel trained;

        Pass(Console console, OutputFile file, TableModel trained) {
            this.console = console;
            this.file = file;
            this.trained = trained;
        }

        TableModel model() {
            return trained;
        }

        OutputFile file() {
            return file;
        }

        /** Opens the rows of the table. */
        TableStream rows() {
            TableSchema schema = trained.schema();
            if (csv.toString().equals("-")) {
                return TableStream.of(console.in(), "standard input", schema, batch);
            } else if (!Files.exists(csv) || Files.isDirectory(csv) || Files.isRegularFile(csv)) {
                return TableStream.of(csv, schema, batch);
            }
            try {
                return TableStream.of(pipe(), csv.toString(), schema, batch);
            } catch (IOException e) {
                throw new UncheckedIOException(csv + " cannot be read", e);
            }
        }

        /** Opens a named pipe. The streams of {@code Files} expect files whose size is known. */
        private InputStream pipe() throws IOException {
            return new FileInputStream(csv.toFile());
        }

        /** Prints a summary where it is not among the rows. */
        void print(Summary summary) throws IOException {
            PrintWriter where = file.isStandardOutput() ? console.errors() : console.text();
            summary.print(where, json);
        }
    }

    /** Returns the number of rows of a table. */
    static int count(FeatureTable rows) {
        return (int) rows.features().size(0);
    }
}
