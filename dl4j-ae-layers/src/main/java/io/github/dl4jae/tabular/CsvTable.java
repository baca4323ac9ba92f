package io.github.dl4jae.tabular;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.function.Predicate;
import java.util.regex.Pattern;
import org.datavec.api.records.reader.impl.csv.SerializableCSVParser;
import org.jspecify.annotations.Nullable;

/** The text of a CSV file: distinct names, and rows of equal length with stripped values. */
final class CsvTable {

    /** The values that count as missing, in upper or lower case. */
    static final String MISSING_PATTERN = "\\s*(?i:|na|n/a|nan|null|\\?)\\s*";

    private static final Predicate<String> IS_MISSING =
            Pattern.compile(MISSING_PATTERN).asMatchPredicate();

    private final Path file;
    private final List<String> names;
    private final Map<String, Integer> places = new HashMap<>();
    private final List<List<String>> rows;

    private CsvTable(Path file, List<String> names, List<List<String>> rows) {
        this.file = file;
        this.names = names;
        this.rows = rows;
        for (int column = 0; column < names.size(); column++) {
            places.put(names.get(column), column);
        }
    }

    static CsvTable read(Path file, char delimiter) {
        List<List<String>> lines = parse(file, delimiter);
        if (lines.size() < 2) {
            throw problem(file, "must have a line of names and at least one row, got " + lines.size() + " lines");
        }
        CsvTable table = new CsvTable(file, names(file, lines.get(0)), lines.subList(1, lines.size()));
        table.requireWidths();
        return table;
    }

    private static List<List<String>> parse(Path file, char delimiter) {
        if (!Files.isRegularFile(file)) {
            throw problem(file, "must be a file, got " + (Files.exists(file) ? "a directory" : "nothing there"));
        }
        List<List<String>> lines = new ArrayList<>();
        try (BufferedReader in = Files.newBufferedReader(file)) {
            List<String> record = new ArrayList<>();
            // one parser per record, because DataVec's keeps the state of quotes
            SerializableCSVParser parser = new SerializableCSVParser(delimiter);
            for (String line = in.readLine(); line != null; line = in.readLine()) {
                Arrays.stream(parser.parseLineMulti(line)).map(String::strip).forEach(record::add);
                if (!parser.isPending()) {
                    if (record.size() > 1 || !String.join("", record).isEmpty()) { // not a blank line
                        lines.add(record);
                    }
                    record = new ArrayList<>();
                    parser = new SerializableCSVParser(delimiter);
                }
            }
            if (parser.isPending()) {
                throw problem(
                        file,
                        "must close every quote, got an open one at the end of the file, after row "
                                + (lines.size() - 1));
            }
        } catch (IOException e) {
            throw new UncheckedIOException("TableReader: " + file + " cannot be read as UTF-8", e);
        }
        return lines;
    }

    private static List<String> names(Path file, List<String> firstLine) {
        List<String> names = new ArrayList<>(firstLine);
        names.set(0, names.get(0).replace("\uFEFF", "")); // a byte order mark
        Set<String> seen = new HashSet<>();
        for (String name : names) {
            if (name.isEmpty() || !seen.add(name)) {
                throw problem(
                        file,
                        "must have a distinct name for every column, got '" + name + "' in " + names
                                + "; write the names into the first line");
            }
        }
        return names;
    }

    private void requireWidths() {
        for (int i = 0; i < rows.size(); i++) {
            if (rows.get(i).size() != names.size()) {
                throw problem("must have " + names.size() + " values in every row, got "
                        + rows.get(i).size() + " in row " + (i + 1)
                        + "; " + delimiterRemedy());
            }
        }
    }

    private String delimiterRemedy() {
        for (char other : new char[] {';', '\t', '|'}) {
            if (names.size() == 1 && names.get(0).indexOf(other) >= 0) {
                String shown = "'" + (other == '\t' ? "\\t" : other) + "'";
                return "the file looks like one with " + shown + " between values: set delimiter(" + shown + ")";
            }
        }
        return "check the delimiter, and the quotes around values that contain it";
    }

    List<String> names() {
        return names;
    }

    int rows() {
        return rows.size();
    }

    void requireColumns(Set<String> asked) {
        for (String name : asked) {
            if (!places.containsKey(name)) {
                throw problem("must have the column '" + name + "', got " + abbreviated(names)
                        + "; names are case-sensitive");
            }
        }
    }

    private static String abbreviated(List<String> names) {
        return names.size() <= 20 ? names.toString() : names.subList(0, 20) + " and " + (names.size() - 20) + " more";
    }

    /** Returns the values of a column, with null for missing ones. */
    @Nullable
    String[] values(String name) {
        int column = Objects.requireNonNull(places.get(name), name);
        return rows.stream()
                .map(row -> row.get(column))
                .map(value -> IS_MISSING.test(value) ? null : value)
                .toArray(String[]::new);
    }

    IllegalArgumentException problem(String what) {
        return problem(file, what);
    }

    private static IllegalArgumentException problem(Path file, String what) {
        return new IllegalArgumentException("TableReader: " + file + " " + what);
    }
}
