package io.github.dl4jae.tabular;

import io.github.dl4jae.internal.layer.Require;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Predicate;
import java.util.regex.Pattern;
import org.apache.commons.math3.stat.descriptive.rank.Median;
import org.jspecify.annotations.Nullable;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/**
 * A reader of tables from CSV files with a line of column names.
 *
 * <pre>{@code
 * FeatureTable table = new TableReader.Builder()
 *         .label("species").ignore("id").categorical("postcode").imputation(Imputation.MEDIAN)
 *         .build().read(file);
 * }</pre>
 *
 * <pre>
 * numeric column        x ↦ (x − m)/s,  m the mean, s² the mean squared deviation; a constant column becomes 0
 * categorical column    one-hot, sorted by category
 * </pre>
 *
 * <p>A column is numeric if all its values are numbers. It is categorical if none is a number, or if it is declared
 * categorical. The values of the label column are classes, also if they are numbers, and are not part of the features.
 *
 * <p>Missing values are empty values and {@code NA}, {@code N/A}, {@code NaN}, {@code null}, {@code ?}, in upper or
 * lower case.
 *
 * <p>Errors, each with column and row, counted from 1 after the names: an empty file; empty or duplicate names; rows of
 * unequal length; missing values without an imputation; text among numbers; infinite numbers; a missing label; a column
 * without values; an open quote.
 *
 * <p>When not to use it: for tables that do not fit into memory as text. DataVec parses the file.
 */
public final class TableReader {

    /** The syntax of numbers, without Java's additions: 1F, 2D, 0x1p3. */
    private static final Predicate<String> NUMBER = Pattern.compile(
                    "[+-]?(Infinity|(\\d+\\.?\\d*|\\.\\d+)([eE][+-]?\\d+)?)")
            .asMatchPredicate();

    private final char delimiter;
    private final @Nullable String label;
    private final Set<String> ignored;
    private final Set<String> categorical;
    private final Imputation imputation;

    private TableReader(Builder builder) {
        this.delimiter = builder.delimiter;
        this.label = builder.label;
        this.ignored = Set.copyOf(builder.ignored);
        this.categorical = Set.copyOf(builder.categorical);
        this.imputation = builder.imputation;
    }

    /**
     * Reads a file.
     *
     * @param file a CSV file in UTF-8, with a line of names
     * @return the table
     * @throws IllegalArgumentException if the file is not such a table; the message gives the position
     * @throws UncheckedIOException if it cannot be read
     */
    public FeatureTable read(Path file) {
        CsvTable text = CsvTable.read(file, delimiter);
        Set<String> asked = new HashSet<>(ignored);
        asked.addAll(categorical);
        if (label != null) {
            asked.add(label);
        }
        text.requireColumns(asked);
        List<TableColumn> columns = text.names().stream()
                .filter(name -> !name.equals(label) && !ignored.contains(name))
                .map(name -> column(text, name))
                .toList();
        if (columns.isEmpty()) {
            throw text.problem("must have a column besides the label and ignored columns, got " + text.names());
        }
        INDArray features = features(text, columns);
        if (label == null) {
            return new FeatureTable(text.names(), columns, features, List.of(), new int[0]);
        }
        String[] labels = text.values(label);
        List<String> classes = classes(text, labels);
        return new FeatureTable(
                text.names(),
                columns,
                features,
                classes,
                Arrays.stream(labels).mapToInt(classes::indexOf).toArray());
    }

    private TableColumn column(CsvTable text, String name) {
        String[] values = text.values(name);
        int firstMissing = Arrays.asList(values).indexOf(null);
        if (firstMissing >= 0 && imputation == Imputation.NONE) {
            throw text.problem("must have no missing values, got one in column '" + name + "', row "
                    + (firstMissing + 1) + "; set an imputation, or ignore the column");
        }
        String[] present = Arrays.stream(values).filter(value -> value != null).toArray(String[]::new);
        if (present.length == 0) {
            throw text.problem("must have values in column '" + name + "', got none; ignore the column");
        }
        long numbers = Arrays.stream(present).filter(TableReader::isNumber).count();
        if (numbers == 0 || categorical.contains(name)) {
            return categories(name, present, firstMissing >= 0);
        }
        for (int i = 0; i < values.length; i++) {
            if (values[i] != null && (!isNumber(values[i]) || !Double.isFinite(Double.parseDouble(values[i])))) {
                throw text.problem("must have finite numbers in column '" + name + "', where " + numbers
                        + " values are numbers, got '" + values[i] + "' in row " + (i + 1)
                        + "; correct the value, or declare the column categorical");
            }
        }
        return numbers(text, name, present, firstMissing >= 0);
    }

    private static boolean isNumber(String value) {
        return NUMBER.test(value);
    }

    private TableColumn numbers(CsvTable text, String name, String[] present, boolean someMissing) {
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
            throw text.problem("must have a variance that float64 can hold in column '" + name + "', got " + variance
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

    /** Returns whether a column needs a replacement; in production, other columns can have missing values. */
    private boolean imputes(boolean someMissing) {
        return someMissing || imputation != Imputation.NONE;
    }

    private static INDArray features(CsvTable text, List<TableColumn> columns) {
        int n = text.rows();
        int width = columns.stream()
                .mapToInt(column -> column.featureNames().size())
                .sum();
        float[] all = new float[Math.multiplyExact(n, width)];
        int first = 0;
        for (TableColumn column : columns) {
            String[] values = text.values(column.name());
            for (int i = 0; i < n; i++) {
                column.write(values[i], all, i * width + first);
            }
            first += column.featureNames().size();
        }
        return Nd4j.create(all, new long[] {n, width}, 'c').castTo(DataType.FLOAT);
    }

    private List<String> classes(CsvTable text, String[] labels) {
        int missing = Arrays.asList(labels).indexOf(null);
        if (missing >= 0) {
            throw text.problem("must have a label in every row, got none in column '" + label + "', row "
                    + (missing + 1) + "; remove the row");
        }
        List<String> classes = Arrays.stream(labels).distinct().toList();
        boolean numbers = classes.stream().allMatch(TableReader::isNumber);
        return classes.stream()
                .sorted(numbers ? Comparator.comparingDouble(Double::parseDouble) : Comparator.naturalOrder())
                .toList();
    }

    /** A builder of a {@link TableReader}; all settings have defaults. */
    public static final class Builder {
        private char delimiter = ',';
        private @Nullable String label;
        private final Set<String> ignored = new LinkedHashSet<>();
        private final Set<String> categorical = new LinkedHashSet<>();
        private Imputation imputation = Imputation.NONE;

        /** Creates a builder for comma-separated files without a label and without missing values. */
        public Builder() {}

        /**
         * Sets the delimiter between values. Default: a comma.
         *
         * @param delimiter a character
         * @return this
         */
        public Builder delimiter(char delimiter) {
            this.delimiter = delimiter;
            return this;
        }

        /**
         * Sets the column of classes, which is not a feature. Default: none.
         *
         * @param column the name of the column, or null for none
         * @return this
         */
        public Builder label(String column) {
            this.label = column;
            return this;
        }

        /**
         * Adds columns to ignore, such as identifiers. Default: none.
         *
         * @param columns the names of columns
         * @return this
         * @throws IllegalArgumentException if a name is null
         */
        public Builder ignore(String... columns) {
            add(ignored, columns);
            return this;
        }

        /**
         * Adds categorical columns whose values can be numbers, such as postcodes. Default: none.
         *
         * @param columns the names of columns
         * @return this
         * @throws IllegalArgumentException if a name is null
         */
        public Builder categorical(String... columns) {
            add(categorical, columns);
            return this;
        }

        private static void add(Set<String> names, String... columns) {
            for (String column : Require.given("TableReader", "columns", columns, "")) {
                names.add(Require.given("TableReader", "column", column, ""));
            }
        }

        /**
         * Sets the replacement of missing values. Default: {@code NONE}, which makes them an error.
         *
         * @param imputation the replacement
         * @return this
         * @throws IllegalArgumentException if it is null
         */
        public Builder imputation(Imputation imputation) {
            this.imputation = Require.given("TableReader", "imputation", imputation, "use NONE");
            return this;
        }

        /**
         * Creates the reader.
         *
         * @return a reader for any number of files
         */
        public TableReader build() {
            return new TableReader(this);
        }
    }
}
