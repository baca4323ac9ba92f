package io.github.dl4jae.tabular;

import io.github.dl4jae.internal.kernel.RowGather;
import io.github.dl4jae.internal.layer.Require;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.function.UnaryOperator;
import org.datavec.api.transform.TransformProcess;
import org.jspecify.annotations.Nullable;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.dataset.DataSet;

/**
 * A table as a matrix whose columns, the features, are named: standardized numbers, flags, one-hot categories.
 *
 * <pre>{@code
 * FeatureTable table = new TableReader.Builder().label("species").build().read(Path.of("iris.csv"));
 * SelectedFeatures selected = new GreedyColumnSelection().select(table, 2);
 * }</pre>
 *
 * <p>Immutable, except for the arrays, which {@link #features} and {@link #present} share.
 *
 * @see TableReader
 */
public final class FeatureTable {

    private final TableSchema schema;
    private final INDArray features;
    private final @Nullable INDArray present;
    /** Indices of classes, or quantities; empty without a target. */
    private final double[] targets;

    FeatureTable(TableSchema schema, INDArray features, @Nullable INDArray present, double[] targets) {
        this.schema = schema;
        this.features = features;
        this.present = present;
        this.targets = targets;
    }

    /**
     * Fits a table to the numbers of an array: each column is standardized by its mean and standard deviation. Columns
     * with one value are kept, with deviation 1, so that a changed value is seen later.
     *
     * @param numbers {@code [N, d]}, finite; NaN is a missing value
     * @param names the names of the d columns
     * @return the table; {@link TableSchema#encode(INDArray)} of its schema encodes other rows
     * @throws IllegalArgumentException if there are no rows, other columns than names, or infinite numbers
     */
    public static FeatureTable fit(INDArray numbers, List<String> names) {
        Require.given("FeatureTable", "names", names, "");
        return NumberMatrix.fit(numbers, names);
    }

    /**
     * Returns the schema that encoded the table.
     *
     * @return the schema
     */
    public TableSchema schema() {
        return schema;
    }

    /**
     * Returns the names of the features, {@link TableSchema#names}.
     *
     * @return d names
     */
    public List<String> names() {
        return schema.names();
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
     * Returns which values were in the file. It is a mask for the labels of an autoencoder that is not trained to
     * reproduce replacements of missing values. It is shared, not copied; the caller must not change it.
     *
     * @return float32, {@code [N, d]}, 0 for the features of a missing value, else 1; empty if no value is missing
     */
    public Optional<INDArray> present() {
        return Optional.ofNullable(present);
    }

    /**
     * Returns the examples for an autoencoder. They are copies, because {@code DataSet.shuffle} moves rows in place.
     *
     * @return features, the same as labels, and {@link #present} as the mask of the labels
     */
    public DataSet toDataSet() {
        return new DataSet(features.dup(), features.dup(), null, present == null ? null : present.dup());
    }

    /**
     * Returns a builder of an iterator over mini-batches, for training and validation.
     *
     * @param batch the number of rows in a mini-batch, at least 1; the last can have fewer
     * @return a builder whose defaults are the order of the table, and the features as labels
     * @throws IllegalArgumentException if {@code batch} is below 1
     */
    public FeatureTableIterator.Builder iterator(int batch) {
        return new FeatureTableIterator.Builder(this, batch);
    }

    /**
     * Returns the classes.
     *
     * @return the distinct values of the label column, sorted; empty without classes
     */
    public List<String> classes() {
        return schema.classes();
    }

    /**
     * Returns the labels for a classifier or a regression.
     *
     * @return a new float32 array: one-hot, {@code [N, classes]}, or quantities in the units of the file, {@code [N,
     *     1]}
     * @throws IllegalStateException if there is no label column
     */
    public INDArray labels() {
        if (targets.length == 0) {
            throw new IllegalStateException(
                    "FeatureTable: labels need a label column, got none; set label(…) of the TableReader");
        }
        return Objects.requireNonNull(schema.target()).labels(targets);
    }

    /**
     * Returns some rows with the same schema. Its statistics remain those of the rows to which it was fitted; {@link
     * TableReader#split} fits it to the training rows only.
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
        double[] chosen = targets.length == 0
                ? targets
                : Arrays.stream(rows).mapToDouble(row -> targets[row]).toArray();
        return new FeatureTable(
                schema, RowGather.of(features, rows), present == null ? null : RowGather.of(present, rows), chosen);
    }

    /**
     * Returns whether another table has the same columns, scales and categories.
     *
     * @param other a table
     * @return true for parts of one table, as {@link #rows} returns them
     */
    public boolean hasColumnsOf(FeatureTable other) {
        return schema.hasColumnsOf(other.schema);
    }

    /**
     * Returns the table with more missing values, drawn at random, to evaluate an imputation.
     *
     * @param fraction the probability that a value is hidden, in [0, 1]
     * @param seed of the random draws
     * @return a new table, in which hidden values are replaced as the schema replaces missing ones
     * @throws IllegalArgumentException if the fraction is out of range
     */
    public FeatureTable withHidden(double fraction, long seed) {
        Require.that(fraction >= 0 && fraction <= 1, "FeatureTable", "fraction must be in [0, 1]", fraction, "");
        return HiddenValues.hide(this, fraction, seed);
    }

    /**
     * Returns the features with a model's values in place of the missing ones. Each round passes the table with the
     * values of the round before through the model (Rezende, Mohamed and Wierstra 2014).
     *
     * @param reconstruction computes the expected features of an autoencoder, {@code [N, d]} → {@code [N, d]}
     * @param rounds the number of passes, at least 1; five are usually enough
     * @return float32, {@code [N, d]}, a new array
     * @throws IllegalArgumentException if there are no rounds, or the reconstruction has another shape
     */
    public INDArray impute(UnaryOperator<INDArray> reconstruction, int rounds) {
        Require.atLeast(1, "FeatureTable", "rounds", rounds, "");
        INDArray x = features.dup();
        if (present == null) {
            return x;
        }
        INDArray absent = present.rsub(1);
        for (int round = 0; round < rounds; round++) {
            INDArray expected = reconstruction.apply(x);
            Require.that(
                    Arrays.equals(expected.shape(), x.shape()),
                    "FeatureTable",
                    "the reconstruction must have the shape " + Arrays.toString(x.shape()),
                    Arrays.toString(expected.shape()),
                    "return expected features, as VariationalModel.reconstruct does");
            x = features.mul(present).addi(expected.castTo(DataType.FLOAT).mul(absent));
        }
        return x;
    }

    /**
     * Returns the values in the units of the file.
     *
     * @return for each row, the values of {@link TableSchema#columnNames}
     */
    public List<List<String>> decode() {
        return schema.decode(features);
    }

    /**
     * Returns the process that computes features from a record of the file, {@link TableSchema#transformProcess}.
     *
     * @param selected the names of features, in the desired order
     * @return a DataVec process, which can be stored as JSON
     * @throws IllegalArgumentException if a feature is unknown, or DataVec cannot compute it
     */
    public TransformProcess transformProcess(List<String> selected) {
        return schema.transformProcess(selected);
    }

    /** Returns the quantities or the indices of classes. */
    double[] targets() {
        return targets;
    }

    @Override
    public String toString() {
        return "FeatureTable(" + features.size(0) + " rows, " + names().size() + " features"
                + (classes().isEmpty() ? "" : ", " + classes().size() + " classes") + ")";
    }
}
