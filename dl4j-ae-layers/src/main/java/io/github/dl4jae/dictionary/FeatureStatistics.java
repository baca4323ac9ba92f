package io.github.dl4jae.dictionary;

import io.github.dl4jae.internal.layer.Require;
import java.util.Arrays;
import java.util.List;

/**
 * What {@link FeatureCollector} found out about each feature of a dictionary; its documentation defines the numbers.
 * Immutable.
 */
public final class FeatureStatistics {

    /** The label of an example without a class: −1. */
    public static final int NO_CLASS = -1;

    private final List<String> classes;
    private final long rows;
    private final int examples;
    private final int bands;
    private final List<UnitSummary> units;
    private final List<List<FeatureNeighbor>> byCosine;
    private final List<List<FeatureNeighbor>> byCorrelation;

    FeatureStatistics(
            List<String> classes,
            long rows,
            int examples,
            int bands,
            List<UnitSummary> units,
            List<List<FeatureNeighbor>> byCosine,
            List<List<FeatureNeighbor>> byCorrelation) {
        this.classes = classes;
        this.rows = rows;
        this.examples = examples;
        this.bands = bands;
        this.units = List.copyOf(units);
        this.byCosine = byCosine;
        this.byCorrelation = byCorrelation;
    }

    /**
     * Returns the number of features.
     *
     * @return the width of the dictionary
     */
    public int units() {
        return units.size();
    }

    /**
     * Returns the names of the classes.
     *
     * @return the names, empty if examples have no labels
     */
    public List<String> classes() {
        return classes;
    }

    /**
     * Returns the number of codes.
     *
     * @return the number of rows, with all positions of all examples
     */
    public long rows() {
        return rows;
    }

    /**
     * Returns the number of examples.
     *
     * @return the number of examples
     */
    public int examples() {
        return examples;
    }

    /**
     * Returns the number of quantile bands.
     *
     * @return the number B
     */
    public int bands() {
        return bands;
    }

    /**
     * Returns the mean number of active units of a code.
     *
     * @return the L0
     */
    public double meanActive() {
        return rows == 0 ? 0 : units.stream().mapToLong(UnitSummary::firing).sum() / (double) rows;
    }

    /**
     * Returns the number of features that fire at least once.
     *
     * @return the number of features that are alive
     */
    public int alive() {
        return (int) units.stream().filter(unit -> unit.firing() > 0).count();
    }

    /**
     * Returns how often a feature fires.
     *
     * @param unit the feature
     * @return the number of rows in which it fires
     * @throws IllegalArgumentException if there is no such feature
     */
    public long firing(int unit) {
        return summary(unit).firing();
    }

    /**
     * Returns in how many examples a feature fires, at one position or several.
     *
     * @param unit the feature
     * @return the number of examples
     * @throws IllegalArgumentException if there is no such feature
     */
    public long firingExamples(int unit) {
        return summary(unit).firingExamples();
    }

    /**
     * Returns the frequency of a feature.
     *
     * @param unit the feature
     * @return the share of rows in which it fires
     * @throws IllegalArgumentException if there is no such feature
     */
    public double frequency(int unit) {
        return rows == 0 ? 0 : summary(unit).firing() / (double) rows;
    }

    /**
     * Returns the largest activation of a feature.
     *
     * @param unit the feature
     * @return the largest magnitude, 0 if it never fires
     * @throws IllegalArgumentException if there is no such feature
     */
    public double maximum(int unit) {
        return summary(unit).maximum();
    }

    /**
     * Returns the mean activation of a feature where it fires.
     *
     * @param unit the feature
     * @return the mean magnitude, 0 if it never fires
     * @throws IllegalArgumentException if there is no such feature
     */
    public double mean(int unit) {
        return summary(unit).mean();
    }

    /**
     * Returns the histogram of a feature's activations. Bin i counts the rows with a magnitude in {@code [i·w,
     * (i+1)·w)}, where w is {@link #histogramWidth}.
     *
     * @param unit the feature
     * @return 64 counts, a new array
     * @throws IllegalArgumentException if there is no such feature
     */
    public int[] histogram(int unit) {
        return summary(unit).histogram().clone();
    }

    /**
     * Returns the width of a bin of the histogram.
     *
     * @param unit the feature
     * @return the width, a power of 2, or 0 if the feature never fires
     * @throws IllegalArgumentException if there is no such feature
     */
    public double histogramWidth(int unit) {
        UnitSummary summary = summary(unit);
        return summary.firing() == 0 ? 0 : Math.scalb(1.0, summary.exponent()) / ActivationHistogram.BINS;
    }

    /**
     * Returns how the activation of a feature divides into classes.
     *
     * @param unit the feature
     * @return the share of each class, which add to 1; all 0 if it never fires in an example with a class. A new array
     * @throws IllegalArgumentException if there is no such feature
     */
    public double[] classShares(int unit) {
        double[] sums = summary(unit).classSums();
        double total = Arrays.stream(sums).sum();
        return total == 0
                ? sums.clone()
                : Arrays.stream(sums).map(sum -> sum / total).toArray();
    }

    /**
     * Returns the class purity of a feature.
     *
     * @param unit the feature
     * @return the largest class share, 0 without classes
     * @throws IllegalArgumentException if there is no such feature
     */
    public double purity(int unit) {
        return Arrays.stream(classShares(unit)).max().orElse(0);
    }

    /**
     * Returns the examples in which a feature is strongest.
     *
     * @param unit the feature
     * @return the examples, the strongest first
     * @throws IllegalArgumentException if there is no such feature
     */
    public List<FeatureExample> strongest(int unit) {
        return summary(unit).strongest();
    }

    /**
     * Returns examples from a quantile band of a feature's activation, without the strongest.
     *
     * @param unit the feature
     * @param band in [0, {@link #bands}), of which 0 has the weakest activations
     * @return the examples, the strongest first
     * @throws IllegalArgumentException if there is no such feature or band
     */
    public List<FeatureExample> band(int unit, int band) {
        Require.that(
                band >= 0 && band < bands, "FeatureStatistics", "the band must be in [0, " + bands + ")", band, "");
        return summary(unit).bands().get(band);
    }

    /**
     * Returns the features whose decoder directions are nearest by cosine.
     *
     * @param unit the feature
     * @return its neighbors, the nearest first
     * @throws IllegalArgumentException if there is no such feature
     */
    public List<FeatureNeighbor> nearestByCosine(int unit) {
        summary(unit);
        return byCosine.get(unit);
    }

    /**
     * Returns the features whose activations correlate most.
     *
     * @param unit the feature
     * @return its neighbors with a positive correlation, the nearest first
     * @throws IllegalArgumentException if there is no such feature
     */
    public List<FeatureNeighbor> nearestByCorrelation(int unit) {
        summary(unit);
        return byCorrelation.get(unit);
    }

    UnitSummary summary(int unit) {
        Require.that(
                unit >= 0 && unit < units.size(),
                "FeatureStatistics",
                "the unit must be in [0, " + units.size() + ")",
                unit,
                "");
        return units.get(unit);
    }
}
