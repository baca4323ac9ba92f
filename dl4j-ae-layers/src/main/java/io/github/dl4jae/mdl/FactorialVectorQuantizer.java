package io.github.dl4jae.mdl;

import io.github.dl4jae.internal.inference.Batches;
import io.github.dl4jae.internal.layer.Require;
import java.util.Arrays;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/**
 * Several stochastic vector quantizers that share the work: each chooses one of its vectors, and the sum of the chosen
 * vectors reconstructs an example. Its objective is the description length of the data.
 *
 * <pre>
 * x ≈ Σ_g v_{g,s_g}        p(s_g = i) = π_{g,i}        p(x|s) = N(Σ_g v_{g,s_g}, σ²·I)        q(s|x) = Π_g q_g(s_g|x)
 * F = Σ_x Σ_g KL(q_g‖π_g) + E_q|x − Σ_g v_g|² / 2σ² + (d/2)·ln 2πσ² − d·ln t         in nats, to the quantum t
 * E_q|x − Σ_g v_g|² = |x − Σ_g m_g|² + Σ_g (Σ_i q_{g,i}·|v_{g,i}|² − |m_g|²)          m_g = Σ_i q_{g,i}·v_{g,i}
 * </pre>
 *
 * <p>With one group it is the stochastic vector quantizer of Hinton and Zemel, in whose code the free choice among
 * nearly equal vectors earns bits back. With G groups of m vectors it has m^G reconstructions from G·m vectors.
 *
 * <p>Hinton and Zemel train a recognition network for q and descend the gradient of F. This class minimizes the same F
 * in closed form, in turn over each q_g, the vectors, π and σ². No step increases F, up to one count that each π is
 * smoothed by. Ghahramani calls the procedure mean-field EM. {@link FactorialCode} writes streams of this length.
 *
 * <pre>{@code
 * FactorialVectorQuantizer quantizer =
 *         new FactorialVectorQuantizer.Builder().groups(4).units(6).quantum(1 / 255.0).fit(rows);
 * DescriptionLength length = quantizer.describe(rows);
 * }</pre>
 *
 * <p>Shapes: data {@code [N, d]}; probabilities {@code [N, G·m]}. Cost per iteration: O(N·G·m·d) and O((G·m)³).
 *
 * <p>When not to use it: where codes may be continuous, a variational autoencoder is shorter; for images of more than
 * some thousand pixels.
 *
 * <p>Hinton and Zemel, "Autoencoders, minimum description length and Helmholtz free energy", NIPS 1993; Ghahramani,
 * "Factorial learning and the EM algorithm", NIPS 1994.
 */
public final class FactorialVectorQuantizer {

    private static final String SUBJECT = "FactorialVectorQuantizer";

    private final FactorialModel model;
    private final double[] lengths;

    private FactorialVectorQuantizer(FactorialModel model, double[] lengths) {
        this.model = model;
        this.lengths = lengths;
    }

    FactorialModel model() {
        return model;
    }

    /** Returns data as rows with the columns of a model. */
    static double[][] rows(FactorialModel model, INDArray data) {
        double[][] x = matrix(data);
        Require.that(
                x[0].length == model.features(),
                SUBJECT,
                "data must have " + model.features() + " columns",
                x[0].length,
                "pass the columns that it was fitted to");
        return x;
    }

    private static double[][] matrix(INDArray data) {
        Batches.requireRows(SUBJECT, "data", data);
        Require.that(data.rank() == 2, SUBJECT, "data must have the shape [N, d]", Arrays.toString(data.shape()), "");
        double[][] x = data.castTo(DataType.DOUBLE).toDoubleMatrix();
        for (double[] row : x) {
            for (double value : row) {
                Require.finite(SUBJECT, "data", value, "remove missing values");
            }
        }
        return x;
    }

    /**
     * Returns the description length of data by the stochastic code with bits back, F / ln 2.
     *
     * @param data x, {@code [N, d]}
     * @return the expected bits of all rows together, the model not included
     */
    public DescriptionLength describe(INDArray data) {
        DescriptionLength sum = new DescriptionLength(0, 0, 0, 0, 0);
        for (double[] x : rows(model, data)) {
            sum = sum.plus(model.describe(x, model.posterior(x)));
        }
        return sum;
    }

    /**
     * Returns the description length of data by the two-part code: the receiver gets the best code found, and what is
     * left. Nothing comes back.
     *
     * @param data x, {@code [N, d]}
     * @return the bits of all rows together, the model not included
     */
    public DescriptionLength describeTwoPart(INDArray data) {
        DescriptionLength sum = new DescriptionLength(0, 0, 0, 0, 0);
        for (double[] x : rows(model, data)) {
            sum = sum.plus(model.describe(x, model.bestCode(x)));
        }
        return sum;
    }

    /**
     * Returns the probabilities of the vectors.
     *
     * @param data x, {@code [N, d]}
     * @return q, {@code [N, G·m]}, float64, the vectors of a group together, a new array
     */
    public INDArray probabilities(INDArray data) {
        double[][] x = rows(model, data);
        double[][] q = new double[x.length][];
        Arrays.setAll(q, i -> Arrays.stream(model.posterior(x[i]))
                .flatMapToDouble(Arrays::stream)
                .toArray());
        return Nd4j.createFromArray(q);
    }

    /**
     * Returns the expected reconstructions.
     *
     * @param data x, {@code [N, d]}
     * @return Σ_g m_g, {@code [N, d]}, float64, a new array
     */
    public INDArray reconstruct(INDArray data) {
        double[][] x = rows(model, data);
        double[][] means = new double[x.length][];
        Arrays.setAll(means, i -> model.mean(model.posterior(x[i])));
        return Nd4j.createFromArray(means);
    }

    /**
     * Returns the vectors.
     *
     * @return v, {@code [G·m, d]}, float64, the vectors of a group together, a new array
     */
    public INDArray vectors() {
        return Nd4j.createFromArray(
                Arrays.stream(model.vectors()).flatMap(Arrays::stream).toArray(double[][]::new));
    }

    /**
     * Returns the standard deviation of what a reconstruction leaves.
     *
     * @return σ, in the unit of the data
     */
    public double deviation() {
        return Math.sqrt(model.variance());
    }

    /**
     * Returns the description length of the fitted data before each iteration.
     *
     * @return bits of all rows, not increasing, a new array
     */
    public double[] lengths() {
        return lengths.clone();
    }

    /**
     * Returns the number of parameters: vectors, probabilities and the deviation.
     *
     * @return G·m·d + G·(m − 1) + 1
     */
    public long parameters() {
        long groups = model.vectors().length;
        long units = model.vectors()[0].length;
        return groups * units * model.features() + groups * (units - 1) + 1;
    }

    /** Builds and fits a quantizer. */
    public static final class Builder {
        private int groups = 1;
        private int units = 8;
        private int iterations = 50;
        private double quantum;
        private long seed;

        /** Creates a builder of a single quantizer with 8 vectors; the quantum has no default. */
        public Builder() {}

        /**
         * Sets the number of quantizers. Default: 1.
         *
         * @param quantizers G, at least 1
         * @return this
         */
        public Builder groups(int quantizers) {
            this.groups = Require.atLeast(1, SUBJECT, "groups", quantizers, "");
            return this;
        }

        /**
         * Sets the number of vectors of each quantizer. Default: 8.
         *
         * @param vectors m, at least 2
         * @return this
         */
        public Builder units(int vectors) {
            this.units = Require.atLeast(2, SUBJECT, "units", vectors, "");
            return this;
        }

        /**
         * Sets the precision to which data are told. It also bounds σ from below: a smaller deviation cannot be seen.
         *
         * @param precision t, above 0, in the unit of the data
         * @return this
         */
        public Builder quantum(double precision) {
            this.quantum = Require.positive(SUBJECT, "quantum", precision, "use the resolution of the data");
            return this;
        }

        /**
         * Sets the maximum number of iterations. Default: 50. Fitting ends earlier where the length no longer falls.
         *
         * @param most at least 1
         * @return this
         */
        public Builder iterations(int most) {
            this.iterations = Require.atLeast(1, SUBJECT, "iterations", most, "");
            return this;
        }

        /**
         * Sets the seed of the first vectors. Default: 0.
         *
         * @param seed any number
         * @return this
         */
        public Builder seed(long seed) {
            this.seed = seed;
            return this;
        }

        /**
         * Fits a quantizer.
         *
         * @param data x, {@code [N, d]}, at least as many rows as vectors in a group
         * @return the quantizer
         * @throws IllegalArgumentException if the quantum was not set, or there are too few rows
         */
        public FactorialVectorQuantizer fit(INDArray data) {
            Require.positive(SUBJECT, "quantum", quantum, "use the resolution of the data");
            double[][] x = matrix(data);
            Require.that(
                    x.length >= units,
                    SUBJECT,
                    "there must be at least " + units + " rows",
                    x.length,
                    "use fewer units");
            FactorialFit fit = new FactorialFit(x, groups, units, quantum, seed);
            return new FactorialVectorQuantizer(fit.model(), fit.run(iterations));
        }
    }
}
