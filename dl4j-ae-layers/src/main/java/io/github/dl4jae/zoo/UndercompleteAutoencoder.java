package io.github.dl4jae.zoo;

import io.github.dl4jae.dense.FastDenseLayer;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration.ListBuilder;
import org.nd4j.linalg.activations.Activation;

/**
 * An autoencoder whose code has fewer units than the example has values, and is linear.
 *
 * <pre>
 * h = W f(x) + b        √d units if code(…) is left out
 * </pre>
 *
 * <p>When to use it: compression, visualization, anomaly detection. A linear one without hidden layers spans the space
 * of the principal components (Baldi and Hornik 1989).
 */
public final class UndercompleteAutoencoder extends ZooAutoencoder {

    private UndercompleteAutoencoder(Builder builder) {
        super(builder, fewUnits(builder), builder.shape.body().defaultHidden());
    }

    @Override
    void addCode(ListBuilder layers) {
        layers.layer(new FastDenseLayer.Builder()
                .name(CODE)
                .nOut(code())
                .activation(Activation.IDENTITY)
                .build());
    }

    /** Builds {@link UndercompleteAutoencoder}. */
    public static final class Builder extends ZooAutoencoder.Builder<Builder> {

        /**
         * Creates a builder.
         *
         * @param shape the shape of the examples
         * @throws IllegalArgumentException if it is null
         */
        public Builder(DataShape shape) {
            super("UndercompleteAutoencoder", shape);
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
        public UndercompleteAutoencoder build() {
            return new UndercompleteAutoencoder(this);
        }
    }
}
