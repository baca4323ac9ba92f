package io.github.dl4jae.bundle;

import io.github.dl4jae.tabular.FeatureTable;
import io.github.dl4jae.tabular.TableSchema;
import java.util.ArrayList;
import java.util.List;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;

/** Computes {@link RowScore}. */
final class RowScores {

    private RowScores() {}

    /**
     * Scores the rows of a table.
     *
     * @param rows x, {@code [N, d]}
     * @param expected x̂, {@code [N, d]}
     */
    static List<RowScore> of(FeatureTable rows, INDArray expected) {
        TableSchema schema = rows.schema();
        float[] x = values(rows.features());
        float[] found = values(expected);
        float[] present = rows.present().map(RowScores::values).orElse(new float[0]);
        int[] owners = schema.columnOfFeature();
        List<String> names = schema.columnNames();
        List<RowScore> scores = new ArrayList<>();
        for (int i = 0; i < x.length; i += owners.length) {
            double[] errors = new double[names.size()];
            int[] counts = new int[names.size()];
            for (int j = 0; j < owners.length; j++) {
                if (present.length == 0 || present[i + j] != 0) {
                    errors[owners[j]] += squared(x[i + j] - (double) found[i + j]);
                    counts[owners[j]]++;
                }
            }
            scores.add(score(errors, counts, names));
        }
        return scores;
    }

    /** Returns the values row by row. {@code toFloatMatrix} is slow. */
    private static float[] values(INDArray array) {
        return array.castTo(DataType.FLOAT).dup('c').data().asFloat();
    }

    private static double squared(double difference) {
        return Double.isNaN(difference) ? Double.POSITIVE_INFINITY : difference * difference;
    }

    private static RowScore score(double[] errors, int[] counts, List<String> names) {
        double sum = 0;
        int count = 0;
        int missing = 0;
        int worst = -1;
        for (int c = 0; c < errors.length; c++) {
            sum += errors[c];
            count += counts[c];
            if (counts[c] == 0) {
                missing++;
            } else if (worst < 0 || errors[c] > errors[worst]) {
                worst = c;
            }
        }
        return worst < 0
                ? new RowScore(Double.NaN, "", Double.NaN, missing)
                : new RowScore(sum / count, names.get(worst), errors[worst], missing);
    }
}
