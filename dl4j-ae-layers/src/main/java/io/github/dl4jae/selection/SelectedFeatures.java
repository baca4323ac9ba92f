package io.github.dl4jae.selection;

import io.github.dl4jae.internal.layer.Require;
import io.github.dl4jae.tabular.FeatureTable;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;
import org.datavec.api.transform.TransformProcess;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * The columns that a selector chose from a table: their names, the variance that they explain, and the process that
 * computes them in production.
 *
 * <p>Immutable.
 */
public final class SelectedFeatures {

    private final FeatureTable table;
    private final int[] columns;
    private final LinearReconstruction reconstruction;

    SelectedFeatures(FeatureTable table, int[] columns) {
        this.table = table;
        this.columns = columns;
        this.reconstruction = LinearReconstruction.fit(table.features(), columns);
    }

    /**
     * Returns the names of the selected columns.
     *
     * @return their names, the most important first
     */
    public List<String> names() {
        return Arrays.stream(columns).mapToObj(table.names()::get).toList();
    }

    /**
     * Returns the indices of the selected columns in {@link FeatureTable#features}.
     *
     * @return k indices, the most important first; a new array
     */
    public int[] columns() {
        return columns.clone();
    }

    /**
     * Returns the values of the selected columns.
     *
     * @param of a table with the columns of the original table
     * @return float32, {@code [N, k]}; a new array
     * @throws IllegalArgumentException if the table has other columns, scales or categories
     */
    public INDArray features(FeatureTable of) {
        return requireSameColumns(of).features().getColumns(columns);
    }

    /**
     * Returns the fraction of each column's variance that the selected columns explain linearly in the original table.
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
