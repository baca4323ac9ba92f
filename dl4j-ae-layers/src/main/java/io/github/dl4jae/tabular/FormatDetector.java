package io.github.dl4jae.tabular;

import de.siegmar.fastcsv.reader.CsvParseException;
import de.siegmar.fastcsv.reader.CsvReader;
import de.siegmar.fastcsv.reader.CsvRecord;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.Charset;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.function.Predicate;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** The detection of a {@link TableFormat} from the beginning of a file. */
final class FormatDetector {

    static final Charset LAST_RESORT = Charset.forName("windows-1252");

    private static final int SAMPLE_BYTES = 1 << 18;
    private static final int MOST_BYTES = 1 << 26;
    private static final int FEWEST_LINES = 3;
    private static final int SAMPLE_ROWS = 500;
    /** In the order of preference among equals: commas can also be decimal. */
    private static final char[] DELIMITERS = {'\t', ';', '|', ','};
    /** Not taken without asking, because texts have them. */
    private static final char[] UNUSUAL_DELIMITERS = {' ', ':', '^', '~', '\u0001', '\u001F'};

    private static final Predicate<String> DECIMAL_COMMA =
            Pattern.compile("[+-]?\\d*,\\d+([eE][+-]?\\d+)?").asMatchPredicate();
    private static final Predicate<String> THOUSANDS =
            Pattern.compile("[+-]?\\d{1,3}(,\\d{3})+").asMatchPredicate();
    private static final Predicate<String> DECIMAL_POINT =
            Pattern.compile("[+-]?\\d*\\.\\d+([eE][+-]?\\d+)?").asMatchPredicate();

    /** More than one group of three digits, which a decimal point cannot have. */
    private static final Predicate<String> POINTS =
            Pattern.compile("[+-]?\\d{1,3}(\\.\\d{3}){2,}").asMatchPredicate();

    private static final Pattern DECLARATION = Pattern.compile("(?i)\"?sep=(.)\"?\\s*");

    private final @Nullable Charset charset;
    private final @Nullable Character delimiter;
    private final @Nullable Character decimalSeparator;
    private final @Nullable Boolean header;
    private final @Nullable Integer skippedLines;

    /** Creates a detector; what is null is detected. */
    FormatDetector(
            @Nullable Charset charset,
            @Nullable Character delimiter,
            @Nullable Character decimalSeparator,
            @Nullable Boolean header,
            @Nullable Integer skippedLines) {
        this.charset = charset;
        this.delimiter = delimiter;
        this.decimalSeparator = decimalSeparator;
        this.header = header;
        this.skippedLines = skippedLines;
    }

    TableFormat detect(Path file) {
        int size = SAMPLE_BYTES;
        byte[] bytes = beginning(file, size);
        Charset encoding = charset == null ? detectedCharset(file, bytes) : charset;
        String text = new String(bytes, encoding);
        while (bytes.length == size && size < MOST_BYTES && TextFile.afterLines(text, FEWEST_LINES) == text.length()) {
            size *= 4; // lines of a wide table
            bytes = beginning(file, size);
            text = new String(bytes, encoding);
        }
        if (text.startsWith("\uFEFF")) {
            text = text.substring(1);
        }
        if (text.isBlank()) {
            throw TextFile.problem(file, "must have a row of values, got an empty file");
        }
        return detect(file, encoding, text, bytes.length < size);
    }

    private TableFormat detect(Path file, Charset encoding, String text, boolean whole) {
        Character declared = declaredDelimiter(text);
        int skipped = skippedLines != null ? skippedLines : declared != null ? 1 : comments(text);
        String table = text.substring(TextFile.afterLines(text, skipped));
        if (table.isBlank()) {
            throw TextFile.problem(
                    file, "must have a row of values behind " + skipped + " skipped lines, got none; set skipLines(…)");
        }
        Character given = delimiter != null ? delimiter : declared;
        char separator = given != null ? given : delimiter(table, whole);
        List<List<String>> rows = rows(table, separator, whole);
        if (rows.isEmpty()) {
            throw TextFile.problem(
                    file,
                    "must have a delimiter or a line end after a closing quote, got a problem in row 1; double quotes"
                            + " inside of values, or set skipLines(…) if the table begins further down");
        }
        requireDivided(file, rows, table, separator, whole);
        char decimal = decimalSeparator == null ? decimalSeparator(rows, separator) : decimalSeparator;
        boolean names = header == null ? hasHeader(rows, decimal) : header;
        return new TableFormat(encoding, separator, decimal, names, skipped);
    }

    private static Charset detectedCharset(Path file, byte[] bytes) {
        Charset found = TextCharset.detect(bytes, LAST_RESORT);
        String kind = ForeignFile.kind(bytes).orElse(found == null ? "binary data" : null);
        if (kind != null) {
            throw TextFile.problem(file, "must be a text file, got " + kind + "; export the table as CSV");
        }
        return Objects.requireNonNull(found);
    }

    private static byte[] beginning(Path file, int size) {
        try (InputStream in = TextFile.open(file)) {
            return in.readNBytes(size);
        } catch (IOException e) {
            throw new UncheckedIOException("TableReader: " + file + " cannot be read", e);
        }
    }

    /** Returns the delimiter that a spreadsheet program declared in the first line, or null. */
    private static @Nullable Character declaredDelimiter(String text) {
        Matcher matcher = DECLARATION.matcher(text.substring(0, TextFile.afterLines(text, 1)));
        return matcher.matches() ? matcher.group(1).charAt(0) : null;
    }

    /** Returns the number of lines of comments, without a last one that has the names. */
    private int comments(String text) {
        int count = 0;
        for (int at = 0; at < text.length() && text.charAt(at) == '#'; at = TextFile.afterLines(text, count)) {
            count++;
        }
        if (count == 0) {
            return 0;
        }
        String rest = text.substring(TextFile.afterLines(text, count - 1));
        char separator = delimiter == null ? delimiter(rest, false) : delimiter;
        return agreement(rows(rest, separator, false)) > 0.5 ? count - 1 : count;
    }

    private static char delimiter(String text, boolean whole) {
        return best(DELIMITERS, text, whole, 0);
    }

    /** Returns the delimiter for which most rows are as wide as the first, or the last one. */
    private static char best(char[] candidates, String text, boolean whole, double atLeast) {
        char best = candidates[candidates.length - 1];
        double highest = atLeast;
        for (char candidate : candidates) {
            double agreement = agreement(rows(text, candidate, whole));
            if (agreement > highest) {
                highest = agreement;
                best = candidate;
            }
        }
        return best;
    }

    /** Refuses rows of one value that another delimiter would divide all alike. */
    private void requireDivided(Path file, List<List<String>> rows, String text, char separator, boolean whole) {
        if (rows.get(0).size() > 1 || rows.size() < 2) {
            return;
        }
        char[] others = delimiter == null ? UNUSUAL_DELIMITERS : DELIMITERS;
        for (char other : others) {
            if (other != separator && agreement(rows(text, other, whole)) == 1) {
                throw TextFile.problem(
                        file,
                        "must have the delimiter " + TableFormat.shown(separator) + " between values, got a file"
                                + " that looks like " + TableFormat.shown(other) + "; set delimiter("
                                + TableFormat.shown(other) + "), or for a single column delimiter('|')");
            }
        }
        String unquoted = rows.stream().map(row -> row.get(0)).collect(Collectors.joining("\n"));
        char inner = delimiter(unquoted, true);
        if (delimiter == null && agreement(rows(unquoted, inner, true)) == 1) {
            throw TextFile.problem(
                    file,
                    "must have quotes around values, got them around whole rows, with " + TableFormat.shown(inner)
                            + " between values; remove these quotes, or set delimiter('|') for a single column");
        }
    }

    /** Returns what to do about rows of unequal length. */
    static String advice(Path file, TableFormat format) {
        List<List<String>> lines = TableRows.firstLines(file, format);
        String text = new String(beginning(file, SAMPLE_BYTES), format.charset());
        char likely = delimiter(text.substring(TextFile.afterLines(text, format.skippedLines())), false);
        return (likely != format.delimiter() && lines.get(0).size() == 1
                        ? "the file looks like " + TableFormat.shown(likely) + ", set delimiter(…)"
                        : "set delimiter(…) if it is not " + TableFormat.shown(format.delimiter()))
                + ", skipLines(…) if the table begins further down, or put quotes around values that contain it,"
                + " without blanks before them";
    }

    /** Returns the fraction of rows as wide as the first, 0 if that has one value. */
    private static double agreement(List<List<String>> rows) {
        int width = rows.isEmpty() ? 1 : rows.get(0).size();
        return width == 1 ? 0 : rows.stream().filter(row -> row.size() == width).count() / (double) rows.size();
    }

    /** Returns the first rows; a last one can be cut off, and is left out. */
    private static List<List<String>> rows(String text, char delimiter, boolean whole) {
        List<List<String>> rows = new ArrayList<>();
        try (CsvReader<CsvRecord> reader = TextFile.parser(delimiter).build(TextFile.records(), text)) {
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
        boolean groupsOfPoints = false;
        for (List<String> row : rows) {
            for (String value : row) {
                point |= DECIMAL_POINT.test(value);
                groupsOfPoints |= POINTS.test(value);
                if (DECIMAL_COMMA.test(value)) {
                    comma = true;
                    groups &= THOUSANDS.test(value);
                }
            }
        }
        // in a file with commas between values, "1,234" in quotes is English for 1234
        return (comma && !point && !(delimiter == ',' && groups)) || (groupsOfPoints && !point) ? ',' : '.';
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
