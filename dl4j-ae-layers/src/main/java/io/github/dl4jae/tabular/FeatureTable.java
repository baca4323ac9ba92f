package io.github.dl4jae.tabular;

import io.github.dl4jae.internal.kernel.RowGather;
import io.github.dl4jae.internal.layer.Require;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.datavec.api.transform.TransformProcess;
import org.datavec.api.transform.schema.Schema;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/**
 * A table as a matrix with named columns. Numbers are standardized to mean 0 and variance 1, categories are one-hot.
 *
 * <pre>{@code
 * FeatureTable table = new TableReader.Builder().label("species").build().read(Path.of("iris.csv"));
 * SelectedFeatures selected = new GreedyColumnSelection().select(table, 2);
 * }</pre>
 *
 * <p>Immutable, except for the matrix, which {@link #features} shares.
 *
 * @see TableReader
 */
public final class FeatureTable {

    /** The names of all columns of the file. */
    private final List<String> fileColumns;

    private final List<TableColumn> columns;
    private final List<String> names;
    private final INDArray features;
    private final List<String> classes;
    private final int[] labels;

    FeatureTable(
            List<String> fileColumns,
            List<TableColumn> columns,
            INDArray features,
            List<String> classes,
            int[] labels) {
        this.fileColumns = fileColumns;
        this.columns = columns;
        this.names = columns.stream()
                .flatMap(column -> column.featureNames().stream())
                .toList();
        this.features = features;
        this.classes = classes;
        this.labels = labels;
    }

    /**
     * Returns the names of the columns of the matrix: the name in the file for numbers, and {@code name[category]} for
     * categories, as in DataVec.
     *
     * @return d names
     */
    public List<String> names() {
        return names;
    }

    /**
     * Returns the matrix. It is shared, not copied; the caller must not change it.
     *
     * @return float32, {@code [N, d]}
     */
    public INDArray features() {
        return features;
    }

    /**
     * Returns the classes.
     *
     * @return the distinct values of the label column, sorted; empty if there is no label column
     */
    public List<String> classes() {
        return classes;
    }

    /**
     * Returns the labels for a classifier.
     *
     * @return one-hot, float32, {@code [N, classes]}; a new array
     * @throws IllegalStateException if there is no label column
     */
    public INDArray labels() {
        if (classes.isEmpty()) {
            throw new IllegalStateException(
                    "FeatureTable: labels need a label column, got none; set label(…) of the TableReader");
        }
        INDArray oneHot = Nd4j.zeros(DataType.FLOAT, labels.length, classes.size());
        for (int i = 0; i < labels.length; i++) {
            oneHot.putScalar(i, labels[i], 1);
        }
        return oneHot;
    }

    /**
     * Returns some rows with the same columns, scales and classes, for example to split a table into training and test
     * rows. Scales and imputations remain those of all rows. To avoid this leak, read a file of training rows and apply
     * {@link #transformProcess} to the others.
     *
     * @param rows the indices of the rows, from 0
     * @return a new table
     * @throws IllegalArgumentException if there is no such row
     */
    public FeatureTable rows(int... rows) {
        Require.that(
                Arrays.stream(rows).allMatch(row -> row >= 0 && row < features.size(0)),
                "FeatureTable",
                "rows must be in [0, " + (features.size(0) - 1) + "]",
                "another among " + rows.length,
                "count them from 0");
        int[] chosen = classes.isEmpty()
                ? labels
                : Arrays.stream(rows).map(row -> labels[row]).toArray();
        return new FeatureTable(fileColumns, columns, RowGather.of(features, rows), classes, chosen);
    }

    /**
     * Returns whether another table has the same columns, scales and categories.
     *
     * @param other a table
     * @return true for parts of one table, as {@link #rows} returns them
     */
    public boolean hasColumnsOf(FeatureTable other) {
        return columns.equals(other.columns);
    }

    /**
     * Returns the process that computes columns of the matrix from a record of the file, for production. It imputes,
     * standardizes and encodes as the reader did. Unknown categories are treated as missing values.
     *
     * @param selected the names of columns of the matrix, in the desired order
     * @return a DataVec process, which can be stored as JSON
     */
    public TransformProcess transformProcess(List<String> selected) {
        List<TableColumn> needed = columns.stream()
                .filter(column -> column.featureNames().stream().anyMatch(selected::contains))
                .toList();
        Schema.Builder schema = new Schema.Builder();
        Map<String, TableColumn> byName =
                columns.stream().collect(Collectors.toMap(TableColumn::name, Function.identity()));
        for (String name : fileColumns) {
            if (byName.containsKey(name)) {
                byName.get(name).addTo(schema);
            } else {
                schema.addColumnString(name); // the label and ignored columns
            }
        }
        TransformProcess.Builder process = new TransformProcess.Builder(schema.build());
        List<String> sources = new ArrayList<>();
        needed.forEach(column -> sources.add(column.name()));
        process.removeAllColumnsExceptFor(sources);
        needed.forEach(column -> column.addTo(process));
        return process.removeAllColumnsExceptFor(selected)
                .reorderColumns(selected.toArray(String[]::new))
                .build();
    }

    @Override
    public String toString() {
        return "FeatureTable(" + features.size(0) + " rows, " + names.size() + " columns"
                + (classes.isEmpty() ? "" : ", " + classes.size() + " classes") + ")";
    }
}
