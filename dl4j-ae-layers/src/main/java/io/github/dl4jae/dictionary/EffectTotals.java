package io.github.dl4jae.dictionary;

import org.jspecify.annotations.Nullable;
import org.nd4j.linalg.factory.Nd4j;

/** Sums of the changes of outputs, by feature. */
final class EffectTotals {

    private final double[] @Nullable [] sums;
    private final int[] firing;
    private int outputs = 1;

    EffectTotals(int units) {
        this.sums = new double[units][];
        this.firing = new int[units];
    }

    void add(int unit, double[] unchanged, double[] changed) {
        outputs = unchanged.length;
        firing[unit]++;
        double[] sum = sums[unit];
        if (sum == null) {
            sum = new double[outputs];
            sums[unit] = sum;
        }
        for (int c = 0; c < outputs; c++) {
            sum[c] += changed[c] - unchanged[c];
        }
    }

    FeatureEffects effects(int examples) {
        double[] share = new double[firing.length];
        double[][] change = new double[firing.length][outputs];
        for (int unit = 0; unit < share.length; unit++) {
            double[] sum = sums[unit];
            share[unit] = firing[unit] / (double) examples;
            for (int c = 0; sum != null && c < outputs; c++) {
                change[unit][c] = sum[c] / firing[unit];
            }
        }
        return FeatureEffects.of(Nd4j.createFromArray(change), share);
    }
}
