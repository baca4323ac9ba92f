package io.github.dl4jae.quantized;

import java.util.Arrays;
import java.util.Locale;
import java.util.function.IntToDoubleFunction;

/**
 * How often the codes of a quantizer are used, over an epoch or a data set.
 *
 * <pre>
 * usage = used codes / codes        perplexity = exp(−Σ_k p_k ln p_k)        p_k: the share of positions with code k
 * </pre>
 *
 * <p>Perplexity is the number of codes that would carry as much information if all were equally frequent. Figures of
 * one mini-batch are too small, because it cannot use more codes than it has positions.
 *
 * @see CodebookListener
 */
public final class CodebookReport {

    private final long[][] counts;

    /** Takes ownership of the counts {@code [S][K]}. */
    CodebookReport(long[][] counts) {
        this.counts = counts;
    }

    /**
     * Returns the number of stages.
     *
     * @return S; for binary codes the number of bits
     */
    public int stages() {
        return counts.length;
    }

    /**
     * Returns how often each code of a stage was used.
     *
     * @param stage from 0
     * @return K counts, a new array
     */
    public long[] counts(int stage) {
        return counts[stage].clone();
    }

    /**
     * Returns the share of codes that were used.
     *
     * @return a mean over stages, from 0 to 1
     */
    public double usage() {
        return mean(this::usage);
    }

    /**
     * Returns the share of a stage's codes that were used.
     *
     * @param stage from 0
     * @return from 0 to 1
     */
    public double usage(int stage) {
        return (double) Arrays.stream(counts[stage]).filter(n -> n > 0).count() / counts[stage].length;
    }

    /**
     * Returns the perplexity.
     *
     * @return a mean over stages, from 1 to the number of codes; NaN without positions
     */
    public double perplexity() {
        return mean(this::perplexity);
    }

    /**
     * Returns the perplexity of a stage.
     *
     * @param stage from 0
     * @return from 1 to the number of codes; NaN without positions
     */
    public double perplexity(int stage) {
        double total = Arrays.stream(counts[stage]).sum();
        if (total == 0) {
            return Double.NaN;
        }
        return Math.exp(Arrays.stream(counts[stage])
                .filter(n -> n > 0)
                .mapToDouble(n -> -n / total * Math.log(n / total))
                .sum());
    }

    private double mean(IntToDoubleFunction ofStage) {
        double sum = 0;
        for (int s = 0; s < counts.length; s++) {
            sum += ofStage.applyAsDouble(s);
        }
        return sum / counts.length;
    }

    /** Returns usage and perplexity, as means over stages. */
    @Override
    public String toString() {
        return String.format(
                Locale.ROOT,
                "%.1f %% of %d codes used, perplexity %.1f%s",
                100 * usage(),
                counts[0].length,
                perplexity(),
                counts.length == 1 ? "" : ", means over " + counts.length + " stages");
    }
}
