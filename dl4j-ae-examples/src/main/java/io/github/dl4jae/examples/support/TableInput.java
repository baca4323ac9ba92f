package io.github.dl4jae.examples.support;

import io.github.dl4jae.cli.TableOptions;
import io.github.dl4jae.tabular.TableReader;
import io.github.dl4jae.tabular.TableSchema;
import java.nio.file.Path;
import java.util.List;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** The options of examples that read a table: the file, how to read it, and the share of training rows. */
public final class TableInput {

    /** A table of a thousand columns can have as many notes. */
    private static final int MOST_NOTES = 30;

    @Option(names = "--csv", paramLabel = "FILE", description = "A table. Default: a generated table.")
    private Path csv;

    @Mixin
    private final TableOptions options = new TableOptions();

    @Option(
            names = "--train-fraction",
            paramLabel = "F",
            description = "Share of the rows for training; the others are test rows. Default: ${DEFAULT-VALUE}.")
    private double trainFraction = 0.8;

    /** Creates options for picocli to set. */
    public TableInput() {}

    /**
     * Returns the file.
     *
     * @param generated the file that stands in if none is named
     * @return the value of {@code --csv}, or else the other file
     */
    public Path file(Path generated) {
        return csv == null ? generated : csv;
    }

    /**
     * Returns whether a file is named.
     *
     * @return true if {@code --csv} is given
     */
    public boolean isGiven() {
        return csv != null;
    }

    /**
     * Returns the share of training rows.
     *
     * @return the value of {@code --train-fraction}
     */
    public double trainFraction() {
        return trainFraction;
    }

    /**
     * Returns a builder of a reader with the options.
     *
     * @return a new builder
     */
    public TableReader.Builder reader() {
        return options.reader();
    }

    /**
     * Prints a schema and its first notes.
     *
     * @param schema fitted to the table
     */
    public static void print(TableSchema schema) {
        System.out.println(schema);
        List<String> notes = schema.notes();
        notes.stream().limit(MOST_NOTES).forEach(note -> System.out.println("  " + note));
        if (notes.size() > MOST_NOTES) {
            System.out.println("  and " + (notes.size() - MOST_NOTES) + " more notes");
        }
    }
}
