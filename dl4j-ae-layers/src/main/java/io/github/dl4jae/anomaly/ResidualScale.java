package io.github.dl4jae.anomaly;

import io.github.dl4jae.internal.layer.Require;
import java.util.Arrays;

/**
 * The means and standard deviations of residuals or codes, value by value.
 *
 * @param means m
 * @param deviations σ, at least a hundredth of their root mean square, and positive
 */
@SuppressWarnings("ArrayRecordComponent") // never compared
record ResidualScale(double[] means, double[] deviations) {

    private static final double SMALLEST_SHARE = 0.01;

    static ResidualScale of(String subject, double[][] rows) {
        Require.that(rows.length >= 2, subject, "heldOut must have at least 2 examples", rows.length, "");
        int d = rows[0].length;
        double[] means = new double[d];
        for (double[] row : rows) {
            for (int j = 0; j < d; j++) {
                means[j] += row[j] / rows.length;
            }
        }
        double[] variances = new double[d];
        double all = 0;
        for (double[] row : rows) {
            for (int j = 0; j < d; j++) {
                double difference = row[j] - means[j];
                variances[j] += difference * difference / (rows.length - 1);
                all += difference * difference / (rows.length - 1) / d;
            }
        }
        Require.that(Double.isFinite(all), subject, "codes and reconstructions of heldOut must be finite", all, "");
        double smallest = Math.max(SMALLEST_SHARE * Math.sqrt(all), 1e-12);
        double[] deviations = new double[d];
        for (int j = 0; j < d; j++) {
            deviations[j] = Math.max(Math.sqrt(variances[j]), smallest);
        }
        return new ResidualScale(means, deviations);
    }

    double[] standardized(double[] row) {
        double[] z = new double[row.length];
        for (int j = 0; j < z.length; j++) {
            z[j] = (row[j] - means[j]) / deviations[j];
        }
        return z;
    }

    double[][] standardizedAll(double[][] rows) {
        return Arrays.stream(rows).map(this::standardized).toArray(double[][]::new);
    }
}
