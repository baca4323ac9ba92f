package io.github.dl4jae.tabular;

import io.github.dl4jae.internal.layer.Require;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/** Tables of numbers that are in an array. NaN is a missing value. */
final class NumberMatrix {

    private static final TableFormat FORMAT = new TableFormat(StandardCharsets.UTF_8, ',', '.', true);
    private static final MissingValues MISSING = new MissingValues(Set.of(), Set.of(), false);
    /** As many as float32 has. */
    private static final int DECIMALS = 9;

    private NumberMatrix() {}

    static FeatureTable fit(INDArray numbers, List<String> names) {
        double[][] rows = rows("FeatureTable", numbers, names.size());
        Require.that(new HashSet<>(names).size() == names.size(), "FeatureTable", "names must be different", names, "");
        List<TableColumn> columns = new ArrayList<>();
        for (int j = 0; j < names.size(); j++) {
            columns.add(column(names.get(j), j, rows));
        }
        TableSchema schema = new TableSchema(FORMAT, columns, null, MISSING, UnseenLevel.ERROR, List.of());
        return encode(schema, rows);
    }

    private static NumericColumn column(String name, int j, double[][] rows) {
        double sum = 0;
        int known = 0;
        for (double[] row : rows) {
            sum += Double.isNaN(row[j]) ? 0 : row[j];
            known += Double.isNaN(row[j]) ? 0 : 1;
        }
        double mean = known == 0 ? 0 : sum / known;
        double squares = 0;
        for (double[] row : rows) {
            squares += Double.isNaN(row[j]) ? 0 : (row[j] - mean) * (row[j] - mean);
        }
        double deviation = known == 0 ? 0 : Math.sqrt(squares / known);
        boolean constant = !(deviation > 1e-12 * Math.abs(mean));
        return new NumericColumn(name, mean, constant ? 1 : deviation, DECIMALS, mean, true);
    }

    static FeatureTable encode(TableSchema schema, INDArray numbers) {
        boolean plain = schema.columns().stream().allMatch(NumericColumn.class::isInstance);
        Require.that(
                plain,
                "TableSchema",
                "columns must all be numbers to encode an array",
                schema,
                "encode rows by the names of their columns");
        return encode(schema, rows("TableSchema", numbers, schema.columns().size()));
    }

    private static FeatureTable encode(TableSchema schema, double[][] rows) {
        int d = schema.columns().size();
        float[] features = new float[Math.multiplyExact(rows.length, d)];
        float[] present = new float[features.length];
        boolean complete = true;
        for (int j = 0; j < d; j++) {
            NumericColumn column = (NumericColumn) schema.columns().get(j);
            for (int i = 0; i < rows.length; i++) {
                boolean known = !Double.isNaN(rows[i][j]);
                double number = known ? rows[i][j] : column.typical();
                features[i * d + j] = (float) ((number - column.mean()) / column.deviation());
                present[i * d + j] = known ? 1 : 0;
                complete &= known;
            }
        }
        return new FeatureTable(
                schema,
                Nd4j.createFromArray(features).reshape('c', rows.length, d),
                complete ? null : Nd4j.createFromArray(present).reshape('c', rows.length, d),
                new double[0]);
    }

    private static double[][] rows(String subject, INDArray numbers, int width) {
        Require.given(subject, "numbers", numbers, "pass an array [N, d]");
        Require.that(
                numbers.rank() == 2 && !numbers.isEmpty() && numbers.size(1) == width,
                subject,
                "numbers must be [N, " + width + "], a column per name",
                Arrays.toString(numbers.shape()),
                "");
        double[] values = numbers.castTo(DataType.DOUBLE).dup('c').data().asDouble();
        double[][] rows = new double[values.length / width][width];
        for (int i = 0; i < values.length; i++) {
            Require.that(
                    !Double.isInfinite(values[i]),
                    subject,
                    "numbers must be finite, or NaN for missing values",
                    values[i] + " in row " + i / width,
                    "");
            rows[i / width][i % width] = values[i];
        }
        return rows;
    }
}
