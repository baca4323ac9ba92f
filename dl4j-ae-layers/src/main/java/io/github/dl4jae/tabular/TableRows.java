package io.github.dl4jae.tabular;

import de.siegmar.fastcsv.reader.AbstractBaseCsvCallbackHandler;
import de.siegmar.fastcsv.reader.CsvParseException;
import de.siegmar.fastcsv.reader.CsvReader;
import de.siegmar.fastcsv.reader.CsvRecord;
import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.CharacterCodingException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * A pass over the rows of a file. Numbers are parsed in the buffer of the file, so that numeric columns take no
 * strings. Rows without any value are skipped.
 *
 * <p>Errors, with the row, counted from 1 after the names: rows of unequal length, an open quote, text behind a quote.
 */
final class TableRows implements Iterator<TableRow>, Closeable {

    /** The limit of FastCSV. */
    private static final String LONGEST = "16 million";

    private final Path file;
    private final TableFormat format;
    private final TextFile.WithoutMark text;
    private final Iterator<TableRow> records;
    private final Fields fields;
    private long count;
    private @Nullable TableRow next;

    /**
     * Opens a file.
     *
     * @param width the number of values in each row
     * @param asText whether values of a column are texts even if they are numbers
     */
    TableRows(Path file, TableFormat format, int width, boolean[] asText) {
        this(file, format, width, asText, opened(file), true);
    }

    /**
     * Opens the whole file, or a part of it.
     *
     * @param part its bytes
     * @param quotes whether they can have quotes; else the first one is a {@link UnquotedRecords.QuoteException}
     */
    TableRows(Path file, TableFormat format, int width, boolean[] asText, InputStream part, boolean quotes) {
        this.file = file;
        this.format = format;
        this.fields = new Fields(width, asText, format.decimalSeparator());
        this.text = TextFile.decode(part, format);
        this.records = quotes
                ? TextFile.parser(format.delimiter()).build(fields, text).iterator()
                : new UnquotedRecords(text, format.delimiter(), fields);
        if (format.header()) {
            read();
        }
    }

    private static InputStream opened(Path file) {
        try {
            return TextFile.open(file);
        } catch (IOException e) {
            throw unreadable(file, e);
        }
    }

    /** Returns the values of the first two lines, or of the only one. */
    static List<List<String>> firstLines(Path file, TableFormat format) {
        try (CsvReader<CsvRecord> reader =
                TextFile.parser(format.delimiter()).build(TextFile.records(), TextFile.open(file, format))) {
            List<List<String>> lines = new ArrayList<>();
            for (Iterator<CsvRecord> all = reader.iterator(); lines.size() < 2 && all.hasNext(); ) {
                lines.add(all.next().getFields().stream().map(String::strip).toList());
            }
            if (lines.isEmpty()) {
                throw TextFile.problem(file, "must have a row of values, got an empty file");
            }
            return lines;
        } catch (CsvParseException e) {
            throw quoteProblem(file, 1, e);
        } catch (IOException e) {
            throw unreadable(file, e);
        } catch (UncheckedIOException e) {
            throw undecodable(file, format, e);
        }
    }

    @Override
    public boolean hasNext() {
        while (next == null) {
            TableRow row = read();
            if (row == null) {
                return false;
            }
            if (fields.count == 1 && fields.filled == 0) {
                continue; // a line of spaces
            }
            count++;
            if (fields.count != fields.width) {
                throw TextFile.problem(
                        file,
                        "must have " + fields.width + " values in every row, got " + fields.count + " in row " + count
                                + "; " + FormatDetector.advice(file, format));
            }
            if (fields.filled > 0) {
                row.begin(count);
                next = row;
            }
        }
        return true;
    }

    @Override
    public TableRow next() {
        if (!hasNext()) {
            throw new NoSuchElementException();
        }
        TableRow row = next;
        next = null;
        return Objects.requireNonNull(row);
    }

    /** Reads a record, or returns null at the end. */
    private @Nullable TableRow read() {
        try {
            if (records.hasNext()) {
                return records.next();
            }
        } catch (CsvParseException e) {
            throw quoteProblem(file, count + 1, e);
        } catch (UncheckedIOException e) {
            throw undecodable(file, format, e);
        }
        if (fields.lastIsQuoted && text.last() != '"') {
            throw TextFile.problem(
                    file,
                    "must close every quote, got an open one at the end of the file, in row " + count
                            + "; close it, or double quotes inside of values");
        }
        return null;
    }

    private static IllegalArgumentException quoteProblem(Path file, long row, CsvParseException e) {
        if (isTooLong(e)) {
            return new IllegalArgumentException(
                    "TableReader: " + file + " must have values of at most " + LONGEST
                            + " characters, got a longer one, or an open quote, in row " + row
                            + "; close it, or remove the column",
                    e);
        }
        return new IllegalArgumentException(
                "TableReader: " + file + " must have a delimiter or a line end after a closing quote, and close every"
                        + " quote, got a problem in row " + row + "; double quotes inside of values",
                e);
    }

    private static boolean isTooLong(Throwable e) {
        return String.valueOf(e.getMessage()).contains("buffer") || (e.getCause() != null && isTooLong(e.getCause()));
    }

    private static RuntimeException undecodable(Path file, TableFormat format, UncheckedIOException e) {
        return e.getCause() instanceof CharacterCodingException
                ? new UndecodableTextException(file, format.charset(), e)
                : new UncheckedIOException("TableReader: " + file + " cannot be read", new IOException(e));
    }

    private static UncheckedIOException unreadable(Path file, IOException e) {
        return new UncheckedIOException("TableReader: " + file + " cannot be read", e);
    }

    @Override
    public void close() {
        try {
            text.close();
        } catch (IOException e) {
            throw unreadable(file, e);
        }
    }

    /** Turns the values of a record into a row. */
    static final class Fields extends AbstractBaseCsvCallbackHandler<TableRow> {
        private final int width;
        private final boolean[] asText;
        private final NumberText number;
        private final TableRow row;
        /** The number of values of the last record, and of those that are not empty. */
        private int count;

        private int filled;
        private boolean lastIsQuoted;

        Fields(int width, boolean[] asText, char decimalSeparator) {
            this.width = width;
            this.asText = asText.clone();
            this.number = new NumberText(decimalSeparator);
            this.row = new TableRow(width);
        }

        @Override
        protected void handleBegin(long line) {
            count = 0;
            filled = 0;
        }

        @Override
        protected void handleField(int column, char[] buffer, int offset, int length, boolean quoted) {
            count = column + 1;
            lastIsQuoted = quoted;
            if (column < width && row.set(column, buffer, offset, offset + length, asText[column] ? null : number)) {
                filled++;
            }
        }

        /** Reads a number at the beginning of characters; returns the place behind it, or {@code from} without one. */
        int number(int column, char[] buffer, int from, int to) {
            return column < width && !asText[column] ? number.beginning(buffer, from, to) : from;
        }

        /** Makes the number that was read last the value of a column. */
        void handleNumber(int column) {
            count = column + 1;
            lastIsQuoted = false;
            filled++;
            row.setNumber(column, number);
        }

        @Override
        protected TableRow buildRecord() {
            return row;
        }
    }
}
