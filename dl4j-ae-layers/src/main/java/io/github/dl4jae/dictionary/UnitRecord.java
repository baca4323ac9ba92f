package io.github.dl4jae.dictionary;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

/** The running statistics of one feature. */
final class UnitRecord {

    private final double[] classSums;
    private final ActivationHistogram histogram = new ActivationHistogram();
    private final KeptExamples strongest;
    private final KeptExamples sample;
    private long firing;
    private long firingExamples;
    private double sum;
    private double maximum;

    UnitRecord(int classes, int strongest, int sample) {
        this.classSums = new double[classes];
        this.strongest = new KeptExamples(strongest);
        this.sample = new KeptExamples(sample);
    }

    void addRow(double magnitude, int label) {
        firing++;
        sum += magnitude;
        maximum = Math.max(maximum, magnitude);
        histogram.add(magnitude);
        if (label != FeatureStatistics.NO_CLASS) {
            classSums[label] += magnitude;
        }
    }

    void addExample(long priority, int example, int position, double activation, int label) {
        firingExamples++;
        // the bits of numbers of 0 or more are in the order of the numbers
        long bits = Double.doubleToLongBits(Math.abs(activation));
        strongest.offer(bits, example, position, activation, label);
        sample.offer(priority, example, position, activation, label);
    }

    UnitSummary summary(int bands, int examplesPerBand) {
        List<FeatureExample> top = strongest.byKey();
        return new UnitSummary(
                firing,
                firingExamples,
                maximum,
                firing == 0 ? 0 : sum / firing,
                histogram.counts(),
                histogram.exponent(),
                classSums.clone(),
                top,
                bands(top, bands, examplesPerBand));
    }

    private List<List<FeatureExample>> bands(List<FeatureExample> top, int bands, int examplesPerBand) {
        List<FeatureExample> byPriority = sample.byKey();
        List<FeatureExample> ascending = new ArrayList<>(byPriority);
        ascending.sort(magnitude().thenComparing(FeatureExample::example, Comparator.reverseOrder()));
        Set<Integer> shown = top.stream().map(FeatureExample::example).collect(Collectors.toSet());
        List<List<FeatureExample>> result = new ArrayList<>(bands);
        for (int band = 0; band < bands; band++) {
            int from = (int) ((long) band * ascending.size() / bands);
            int to = (int) ((band + 1L) * ascending.size() / bands);
            Set<FeatureExample> ranks = new HashSet<>(ascending.subList(from, to));
            result.add(byPriority.stream()
                    .filter(ranks::contains)
                    .filter(example -> !shown.contains(example.example()))
                    .limit(examplesPerBand)
                    .sorted(magnitude().reversed().thenComparing(FeatureExample::example))
                    .toList());
        }
        return List.copyOf(result);
    }

    private static Comparator<FeatureExample> magnitude() {
        return Comparator.comparingDouble(example -> Math.abs(example.activation()));
    }
}
