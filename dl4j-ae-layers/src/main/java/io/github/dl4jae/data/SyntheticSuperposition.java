package io.github.dl4jae.data;

import io.github.dl4jae.internal.layer.Require;
import io.github.dl4jae.internal.math.RandomStreams;
import java.util.Arrays;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.dataset.api.iterator.DataSetIterator;

/**
 * Sparse sources with known directions in superposition: more directions than dimensions, of which few are active in an
 * example. A sparse dictionary that is trained on the examples should find the directions.
 *
 * <pre>
 * x = b + Σ_i a_i·d_i         ‖d_i‖ = 1, i = 1…n, in d dimensions
 * a_i = c_i·max(0, m_i + s_i·ε)        ε ~ N(0, 1);  c_i ∈ {0, 1} with P(c_i = 1) = p_i
 * </pre>
 *
 * <p><b>Frequencies.</b> Sources are numbered by frequency. With {@link Builder#zipf} p_i falls as a power of the rank
 * i, from a largest to a smallest value.
 *
 * <p><b>Trees.</b> With {@link Builder#trees} the most frequent sources are the roots of trees, the next ones their
 * children, and so on. A child fires only with its parent, and at most one child of a parent does. Its magnitude is
 * proportional to that of its parent: a_child·a_parent/m_parent. Probabilities of children are raised by
 *
 * <pre>
 * q_i = min(1, p_i/p_parent · (1 + Σ_siblings p_j/p_parent))
 * </pre>
 *
 * <p>before they are drawn, so that a source in a tree fires about as often as p_i says. Where the children of a source
 * should together fire more often than it does, they fire more rarely.
 *
 * <p><b>Correlation.</b> With {@link Builder#correlation} c_i = 1 where a normal variable exceeds a threshold. These
 * variables share common factors.
 *
 * <p>Example number i depends only on the settings, the seed and i: not on the mini-batch it is in.
 *
 * <pre>{@code
 * SyntheticSuperposition sources = new SyntheticSuperposition.Builder(256, 64).uniform(0.01).seed(42).build();
 * network.fit(sources.iterator(128, 1_000));               // 128,000 new examples in every epoch
 * SuperpositionSample heldOut = sources.sample(1L << 40, 10_000);
 * }</pre>
 *
 * @see <a href="https://arxiv.org/abs/2602.14687">Chanin and Garriga-Alonso 2026, Evaluating sparse autoencoders on
 *     scalable realistic synthetic data</a>
 * @see <a href="https://transformer-circuits.pub/2022/toy_model/index.html">Elhage et al. 2022, Toy models of
 *     superposition</a>
 */
public final class SyntheticSuperposition {

    private static final String NAME = "SyntheticSuperposition";

    private final INDArray directions;
    private final float[] rows;
    private final float[] bias;
    private final double[] probabilities;
    private final SourceFiring firing;
    private final long seed;

    private SyntheticSuperposition(
            INDArray directions, float[] bias, double[] probabilities, SourceFiring firing, long seed) {
        this.directions = directions;
        this.rows = directions.data().asFloat();
        this.bias = bias;
        this.probabilities = probabilities;
        this.firing = firing;
        this.seed = seed;
    }

    /**
     * Returns a builder with the settings of SynthSAEBench-16k, or of a smaller benchmark with the same statistics: the
     * same share of sources is in trees and fires, and their frequencies have the same distribution.
     *
     * <pre>
     * sources            16,384·scale in 768·scale dimensions
     * trees              128·scale roots, 4 children, 3 levels below the roots
     * frequencies        Zipf, exponent 0.5, from 0.4 to 0.0005 before exclusion
     * magnitudes         means from 5 (frequent) to 4 (rare), deviations |N(0.5, 0.5²)|
     * correlation        25 common factors, loadings N(0, 0.1²)
     * directions         spread by 100 steps; ‖b‖ = 0.5
     * </pre>
     *
     * <p>The random numbers are other ones than those of the published benchmark.
     *
     * @param scale in (0, 1]; 1 for the published size, 0.25 for a dictionary with a sixteenth of its parameters
     * @return a builder with seed 42
     * @throws IllegalArgumentException if the scale is out of range
     */
    public static Builder synthSae(double scale) {
        Require.that(scale >= 1 / 128.0 && scale <= 1, NAME, "scale must be in [1/128, 1]", scale, "use 0.25 or 1");
        Builder builder = new Builder((int) Math.round(16_384 * scale), (int) Math.round(768 * scale));
        builder.ranks = 16_384;
        return builder.zipf(0.5, 0.4, 5e-4)
                .trees((int) Math.round(128 * scale), 4, 3)
                .magnitudes(5, 4)
                .deviations(0.5, 0.5)
                .correlation(25, 0.1)
                .spread(100)
                .bias(0.5)
                .seed(42);
    }

    /**
     * Returns the number of sources.
     *
     * @return n
     */
    public int sources() {
        return probabilities.length;
    }

    /**
     * Returns the number of dimensions.
     *
     * @return d
     */
    public int dimensions() {
        return bias.length;
    }

    /**
     * Returns the directions of the sources.
     *
     * @return {@code [n, d]}, float32, rows of norm 1; a copy
     */
    public INDArray directions() {
        return directions.dup('c');
    }

    /**
     * Returns the constant part of all examples.
     *
     * @return b, {@code [d]}, float32; a new array
     */
    public INDArray bias() {
        return SourceCodes.matrix(bias.clone(), 1).reshape(bias.length);
    }

    /**
     * Returns the probabilities of the sources. Those of sources in trees are not exact.
     *
     * @return p, descending; a new array
     */
    public double[] probabilities() {
        return probabilities.clone();
    }

    /**
     * Draws examples and the magnitudes of their sources.
     *
     * @param from the number of the first example, at least 0; numbers from 2⁴⁰ are far from those of training
     * @param examples the number of examples, at least 1
     * @return the examples, always the same ones for the same numbers
     * @throws IllegalArgumentException if a number is out of range, or the magnitudes do not fit in one array
     */
    public SuperpositionSample sample(long from, int examples) {
        requireRange(from, examples);
        Require.that(
                (long) examples * sources() < Integer.MAX_VALUE,
                NAME,
                "examples times sources must be below 2^31",
                examples + " times " + sources(),
                "draw several smaller samples");
        float[] x = new float[examples * dimensions()];
        float[] codes = new float[examples * sources()];
        draw(from, examples, x, codes);
        return new SuperpositionSample(SourceCodes.matrix(x, examples), SourceCodes.matrix(codes, examples));
    }

    /**
     * Draws examples.
     *
     * @param from the number of the first example, at least 0
     * @param examples the number of examples, at least 1
     * @return {@code [examples, d]}, float32: the x of {@link #sample}
     * @throws IllegalArgumentException if a number is out of range
     */
    public INDArray examples(long from, int examples) {
        requireRange(from, examples);
        float[] x = new float[Math.multiplyExact(examples, dimensions())];
        draw(from, examples, x, new float[0]);
        return SourceCodes.matrix(x, examples);
    }

    private static void requireRange(long from, int examples) {
        Require.that(from >= 0, NAME, "from must be at least 0", from, "");
        Require.atLeast(1, NAME, "examples", examples, "");
    }

    private void draw(long from, int examples, float[] x, float[] dense) {
        int d = dimensions();
        IntStream.range(0, examples).parallel().forEach(row -> {
            SourceCodes codes = new SourceCodes();
            firing.draw(RandomStreams.of(seed, from + row)).fill(codes);
            System.arraycopy(bias, 0, x, row * d, d);
            codes.mix(rows, d, x, row);
            if (dense.length > 0) {
                codes.write(dense, sources(), row);
            }
        });
    }

    /**
     * Returns an iterator for training. Features and labels are the examples.
     *
     * @param batch the number of examples of a mini-batch, at least 1
     * @param batches the number of mini-batches of an epoch, at least 1
     * @return an iterator at example 0; every {@code reset()} continues with new examples
     * @throws IllegalArgumentException if a number is below 1
     */
    public DataSetIterator iterator(int batch, int batches) {
        return iterator(batch, batches, 0);
    }

    /**
     * Returns an iterator that begins with a later epoch, for training that resumes.
     *
     * @param batch the number of examples of a mini-batch, at least 1
     * @param batches the number of mini-batches of an epoch, at least 1
     * @param startEpoch the number of completed epochs, at least 0
     * @return the iterator
     * @throws IllegalArgumentException if a number is out of range
     */
    public DataSetIterator iterator(int batch, int batches, int startEpoch) {
        return new SuperpositionIterator(
                this,
                Require.atLeast(1, NAME, "batch", batch, "128 is a usual size"),
                Require.atLeast(1, NAME, "batches", batches, ""),
                Require.atLeast(0, NAME, "startEpoch", startEpoch, ""));
    }

    /** Builds a {@link SyntheticSuperposition}. Frequencies are required. */
    public static final class Builder {
        private final int sources;
        private final int dimensions;
        private int ranks;
        private double exponent = Double.NaN;
        private double largest;
        private double smallest;
        private double firstMean = 1;
        private double lastMean = 1;
        private double deviation;
        private double deviationSpread;
        private SourceTrees trees = SourceTrees.NONE;
        private int rank;
        private double loading;
        private int steps;
        private double biasNorm;
        private long seed;

        /**
         * Creates a builder.
         *
         * @param sources n, at least 1
         * @param dimensions d, at least 2
         * @throws IllegalArgumentException if a number is too small, or n·d is not below 2³¹
         */
        public Builder(int sources, int dimensions) {
            this.sources = Require.atLeast(1, NAME, "sources", sources, "");
            this.dimensions = Require.atLeast(2, NAME, "dimensions", dimensions, "");
            Require.that(
                    (long) sources * dimensions < Integer.MAX_VALUE,
                    NAME,
                    "sources times dimensions must be below 2^31",
                    sources + " times " + dimensions,
                    "");
            this.ranks = sources;
        }

        /**
         * Lets all sources fire equally often.
         *
         * @param probability p, in (0, 1]
         * @return this
         * @throws IllegalArgumentException if it is out of range
         */
        public Builder uniform(double probability) {
            return zipf(0, probability, probability);
        }

        /**
         * Lets frequencies fall by a power law:
         *
         * <pre>
         * p_i = smallest + (largest − smallest)·(i^−e − n^−e)/(1 − n^−e)        i = 1…n
         * </pre>
         *
         * @param exponent e, at least 0; 0 for the largest probability everywhere
         * @param largest the probability of the first source, in (0, 1]
         * @param smallest the probability of the last source, in (0, largest]
         * @return this
         * @throws IllegalArgumentException if a number is out of range
         */
        public Builder zipf(double exponent, double largest, double smallest) {
            this.exponent = Require.nonNegative(NAME, "exponent", exponent, "");
            Require.that(
                    0 < smallest && smallest <= largest && largest <= 1,
                    NAME,
                    "probabilities must have 0 < smallest ≤ largest ≤ 1",
                    smallest + " and " + largest,
                    "");
            this.largest = largest;
            this.smallest = smallest;
            return this;
        }

        /**
         * Sets the means of magnitudes, which change linearly from the first to the last source. Default: 1 and 1.
         *
         * @param first m of the most frequent source, above 0
         * @param last m of the rarest source, above 0
         * @return this
         * @throws IllegalArgumentException if a number is not above 0
         */
        public Builder magnitudes(double first, double last) {
            this.firstMean = Require.positive(NAME, "first", first, "");
            this.lastMean = Require.positive(NAME, "last", last, "");
            return this;
        }

        /**
         * Sets the standard deviations of magnitudes. That of each source is |N(center, spread²)|. Default: 0 and 0.
         *
         * @param center at least 0
         * @param spread at least 0; 0 for equal deviations
         * @return this
         * @throws IllegalArgumentException if a number is below 0
         */
        public Builder deviations(double center, double spread) {
            this.deviation = Require.nonNegative(NAME, "center", center, "");
            this.deviationSpread = Require.nonNegative(NAME, "spread", spread, "");
            return this;
        }

        /**
         * Arranges the first sources in trees, level by level. The others are on their own. Default: no trees.
         *
         * @param roots the number of trees, at least 1
         * @param children the number of children of a source, at least 1
         * @param depth the number of levels below the roots, at least 1
         * @return this
         * @throws IllegalArgumentException if a number is below 1, or there are more roots than sources
         */
        public Builder trees(int roots, int children, int depth) {
            Require.that(
                    roots >= 1 && roots <= sources,
                    NAME,
                    "roots must be in [1, " + sources + "], the number of sources",
                    roots,
                    "");
            Require.atLeast(1, NAME, "children", children, "");
            Require.atLeast(1, NAME, "depth", depth, "");
            this.trees = SourceTrees.of(roots, children, depth, sources);
            return this;
        }

        /**
         * Correlates the firing of sources by common factors. Default: none.
         *
         * @param rank the number of factors, at least 1
         * @param scale the standard deviation of loadings, above 0; the correlation of two variables is about
         *     scale²·√rank in magnitude
         * @return this
         * @throws IllegalArgumentException if a number is out of range
         */
        public Builder correlation(int rank, double scale) {
            this.rank = Require.atLeast(1, NAME, "rank", rank, "");
            this.loading = Require.positive(NAME, "scale", scale, "");
            return this;
        }

        /**
         * Makes directions more orthogonal by steps that decrease Σ_(i≠j) (d_i·d_j)². Default: 0, random directions.
         *
         * @param steps at least 0; 100 are enough for the least possible sum
         * @return this
         * @throws IllegalArgumentException if it is below 0
         */
        public Builder spread(int steps) {
            this.steps = Require.atLeast(0, NAME, "steps", steps, "");
            return this;
        }

        /**
         * Adds a constant vector of random direction to all examples. Default: 0.
         *
         * @param norm ‖b‖, at least 0
         * @return this
         * @throws IllegalArgumentException if it is below 0
         */
        public Builder bias(double norm) {
            this.biasNorm = Require.nonNegative(NAME, "norm", norm, "");
            return this;
        }

        /**
         * Sets the seed of directions, settings and examples. Default: 0.
         *
         * @param seed any number
         * @return this
         */
        public Builder seed(long seed) {
            this.seed = seed;
            return this;
        }

        /**
         * Draws the directions and settings of the sources.
         *
         * @return the sources
         * @throws IllegalArgumentException if no frequencies are set
         */
        public SyntheticSuperposition build() {
            Require.that(
                    !Double.isNaN(exponent), NAME, "frequencies must be given", "none", "call uniform(0.01) or zipf");
            INDArray directions = SourceDirections.random(sources, dimensions, stream(1));
            SourceDirections.spread(directions, steps);
            float[] bias = SourceDirections.random(1, dimensions, stream(2))
                    .muli(biasNorm)
                    .data()
                    .asFloat();
            SplittableRandom random = stream(3);
            float[] means = new float[sources];
            float[] deviations = new float[sources];
            for (int i = 0; i < sources; i++) {
                double position = sources == 1 ? 0 : (double) i / (sources - 1);
                means[i] = (float) (firstMean + (lastMean - firstMean) * position);
                deviations[i] = (float) Math.abs(deviation + deviationSpread * random.nextGaussian());
            }
            double[] probabilities = frequencies();
            SourceFiring firing = new SourceFiring(
                    trees, probabilities, means, deviations, SourceFiring.loadings(sources, rank, loading, stream(4)));
            return new SyntheticSuperposition(directions, bias, probabilities, firing, seed);
        }

        /** Returns a stream of random numbers that no example has. */
        private SplittableRandom stream(int index) {
            return RandomStreams.of(seed, -index);
        }

        private double[] frequencies() {
            double[] p = new double[sources];
            double end = Math.pow(ranks, -exponent);
            Arrays.setAll(p, i -> {
                double i1 = sources == 1 ? 1 : 1 + i * (ranks - 1.0) / (sources - 1);
                return end == 1
                        ? largest
                        : smallest + (largest - smallest) * (Math.pow(i1, -exponent) - end) / (1 - end);
            });
            return p;
        }
    }
}
