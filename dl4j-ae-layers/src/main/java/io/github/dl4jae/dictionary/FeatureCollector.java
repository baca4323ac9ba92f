package io.github.dl4jae.dictionary;

import io.github.dl4jae.internal.layer.Require;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * Collects what there is to know about each feature of a dictionary from a stream of codes, in one pass and in bounded
 * memory. The result does not depend on how the stream is divided into mini-batches.
 *
 * <p>A <i>row</i> is one code. An <i>example</i> has one row, or one for each position: a pixel of a convolutional
 * layer, a step of a recurrent one. For each feature u, with activations f_u:
 *
 * <pre>
 * frequency        the share of rows with f_u ≠ 0
 * maximum, mean    of |f_u|, over the rows with f_u ≠ 0
 * histogram        of |f_u| ≠ 0 in 64 bins over [0, 2^e), where 2^e is the smallest power of 2 above the maximum
 * class shares     Σ |f_u| over the rows of a class / Σ |f_u| over all rows with a class
 * a(example)       f_u at the position of the example where |f_u| is largest, the first of several
 * strongest        the k examples of largest |a|; of equal ones the first in the stream
 * bands            a sample of at most m of the examples with a ≠ 0, without replacement, ordered by |a|; band b of B
 *                  has the ranks ⌊bn/B⌋ to ⌊(b+1)n/B⌋ of n; of it, k examples that are not among the strongest
 * correlation      of f_u with other features, over a sample of at most r rows without replacement
 * </pre>
 *
 * <p>The samples are coordinated: each example has a random priority, and each feature keeps its m firing examples of
 * the highest priority. For each feature this is a uniform sample. Features that fire together keep the same examples,
 * so that a page over thousands of features needs few pictures.
 *
 * <p>Memory: at most about 28·(m + k) + 300 bytes and 8 bytes per class for each feature that fires, and r rows.
 *
 * <pre>{@code
 * FeatureCollector collector = new FeatureCollector.Builder().units(4096).classes(names).build();
 * collector.add(codes, labels);                       // for each mini-batch
 * FeatureStatistics statistics = collector.statistics(dictionary.decoderWeights());
 * }</pre>
 *
 * <p>Not safe for use by several threads.
 */
public final class FeatureCollector {

    private static final String SUBJECT = "FeatureCollector";

    private final Builder settings;
    private final SampledRows sampledRows;
    private final UnitRecord[] records;
    private final double[] strongest;
    private final int[] strongestPosition;
    private final boolean[] touched;
    private final int[] touchedUnits;
    private long rows;
    private int examples;

    private FeatureCollector(Builder settings) {
        this.settings = settings;
        this.sampledRows = new SampledRows(settings.correlationRows);
        this.records = new UnitRecord[settings.units];
        this.strongest = new double[settings.units];
        this.strongestPosition = new int[settings.units];
        this.touched = new boolean[settings.units];
        this.touchedUnits = new int[settings.units];
    }

    /**
     * Adds a mini-batch of examples with one code each and without classes.
     *
     * @param codes of the examples
     * @throws IllegalArgumentException if the number of units is another, or a value is not finite
     */
    public void add(SparseCodes codes) {
        add(codes, null, 1);
    }

    /**
     * Adds a mini-batch of examples with one code each.
     *
     * @param codes of the examples
     * @param labels the class of each example, or −1 where it has none
     * @throws IllegalArgumentException if the number of units is another, a value is not finite, or a label is not that
     *     of a class
     */
    public void add(SparseCodes codes, int[] labels) {
        add(codes, labels, 1);
    }

    /**
     * Adds a mini-batch of examples with the same number of codes each.
     *
     * @param codes the codes of the positions of the first example, then those of the second, and so on
     * @param labels the class of each example, or −1 where it has none; null if no example has one
     * @param positions the number of codes of an example
     * @throws IllegalArgumentException if the number of units is another, a value is not finite, a label is not that of
     *     a class, or the codes are not as many as labels times positions
     */
    public void add(SparseCodes codes, int @Nullable [] labels, int positions) {
        Require.given(SUBJECT, "codes", codes, "encode the activations of the layer");
        Require.atLeast(1, SUBJECT, "positions", positions, "give the number of codes of an example");
        Require.that(
                codes.examples() % positions == 0,
                SUBJECT,
                "the number of codes must be a multiple of the " + positions + " positions",
                codes.examples(),
                "give the number of codes of an example");
        int[] example = new int[codes.examples()];
        int[] position = new int[codes.examples()];
        for (int row = 0; row < example.length; row++) {
            example[row] = row / positions;
            position[row] = row % positions;
        }
        add(codes, labels, example, position, codes.examples() / positions);
    }

    /**
     * Adds a mini-batch of examples with any number of codes each, as of sequences with masks.
     *
     * @param codes the codes, those of an example one after the other
     * @param labels the class of each example, or −1 where it has none; null if no example has one
     * @param example the example of each code, in ascending order, counted from 0 in the mini-batch
     * @param position the position of each code in its example
     * @param count the number of examples in the mini-batch, with those without codes
     * @throws IllegalArgumentException if the number of units is another, a value is not finite, a label is not that of
     *     a class, or lengths differ
     */
    public void add(SparseCodes codes, int @Nullable [] labels, int[] example, int[] position, int count) {
        check(codes, labels, example, position, count);
        int active = 0;
        for (int row = 0; row < example.length; row++) {
            int label = labels == null ? FeatureStatistics.NO_CLASS : labels[example[row]];
            for (int i = 0; i < codes.active(row); i++) {
                double value = codes.value(row, i);
                int unit = codes.unit(row, i);
                if (value == 0) {
                    continue;
                }
                record(unit).addRow(Math.abs(value), label);
                if (!touched[unit]) {
                    touched[unit] = true;
                    touchedUnits[active++] = unit;
                }
                if (Math.abs(value) > Math.abs(strongest[unit])) {
                    strongest[unit] = value;
                    strongestPosition[unit] = position[row];
                }
            }
            int number = examples + example[row];
            sampledRows.offer(priority(number, position[row]), codes, row);
            if (row + 1 == example.length || example[row + 1] != example[row]) {
                endExample(number, label, active);
                active = 0;
            }
        }
        rows += example.length;
        examples = Math.addExact(examples, count);
    }

    private void endExample(int number, int label, int active) {
        long priority = priority(number, -1);
        for (int i = 0; i < active; i++) {
            int unit = touchedUnits[i];
            record(unit).addExample(priority, number, strongestPosition[unit], strongest[unit], label);
            strongest[unit] = 0;
            touched[unit] = false;
        }
    }

    private UnitRecord record(int unit) {
        if (records[unit] == null) {
            records[unit] = new UnitRecord(settings.classes.size(), settings.examplesPerBand, settings.sample);
        }
        return records[unit];
    }

    /** Returns a random number that depends on the arguments and the seed alone. */
    private long priority(int example, int position) {
        return mixed(mixed(settings.seed + example) + position);
    }

    /** Scrambles as SplittableRandom does. */
    private static long mixed(long value) {
        long z = (value + 0x9e3779b97f4a7c15L) * 0xbf58476d1ce4e5b9L;
        z = (z ^ (z >>> 30)) * 0xbf58476d1ce4e5b9L;
        z = (z ^ (z >>> 27)) * 0x94d049bb133111ebL;
        return z ^ (z >>> 31);
    }

    private void check(SparseCodes codes, int @Nullable [] labels, int[] example, int[] position, int count) {
        Require.given(SUBJECT, "codes", codes, "encode the activations of the layer");
        Require.that(
                codes.units() == settings.units,
                SUBJECT,
                "codes must have " + settings.units + " units",
                codes.units(),
                "build the collector with the number of units of the dictionary");
        Require.that(
                example.length == codes.examples() && position.length == codes.examples(),
                SUBJECT,
                "there must be an example and a position for each of the " + codes.examples() + " codes",
                example.length + " and " + position.length,
                "");
        for (int row = 0; row < example.length; row++) {
            int from = row == 0 ? 0 : example[row - 1];
            Require.that(
                    example[row] >= from && example[row] < count && position[row] >= 0,
                    SUBJECT,
                    "examples must ascend in [0, " + count + ") and positions must be at least 0",
                    example[row] + " after " + from + ", at position " + position[row],
                    "");
            for (int i = 0; i < codes.active(row); i++) {
                Require.finite(SUBJECT, "the activation of unit " + codes.unit(row, i), codes.value(row, i), "");
            }
        }
        if (labels != null) {
            checkLabels(labels, count);
        }
    }

    private void checkLabels(int[] labels, int count) {
        Require.that(
                labels.length == count,
                SUBJECT,
                "there must be a label for each of the " + count + " examples",
                labels.length,
                "use -1 for an example without a class");
        for (int label : labels) {
            Require.that(
                    label >= FeatureStatistics.NO_CLASS && label < settings.classes.size(),
                    SUBJECT,
                    "labels must be in [-1, " + settings.classes.size() + "), the number of classes",
                    label,
                    "name the classes when you build the collector");
        }
    }

    /**
     * Computes the statistics of the stream so far.
     *
     * @param decoder the decoder weights {@code [units, d]}, whose rows are the directions of the features
     * @return the statistics
     * @throws IllegalArgumentException if the decoder has another number of rows
     */
    public FeatureStatistics statistics(INDArray decoder) {
        Require.given(SUBJECT, "decoder", decoder, "give the decoder weights of the dictionary");
        Require.that(
                decoder.rank() == 2 && decoder.size(0) == settings.units,
                SUBJECT,
                "the decoder must have shape [" + settings.units + ", d]",
                Arrays.toString(decoder.shape()),
                "transpose it if its columns are the directions");
        List<UnitSummary> summaries = new ArrayList<>(settings.units);
        UnitRecord silent = new UnitRecord(settings.classes.size(), 0, 0);
        for (UnitRecord record : records) {
            summaries.add((record == null ? silent : record).summary(settings.bands, settings.examplesPerBand));
        }
        return new FeatureStatistics(
                settings.classes,
                rows,
                examples,
                settings.bands,
                summaries,
                DirectionCosines.neighbors(decoder, settings.neighbors),
                sampledRows.neighbors(settings.units, settings.neighbors));
    }

    /** Builds a collector. */
    public static final class Builder {
        private int units;
        private List<String> classes = List.of();
        private int bands = 5;
        private int examplesPerBand = 6;
        private int sample = 256;
        private int correlationRows = 10_000;
        private int neighbors = 8;
        private long seed = 1;

        /**
         * Sets the number of features. Required.
         *
         * @param units at least 1
         * @return this
         */
        public Builder units(int units) {
            this.units = units;
            return this;
        }

        /**
         * Sets the names of the classes. Default: none, and examples have no label.
         *
         * @param classes the name of each class
         * @return this
         */
        public Builder classes(List<String> classes) {
            this.classes = List.copyOf(classes);
            return this;
        }

        /**
         * Sets the number B of quantile bands. Default: 5.
         *
         * @param bands at least 1
         * @return this
         */
        public Builder bands(int bands) {
            this.bands = bands;
            return this;
        }

        /**
         * Sets the number k of strongest examples, and of examples in each band. Default: 6.
         *
         * @param examplesPerBand at least 1
         * @return this
         */
        public Builder examplesPerBand(int examplesPerBand) {
            this.examplesPerBand = examplesPerBand;
            return this;
        }

        /**
         * Sets the largest size m of the sample that a feature's quantiles are estimated from. Default: 256.
         *
         * @param sample at least 1
         * @return this
         */
        public Builder sample(int sample) {
            this.sample = sample;
            return this;
        }

        /**
         * Sets the number r of rows that correlations are computed from. Default: 10,000.
         *
         * @param correlationRows at least 1
         * @return this
         */
        public Builder correlationRows(int correlationRows) {
            this.correlationRows = correlationRows;
            return this;
        }

        /**
         * Sets the number of neighbors of each feature. Default: 8.
         *
         * @param neighbors at least 1
         * @return this
         */
        public Builder neighbors(int neighbors) {
            this.neighbors = neighbors;
            return this;
        }

        /**
         * Sets the seed of the samples. Default: 1.
         *
         * @param seed any number
         * @return this
         */
        public Builder seed(long seed) {
            this.seed = seed;
            return this;
        }

        /**
         * Builds the collector.
         *
         * @return a collector that has seen no example
         * @throws IllegalArgumentException if a number is below 1
         */
        public FeatureCollector build() {
            Require.atLeast(1, SUBJECT, "units", units, "set the number of units of the dictionary");
            Require.atLeast(1, SUBJECT, "bands", bands, "");
            Require.atLeast(1, SUBJECT, "examplesPerBand", examplesPerBand, "");
            Require.atLeast(1, SUBJECT, "sample", sample, "");
            Require.atLeast(1, SUBJECT, "correlationRows", correlationRows, "");
            Require.atLeast(1, SUBJECT, "neighbors", neighbors, "");
            return new FeatureCollector(copy());
        }

        private Builder copy() {
            Builder copy = new Builder();
            copy.units = units;
            copy.classes = classes;
            copy.bands = bands;
            copy.examplesPerBand = examplesPerBand;
            copy.sample = sample;
            copy.correlationRows = correlationRows;
            copy.neighbors = neighbors;
            copy.seed = seed;
            return copy;
        }
    }
}
