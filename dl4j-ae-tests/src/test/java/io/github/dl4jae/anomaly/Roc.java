package io.github.dl4jae.anomaly;

import java.util.Arrays;

/** The area under the ROC curve of scores. */
final class Roc {

    private Roc() {}

    /** Returns the share of pairs in which the anomaly has the larger score; equal scores count half. */
    static double area(double[] normal, double[] anomalies) {
        double pairs = Arrays.stream(anomalies)
                .map(anomaly -> Arrays.stream(normal)
                        .map(score -> (1 + Math.signum(anomaly - score)) / 2)
                        .sum())
                .sum();
        return pairs / normal.length / anomalies.length;
    }
}
