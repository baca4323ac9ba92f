package io.github.dl4jae.cli;

import io.github.dl4jae.tabular.FeatureTable;
import java.util.ArrayList;
import java.util.List;

/**
 * The reconstruction errors of rows.
 *
 * <pre>
 * e = 1/|P| Σ_{j ∈ P} (x_j − x̂_j)²        P the standardized features of the values that are present
 * e_c = Σ_{j ∈ P of column c} (x_j − x̂_j)²
 * </pre>
 */
final class RowScores {

    private RowScores() {}

    /**
     * The score of a row.
     *
     * @param error e; NaN for a row without any value
     * @param worstColumn the name of the column with the largest e_c, empty for a row without any value
     * @param worstError e_c of that column; NaN for a row without any value
     * @param missing the number of columns without a value
     */
    record RowScore(double error, String worstColumn, double worstError, int missing) {}

    /** Scores the rows of a table. */
    static List<RowScore> of(TrainedModel model, FeatureTable rows) {
        float[] expected = TrainedNetwork.values(model.reconstruct(rows.features()));
        float[] features = TrainedNetwork.values(rows.features());
        float[] present = rows.present().map(TrainedNetwork::values).orElse(new float[0]);
        int[] owners = rows.schema().columnOfFeature();
        List<String> names = rows.schema().columnNames();
        List<RowScore> scores = new ArrayList<>();
        for (int i = 0; i < features.length; i += owners.length) {
            double[] errors = new double[names.size()];
            int[] counts = new int[names.size()];
            for (int j = 0; j < owners.length; j++) {
                if (present.length == 0 || present[i + j] != 0) {
                    errors[owners[j]] += squared(features[i + j] - (double) expected[i + j]);
                    counts[owners[j]]++;
                }
            }
            scores.add(score(errors, counts, names));
        }
        return scores;
    }

    /** Returns a square; a network that overflows makes an infinite error. */
    static double squared(double difference) {
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
