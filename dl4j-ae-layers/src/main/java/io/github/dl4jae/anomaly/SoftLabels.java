package io.github.dl4jae.anomaly;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** The volumes under the curves of labels with soft borders. */
final class SoftLabels {

    private static final int THRESHOLDS = 250;

    private final boolean[] labels;
    private final RankedScores ranked;
    private final List<int[]> events;
    private final int[] rankOf;

    SoftLabels(boolean[] labels, RankedScores ranked) {
        this.labels = labels;
        this.ranked = ranked;
        this.events = SeriesQuality.runs(labels);
        this.rankOf = new int[labels.length];
        for (int k = 0; k < labels.length; k++) {
            rankOf[ranked.step(k)] = k;
        }
    }

    /** Returns the volumes under the ROC and the precision-recall surface, for borders of widths 0 to the largest. */
    double[] volumes(int largest) {
        double[] sums = new double[2];
        for (int width = 0; width <= largest; width++) {
            double[] areas = areas(width);
            sums[0] += areas[0];
            sums[1] += areas[1];
        }
        return new double[] {sums[0] / (largest + 1), sums[1] / (largest + 1)};
    }

    private double[] areas(int width) {
        double[] soft = soft(width);
        int n = labels.length;
        double[] inEvents = new double[n + 1]; // sums over the k largest scores
        double[] inBorders = new double[n + 1];
        for (int k = 0; k < n; k++) {
            int t = ranked.step(k);
            inEvents[k + 1] = inEvents[k] + (labels[t] ? 1 : 0);
            inBorders[k + 1] = inBorders[k] + (labels[t] ? 0 : soft[t]);
        }
        int[] found = found(width / 2);
        double roc = 0;
        double precisionRecall = 0;
        double lastRecall = 0;
        double lastFalse = 0;
        for (int i = 0; i < THRESHOLDS; i++) {
            int alarms = ranked.end((int) ((long) i * (n - 1) / (THRESHOLDS - 1)));
            double hits = inEvents[alarms] + inBorders[alarms];
            double positives = inEvents[n] + inBorders[alarms] / 2;
            double recall = Math.min(hits / positives, 1) * share(found, alarms);
            double falseRate = (alarms - hits) / (n - positives);
            roc += (falseRate - lastFalse) * (recall + lastRecall) / 2;
            precisionRecall += (recall - lastRecall) * hits / alarms;
            lastRecall = recall;
            lastFalse = falseRate;
        }
        roc += (1 - lastFalse) * (1 + lastRecall) / 2;
        return new double[] {roc, precisionRecall};
    }

    private double[] soft(int width) {
        double[] soft = new double[labels.length];
        for (int[] event : events) {
            Arrays.fill(soft, event[0], event[1], 1);
        }
        for (int k = 1; k <= width / 2; k++) {
            double weight = Math.sqrt(1 - (double) k / width);
            for (int[] event : events) {
                int before = event[0] - k;
                int after = event[1] - 1 + k;
                if (before >= 0) {
                    soft[before] = Math.min(1, soft[before] + weight);
                }
                if (after < soft.length) {
                    soft[after] = Math.min(1, soft[after] + weight);
                }
            }
        }
        return soft;
    }

    /** Returns the best rank of each event with its borders; events whose borders touch are one. */
    private int[] found(int border) {
        List<Integer> best = new ArrayList<>();
        int from = Math.max(0, events.get(0)[0] - border);
        for (int i = 0; i < events.size(); i++) {
            int last = events.get(i)[1] - 1 + border;
            boolean touches = i + 1 < events.size() && last >= events.get(i + 1)[0] - border;
            if (!touches) {
                best.add(Arrays.stream(rankOf, from, Math.min(last + 1, rankOf.length))
                        .min()
                        .orElseThrow());
                from = i + 1 < events.size() ? events.get(i + 1)[0] - border : from;
            }
        }
        return best.stream().mapToInt(Integer::intValue).toArray();
    }

    private static double share(int[] ranks, int alarms) {
        return (double) Arrays.stream(ranks).filter(rank -> rank < alarms).count() / ranks.length;
    }
}
