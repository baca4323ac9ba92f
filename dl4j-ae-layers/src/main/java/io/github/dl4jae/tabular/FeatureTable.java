package io.github.dl4jae.tabular;

import io.github.dl4jae.internal.kernel.RowGather;
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
 * A table as a matrix whose columns have names: numbers standardized to mean 0 and variance 1, categories one-hot, as 0 and 1.
 *
 * <pre>{@code
 * FeatureTable table = new TableReader.Builder().label("species").build().read(Path.of("iris.csv"));
 * SelectedFeatures selected = new GreedyColumnSelection().select(table, 2);
 * }</pre>
 *
 * @see TableReader
 */
public final class FeatureTable {

    /** Of the file, all of them. */
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
     * The names of the matrix' columns: those of the file for numbers, {@code name[category]} for categories, as DataVec calls them.
     *
     * @return d names
     */
    public List<String> names() {
        return names;
    }

    /**
     * The matrix.
     *
     * @return float32, {@code [N, d]}, not a copy
     */
    public INDArray features() {
        return features;
    }

    /**
     * What the label column says.
     *
     * @return its different values, sorted; empty if there is no label column
     */
    public List<String> classes() {
        return classes;
    }

    /**
     * The labels as a classifier wants them.
     *
     * @return one-hot, float32, {@code [N, classes]}
     * @throws IllegalStateException if there is no label column
     */
    public INDArray labels() {
        if (classes.isEmpty()) {
            throw new IllegalStateException(
                    "FeatureTable: labels need a label column, got none; name it when the table is read: label(…)");
        }
        INDArray oneHot = Nd4j.zeros(DataType.FLOAT, labels.length, classes.size());
        for (int i = 0; i < labels.length; i++) {
            oneHot.putScalar(i, labels[i], 1);
        }
        return oneHot;
    }

    /**
     * Some rows of the table, with the same columns, scales and classes: a part to train on, a part to test on. Scales and imputations remain those of all rows; where not even that may leak, read a file
     * of training rows and send others through {@link #transformProcess}.
     *
     * @param rows their numbers, from 0
     * @return a table of its own
     */
    public FeatureTable rows(int... rows) {
        int[] chosen = classes.isEmpty()
                ? labels
                : Arrays.stream(rows).map(row -> labels[row]).toArray();
        return new FeatureTable(fileColumns, columns, RowGather.of(features, rows), classes, chosen);
    }

    /**
     * Returns whether another table has the same columns, scales and categories.
     *
     * @param other a table
     * @return true for tables that were split by {@link #rows}
     */
    public boolean hasColumnsOf(FeatureTable other) {
        return columns.equals(other.columns);
    }

    /**
     * Returns the way from a record of the file to columns of the matrix, for production. It imputes, standardizes and
     * encodes as the reader did. A category that the file did not have is treated as a missing value.
     *
     * @param selected names of columns of the matrix, in the order that is wanted
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
                schema.addColumnString(name); // the label, and what was ignored
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
