package io.github.dl4jae.anomaly;

import java.util.Comparator;
import java.util.stream.IntStream;

/** Scores in descending order. */
final class RankedScores {

    private final int[] order;
    private final int[] ends;

    private RankedScores(int[] order, int[] ends) {
        this.order = order;
        this.ends = ends;
    }

    static RankedScores of(double[] scores) {
        int[] order = IntStream.range(0, scores.length)
                .boxed()
                .sorted(Comparator.comparingDouble(t -> -scores[t]))
                .mapToInt(Integer::intValue)
                .toArray();
        int[] ends = new int[order.length];
        for (int k = order.length - 1; k >= 0; k--) {
            boolean tied = k + 1 < order.length && scores[order[k]] == scores[order[k + 1]];
            ends[k] = tied ? ends[k + 1] : k + 1;
        }
        return new RankedScores(order, ends);
    }

    /** Returns the step of a rank; rank 0 has the largest score. */
    int step(int rank) {
        return order[rank];
    }

    /** Returns the number of scores that are at least as large as the one of a rank. */
    int end(int rank) {
        return ends[rank];
    }

    /** Returns the area under the ROC curve, and the average precision. Both labels must be present. */
    double[] areas(boolean[] labels) {
        double truePositives = 0;
        double falsePositives = 0;
        double roc = 0;
        double precision = 0;
        for (int k = 0; k < order.length; k = ends[k]) {
            int positives = 0;
            for (int i = k; i < ends[k]; i++) {
                positives += labels[order[i]] ? 1 : 0;
            }
            int negatives = ends[k] - k - positives;
            roc += negatives * (truePositives + 0.5 * positives);
            truePositives += positives;
            falsePositives += negatives;
            precision += positives * truePositives / ends[k];
        }
        return new double[] {roc / (truePositives * falsePositives), precision / truePositives};
    }
}
