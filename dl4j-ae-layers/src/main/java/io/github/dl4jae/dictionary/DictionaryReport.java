package io.github.dl4jae.dictionary;

import io.github.dl4jae.internal.layer.Require;
import java.util.Arrays;
import java.util.Locale;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * Reconstruction and sparsity of a dictionary on examples.
 *
 * <pre>
 * L0                   1/N · Σ_i #{j: f_ij ≠ 0}                    mean active units per example
 * L1                   1/N · Σ_i Σ_j |f_ij|
 * explained variance   1 − Σ_i ‖x_i − x̂_i‖² / Σ_i ‖x_i − x̄‖²       x̄ the mean target
 * mean squared error   1/(N·d) · Σ_i ‖x_i − x̂_i‖²
 * cosine               1/N · Σ_i x_i·x̂_i/(‖x_i‖·‖x̂_i‖)
 * l2 ratio             1/N · Σ_i ‖x̂_i‖/‖x_i‖                      below 1 where a penalty shrinks codes
 * frequency_j          1/N · #{i: f_ij ≠ 0}                       a unit is alive if it is above 0
 * </pre>
 *
 * <p>x are the targets: the inputs of an autoencoder, the other layer's activations for a transcoder. The variance is
 * that around the mean; around 0 a constant reconstruction would seem to explain much. Targets of norm 0 do not count
 * for the l2 ratio, and pairs with a norm of 0 not for the cosine.
 *
 * <pre>{@code
 * DictionaryReport.Accumulator accumulator = DictionaryReport.accumulator();
 * for (INDArray x : miniBatches) {
 *     SparseCodes codes = dictionary.encode(x);
 *     accumulator.add(x, dictionary.decode(codes), codes);
 * }
 * System.out.println(accumulator.report());
 * }</pre>
 *
 * <p>Sums are in float64. Memory is proportional to the number of units. Instances are immutable.
 *
 * @see DictionaryGeometry
 */
public final class DictionaryReport {

    private final long examples;
    private final double l0;
    private final double l1;
    private final double explainedVariance;
    private final double meanSquaredError;
    private final double cosine;
    private final double l2Ratio;
    private final double[] frequencies;

    private DictionaryReport(Accumulator sums) {
        double n = sums.examples;
        this.examples = sums.examples;
        this.l0 = sums.active / n;
        this.l1 = sums.magnitudes / n;
        this.explainedVariance = 1 - sums.errors / sums.variation();
        this.meanSquaredError = sums.errors / (n * sums.origin.length);
        this.cosine = sums.cosines / sums.pairs;
        this.l2Ratio = sums.ratios / sums.targets;
        this.frequencies =
                Arrays.stream(sums.counts).mapToDouble(count -> count / n).toArray();
    }

    /**
     * Starts a report.
     *
     * @return an accumulator without examples
     */
    public static Accumulator accumulator() {
        return new Accumulator();
    }

    /**
     * Returns the number of examples.
     *
     * @return N
     */
    public long examples() {
        return examples;
    }

    /**
     * Returns the number of units.
     *
     * @return n
     */
    public int units() {
        return frequencies.length;
    }

    /**
     * Returns the mean number of active units per example.
     *
     * @return L0, in [0, n]
     */
    public double l0() {
        return l0;
    }

    /**
     * Returns the mean sum of magnitudes of codes.
     *
     * @return L1, at least 0
     */
    public double l1() {
        return l1;
    }

    /**
     * Returns the explained variance.
     *
     * @return at most 1; negative if the mean would be a better reconstruction; not a number if all targets are equal
     */
    public double explainedVariance() {
        return explainedVariance;
    }

    /**
     * Returns the mean squared error of a value.
     *
     * @return in the square of the unit of the targets
     */
    public double meanSquaredError() {
        return meanSquaredError;
    }

    /**
     * Returns the mean cosine similarity of targets and reconstructions.
     *
     * @return in [−1, 1]; NaN if no pair has norms above 0
     */
    public double cosine() {
        return cosine;
    }

    /**
     * Returns the mean ratio of the norms of reconstructions and targets.
     *
     * @return at least 0; NaN if all targets are 0
     */
    public double l2Ratio() {
        return l2Ratio;
    }

    /**
     * Returns the firing frequency of each unit.
     *
     * @return shares of examples, in [0, 1]; a new array
     */
    public double[] frequencies() {
        return frequencies.clone();
    }

    /**
     * Returns the share of units that were active in some example. With few examples rare units seem dead.
     *
     * @return in [0, 1]
     */
    public double alive() {
        return firingMoreThan(0);
    }

    /**
     * Returns the share of units that fire more often than a frequency. Units above 0.01 or 0.1 are called dense; they
     * are rarely interpretable.
     *
     * @param frequency such as 0.01
     * @return in [0, 1]
     */
    public double firingMoreThan(double frequency) {
        return Arrays.stream(frequencies).filter(f -> f > frequency).count() / (double) units();
    }

    /**
     * Returns a histogram of firing frequencies, a decade per bin.
     *
     * <pre>
     * 0    never
     * 1    (0, 10⁻⁵]
     * 2    (10⁻⁵, 10⁻⁴]
     * …
     * 6    (10⁻¹, 1]
     * </pre>
     *
     * @return the numbers of units in the seven bins
     */
    public int[] histogram() {
        int[] bins = new int[7];
        for (double f : frequencies) {
            int bin = 0;
            for (double edge : new double[] {0, 1e-5, 1e-4, 1e-3, 1e-2, 1e-1}) {
                bin += f > edge ? 1 : 0;
            }
            bins[bin]++;
        }
        return bins;
    }

    @Override
    public String toString() {
        return String.format(
                Locale.ROOT,
                "L0 %.1f of %d units, %.1f %% alive, explained variance %.4f, cosine %.4f, l2 ratio %.4f (%d examples)",
                l0,
                units(),
                100 * alive(),
                explainedVariance,
                cosine,
                l2Ratio,
                examples);
    }

    /** Sums over mini-batches. */
    public static final class Accumulator {
        private long examples;
        private long active;
        private double magnitudes;
        private double errors;
        private double cosines;
        private long pairs;
        private double ratios;
        private long targets;
        private long[] counts = new long[0];
        /** The first target: variances are computed around it, not around 0, to lose no digits. */
        private double[] origin = new double[0];

        private double[] shifted = new double[0];
        private double shiftedSquares;

        private Accumulator() {}

        /**
         * Adds examples.
         *
         * @param x targets, {@code [N, d]}
         * @param reconstruction x̂, {@code [N, d]}
         * @param codes f, of N examples
         * @return this
         * @throws IllegalArgumentException if shapes do not fit one another or earlier ones
         */
        public Accumulator add(INDArray x, INDArray reconstruction, SparseCodes codes) {
            Require.that(
                    x.rank() == 2 && x.equalShapes(reconstruction) && x.size(0) == codes.examples(),
                    "DictionaryReport",
                    "targets and reconstructions must have one shape, [examples, values], with a code per example",
                    Arrays.toString(x.shape()) + ", " + Arrays.toString(reconstruction.shape()) + " and "
                            + codes.examples() + " codes",
                    "");
            if (x.isEmpty()) {
                return this;
            }
            double[][] target = x.toDoubleMatrix();
            double[][] output = reconstruction.toDoubleMatrix();
            if (examples == 0) {
                origin = target[0].clone();
                shifted = new double[origin.length];
                counts = new long[codes.units()];
            }
            Require.that(
                    origin.length == target[0].length && counts.length == codes.units(),
                    "DictionaryReport",
                    "mini-batches must have " + origin.length + " values and " + counts.length + " units",
                    target[0].length + " and " + codes.units(),
                    "use an accumulator per dictionary");
            for (int i = 0; i < target.length; i++) {
                addPair(target[i], output[i]);
                addCode(codes, i);
            }
            examples += target.length;
            return this;
        }

        private void addPair(double[] x, double[] y) {
            double xx = 0;
            double xy = 0;
            double yy = 0;
            for (int j = 0; j < x.length; j++) {
                double error = x[j] - y[j];
                double moved = x[j] - origin[j];
                errors += error * error;
                shifted[j] += moved;
                shiftedSquares += moved * moved;
                xx += x[j] * x[j];
                xy += x[j] * y[j];
                yy += y[j] * y[j];
            }
            if (xx > 0) {
                targets++;
                ratios += Math.sqrt(yy / xx);
            }
            if (xx > 0 && yy > 0) {
                pairs++;
                cosines += xy / Math.sqrt(xx) / Math.sqrt(yy);
            }
        }

        private void addCode(SparseCodes codes, int i) {
            int n = codes.active(i);
            active += n;
            for (int k = 0; k < n; k++) {
                counts[codes.unit(i, k)]++;
                magnitudes += Math.abs(codes.value(i, k));
            }
        }

        /** Returns Σ_i ‖x_i − x̄‖². */
        private double variation() {
            double squares = 0;
            for (double sum : shifted) {
                squares += sum * sum;
            }
            return shiftedSquares - squares / examples;
        }

        /**
         * Returns the report of all examples so far.
         *
         * @return a report that later examples do not change
         * @throws IllegalStateException if there are no examples
         */
        public DictionaryReport report() {
            if (examples == 0) {
                throw new IllegalStateException(
                        "DictionaryReport: there must be examples, got none; call add with a mini-batch");
            }
            return new DictionaryReport(this);
        }
    }
}
