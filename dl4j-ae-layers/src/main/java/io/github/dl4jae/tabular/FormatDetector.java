package io.github.dl4jae.tabular;

import de.siegmar.fastcsv.reader.CsvParseException;
import de.siegmar.fastcsv.reader.CsvReader;
import de.siegmar.fastcsv.reader.CsvRecord;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.Charset;
import java.nio.charset.CharsetDecoder;
import java.nio.charset.CoderResult;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.function.Predicate;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** The detection of a {@link TableFormat} from the beginning of a file. */
final class FormatDetector {

    static final Charset LAST_RESORT = Charset.forName("windows-1252");

    private static final int SAMPLE_BYTES = 1 << 18;
    private static final int SAMPLE_ROWS = 500;
    /** In the order of preference among equals: commas can also be decimal. */
    private static final char[] DELIMITERS = {'\t', ';', '|', ','};

    private static final Predicate<String> DECIMAL_COMMA =
            Pattern.compile("[+-]?\\d*,\\d+([eE][+-]?\\d+)?").asMatchPredicate();
    private static final Predicate<String> THOUSANDS =
            Pattern.compile("[+-]?\\d{1,3}(,\\d{3})+").asMatchPredicate();
    private static final Predicate<String> DECIMAL_POINT =
            Pattern.compile("[+-]?\\d*\\.\\d+([eE][+-]?\\d+)?").asMatchPredicate();

    private final @Nullable Charset charset;
    private final @Nullable Character delimiter;
    private final @Nullable Character decimalSeparator;
    private final @Nullable Boolean header;

    /** Creates a detector; what is null is detected. */
    FormatDetector(
            @Nullable Charset charset,
            @Nullable Character delimiter,
            @Nullable Character decimalSeparator,
            @Nullable Boolean header) {
        this.charset = charset;
        this.delimiter = delimiter;
        this.decimalSeparator = decimalSeparator;
        this.header = header;
    }

    TableFormat detect(Path file) {
        byte[] bytes = beginning(file);
        boolean whole = bytes.length < SAMPLE_BYTES;
        Charset encoding = charset == null ? charset(bytes) : charset;
        String text = new String(bytes, encoding);
        if (text.startsWith("\uFEFF")) {
            text = text.substring(1);
        }
        if (text.isBlank()) {
            throw TextFile.problem(file, "must have a row of values, got an empty file");
        }
        char separator = delimiter == null ? delimiter(text, whole) : delimiter;
        List<List<String>> rows = rows(text, separator, whole);
        char decimal = decimalSeparator == null ? decimalSeparator(rows, separator) : decimalSeparator;
        boolean names = header == null ? hasHeader(rows, decimal) : header;
        return new TableFormat(encoding, separator, decimal, names);
    }

    private static byte[] beginning(Path file) {
        try (InputStream in = TextFile.open(file)) {
            return in.readNBytes(SAMPLE_BYTES);
        } catch (IOException e) {
            throw new UncheckedIOException("TableReader: " + file + " cannot be read", e);
        }
    }

    private static Charset charset(byte[] bytes) {
        if (startsWith(bytes, 0xFE, 0xFF)) {
            return StandardCharsets.UTF_16BE;
        } else if (startsWith(bytes, 0xFF, 0xFE)) {
            return StandardCharsets.UTF_16LE;
        }
        CharsetDecoder decoder = StandardCharsets.UTF_8.newDecoder();
        // the last character can be cut off, which is no error here
        CoderResult result = decoder.decode(ByteBuffer.wrap(bytes), CharBuffer.allocate(bytes.length), false);
        return result.isError() ? LAST_RESORT : StandardCharsets.UTF_8;
    }

    private static boolean startsWith(byte[] bytes, int first, int second) {
        return bytes.length >= 2 && (bytes[0] & 0xFF) == first && (bytes[1] & 0xFF) == second;
    }

    private static char delimiter(String text, boolean whole) {
        char best = ',';
        double highest = 0;
        for (char candidate : DELIMITERS) {
            double agreement = agreement(rows(text, candidate, whole));
            if (agreement > highest) {
                highest = agreement;
                best = candidate;
            }
        }
        return best;
    }

    /** Returns the fraction of rows as wide as the first, 0 if that has one value. */
    private static double agreement(List<List<String>> rows) {
        int width = rows.isEmpty() ? 1 : rows.get(0).size();
        return width == 1 ? 0 : rows.stream().filter(row -> row.size() == width).count() / (double) rows.size();
    }

    /** Returns the first rows; a last one can be cut off, and is left out. */
    private static List<List<String>> rows(String text, char delimiter, boolean whole) {
        List<List<String>> rows = new ArrayList<>();
        try (CsvReader<CsvRecord> reader = TextFile.parser(delimiter).ofCsvRecord(text)) {
            for (CsvRecord record : reader) {
                rows.add(record.getFields().stream().map(String::strip).toList());
                if (rows.size() > SAMPLE_ROWS) {
                    return rows;
                }
            }
        } catch (CsvParseException e) {
            return rows; // the rows before the mistake
        } catch (IOException e) {
            throw new UncheckedIOException("TableReader: text in memory", e);
        }
        return whole || rows.size() < 2 ? rows : rows.subList(0, rows.size() - 1);
    }

    private static char decimalSeparator(List<List<String>> rows, char delimiter) {
        boolean point = false;
        boolean comma = false;
        boolean groups = true;
        for (List<String> row : rows) {
            for (String value : row) {
                point |= DECIMAL_POINT.test(value);
                if (DECIMAL_COMMA.test(value)) {
                    comma = true;
                    groups &= THOUSANDS.test(value);
                }
            }
        }
        // in a file with commas between values, "1,234" in quotes is English for 1234
        return comma && !point && !(delimiter == ',' && groups) ? ',' : '.';
    }

    /** Returns whether the first row has names. */
    private static boolean hasHeader(List<List<String>> rows, char decimal) {
        List<String> first = rows.get(0);
        List<List<String>> others = rows.subList(1, rows.size());
        NumberText number = new NumberText(decimal);
        boolean likeTheOthers = false;
        for (int j = 0; j < first.size(); j++) {
            if (first.get(j).isEmpty() || !isNumeric(others, j, number)) {
                continue;
            } else if (!number.matches(first.get(j))) {
                return true; // a name above numbers
            }
            likeTheOthers = true;
        }
        return likeTheOthers ? isSequence(first, number) : !occursAgain(first, others);
    }

    /** Returns whether a column has numbers, and nothing else but missing values. */
    private static boolean isNumeric(List<List<String>> rows, int column, NumberText number) {
        boolean some = false;
        for (List<String> row : rows) {
            String value = column < row.size() ? row.get(column) : "";
            if (number.matches(value)) {
                some = true;
            } else if (!value.isEmpty() && !MissingValues.isUsual(value)) {
                return false;
            }
        }
        return some;
    }

    /** Returns whether the numbers of a row are names that count on, such as years. */
    private static boolean isSequence(List<String> row, NumberText number) {
        double last = Double.NaN;
        int count = 0;
        for (String value : row) {
            if (number.matches(value)) {
                if (count > 0 && number.value() != last + 1) {
                    return false;
                }
                last = number.value();
                count++;
            }
        }
        return count > 1 && last == Math.rint(last);
    }

    /** Returns whether a value of the first row stands in its column again, or too many are equal for names. */
    private static boolean occursAgain(List<String> first, List<List<String>> others) {
        for (int j = 0; j < first.size(); j++) {
            String value = first.get(j);
            int column = j;
            if (!value.isEmpty()
                    && others.stream()
                            .anyMatch(row ->
                                    column < row.size() && row.get(column).equals(value))) {
                return true;
            }
        }
        return !others.isEmpty() && !first.contains("") && first.size() > 2 * new HashSet<>(first).size();
    }
}
