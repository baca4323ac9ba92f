package io.github.dl4jae.zoo;

import io.github.dl4jae.concrete.ConcreteSelectorLayer;
import io.github.dl4jae.internal.layer.Require;
import io.github.dl4jae.schedule.GeometricSchedule;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration.ListBuilder;
import org.nd4j.linalg.schedule.ScheduleType;

/**
 * A concrete autoencoder: the code is k of the features, chosen so that the decoder can compute the others.
 *
 * <pre>
 * h_j = Σ_i m_ji x_i,  m_j ~ Concrete(α_j, T)        T falls from 10 to 0.1 over the training
 * </pre>
 *
 * <p>Default: √d features. The number of training steps must be given, because the temperature follows it. For vectors
 * only. {@code ConcreteSelection} trains and restarts one in a single call.
 *
 * @see <a href="https://arxiv.org/abs/1901.09346">Abid, Balin and Zou 2019</a>
 */
public final class ConcreteAutoencoder extends ZooAutoencoder {

    private final int steps;

    private ConcreteAutoencoder(Builder builder) {
        super(builder, fewUnits(builder), builder.shape.body().defaultHidden());
        this.steps = Require.atLeast(
                1, builder.subject, "steps", builder.steps, "set steps(…) to mini-batches per epoch times epochs");
    }

    @Override
    boolean encodesInput() {
        return true;
    }

    @Override
    void addCode(ListBuilder layers) {
        layers.layer(new ConcreteSelectorLayer.Builder()
                .name(CODE)
                .nOut(code())
                .temperature(new GeometricSchedule(ScheduleType.ITERATION, 10, 0.1, steps))
                .inputGradient(false)
                .build());
    }

    /** Builds {@link ConcreteAutoencoder}. */
    public static final class Builder extends ZooAutoencoder.Builder<Builder> {
        private int steps;

        /**
         * Creates a builder.
         *
         * @param shape the shape of the examples
         * @throws IllegalArgumentException if it is null, or not a vector
         */
        public Builder(DataShape shape) {
            super("ConcreteAutoencoder", shape);
            requireVector(this, "features are selected");
        }

        /**
         * Sets the number of training steps. Required.
         *
         * @param steps mini-batches per epoch times epochs, at least 1
         * @return this
         */
        public Builder steps(int steps) {
            this.steps = steps;
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
         * @throws IllegalArgumentException if there are no steps
         */
        public ConcreteAutoencoder build() {
            return new ConcreteAutoencoder(this);
        }
    }
}
