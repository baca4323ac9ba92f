package io.github.dl4jae.tabular;

import de.siegmar.fastcsv.writer.CsvWriter;
import de.siegmar.fastcsv.writer.LineDelimiter;
import io.github.dl4jae.internal.io.AtomicFile;
import io.github.dl4jae.internal.kernel.FloatRows;
import io.github.dl4jae.internal.layer.Require;
import io.github.dl4jae.likelihood.LossMixed;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.datavec.api.transform.TransformProcess;
import org.jspecify.annotations.Nullable;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * How the rows of a table become the rows of a matrix, and back: the kind of each column, with the statistics of the
 * rows to which it was fitted.
 *
 * <pre>{@code
 * TableSchema schema = new TableReader.Builder().label("species").build().fit(training);
 * FeatureTable test = schema.read(file);              // with the scales and categories of the training rows
 * schema.save(Path.of("schema.json"));                // beside the model
 * }</pre>
 *
 * <pre>
 * number        x ↦ (x − m)/s, m the mean, s² the mean squared deviation
 * two values    0 and 1
 * category      one-hot
 * date          (t − m)/s, and sine and cosine of the place in the year, the week and the day
 * left out      no feature: constants, identifiers, texts; dates unless asked for
 * </pre>
 *
 * <p>A feature is a column of the matrix. {@link #notes} says what was detected, left out and replaced. Columns of
 * another file are found by their names; it may have more of them, in any order.
 *
 * <p>Immutable.
 */
// longer than 300 lines: most of them document the ways into the matrix and back
public final class TableSchema {

    private final TableFormat format;
    private final List<TableColumn> columns;
    private final @Nullable TableTarget target;
    private final MissingValues missing;
    private final UnseenLevel unseenLevel;
    private final List<String> notes;
    private final List<String> names;
    /** The place of the first feature of each column, and the number of features. */
    private final int[] offsets;

    TableSchema(
            TableFormat format,
            List<TableColumn> columns,
            @Nullable TableTarget target,
            MissingValues missing,
            UnseenLevel unseenLevel,
            List<String> notes) {
        this.format = format;
        this.columns = List.copyOf(columns);
        this.target = target;
        this.missing = missing;
        this.unseenLevel = unseenLevel;
        this.notes = List.copyOf(notes);
        this.names =
                columns.stream().flatMap(column -> column.features().stream()).toList();
        this.offsets = new int[columns.size() + 1];
        for (int j = 0; j < columns.size(); j++) {
            offsets[j + 1] = offsets[j] + columns.get(j).features().size();
        }
    }

    /**
     * Returns the format of the file to which the schema was fitted.
     *
     * @return charset, separators and header
     */
    public TableFormat format() {
        return format;
    }

    /**
     * Returns what was detected in the file, left out of the features and put in place of missing values.
     *
     * @return sentences, each about a column or the format
     */
    public List<String> notes() {
        return notes;
    }

    /**
     * Returns the names of the features: the name of the column for numbers, {@code name[category]} for categories and
     * texts of two values, {@code name[trend]} and the like for dates, {@code name[missing]} for an indicator.
     *
     * @return d names
     */
    public List<String> names() {
        return names;
    }

    /**
     * Returns the names of the columns of the file that have features.
     *
     * @return names in the order of the file
     */
    public List<String> columnNames() {
        return columns.stream()
                .filter(column -> !column.features().isEmpty())
                .map(TableColumn::name)
                .toList();
    }

    /**
     * Returns whether another schema has the same columns, scales and categories.
     *
     * @param other a schema
     * @return true for a schema and its stored copy
     */
    public boolean hasColumnsOf(TableSchema other) {
        return columns.equals(other.columns);
    }

    /**
     * Returns which features belong together.
     *
     * @return for each feature, the index of its column in {@link #columnNames}; a new array
     */
    public int[] columnOfFeature() {
        int[] owner = new int[names.size()];
        int encoded = 0;
        for (int j = 0; j < columns.size(); j++) {
            Arrays.fill(owner, offset(j), offset(j + 1), encoded);
            encoded += hasFeatures(j) ? 1 : 0;
        }
        return owner;
    }

    /**
     * Returns the name of the column to predict.
     *
     * @return the label's or the target's name, or null if there is none
     */
    public @Nullable String targetName() {
        return target == null ? null : target.name();
    }

    /**
     * Returns the classes of the label.
     *
     * @return texts, sorted; empty if there is no label or it is a quantity
     */
    public List<String> classes() {
        return target == null ? List.of() : target.classes();
    }

    /**
     * Returns whether the column to predict is a quantity.
     *
     * @return false for classes, and without a target
     */
    public boolean isRegression() {
        return target != null && target.isQuantity();
    }

    /**
     * Returns which columns are quantities: numbers, counts and dates, but not flags and categories.
     *
     * @return for each of {@link #columnNames}
     */
    public List<Boolean> areQuantities() {
        return columns.stream()
                .filter(column -> !column.features().isEmpty())
                .map(TableColumn::isQuantity)
                .toList();
    }

    /**
     * Returns the likelihood of the features, for the output layer of an autoencoder: a Gaussian with a learned
     * variance for numbers and dates, a Poisson distribution for counts, a Bernoulli distribution for flags, a
     * categorical one for categories.
     *
     * <pre>{@code
     * LossMixed loss = schema.likelihood();
     * new FastOutputLayer.Builder(loss).nOut(loss.outputs()).build()
     * }</pre>
     *
     * @return a loss with d label columns
     */
    public LossMixed likelihood() {
        LossMixed.Builder loss = new LossMixed.Builder();
        columns.forEach(column -> column.addTo(loss));
        return loss.build();
    }

    List<TableColumn> columns() {
        return columns;
    }

    @Nullable
    TableTarget target() {
        return target;
    }

    MissingValues missing() {
        return missing;
    }

    UnseenLevel unseenLevel() {
        return unseenLevel;
    }

    /** Returns the place of the first feature of a column; for the number of columns, the number of features. */
    int offset(int column) {
        return offsets[column];
    }

    boolean hasFeatures(int column) {
        return offsets[column + 1] > offsets[column];
    }

    static String abbreviated(List<String> names) {
        return names.size() <= 20 ? names.toString() : names.subList(0, 20) + " and " + (names.size() - 20) + " more";
    }

    /**
     * Reads another file with this schema.
     *
     * @param file a file with the columns of the schema; that of the label can be missing
     * @return its rows
     * @throws IllegalArgumentException if a column is missing, or a value does not fit; the message gives the position
     * @throws UncheckedIOException if the file cannot be read
     */
    public FeatureTable read(Path file) {
        TableFormat found = formatOf(file);
        return FileParts.read(
                file,
                found,
                parts -> TableLoader.load(this, file, found, parts, TableLoader.rowsOfParts(this, file, found, parts)));
    }

    /** Returns the format of another file: this one's if that has the columns, else what is detected. */
    TableFormat formatOf(Path file) {
        TableFormat detected = TableFormat.detect(file);
        TableFormat same = new TableFormat(
                detected.charset(),
                format.delimiter(),
                format.decimalSeparator(),
                format.header(),
                format.skippedLines());
        return ColumnNames.of(file, same).containsAll(columnNames()) ? same : detected;
    }

    /**
     * Encodes rows in memory.
     *
     * @param rows the values by the names of columns, in the format of the file; null or an absent name is a missing
     *     value
     * @return the rows
     * @throws IllegalArgumentException if there are no rows, a name is not in the schema, or a value does not fit
     */
    public FeatureTable encode(List<Map<String, @Nullable String>> rows) {
        Require.that(!rows.isEmpty(), "TableSchema", "rows must not be empty", "none", "");
        List<String> fileColumns =
                new ArrayList<>(columns.stream().map(TableColumn::name).toList());
        if (target != null && !rows.get(0).containsKey(target.name())) {
            fileColumns.remove(target.name());
        }
        return TableLoader.encode(this, fileColumns, true, rows);
    }

    /**
     * Encodes numbers of an array by a schema whose columns are all numbers.
     *
     * @param numbers {@code [N, d]}, a column for each of {@link #columnNames}; NaN is a missing value
     * @return the rows
     * @throws IllegalArgumentException if a column is no number, or the array has other columns or infinite numbers
     */
    public FeatureTable encode(INDArray numbers) {
        return NumberMatrix.encode(this, numbers);
    }

    /**
     * Encodes rows of which only some columns are known, such as selected ones. The others get the replacements of
     * missing values.
     *
     * @param rows the values by the names of columns
     * @param known the names of the known columns
     * @return the rows
     * @throws IllegalArgumentException if there are no rows, a name is not in the schema, or a value does not fit
     */
    public FeatureTable encode(List<Map<String, @Nullable String>> rows, List<String> known) {
        return TableLoader.encode(this, known, false, rows);
    }

    /**
     * Returns the values that features stand for, in the units and the format of the file: numbers with its decimals,
     * the likeliest category.
     *
     * @param features {@code [N, d]}, such as a reconstruction
     * @return for each row, the values of {@link #columnNames}
     * @throws IllegalArgumentException if the number of columns is another
     */
    public List<List<String>> decode(INDArray features) {
        Require.that(
                features.rank() == 2 && features.size(1) == names.size(),
                "TableSchema",
                "features must have the shape [N, " + names.size() + "]",
                Arrays.toString(features.shape()),
                "");
        FloatRows rows = FloatRows.of(features.castTo(DataType.FLOAT).dup('c'));
        float[] row = new float[names.size()];
        List<List<String>> decoded = new ArrayList<>();
        for (int i = 0; i < rows.rows(); i++) {
            rows.read(i, row);
            List<String> values = new ArrayList<>();
            for (int j = 0; j < columns.size(); j++) {
                if (hasFeatures(j)) {
                    values.add(decode(columns.get(j), row, offset(j)));
                }
            }
            decoded.add(values);
        }
        return decoded;
    }

    private String decode(TableColumn column, float[] row, int offset) {
        String value = column.decode(row, offset);
        TableColumn inner = column instanceof IndicatedColumn indicated ? indicated.column() : column;
        return format.decimalSeparator() == ',' && inner instanceof NumericColumn ? value.replace('.', ',') : value;
    }

    /**
     * Writes the values that features stand for to a file in the format of the original one, with names in the first
     * line.
     *
     * @param features {@code [N, d]}, such as generated rows
     * @param file the file to write
     * @return the file
     * @throws IllegalArgumentException if the number of columns is another
     * @throws UncheckedIOException if it cannot be written
     */
    public Path write(INDArray features, Path file) {
        List<List<String>> rows = decode(features);
        return AtomicFile.write(file, part -> {
            try (CsvWriter writer = CsvWriter.builder()
                    .fieldSeparator(format.delimiter())
                    .lineDelimiter(LineDelimiter.LF)
                    .build(part, format.charset())) {
                writer.writeRecord(columnNames());
                rows.forEach(writer::writeRecord);
            }
        });
    }

    /**
     * Returns the process that computes features from a record of the file, for pipelines of DataVec. It imputes,
     * standardizes and encodes as this schema does.
     *
     * @param selected the names of features, in the desired order
     * @return a process, which can be stored as JSON
     * @throws IllegalArgumentException if a feature is unknown, or of a date, which DataVec cannot encode
     */
    public TransformProcess transformProcess(List<String> selected) {
        return DataVecSteps.process(this, selected);
    }

    /**
     * Returns the schema as JSON.
     *
     * @return text for {@link #fromJson}
     */
    public String toJson() {
        return SchemaJson.write(this);
    }

    /**
     * Returns the schema of a JSON text.
     *
     * @param json a result of {@link #toJson}
     * @return an equal schema
     * @throws IllegalArgumentException if it is another text
     */
    public static TableSchema fromJson(String json) {
        return SchemaJson.read(Require.given("TableSchema", "json", json, ""));
    }

    /**
     * Writes the schema to a file.
     *
     * @param file a JSON file
     * @return the file
     * @throws UncheckedIOException if it cannot be written
     */
    public Path save(Path file) {
        return AtomicFile.write(file, part -> Files.writeString(part, toJson()));
    }

    /**
     * Reads a schema from a file.
     *
     * @param file a result of {@link #save}
     * @return the schema
     * @throws IllegalArgumentException if the file has something else
     * @throws UncheckedIOException if it cannot be read
     */
    public static TableSchema load(Path file) {
        try {
            return fromJson(Files.readString(file));
        } catch (IOException e) {
            throw new UncheckedIOException("TableSchema: " + file + " cannot be read", e);
        }
    }

    /** Compares what is computed; notes do not count. */
    @Override
    public boolean equals(Object other) {
        return other instanceof TableSchema that
                && format.equals(that.format)
                && columns.equals(that.columns)
                && Objects.equals(target, that.target)
                && missing.equals(that.missing)
                && unseenLevel == that.unseenLevel;
    }

    @Override
    public int hashCode() {
        return Objects.hash(format, columns, target, missing, unseenLevel);
    }

    @Override
    public String toString() {
        return "TableSchema(" + columnNames().size() + " of " + columns.size() + " columns, " + names.size()
                + " features"
                + (target == null
                        ? ""
                        : target.isQuantity()
                                ? ", target " + target.name()
                                : ", " + target.classes().size() + " classes of " + target.name())
                + ")";
    }
}
