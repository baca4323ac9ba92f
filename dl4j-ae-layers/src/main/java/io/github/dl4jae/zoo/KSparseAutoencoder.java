package io.github.dl4jae.zoo;

import io.github.dl4jae.dense.FastDenseLayer;
import io.github.dl4jae.internal.layer.Require;
import io.github.dl4jae.sparse.TopKLayer;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration.ListBuilder;
import org.jspecify.annotations.Nullable;
import org.nd4j.linalg.activations.Activation;
import org.nd4j.linalg.schedule.FixedSchedule;
import org.nd4j.linalg.schedule.ISchedule;

/**
 * An autoencoder whose code keeps the k largest of many units.
 *
 * <pre>
 * h = topk(W f(x) + b)
 * </pre>
 *
 * <p>Default: twice as many units as values, up to 8192, of which the square root of the number of values are kept; no
 * hidden layers for vectors.
 *
 * <p>When to use it: interpretable features, dictionaries of the activations of other networks.
 *
 * @see <a href="https://arxiv.org/abs/1312.5663">Makhzani and Frey 2014</a>
 */
public final class KSparseAutoencoder extends ZooAutoencoder {

    private final ISchedule k;

    private KSparseAutoencoder(Builder builder) {
        super(builder, manyUnits(builder), hiddenOfSparse(builder));
        this.k = builder.k == null ? new FixedSchedule(Math.min(fewUnits(builder), code())) : builder.k;
    }

    @Override
    void addCode(ListBuilder layers) {
        layers.layer(new FastDenseLayer.Builder()
                        .nOut(code())
                        .activation(Activation.IDENTITY)
                        .build())
                .layer(new TopKLayer.Builder().name(CODE).k(k).build());
    }

    /** Builds {@link KSparseAutoencoder}. */
    public static final class Builder extends ZooAutoencoder.Builder<Builder> {
        private @Nullable ISchedule k;

        /**
         * Creates a builder.
         *
         * @param shape the shape of the examples
         * @throws IllegalArgumentException if it is null
         */
        public Builder(DataShape shape) {
            super("KSparseAutoencoder", shape);
        }

        /**
         * Sets the number of units that are kept.
         *
         * @param k at least 1
         * @return this
         * @throws IllegalArgumentException if it is below 1
         */
        public Builder k(int k) {
            return k(new FixedSchedule(Require.atLeast(1, subject, "k", k, "")));
        }

        /**
         * Sets the number of units that are kept over time; more of them in the beginning keeps units alive.
         *
         * @param k values of at least 1
         * @return this
         * @throws IllegalArgumentException if it is null
         */
        public Builder k(ISchedule k) {
            this.k = Require.given(subject, "k", k, "pass a number");
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
        public KSparseAutoencoder build() {
            return new KSparseAutoencoder(this);
        }
    }
}
