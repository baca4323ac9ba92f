package io.github.dl4jae.zoo;

import io.github.dl4jae.internal.layer.Require;
import io.github.dl4jae.variational.GaussianLatentLayer;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration.ListBuilder;
import org.nd4j.linalg.schedule.FixedSchedule;
import org.nd4j.linalg.schedule.ISchedule;

/**
 * A variational autoencoder: the code is a Gaussian distribution, and new examples can be drawn.
 *
 * <pre>
 * q(z|x) = N(μ(x), σ²(x)),  L = −E_q ln p(x|z) + β KL(q(z|x) ‖ N(0, I))
 * </pre>
 *
 * <p>Default: √d latents, β = 1. {@code VariationalModel.of(network, ZooAutoencoder.CODE)} draws examples and estimates
 * likelihoods. The loss must be a negative log-likelihood of {@code io.github.dl4jae.likelihood}.
 *
 * @see <a href="https://arxiv.org/abs/1312.6114">Kingma and Welling 2014</a>
 */
public final class VariationalAutoencoder extends ZooAutoencoder {

    private final ISchedule beta;

    private VariationalAutoencoder(Builder builder) {
        super(builder, fewUnits(builder), builder.shape.body().defaultHidden());
        this.beta = builder.beta;
    }

    @Override
    boolean needsLikelihood() {
        return true;
    }

    @Override
    void addCode(ListBuilder layers) {
        layers.layer(new GaussianLatentLayer.Builder()
                .name(CODE)
                .nOut(code())
                .beta(beta)
                .build());
    }

    /** Builds {@link VariationalAutoencoder}. */
    public static final class Builder extends ZooAutoencoder.Builder<Builder> {
        private ISchedule beta = new FixedSchedule(1);

        /**
         * Creates a builder.
         *
         * @param shape the shape of the examples
         * @throws IllegalArgumentException if it is null
         */
        public Builder(DataShape shape) {
            super("VariationalAutoencoder", shape);
        }

        /**
         * Sets the weight of the divergence. Default: 1.
         *
         * @param beta at least 0
         * @return this
         * @throws IllegalArgumentException if it is negative
         */
        public Builder beta(double beta) {
            return beta(new FixedSchedule(Require.nonNegative(subject, "beta", beta, "")));
        }

        /**
         * Sets the weight of the divergence over time, such as a warm-up.
         *
         * @param beta values of at least 0
         * @return this
         * @throws IllegalArgumentException if it is null
         */
        public Builder beta(ISchedule beta) {
            this.beta = Require.given(subject, "beta", beta, "pass a number");
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
        public VariationalAutoencoder build() {
            return new VariationalAutoencoder(this);
        }
    }
}
