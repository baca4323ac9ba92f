package io.github.dl4jae.zoo;

import io.github.dl4jae.contractive.ContractiveLayer;
import io.github.dl4jae.internal.layer.Require;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration.ListBuilder;
import org.nd4j.linalg.activations.Activation;

/**
 * An autoencoder whose code changes little when the example does.
 *
 * <pre>
 * h = σ(Wᵀx + b),  L + λ ‖∂h/∂x‖²_F
 * </pre>
 *
 * <p>Default: as many units as values, between 16 and 1024; λ = 0.1; no hidden layers, of which the encoder has none.
 * For vectors only.
 *
 * <p>When to use it: features for a classifier, tangents of the data.
 *
 * @see <a href="https://icml.cc/2011/papers/455_icmlpaper.pdf">Rifai et al. 2011</a>
 */
public final class ContractiveAutoencoder extends ZooAutoencoder {

    private final double contraction;

    private ContractiveAutoencoder(Builder builder) {
        super(builder, Math.max(16, Math.min(1024, builder.shape.size())));
        this.contraction = builder.contraction;
    }

    @Override
    boolean encodesInput() {
        return true;
    }

    @Override
    void addCode(ListBuilder layers) {
        layers.layer(new ContractiveLayer.Builder()
                .name(CODE)
                .nOut(code())
                .activation(Activation.SIGMOID)
                .contraction(contraction)
                .inputGradient(false)
                .build());
    }

    /** Builds {@link ContractiveAutoencoder}. */
    public static final class Builder extends ZooAutoencoder.Builder<Builder> {
        private double contraction = 0.1;

        /**
         * Creates a builder.
         *
         * @param shape the shape of the examples
         * @throws IllegalArgumentException if it is null, or not a vector
         */
        public Builder(DataShape shape) {
            super("ContractiveAutoencoder", shape);
            requireVector(this, "the penalty is on the derivative by the example");
        }

        /**
         * Sets the weight of the penalty. Default: 0.1.
         *
         * @param lambda λ, at least 0
         * @return this
         * @throws IllegalArgumentException if it is negative
         */
        public Builder contraction(double lambda) {
            this.contraction = Require.nonNegative(subject, "contraction", lambda, "");
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
         */
        public ContractiveAutoencoder build() {
            return new ContractiveAutoencoder(this);
        }
    }
}
