package io.github.dl4jae.examples.bench;

import java.util.Arrays;
import java.util.SplittableRandom;

/**
 * The median of the ratios of paired measurements, with a 95 % interval.
 *
 * <p>The two measurements of a pair follow one another, so a slow phase of the machine affects both. The interval is
 * the percentile interval of the bootstrap (Efron and Tibshirani, <i>An Introduction to the Bootstrap</i>, 1993,
 * chapter 13). The random seed is fixed: equal ratios give equal intervals.
 *
 * @param median median of the ratios
 * @param low lower end of the interval
 * @param high upper end of the interval
 * @param pairs number of pairs
 */
record PairedRatio(double median, double low, double high, int pairs) {

    private static final int RESAMPLES = 9_999;
    private static final int LOW_RANK = (RESAMPLES + 1) / 40; // 2.5 %

    static PairedRatio of(double[] numerators, double[] denominators) {
        if (numerators.length != denominators.length || numerators.length == 0) {
            throw new IllegalArgumentException("PairedRatio: there must be as many numerators as denominators, at"
                    + " least one, got " + numerators.length + " and " + denominators.length);
        }
        double[] ratios = new double[numerators.length];
        Arrays.setAll(ratios, i -> numerators[i] / denominators[i]);
        SplittableRandom random = new SplittableRandom(1);
        double[] medians = new double[RESAMPLES];
        double[] resample = new double[ratios.length];
        for (int i = 0; i < RESAMPLES; i++) {
            Arrays.setAll(resample, j -> ratios[random.nextInt(ratios.length)]);
            medians[i] = median(resample);
        }
        Arrays.sort(medians);
        return new PairedRatio(median(ratios), medians[LOW_RANK - 1], medians[RESAMPLES - LOW_RANK], ratios.length);
    }

    static double median(double... values) {
        double[] sorted = values.clone();
        Arrays.sort(sorted);
        int half = sorted.length / 2;
        return sorted.length % 2 == 1 ? sorted[half] : (sorted[half - 1] + sorted[half]) / 2;
    }
}
