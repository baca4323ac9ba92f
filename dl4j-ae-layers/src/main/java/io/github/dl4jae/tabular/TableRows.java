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
import java.util.function.Supplier;
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

    /** The file or stream, for messages. */
    private final String source;

    private final TableFormat format;
    /** Says what to do about rows of unequal length. */
    private final Supplier<String> advice;

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
        this(file.toString(), format, width, asText, part, quotes, () -> FormatDetector.advice(file, format));
    }

    /**
     * Opens a stream.
     *
     * @param source its name, for messages
     * @param advice says what to do about rows of unequal length
     */
    TableRows(String source, TableFormat format, int width, boolean[] asText, InputStream in, Supplier<String> advice) {
        this(source, format, width, asText, in, true, advice);
    }

    private TableRows(
            String source,
            TableFormat format,
            int width,
            boolean[] asText,
            InputStream in,
            boolean quotes,
            Supplier<String> advice) {
        this.source = source;
        this.format = format;
        this.advice = advice;
        this.fields = new Fields(width, asText, format.decimalSeparator());
        this.text = TextFile.decode(in, format);
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
            throw unreadable(file.toString(), e);
        }
    }

    /** Returns the values of the first two lines, or of the only one. */
    static List<List<String>> firstLines(Path file, TableFormat format) {
        return firstLines(file.toString(), format, opened(file));
    }

    /** Returns the first lines of a stream likewise, and closes it. */
    static List<List<String>> firstLines(String source, TableFormat format, InputStream in) {
        try (CsvReader<CsvRecord> reader =
                TextFile.parser(format.delimiter()).build(TextFile.records(), TextFile.decode(in, format))) {
            List<List<String>> lines = new ArrayList<>();
            for (Iterator<CsvRecord> all = reader.iterator(); lines.size() < 2 && all.hasNext(); ) {
                lines.add(all.next().getFields().stream().map(String::strip).toList());
            }
            if (lines.isEmpty()) {
                throw TextFile.problem(source, "must have a row of values, got an empty file");
            }
            return lines;
        } catch (CsvParseException e) {
            throw quoteProblem(source, 1, e);
        } catch (IOException e) {
            throw unreadable(source, e);
        } catch (UncheckedIOException e) {
            throw undecodable(source, format, e);
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
                        source,
                        "must have " + fields.width + " values in every row, got " + fields.count + " in row " + count
                                + "; " + advice.get());
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
            throw quoteProblem(source, count + 1, e);
        } catch (UncheckedIOException e) {
            throw undecodable(source, format, e);
        }
        if (fields.lastIsQuoted && text.last() != '"') {
            throw TextFile.problem(
                    source,
                    "must close every quote, got an open one at the end of the file, in row " + count
                            + "; close it, or double quotes inside of values");
        }
        return null;
    }

    private static IllegalArgumentException quoteProblem(String source, long row, CsvParseException e) {
        if (isTooLong(e)) {
            return new IllegalArgumentException(
                    "TableReader: " + source + " must have values of at most " + LONGEST
                            + " characters, got a longer one, or an open quote, in row " + row
                            + "; close it, or remove the column",
                    e);
        }
        return new IllegalArgumentException(
                "TableReader: " + source + " must have a delimiter or a line end after a closing quote, and close every"
                        + " quote, got a problem in row " + row + "; double quotes inside of values",
                e);
    }

    private static boolean isTooLong(Throwable e) {
        return String.valueOf(e.getMessage()).contains("buffer") || (e.getCause() != null && isTooLong(e.getCause()));
    }

    private static RuntimeException undecodable(String source, TableFormat format, UncheckedIOException e) {
        return e.getCause() instanceof CharacterCodingException
                ? new UndecodableTextException(source, format.charset(), e)
                : new UncheckedIOException("TableReader: " + source + " cannot be read", new IOException(e));
    }

    private static UncheckedIOException unreadable(String source, IOException e) {
        return new UncheckedIOException("TableReader: " + source + " cannot be read", e);
    }

    @Override
    public void close() {
        try {
            text.close();
        } catch (IOException e) {
            throw unreadable(source, e);
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
