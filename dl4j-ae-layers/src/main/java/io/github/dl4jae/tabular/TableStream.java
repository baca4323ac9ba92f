package io.github.dl4jae.tabular;

import io.github.dl4jae.internal.layer.Require;
import java.io.BufferedInputStream;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.Iterator;
import java.util.List;
import java.util.NoSuchElementException;

/**
 * The rows of a table of any length in their order, as small tables, for scoring and encoding with a trained model.
 *
 * <pre>{@code
 * try (TableStream stream = TableStream.of(System.in, "standard input", bundle.schema(), 256)) {
 *     stream.forEachRemaining(rows -> score(rows.features(), rows.present()));
 * }
 * }</pre>
 *
 * <p>Columns are found by their names. The table may have more of them, in any order: {@link
 * #unknownColumns}. Lines without values are skipped.
 *
 * <p>A stream is read once, from the beginning to the end. Its format is that of the schema, because nothing can be
 * detected without reading ahead. It can be compressed by gzip. For a file, the format is found as {@link
 * TableSchema#read} does.
 *
 * <p>Memory: the rows of a mini-batch. Mini-batches do not share arrays.
 *
 * <p>Errors: those of {@link TableSchema#read}, when the row is reached.
 */
public final class TableStream implements Iterator<FeatureTable>, AutoCloseable {

    /** The largest size of the first two lines, in bytes. */
    private static final int LARGEST_HEADING = 1 << 26;

    private final TableSchema schema;
    private final RowEncoder encoder;
    private final TableRows rows;
    private final int batch;

    private TableStream(TableSchema schema, RowEncoder encoder, TableRows rows, int batch) {
        this.schema = schema;
        this.encoder = encoder;
        this.rows = rows;
        this.batch = batch;
    }

    /**
     * Opens a file.
     *
     * @param file a file with the columns of the schema
     * @param schema a fitted schema
     * @param batch the largest number of rows of each table, at least 1
     * @return the rows
     * @throws IllegalArgumentException if an argument is null, the batch is empty, or the file lacks a column
     * @throws UncheckedIOException if the file cannot be read
     */
    public static TableStream of(Path file, TableSchema schema, int batch) {
        Require.given("TableStream", "file", file, "");
        require(schema, batch);
        TableFormat format = schema.formatOf(file);
        RowEncoder encoder = RowEncoder.of(schema, file, format);
        return new TableStream(schema, encoder, encoder.open(file, format), batch);
    }

    /**
     * Opens a stream.
     *
     * @param in a table with the columns and the format of the schema; {@link #close} closes it
     * @param name a name for messages
     * @param schema a fitted schema
     * @param batch the largest number of rows of each table, at least 1
     * @return the rows
     * @throws IllegalArgumentException if an argument is null, the batch is empty, or the table lacks a column
     * @throws UncheckedIOException if the stream cannot be read
     */
    public static TableStream of(InputStream in, String name, TableSchema schema, int batch) {
        Require.given("TableStream", "in", in, "");
        Require.given("TableStream", "name", name, "such as \"standard input\"");
        require(schema, batch);
        TableFormat format = schema.format();
        try {
            BufferedInputStream again = new BufferedInputStream(TextFile.decompressed(in), 1 << 16);
            again.mark(LARGEST_HEADING);
            List<String> names = ColumnNames.of(TableRows.firstLines(name, format, new StaysOpen(again)), format);
            again.reset();
            RowEncoder encoder = new RowEncoder(schema, name, names, true);
            boolean[] asText = encoder.asText();
            TableRows rows = new TableRows(
                    name,
                    format,
                    asText.length,
                    asText,
                    again,
                    () -> "rows must be in the format of the schema, " + format);
            return new TableStream(schema, encoder, rows, batch);
        } catch (IOException e) {
            throw new UncheckedIOException("TableReader: " + name + " cannot be read", e);
        }
    }

    private static void require(TableSchema schema, int batch) {
        Require.given("TableStream", "schema", schema, "fit one with TableReader");
        Require.atLeast(1, "TableStream", "batch", batch, "");
    }

    /**
     * Returns the columns of the table that the schema does not have, which are ignored. A model may have been meant
     * to know them.
     *
     * @return names in the order of the table
     */
    public List<String> unknownColumns() {
        return encoder.unknownColumns();
    }

    @Override
    public boolean hasNext() {
        return rows.hasNext();
    }

    /**
     * Reads the next rows.
     *
     * @return a table of the size of a mini-batch, or of the rows that are left
     * @throws NoSuchElementException if there are none
     * @throws IllegalArgumentException if a value does not fit; the message gives the position
     * @throws UncheckedIOException if the table cannot be read
     */
    @Override
    public FeatureTable next() {
        if (!hasNext()) {
            throw new NoSuchElementException("TableStream: no row is left");
        }
        EncodedRow row = new EncodedRow(schema.names().size());
        EncodedRows block = new EncodedRows(batch, schema.names().size());
        while (!block.isFull() && rows.hasNext()) {
            encoder.encode(rows.next(), row);
            block.add(row);
        }
        return new FeatureTable(
                schema, block.features(), block.present(), encoder.hasTarget() ? block.targets() : new double[0]);
    }

    @Override
    public void close() {
        rows.close();
    }

    /** A stream whose beginning is read, and which is needed after that. */
    private static final class StaysOpen extends FilterInputStream {
        StaysOpen(InputStream in) {
            super(in);
        }

        @Override
        public void close() {
            // the caller reads on
        }
    }
}
