package io.github.dl4jae.anomaly;

import io.github.dl4jae.internal.inference.Batches;
import io.github.dl4jae.internal.layer.Require;
import io.github.dl4jae.training.ProgressListener;
import io.github.dl4jae.training.Trainer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * Trains an autoencoder on data with anomalies, which it separates from the rest: a robust deep autoencoder.
 *
 * <pre>
 * minimize ‖L − D(E(L))‖₂ + λ·penalty(S)   subject to   X = L + S
 *
 * S := 0;  in every round
 *   L := X − S;  train E and D on L for some epochs
 *   L := D(E(L))
 *   S := prox_λ(X − L)                        see {@link RobustPenalty#shrink}
 * until  c₁ = ‖X − L − S‖ / ‖X‖ &lt; ε  and  c₂ = ‖(L + S) − (L + S of the round before)‖ / ‖X‖ &lt; ε
 * </pre>
 *
 * <p>Norms of matrices are Frobenius norms. L + S begins as X. An ordinary autoencoder adapts to the anomalies of its
 * training data. This one sees less of them from round to round.
 *
 * <p><b>Scale of λ.</b> λ is the threshold of the proximal operator itself, in the unit of the examples: with
 * {@code VALUES}, errors of at most λ are no outliers; with {@code ROWS}, rows whose error has a Euclidean norm of at
 * most λ; with {@code COLUMNS}, columns likewise, so this λ grows with √N. This is the paper's Algorithm 1, and its
 * authors' program for ℓ2,1. Their program for ℓ1 divides λ by μ = N·d / (4·max_j Σ_i |X_ij|), which this class does
 * not. As in both programs, λ does not depend on the autoencoder's loss.
 *
 * <p>Too large a λ finds nothing and trains an ordinary autoencoder. Too small a λ moves all data into S. A λ near the
 * error of typical rows after ordinary training is a good start.
 *
 * <pre>{@code
 * RobustDecomposition found = new RobustAutoencoder.Builder(network, RobustPenalty.ROWS, 2.5).build().fit(x);
 * double[] scores = found.rowScores();                                  // 0 for rows without outliers
 * Autoencoder autoencoder = Autoencoders.of(found.network(), "code");   // for new examples
 * }</pre>
 *
 * <p>The network's own loss measures ‖L − D(E(L))‖; use a squared error. L can leave the range of X, so likelihoods of
 * values in [0, 1] do not suit.
 *
 * <p>When not to use it: with clean training data, where λ is one more option to choose and gains nothing. New examples
 * are scored by their reconstruction error, not by a decomposition.
 *
 * @see <a href="https://dl.acm.org/doi/10.1145/3097983.3098052">Zhou and Paffenroth 2017, Anomaly detection with robust
 *     deep autoencoders</a>
 */
public final class RobustAutoencoder {

    private static final String NAME = "RobustAutoencoder";

    private final MultiLayerNetwork network;
    private final RobustPenalty penalty;
    private final double lambda;
    private final int rounds;
    private final int epochs;
    private final int batch;
    private final double tolerance;
    private final long seed;
    private final List<ProgressListener> listeners;

    private RobustAutoencoder(Builder builder) {
        this.network = builder.network;
        this.penalty = builder.penalty;
        this.lambda = builder.lambda;
        this.rounds = builder.rounds;
        this.epochs = builder.epochs;
        this.batch = builder.batch;
        this.tolerance = builder.tolerance;
        this.seed = builder.seed;
        this.listeners = List.copyOf(builder.listeners);
    }

    /**
     * Trains the network and decomposes the examples.
     *
     * @param examples X, {@code [N, d]}, finite and not all 0; not changed
     * @return L, S and the network
     * @throws IllegalArgumentException if the examples are no such matrix, or the network does not return {@code [N,
     *     d]}
     * @throws io.github.dl4jae.training.TrainingDivergedException if NaN or infinity appears in training
     */
    public RobustDecomposition fit(INDArray examples) {
        INDArray X = checked(examples);
        double norm = norm(X);
        Require.that(norm > 0, NAME, "examples must not all be 0", "only zeros", "");
        INDArray L = X;
        INDArray S = X.like();
        INDArray sumBefore = X;
        double remainder = Double.NaN;
        double change = Double.NaN;
        int round = 0;
        boolean converged = false;
        while (round < rounds && !converged) {
            L = X.sub(S);
            train(L, round);
            L = reconstructed(L);
            S = penalty.shrink(X.sub(L), lambda);
            INDArray sum = L.add(S);
            remainder = norm(X.sub(sum)) / norm;
            change = norm(sumBefore.sub(sum)) / norm;
            converged = remainder < tolerance && change < tolerance;
            sumBefore = sum;
            round++;
        }
        return new RobustDecomposition(network, L, S, round, remainder, change, converged);
    }

    private INDArray checked(INDArray examples) {
        Batches.requireRows(NAME, "examples", examples);
        Require.that(
                examples.rank() == 2,
                NAME,
                "examples must be rows [N, d]",
                Arrays.toString(examples.shape()),
                "reshape them; networks for images can take rows, too (InputType.convolutionalFlat)");
        ExampleBatches.requireFinite(NAME, examples);
        INDArray X = examples.castTo(DataType.FLOAT).dup('c');
        INDArray one = network.output(Batches.copy(X, 0, 1, type()), false);
        Require.that(
                one.rank() == 2 && one.size(1) == X.size(1),
                NAME,
                "the network's output must have the shape of its input, [N, " + X.size(1) + "]",
                Arrays.toString(one.shape()) + " for one example",
                "end it with a squared error of " + X.size(1) + " values");
        return X;
    }

    private DataType type() {
        return network.getLayerWiseConfigurations().getDataType();
    }

    private void train(INDArray L, int round) {
        ExampleBatches batches = new ExampleBatches(L, type(), batch, seed);
        new Trainer.Builder(network, batches.labeled(x -> x, round * epochs))
                .epochs(epochs)
                .listener(listeners.toArray(ProgressListener[]::new))
                .build()
                .fit();
    }

    private INDArray reconstructed(INDArray rows) {
        return Batches.of(rows)
                .join((from, to) -> network.output(Batches.copy(rows, from, to, type()), false))
                .castTo(DataType.FLOAT);
    }

    private static double norm(INDArray matrix) {
        return matrix.castTo(DataType.DOUBLE).norm2Number().doubleValue();
    }

    /** Builds a {@link RobustAutoencoder}. */
    public static final class Builder {
        private final MultiLayerNetwork network;
        private final RobustPenalty penalty;
        private final double lambda;
        private final List<ProgressListener> listeners = new ArrayList<>();
        private int rounds = 20;
        private int epochs = 10;
        private int batch = 128;
        private double tolerance = 1e-7;
        private long seed = 42;

        /**
         * Creates a builder.
         *
         * @param network an initialized autoencoder whose loss compares with the examples, with a squared error;
         *     {@code fit} trains it
         * @param penalty the kind of outliers
         * @param lambda λ, above 0: errors up to this size are no outliers
         * @throws IllegalArgumentException if an argument is null or out of range, or the network is not initialized
         */
        public Builder(MultiLayerNetwork network, RobustPenalty penalty, double lambda) {
            this.network = Require.given(NAME, "network", network, "");
            Require.that(
                    network.isInitCalled(),
                    NAME,
                    "the network must be initialized",
                    "one without parameters",
                    "call init() on it first");
            this.penalty = Require.given(NAME, "penalty", penalty, "RobustPenalty.ROWS finds unusual examples");
            this.lambda = Require.positive(NAME, "lambda", lambda, "begin with the error of typical rows");
        }

        /**
         * Sets the largest number of rounds. Default: 20.
         *
         * @param largest at least 1
         * @return this
         * @throws IllegalArgumentException if it is below 1
         */
        public Builder rounds(int largest) {
            this.rounds = Require.atLeast(1, NAME, "rounds", largest, "");
            return this;
        }

        /**
         * Sets the number of epochs of a round. Default: 10. The authors' program has 50.
         *
         * @param number at least 1
         * @return this
         * @throws IllegalArgumentException if it is below 1
         */
        public Builder epochsPerRound(int number) {
            this.epochs = Require.atLeast(1, NAME, "epochsPerRound", number, "");
            return this;
        }

        /**
         * Sets the number of examples in a mini-batch. Default: 128.
         *
         * @param examples at least 1
         * @return this
         * @throws IllegalArgumentException if it is below 1
         */
        public Builder batch(int examples) {
            this.batch = Require.atLeast(1, NAME, "batch", examples, "");
            return this;
        }

        /**
         * Sets the tolerance of the stopping rules. Default: 1e-7, as in the authors' program, which rarely stops
         * before the last round.
         *
         * @param epsilon ε, at least 0
         * @return this
         * @throws IllegalArgumentException if it is negative or not finite
         */
        public Builder tolerance(double epsilon) {
            this.tolerance = Require.nonNegative(NAME, "tolerance", epsilon, "");
            return this;
        }

        /**
         * Sets the seed of the order of the examples. Default: 42.
         *
         * @param seed any number
         * @return this
         */
        public Builder seed(long seed) {
            this.seed = seed;
            return this;
        }

        /**
         * Adds listeners, which receive a training for each round.
         *
         * @param added are called on the thread of {@code fit}
         * @return this
         * @throws IllegalArgumentException if one is null
         */
        public Builder listener(ProgressListener... added) {
            for (ProgressListener each : added) {
                listeners.add(Require.given(NAME, "listener", each, ""));
            }
            return this;
        }

        /**
         * Builds the trainer.
         *
         * @return the trainer
         */
        public RobustAutoencoder build() {
            return new RobustAutoencoder(this);
        }
    }
}
