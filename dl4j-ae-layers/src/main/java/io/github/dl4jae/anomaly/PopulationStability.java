package io.github.dl4jae.anomaly;

import io.github.dl4jae.internal.layer.Require;
import io.github.dl4jae.tabular.FeatureTable;
import io.github.dl4jae.tabular.TableSchema;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.stream.IntStream;
import org.apache.commons.math3.distribution.ChiSquaredDistribution;

/**
 * The drift of incoming rows: the population stability index of each column.
 *
 * <pre>
 * PSI = Σ_b (q_b − p_b)·ln(q_b/p_b)        p, q: shares of a bin among the fitted rows and the new ones
 * chance = (1/n + 1/m)·χ²(B − 1; 0.99)     n fitted rows, m new ones, B bins
 * </pre>
 *
 * <p>The bins are the tenths of the fitted values, the categories, unseen categories, and missing values. A number
 * that fills a tenth has a bin of its own. Each bin counts half a row more, so that an empty bin has a logarithm.
 * For equal distributions PSI/(1/n + 1/m) is about χ² distributed (Yurdakul 2018); the usual limits 0.1 and 0.25
 * ignore that and are exceeded by chance in small samples.
 *
 * @see <a href="https://scholarworks.wmich.edu/dissertations/3208/">Yurdakul 2018, Statistical properties of population
 *     stability index</a>
 */
public final class PopulationStability {

    private static final String NAME = "PopulationStability";
    private static final double CONFIDENCE = 0.99;

    private final TableSchema schema;
    private final List<ColumnBins> columns;
    private final List<double[]> fitted;

    private PopulationStability(TableSchema schema, List<ColumnBins> columns, List<double[]> fitted) {
        this.schema = schema;
        this.columns = columns;
        this.fitted = fitted;
    }

    /**
     * Counts the values of each column.
     *
     * @param rows such as the training rows
     * @return the counts
     * @throws IllegalArgumentException if it is null
     */
    public static PopulationStability fit(FeatureTable rows) {
        Require.given(NAME, "rows", rows, "");
        TableValues values = TableValues.of(rows);
        TableSchema schema = rows.schema();
        List<ColumnBins> columns = new ArrayList<>();
        List<double[]> counts = new ArrayList<>();
        int[] owners = schema.columnOfFeature();
        for (int c = 0; c < schema.columnNames().size(); c++) {
            int column = c;
            int[] places = IntStream.range(0, owners.length)
                    .filter(j -> owners[j] == column)
                    .toArray();
            ColumnBins bins = ColumnBins.of(places, values);
            columns.add(bins);
            counts.add(bins.count(values));
        }
        return new PopulationStability(schema, columns, counts);
    }

    static PopulationStability of(TableSchema schema, List<ColumnBins> columns, List<double[]> counts) {
        return new PopulationStability(schema, columns, counts);
    }

    List<ColumnBins> columns() {
        return columns;
    }

    List<double[]> counts() {
        return fitted;
    }

    /**
     * Compares new rows with the fitted ones.
     *
     * @param rows that the same schema read
     * @return the drift of each column, the largest first
     * @throws IllegalArgumentException if they have other columns
     */
    public List<ColumnDrift> compare(FeatureTable rows) {
        Require.given(NAME, "rows", rows, "");
        Require.that(
                rows.schema().hasColumnsOf(schema),
                NAME,
                "rows must have the columns of the fitted ones",
                rows.schema() + " instead of " + schema,
                "read them with the schema of the detector");
        TableValues values = TableValues.of(rows);
        List<ColumnDrift> drift = new ArrayList<>();
        for (int c = 0; c < columns.size(); c++) {
            drift.add(compare(
                    schema.columnNames().get(c), fitted.get(c), columns.get(c).count(values)));
        }
        drift.sort(Comparator.comparingDouble(ColumnDrift::stability).reversed());
        return drift;
    }

    private static ColumnDrift compare(String column, double[] before, double[] after) {
        double n = Arrays.stream(before).sum();
        double m = Arrays.stream(after).sum();
        int bins = before.length;
        double index = 0;
        int used = 0;
        for (int b = 0; b < bins; b++) {
            double p = (before[b] + 0.5) / (n + 0.5 * bins);
            double q = (after[b] + 0.5) / (m + 0.5 * bins);
            index += (q - p) * Math.log(q / p);
            used += before[b] + after[b] > 0 ? 1 : 0;
        }
        double chance = (1 / n + 1 / m)
                * new ChiSquaredDistribution(null, Math.max(1, used - 1)).inverseCumulativeProbability(CONFIDENCE);
        return ColumnDrift.of(column, index, chance);
    }
}
