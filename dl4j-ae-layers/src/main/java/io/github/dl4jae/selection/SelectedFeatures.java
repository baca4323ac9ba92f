package io.github.dl4jae.selection;

import io.github.dl4jae.internal.layer.Require;
import io.github.dl4jae.tabular.FeatureTable;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.datavec.api.transform.TransformProcess;
import org.jspecify.annotations.Nullable;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * The columns that a selector chose from a table: their names, the variance that they explain, and the process that
 * computes their features in production.
 *
 * <p>Immutable.
 */
public final class SelectedFeatures {

    private final FeatureTable table;
    private final int[] columns;
    private final List<String> columnNames;
    private final int[] features;
    private final LinearReconstruction reconstruction;

    /**
     * Fits the reconstruction.
     *
     * @param columns indices of columns in the schema's {@code columnNames}, the most important first
     */
    SelectedFeatures(FeatureTable table, int[] columns) {
        this.table = table;
        this.columns = columns.clone();
        this.columnNames = Arrays.stream(columns)
                .mapToObj(table.schema().columnNames()::get)
                .toList();
        int[] columnOfFeature = table.schema().columnOfFeature();
        this.features = Arrays.stream(columns)
                .flatMap(column -> IntStream.range(0, columnOfFeature.length)
                        .filter(feature -> columnOfFeature[feature] == column))
                .toArray();
        this.reconstruction = LinearReconstruction.fit(table.features(), features);
    }

    /**
     * Returns the names of the selected columns of the file.
     *
     * @return k names, the most important first
     */
    public List<String> columnNames() {
        return columnNames;
    }

    /**
     * Returns the names of the features of the selected columns.
     *
     * @return their names in the order of {@link #columnNames}; a categorical column has several
     */
    public List<String> names() {
        return Arrays.stream(features).mapToObj(table.names()::get).toList();
    }

    /**
     * Returns the indices of these features in {@link FeatureTable#features}.
     *
     * @return indices in the order of {@link #names}; a new array
     */
    public int[] indices() {
        return features.clone();
    }

    /**
     * Computes all columns from the selected ones, in the units of the file, by the linear reconstruction.
     *
     * @param rows the values of the selected columns by name, in the format of the file
     * @return for each row, the values of {@code schema.columnNames()}
     * @throws IllegalArgumentException if there are no rows, or a value does not fit
     */
    public List<List<String>> decode(List<Map<String, @Nullable String>> rows) {
        INDArray known = table.schema().encode(rows, columnNames).features();
        return table.schema().decode(decode(known.getColumns(features)));
    }

    /**
     * Computes all features from those of the selected columns, by the linear reconstruction.
     *
     * @param selected the values of {@link #names}, {@code [N, names]}, as in {@link #features}
     * @return the values of all features of the table, float64, {@code [N, d]}; the selected ones are exact
     * @throws IllegalArgumentException if the shape differs
     */
    public INDArray decode(INDArray selected) {
        INDArray all = reconstruction.decode(selected);
        for (int i = 0; i < features.length; i++) {
            all.putColumn(features[i], selected.getColumn(i)); // exact, without the rounding of the regression
        }
        return all;
    }

    /**
     * Returns the features of the selected columns.
     *
     * @param of a table with the columns of the original table
     * @return float32, {@code [N, features]}; a new array
     * @throws IllegalArgumentException if the table has other columns, scales or categories
     */
    public INDArray features(FeatureTable of) {
        return requireSameColumns(of).features().getColumns(features);
    }

    /**
     * Returns the fraction of each feature's variance that the selected columns explain linearly in the original table.
     *
     * @return R² by name, in the order of the table; NaN for constant columns
     */
    public Map<String, Double> r2() {
        return r2(table);
    }

    /**
     * Returns the explained fractions of variance for other rows, such as held-out ones, with the regression of the
     * original table.
     *
     * @param of a table with the columns of the original table
     * @return R² by name, in the order of the table; NaN for constant columns
     * @throws IllegalArgumentException if the table has other columns, scales or categories
     */
    public Map<String, Double> r2(FeatureTable of) {
        double[] r2 = reconstruction.r2(requireSameColumns(of).features());
        Map<String, Double> byName = new LinkedHashMap<>();
        for (int j = 0; j < r2.length; j++) {
            byName.put(table.names().get(j), r2[j]);
        }
        return byName;
    }

    /**
     * Returns the fraction of variance that the selected columns explain linearly, as a mean over columns. A column has
     * the mean of its features; constant ones do not count.
     *
     * @param of a table with the columns of the original table
     * @return mean R²; NaN if all columns are constant
     * @throws IllegalArgumentException if the table has other columns, scales or categories
     */
    public double meanR2(FeatureTable of) {
        double[] r2 = reconstruction.r2(requireSameColumns(of).features());
        int[] columnOfFeature = table.schema().columnOfFeature();
        return IntStream.range(0, r2.length)
                .filter(feature -> !Double.isNaN(r2[feature]))
                .boxed()
                .collect(Collectors.groupingBy(
                        feature -> columnOfFeature[feature], Collectors.averagingDouble(feature -> r2[feature])))
                .values()
                .stream()
                .mapToDouble(mean -> mean)
                .average()
                .orElse(Double.NaN);
    }

    /**
     * Returns the most important of these columns, with a reconstruction from them alone.
     *
     * @param count the number of columns, in [1, k]
     * @return the first columns
     * @throws IllegalArgumentException if the count is out of range
     */
    public SelectedFeatures first(int count) {
        Require.that(
                count >= 1 && count <= columns.length,
                "SelectedFeatures",
                "count must be in [1, " + columns.length + "], the number of selected columns",
                count,
                "select more columns");
        return new SelectedFeatures(table, Arrays.copyOf(columns, count));
    }

    /**
     * Returns the mean squared error of the linear reconstruction of all columns.
     *
     * @param of a table with the columns of the original table
     * @return MSE over rows and columns
     * @throws IllegalArgumentException if the table has other columns, scales or categories
     */
    public double meanSquaredError(FeatureTable of) {
        return reconstruction.meanSquaredError(requireSameColumns(of).features());
    }

    /**
     * Returns the process that computes the selected columns from a record of the file, for production. It drops other
     * columns, and imputes, standardizes and encodes as the reader did. Unknown categories are treated as missing
     * values.
     *
     * @return a DataVec process, which can be stored as JSON
     */
    public TransformProcess transformProcess() {
        return table.transformProcess(names());
    }

    private FeatureTable requireSameColumns(FeatureTable of) {
        Require.that(
                of.hasColumnsOf(table),
                "SelectedFeatures",
                "the table must have the columns, scales and categories of the original, " + table,
                of,
                "read one file and split it with rows(…), or use transformProcess()");
        return of;
    }

    @Override
    public String toString() {
        return r2().entrySet().stream()
                .map(column -> String.format(
                        Locale.ROOT,
                        "%s %s R² = %.3f",
                        names().contains(column.getKey()) ? "*" : " ",
                        column.getKey(),
                        column.getValue()))
                .collect(Collectors.joining("\n"));
    }
}
