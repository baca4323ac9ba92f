package io.github.dl4jae.tabular;

import io.github.dl4jae.internal.kernel.FloatRows;
import io.github.dl4jae.internal.layer.Require;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * How far the values of a column are from the true ones, in the units of the file.
 *
 * @param column the name of the column
 * @param isQuantity whether errors are mean absolute errors in units of the column (days for dates); else they are
 *     fractions of wrong categories
 * @param error the error
 * @param typicalError the error of the replacement of missing values, such as the median or the most frequent category
 * @param cells the number of values that were compared
 */
public record ColumnErrors(String column, boolean isQuantity, double error, double typicalError, long cells) {

    /**
     * Compares values with the true ones.
     *
     * @param truth the true values, {@code [N, d]}
     * @param found values of the same schema, such as a reconstruction, {@code [N, d]}
     * @param schema the schema of both
     * @param chosen 1 for features of the values to compare, {@code [N, d]}; null compares all
     * @return one entry per column; errors of a column without compared values are NaN
     * @throws IllegalArgumentException if the shapes differ
     */
    public static List<ColumnErrors> compute(
            TableSchema schema, INDArray truth, INDArray found, @Nullable INDArray chosen) {
        long[] shape = {truth.size(0), schema.names().size()};
        for (INDArray each : chosen == null ? List.of(truth, found) : List.of(truth, found, chosen)) {
            Require.that(
                    Arrays.equals(each.shape(), shape),
                    "ColumnErrors",
                    "all arrays must have the shape " + Arrays.toString(shape),
                    Arrays.toString(each.shape()),
                    "");
        }
        Comparison comparison = new Comparison(schema);
        FloatRows trueRows = rows(truth);
        FloatRows foundRows = rows(found);
        FloatRows chosenRows = chosen == null ? null : rows(chosen);
        float[] mask = new float[(int) shape[1]];
        Arrays.fill(mask, 1f);
        for (int i = 0; i < trueRows.rows(); i++) {
            trueRows.read(i, comparison.truth);
            foundRows.read(i, comparison.found);
            if (chosenRows != null) {
                chosenRows.read(i, mask);
            }
            comparison.add(mask);
        }
        return comparison.errors();
    }

    private static FloatRows rows(INDArray matrix) {
        return FloatRows.of(matrix.castTo(DataType.FLOAT).dup('c'));
    }

    /** Sums over rows. */
    private static final class Comparison {
        private final TableSchema schema;
        private final float[] truth;
        private final float[] found;
        private final float[] typical;
        private final double[] errors;
        private final double[] typicalErrors;
        private final long[] cells;

        Comparison(TableSchema schema) {
            this.schema = schema;
            int width = schema.names().size();
            this.truth = new float[width];
            this.found = new float[width];
            this.typical = new float[width];
            int columns = schema.columns().size();
            this.errors = new double[columns];
            this.typicalErrors = new double[columns];
            this.cells = new long[columns];
            for (int j = 0; j < columns; j++) {
                schema.columns().get(j).encodeTypical(typical, schema.offset(j));
            }
        }

        void add(float[] mask) {
            for (int j = 0; j < cells.length; j++) {
                int offset = schema.offset(j);
                if (schema.hasFeatures(j) && mask[offset] != 0) {
                    TableColumn column = schema.columns().get(j);
                    errors[j] += column.distance(truth, found, offset);
                    typicalErrors[j] += column.distance(truth, typical, offset);
                    cells[j]++;
                }
            }
        }

        List<ColumnErrors> errors() {
            List<ColumnErrors> all = new ArrayList<>();
            for (int j = 0; j < cells.length; j++) {
                if (schema.hasFeatures(j)) {
                    TableColumn column = schema.columns().get(j);
                    all.add(new ColumnErrors(
                            column.name(),
                            column.isQuantity(),
                            errors[j] / cells[j],
                            typicalErrors[j] / cells[j],
                            cells[j]));
                }
            }
            return all;
        }
    }
}
