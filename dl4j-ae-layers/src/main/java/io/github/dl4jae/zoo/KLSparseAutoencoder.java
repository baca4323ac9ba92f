package io.github.dl4jae.zoo;

import io.github.dl4jae.dense.FastDenseLayer;
import io.github.dl4jae.penalty.KLSparsityPenalty;
import io.github.dl4jae.sparse.ActivityRegularizationLayer;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration.ListBuilder;
import org.nd4j.linalg.activations.Activation;

/**
 * An autoencoder with a sigmoid code whose units are rarely active.
 *
 * <pre>
 * h = σ(W f(x) + b),  L + λ Σ_j KL(ρ ‖ ρ̂_j)        ρ̂_j the mean activation of unit j in the mini-batch
 * </pre>
 *
 * <p>Default: twice as many units as values, up to 8192; ρ = 0.05, λ = 3; no hidden layers for vectors.
 *
 * <p>When to use it: where the classical sparse autoencoder is asked for. {@link KSparseAutoencoder} needs no λ.
 *
 * @see <a href="https://web.stanford.edu/class/cs294a/sparseAutoencoder.pdf">Ng 2011, Sparse autoencoder</a>
 */
public final class KLSparseAutoencoder extends ZooAutoencoder {

    /** The bias at which units begin rarely active. */
    private static final double START = -2;

    private final KLSparsityPenalty penalty;

    private KLSparseAutoencoder(Builder builder) {
        super(builder, manyUnits(builder), hiddenOfSparse(builder));
        this.penalty = new KLSparsityPenalty(builder.rate, builder.weight);
    }

    @Override
    void addCode(ListBuilder layers) {
        layers.layer(new FastDenseLayer.Builder()
                        .name(CODE)
                        .nOut(code())
                        .activation(Activation.SIGMOID)
                        .biasInit(START)
                        .build())
                .layer(new ActivityRegularizationLayer.Builder()
                        .penalty(penalty)
                        .build());
    }

    /** Builds {@link KLSparseAutoencoder}. */
    public static final class Builder extends ZooAutoencoder.Builder<Builder> {
        private double rate = 0.05;
        private double weight = 3;

        /**
         * Creates a builder.
         *
         * @param shape the shape of the examples
         * @throws IllegalArgumentException if it is null
         */
        public Builder(DataShape shape) {
            super("KLSparseAutoencoder", shape);
        }

        /**
         * Sets the penalty.
         *
         * @param rate ρ, the mean activation of a unit, between 0 and 1
         * @param weight λ, at least 0
         * @return this
         */
        public Builder sparsity(double rate, double weight) {
            this.rate = rate;
            this.weight = weight;
            return this;
        }

        @Override
        Builder self() {
            return this;
        }

        /**
         * Creates the autoencoder.
         *
         * @return an immutable value that makes configurations and networks
         * @throws IllegalArgumentException if ρ or λ is out of range
         */
        public KLSparseAutoencoder build() {
            return new KLSparseAutoencoder(this);
        }
    }
}
