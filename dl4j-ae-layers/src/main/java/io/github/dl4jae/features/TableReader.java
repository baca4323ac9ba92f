package io.github.dl4jae.features;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Predicate;
import java.util.regex.Pattern;
import org.apache.commons.math3.stat.descriptive.rank.Median;
import org.datavec.api.records.reader.impl.csv.SerializableCSVParser;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/**
 * Reads a table from a CSV file whose first line names the columns.
 *
 * <pre>{@code
 * FeatureTable table = new TableReader.Builder()
 *         .label("species").ignore("id").categorical("postcode").imputation(Imputation.MEDIAN)
 *         .build().read(file);
 * }</pre>
 *
 * <p>A column is of numbers if all its values are, and of categories if none is or if it is declared so. Numbers are standardised to mean 0 and variance 1, x → (x − m)/s, s² the mean squared
 * deviation; constant ones become 0. Categories are one-hot, sorted by name. The label column is of classes, whatever its values look like, and no part of the features.
 *
 * <p>Missing are empty values and {@code NA}, {@code N/A}, {@code NaN}, {@code null}, {@code ?}, in upper or lower case.
 *
 * <p>Errors, each with the column and the row, counted from 1 after the names: an empty file, names that are empty or occur twice, lines of another length than the first, missing values unless an imputation is named, text among numbers, infinite numbers,
 * a missing label, a column without any value, a quote that is not closed.
 *
 * <p>The file is parsed by DataVec. The whole table is held in memory, as text and then as float32.
 */
public final class TableReader {

    /** What counts as missing, in upper or lower case. */
    static final String MISSING_PATTERN = "\\s*(?i:|na|n/a|nan|null|\\?)\\s*";

    /** Not what Java adds to it: 1F, 2D, 0x1p3. */
    private static final Predicate<String> NUMBER = Pattern.compile(
                    "[+-]?(Infinity|(\\d+\\.?\\d*|\\.\\d+)([eE][+-]?\\d+)?)")
            .asMatchPredicate();

    private static final Predicate<String> IS_MISSING =
            Pattern.compile(MISSING_PATTERN).asMatchPredicate();

    private final char delimiter;
    private final String label;
    private final Set<String> ignored;
    private final Set<String> categorical;
    private final Imputation imputation;

    private TableReader(Builder builder) {
        this.delimiter = builder.delimiter;
        this.label = builder.label;
        this.ignored = builder.ignored;
        this.categorical = builder.categorical;
        this.imputation = builder.imputation;
    }

    /**
     * Reads a file.
     *
     * @param file CSV, UTF-8, with a line of names
     * @return the table
     * @throws IllegalArgumentException if the file is not such a table; the message says where
     * @throws UncheckedIOException if it cannot be read
     */
    public FeatureTable read(Path file) {
        List<List<String>> lines = parse(file);
        List<String> header = header(file, lines);
        List<List<String>> rows = lines.subList(1, lines.size());
        requireWidths(file, header, rows);
        List<TableColumn> columns = new ArrayList<>();
        List<Integer> places = new ArrayList<>();
        for (int c = 0; c < header.size(); c++) {
            String name = header.get(c);
            if (!name.equals(label) && !ignored.contains(name)) {
                columns.add(column(file, name, values(rows, c)));
                places.add(c);
            }
        }
        if (columns.isEmpty()) {
            throw problem(
                    file, "must have a column besides the label and those ignored, got " + header + "; ignore fewer");
        }
        INDArray features = features(rows, columns, places);
        if (label == null) {
            return new FeatureTable(header, columns, features, List.of(), new int[0]);
        }
        String[] labels = values(rows, header.indexOf(label));
        List<String> classes = classes(file, labels);
        return new FeatureTable(
                header,
                columns,
                features,
                classes,
                Arrays.stream(labels).mapToInt(classes::indexOf).toArray());
    }

    private List<List<String>> parse(Path file) {
        if (!Files.isRegularFile(file)) {
            throw problem(
                    file,
                    "must be a file, got " + (Files.exists(file) ? "a directory" : "nothing there")
                            + "; look at the path");
        }
        List<List<String>> lines = new ArrayList<>();
        try (BufferedReader in = Files.newBufferedReader(file)) {
            List<String> record = new ArrayList<>();
            // a parser per record: DataVec's keeps what it saw of quotes
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
                        "must close every quote, got one that is open at the end of the file, after row "
                                + (lines.size() - 1) + "; close it");
            }
        } catch (IOException e) {
            throw new UncheckedIOException("TableReader: " + file + " can't be read as UTF-8", e);
        }
        return lines;
    }

    private List<String> header(Path file, List<List<String>> lines) {
        if (lines.size() < 2) {
            throw problem(
                    file,
                    "must have a line of names and at least one row, got " + lines.size()
                            + " lines; write the header first");
        }
        List<String> header = new ArrayList<>(lines.get(0));
        header.set(0, header.get(0).replace("\uFEFF", "")); // a byte order mark
        Set<String> seen = new HashSet<>();
        for (String name : header) {
            if (name.isEmpty() || !seen.add(name)) {
                throw problem(
                        file,
                        "must name every column, each differently, got '" + name + "' in " + header
                                + "; the first line is taken for the names");
            }
        }
        Set<String> asked = new HashSet<>(ignored);
        asked.addAll(categorical);
        if (label != null) {
            asked.add(label);
        }
        for (String name : asked) {
            if (!seen.contains(name)) {
                throw problem(
                        file,
                        "must have the column '" + name + "', got " + abbreviated(header)
                                + "; names are case-sensitive");
            }
        }
        return header;
    }

    private static String abbreviated(List<String> names) {
        return names.size() <= 20 ? names.toString() : names.subList(0, 20) + " and " + (names.size() - 20) + " more";
    }

    private static void requireWidths(Path file, List<String> header, List<List<String>> rows) {
        for (int i = 0; i < rows.size(); i++) {
            if (rows.get(i).size() != header.size()) {
                throw problem(
                        file,
                        "must have " + header.size() + " values in every row, got "
                                + rows.get(i).size() + " in row " + (i + 1)
                                + "; look at the delimiter, and at quotes around values that contain it");
            }
        }
    }

    /** Null where missing. */
    private static String[] values(List<List<String>> rows, int column) {
        return rows.stream()
                .map(row -> row.get(column))
                .map(value -> IS_MISSING.test(value) ? null : value)
                .toArray(String[]::new);
    }

    private TableColumn column(Path file, String name, String[] values) {
        int firstMissing = Arrays.asList(values).indexOf(null);
        if (firstMissing >= 0 && imputation == Imputation.NONE) {
            throw problem(
                    file,
                    "must have no missing values, got one in column '" + name + "', row " + (firstMissing + 1)
                            + "; name an imputation, or ignore the column");
        }
        String[] present = Arrays.stream(values).filter(value -> value != null).toArray(String[]::new);
        if (present.length == 0) {
            throw problem(file, "must have values in column '" + name + "', got none; ignore the column");
        }
        long numbers = Arrays.stream(present).filter(TableReader::isNumber).count();
        if (numbers == 0 || categorical.contains(name)) {
            return categories(name, present, firstMissing >= 0);
        }
        for (int i = 0; i < values.length; i++) {
            if (values[i] != null && (!isNumber(values[i]) || !Double.isFinite(Double.parseDouble(values[i])))) {
                throw problem(
                        file,
                        "must have finite numbers in column '" + name + "', where " + numbers
                                + " values are numbers, got '" + values[i] + "' in row " + (i + 1)
                                + "; mend the value, or declare the column categorical");
            }
        }
        return numbers(file, name, present, firstMissing >= 0);
    }

    private static boolean isNumber(String value) {
        return NUMBER.test(value);
    }

    private TableColumn numbers(Path file, String name, String[] present, boolean someMissing) {
        double[] numbers =
                Arrays.stream(present).mapToDouble(Double::parseDouble).toArray();
        double mean = Arrays.stream(numbers).average().orElseThrow();
        boolean constant = Arrays.stream(numbers).allMatch(number -> number == numbers[0]);
        if (constant) {
            return new TableColumn.Numeric(name, numbers[0], 1, imputes(someMissing) ? numbers[0] : null);
        }
        double replacement = imputation == Imputation.MEDIAN ? new Median().evaluate(numbers) : mean;
        double variance = Arrays.stream(numbers)
                .map(number -> (number - mean) * (number - mean))
                .average()
                .orElseThrow();
        if (!(variance >= Double.MIN_NORMAL && variance < Double.POSITIVE_INFINITY)) {
            throw problem(
                    file,
                    "must have a variance that float64 can hold in column '" + name + "', got " + variance
                            + "; scale the column");
        }
        return new TableColumn.Numeric(name, mean, Math.sqrt(variance), imputes(someMissing) ? replacement : null);
    }

    private TableColumn categories(String name, String[] present, boolean someMissing) {
        Map<String, Integer> counts = new TreeMap<>();
        Arrays.stream(present).forEach(category -> counts.merge(category, 1, Integer::sum));
        String mostFrequent = counts.entrySet().stream()
                .max(Map.Entry.comparingByValue())
                .orElseThrow()
                .getKey();
        return new TableColumn.Categorical(
                name, List.copyOf(counts.keySet()), imputes(someMissing) ? mostFrequent : null);
    }

    /** In production values may be missing where in the file none is. */
    private boolean imputes(boolean someMissing) {
        return someMissing || imputation != Imputation.NONE;
    }

    private static INDArray features(List<List<String>> rows, List<TableColumn> columns, List<Integer> places) {
        int width = columns.stream()
                .mapToInt(column -> column.featureNames().size())
                .sum();
        float[] all = new float[Math.multiplyExact(rows.size(), width)];
        int first = 0;
        for (int c = 0; c < columns.size(); c++) {
            TableColumn column = columns.get(c);
            String[] values = values(rows, places.get(c));
            for (int i = 0; i < values.length; i++) {
                column.write(values[i], all, i * width + first);
            }
            first += column.featureNames().size();
        }
        return Nd4j.create(all, new long[] {rows.size(), width}, 'c').castTo(DataType.FLOAT);
    }

    private List<String> classes(Path file, String[] labels) {
        int missing = Arrays.asList(labels).indexOf(null);
        if (missing >= 0) {
            throw problem(
                    file,
                    "must have a label in every row, got none in column '" + label + "', row " + (missing + 1)
                            + "; drop the row");
        }
        List<String> classes = Arrays.stream(labels).distinct().toList();
        boolean numbers = classes.stream().allMatch(TableReader::isNumber);
        return classes.stream()
                .sorted(numbers ? Comparator.comparingDouble(Double::parseDouble) : Comparator.naturalOrder())
                .toList();
    }

    private static IllegalArgumentException problem(Path file, String what) {
        return new IllegalArgumentException("TableReader: " + file + " " + what);
    }

    /** Builds a {@link TableReader}; everything has a default. */
    public static final class Builder {
        private char delimiter = ',';
        private String label;
        private Set<String> ignored = Set.of();
        private Set<String> categorical = Set.of();
        private Imputation imputation = Imputation.NONE;

        /** A builder for files with commas, without a label, without missing values. */
        public Builder() {}

        /**
         * Sets what stands between values.
         *
         * @param delimiter a comma by default
         * @return this
         */
        public Builder delimiter(char delimiter) {
            this.delimiter = delimiter;
            return this;
        }

        /**
         * Names the column of classes.
         *
         * @param column no feature; none by default
         * @return this
         */
        public Builder label(String column) {
            this.label = column;
            return this;
        }

        /**
         * Names columns to leave out.
         *
         * @param columns such as identifiers
         * @return this
         */
        public Builder ignore(String... columns) {
            this.ignored = Set.of(columns);
            return this;
        }

        /**
         * Names columns of categories that look like numbers.
         *
         * @param columns such as postcodes
         * @return this
         */
        public Builder categorical(String... columns) {
            this.categorical = Set.of(columns);
            return this;
        }

        /**
         * Says what stands in for missing values.
         *
         * @param imputation none by default: they are an error
         * @return this
         */
        public Builder imputation(Imputation imputation) {
            this.imputation = imputation;
            return this;
        }

        /**
         * Makes the reader.
         *
         * @return a reader for any number of files
         */
        public TableReader build() {
            return new TableReader(this);
        }
    }
}
