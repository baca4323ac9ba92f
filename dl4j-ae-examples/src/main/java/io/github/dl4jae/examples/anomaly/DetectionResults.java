package io.github.dl4jae.examples.anomaly;

import java.util.Comparator;
import java.util.stream.IntStream;

/** Labels of test images, and what they say about scores and alarms. */
@SuppressWarnings("ArrayRecordComponent") // never compared
record DetectionResults(boolean[] isAnomaly) {

    /** Returns the share of anomalies. */
    double prevalence() {
        return (double) count(true) / isAnomaly.length;
    }

    private long count(boolean anomalies) {
        return IntStream.range(0, isAnomaly.length)
                .filter(i -> isAnomaly[i] == anomalies)
                .count();
    }

    /** Returns the share of anomalies, or of normal images, that have an alarm. */
    double alarmShare(boolean[] alarms, boolean anomalies) {
        return (double) IntStream.range(0, alarms.length)
                        .filter(i -> isAnomaly[i] == anomalies && alarms[i])
                        .count()
                / count(anomalies);
    }

    /** Returns the scores of the anomalies, or of the normal images. */
    double[] select(double[] scores, boolean anomalies) {
        return IntStream.range(0, scores.length)
                .filter(i -> isAnomaly[i] == anomalies)
                .mapToDouble(i -> scores[i])
                .toArray();
    }

    /** Returns the anomalies, or the normal images, with the highest scores or the lowest. */
    int[] extreme(double[] scores, boolean anomalies, boolean highest, int most) {
        return IntStream.range(0, scores.length)
                .filter(i -> isAnomaly[i] == anomalies)
                .boxed()
                .sorted(Comparator.comparingDouble(i -> highest ? -scores[i] : scores[i]))
                .limit(most)
                .mapToInt(i -> i)
                .toArray();
    }

    static double largestDifference(double[] some, double[] others) {
        return IntStream.range(0, some.length)
                .mapToDouble(i -> Math.abs(some[i] - others[i]))
                .max()
                .orElseThrow();
    }
}
