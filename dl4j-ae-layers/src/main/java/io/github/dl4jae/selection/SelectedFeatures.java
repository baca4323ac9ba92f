package io.github.dl4jae.selection;

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
 * The columns of a table that a selector chose: names, what they explain of the others, and how to get at them in production.
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
     * The selected columns.
     *
     * @return their names, the most important first
     */
    public List<String> names() {
        return Arrays.stream(columns).mapToObj(table.names()::get).toList();
    }

    /**
     * The selected columns by their places in {@link FeatureTable#features}.
     *
     * @return k numbers, a new array
     */
    public int[] columns() {
        return columns.clone();
    }

    /**
     * The values of the selected columns.
     *
     * @param of a table with the columns of the one they were selected from
     * @return float32, {@code [N, k]}
     */
    public INDArray features(FeatureTable of) {
        return requireSameColumns(of).features().getColumns(columns);
    }

    /**
     * How much of each column's variance the selected ones explain, linearly, in the table they were selected from.
     *
     * @return R² by name, in the order of the table; NaN for constant columns
     */
    public Map<String, Double> r2() {
        return r2(table);
    }

    /**
     * The same regression on other rows, such as a part that was held out.
     *
     * @param of a table with the same columns
     * @return R² by name, in the order of the table; NaN for constant columns
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
     * The mean squared error of the linear reconstruction of all columns.
     *
     * @param of a table with the same columns
     * @return MSE over rows and columns
     */
    public double meanSquaredError(FeatureTable of) {
        return reconstruction.meanSquaredError(requireSameColumns(of).features());
    }

    /**
     * The way from a record of the file to the selected columns, for production: drops what is not needed, imputes, standardizes and encodes as the reader did, and keeps the selected columns in their
     * order. A category that the file did not have is treated like a missing value.
     *
     * @return a DataVec process, to be kept as JSON
     */
    public TransformProcess transformProcess() {
        return table.transformProcess(names());
    }

    private FeatureTable requireSameColumns(FeatureTable of) {
        if (!of.hasColumnsOf(table)) {
            throw new IllegalArgumentException(
                    "SelectedFeatures: the table must have the columns, scales and categories of"
                            + " the one they were selected from, " + table + ", got another, " + of
                            + "; read one file and split it with rows(…), or use transformProcess()");
        }
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
