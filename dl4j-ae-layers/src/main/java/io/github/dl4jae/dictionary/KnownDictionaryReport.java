package io.github.dl4jae.dictionary;

import io.github.dl4jae.internal.layer.Require;
import io.github.dl4jae.internal.math.LinearAssignment;
import java.util.Arrays;
import java.util.Locale;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * A trained dictionary compared with the known directions and codes of synthetic data.
 *
 * <pre>
 * c_jk          |d_j·t_k|/(‖d_j‖·‖t_k‖)                  decoder row of unit j and true direction k
 * MCC           mean of c_jk over the one-to-one match of units and directions with the largest sum
 * best(j)       argmax_k c_jk
 * uniqueness    #{best(j): j}/n                          below 1 where several units follow one direction
 * recovered     share of directions k with max_j c_jk ≥ 0.9
 * precision_j   #{unit j and direction best(j) active}/#{unit j active}
 * recall_j      #{unit j and direction best(j) active}/#{direction best(j) active}
 * F1_j          2·precision_j·recall_j/(precision_j + recall_j)
 * </pre>
 *
 * <p>Precision, recall and F1 are means over units; where a denominator is 0, as for dead units, the number is 0. If
 * there are fewer units than directions, the match leaves directions out, and {@link #recovered} cannot reach 1.
 *
 * <pre>{@code
 * KnownDictionaryReport.Accumulator accumulator =
 *         KnownDictionaryReport.accumulator(dictionary.decoderWeights(), sources.directions());
 * SuperpositionSample sample = sources.sample(1L << 40, 10_000);
 * SparseCodes codes = dictionary.encode(sample.x());
 * accumulator.add(sample.x(), dictionary.decode(codes), codes, SparseCodes.of(sample.codes()));
 * System.out.println(accumulator.report());
 * }</pre>
 *
 * <p>Memory: four bytes per pair of a unit and a direction, while the accumulator is made. Instances are immutable.
 *
 * @see <a href="https://arxiv.org/abs/2602.14687">Chanin and Garriga-Alonso 2026, Evaluating sparse autoencoders on
 *     scalable realistic synthetic data</a>
 * @see <a href="https://arxiv.org/abs/2505.20254">Song et al. 2025, Position: mechanistic interpretability should
 *     prioritize feature consistency in SAEs (MCC)</a>
 */
public final class KnownDictionaryReport {

    private static final String NAME = "KnownDictionaryReport";

    private final DictionaryReport general;
    private final double mcc;
    private final double uniqueness;
    private final double precision;
    private final double recall;
    private final double f1;
    private final double trueL0;
    private final double[] cosineOfUnit;
    private final double[] cosineOfDirection;

    private KnownDictionaryReport(Accumulator sums) {
        this.general = sums.general.report();
        this.mcc = sums.mcc;
        this.uniqueness = (double) Arrays.stream(sums.best).distinct().count() / sums.best.length;
        this.trueL0 = (double) Arrays.stream(sums.positives).sum() / general.examples();
        this.cosineOfUnit = sums.cosineOfUnit;
        this.cosineOfDirection = sums.cosineOfDirection;
        double precisions = 0;
        double recalls = 0;
        double f1s = 0;
        for (int j = 0; j < sums.best.length; j++) {
            double p = ratio((double) sums.hits[j], (double) sums.fired[j]);
            double r = ratio((double) sums.hits[j], (double) sums.positives[sums.best[j]]);
            precisions += p;
            recalls += r;
            f1s += ratio(2 * p * r, p + r);
        }
        this.precision = precisions / sums.best.length;
        this.recall = recalls / sums.best.length;
        this.f1 = f1s / sums.best.length;
    }

    private static double ratio(double part, double whole) {
        return whole == 0 ? 0 : part / whole;
    }

    /**
     * Compares directions, and starts a report.
     *
     * @param decoder W_dec, {@code [units, d]}, finite
     * @param directions the true directions, {@code [directions, d]}, finite
     * @return an accumulator without examples
     * @throws IllegalArgumentException if the shapes do not fit
     */
    public static Accumulator accumulator(INDArray decoder, INDArray directions) {
        Require.that(
                decoder.rank() == 2 && directions.rank() == 2 && decoder.size(1) == directions.size(1),
                NAME,
                "decoder and directions must be [units, d] and [directions, d]",
                Arrays.toString(decoder.shape()) + " and " + Arrays.toString(directions.shape()),
                "");
        return new Accumulator(decoder, directions);
    }

    /**
     * Returns reconstruction and sparsity. Its l2 ratio is the shrinkage of the benchmark.
     *
     * @return the report without the known dictionary
     */
    public DictionaryReport general() {
        return general;
    }

    /**
     * Returns the mean absolute cosine under the best one-to-one match.
     *
     * @return in [0, 1]
     */
    public double mcc() {
        return mcc;
    }

    /**
     * Returns the number of different directions that are the best ones of units, per unit.
     *
     * @return in (0, 1]
     */
    public double uniqueness() {
        return uniqueness;
    }

    /**
     * Returns the mean precision of units as detectors of their best directions.
     *
     * @return in [0, 1]
     */
    public double precision() {
        return precision;
    }

    /**
     * Returns the mean recall of units as detectors of their best directions.
     *
     * @return in [0, 1]
     */
    public double recall() {
        return recall;
    }

    /**
     * Returns the mean F1 of units as detectors of their best directions.
     *
     * @return in [0, 1]
     */
    public double f1() {
        return f1;
    }

    /**
     * Returns the mean number of active directions per example.
     *
     * @return the L0 of the true codes
     */
    public double trueL0() {
        return trueL0;
    }

    /**
     * Returns the share of directions that some unit has.
     *
     * @param cosine the least absolute cosine; 0.9 is usual
     * @return in [0, 1]
     */
    public double recovered(double cosine) {
        return share(cosineOfDirection, cosine);
    }

    /**
     * Returns the share of units that have some direction.
     *
     * @param cosine the least absolute cosine; 0.9 is usual
     * @return in [0, 1]
     */
    public double faithful(double cosine) {
        return share(cosineOfUnit, cosine);
    }

    private static double share(double[] cosines, double least) {
        return Arrays.stream(cosines).filter(c -> c >= least).count() / (double) cosines.length;
    }

    /**
     * Returns how well each direction is recovered.
     *
     * @return max_j c_jk for each direction k, in [0, 1]; a new array
     */
    public double[] cosinesOfDirections() {
        return cosineOfDirection.clone();
    }

    @Override
    public String toString() {
        return String.format(
                Locale.ROOT,
                "MCC %.3f, F1 %.3f, precision %.3f, recall %.3f, uniqueness %.3f, recovered at 0.9 %.3f; %s",
                mcc,
                f1,
                precision,
                recall,
                uniqueness,
                recovered(0.9),
                general);
    }

    /** Sums over mini-batches. */
    public static final class Accumulator {
        private final DictionaryReport.Accumulator general = DictionaryReport.accumulator();
        private final double mcc;
        private final int[] best;
        private final double[] cosineOfUnit;
        private final double[] cosineOfDirection;
        private final long[] fired;
        private final long[] hits;
        private final long[] positives;

        private Accumulator(INDArray decoder, INDArray directions) {
            int n = Math.toIntExact(decoder.size(0));
            int m = Math.toIntExact(directions.size(0));
            float[][] cosines = new float[n][];
            this.best = new int[n];
            this.cosineOfUnit = new double[n];
            this.cosineOfDirection = new double[m];
            this.fired = new long[n];
            this.hits = new long[n];
            this.positives = new long[m];
            UnitCosines.forEachRow(UnitCosines.normalized(decoder), UnitCosines.normalized(directions), (j, row) -> {
                for (int k = 0; k < m; k++) {
                    row[k] = Math.abs(row[k]);
                    best[j] = row[k] > row[best[j]] ? k : best[j];
                    cosineOfDirection[k] = Math.max(cosineOfDirection[k], row[k]);
                }
                cosineOfUnit[j] = row[best[j]];
                cosines[j] = row.clone();
            });
            this.mcc = mean(cosines, LinearAssignment.maximize(cosines));
        }

        private static double mean(float[][] cosines, int[] match) {
            double sum = 0;
            int pairs = 0;
            for (int j = 0; j < match.length; j++) {
                if (match[j] >= 0) {
                    sum += cosines[j][match[j]];
                    pairs++;
                }
            }
            return sum / pairs;
        }

        /**
         * Adds examples.
         *
         * @param x {@code [N, d]}
         * @param reconstruction x̂, {@code [N, d]}
         * @param codes of the dictionary, of N examples
         * @param trueCodes of the directions, of N examples
         * @return this
         * @throws IllegalArgumentException if shapes do not fit
         */
        public Accumulator add(INDArray x, INDArray reconstruction, SparseCodes codes, SparseCodes trueCodes) {
            Require.that(
                    codes.units() == best.length
                            && trueCodes.units() == positives.length
                            && codes.examples() == trueCodes.examples(),
                    NAME,
                    "codes must have " + best.length + " units, true codes " + positives.length
                            + ", and both one number of examples",
                    codes + " and " + trueCodes,
                    "");
            general.add(x, reconstruction, codes);
            boolean[] active = new boolean[positives.length];
            for (int i = 0; i < codes.examples(); i++) {
                for (int k = 0; k < trueCodes.active(i); k++) {
                    active[trueCodes.unit(i, k)] = true;
                    positives[trueCodes.unit(i, k)]++;
                }
                for (int k = 0; k < codes.active(i); k++) {
                    int j = codes.unit(i, k);
                    fired[j]++;
                    hits[j] += active[best[j]] ? 1 : 0;
                }
                for (int k = 0; k < trueCodes.active(i); k++) {
                    active[trueCodes.unit(i, k)] = false;
                }
            }
            return this;
        }

        /**
         * Returns the report of all examples so far.
         *
         * @return a report that later examples do not change
         * @throws IllegalStateException if there are no examples
         */
        public KnownDictionaryReport report() {
            return new KnownDictionaryReport(this);
        }
    }
}
