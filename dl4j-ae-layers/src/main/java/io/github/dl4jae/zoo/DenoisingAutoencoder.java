package io.github.dl4jae.zoo;

import io.github.dl4jae.denoising.GaussianCorruption;
import io.github.dl4jae.denoising.MaskingNoise;
import io.github.dl4jae.dense.FastDenseLayer;
import io.github.dl4jae.internal.layer.Require;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration.ListBuilder;
import org.deeplearning4j.nn.conf.dropout.IDropout;
import org.jspecify.annotations.Nullable;
import org.nd4j.linalg.activations.Activation;

/**
 * An autoencoder that is trained to reconstruct clean examples from corrupted ones.
 *
 * <pre>
 * x̃ ~ noise(x),  h = W f(x̃) + b,  L(x, g(h))
 * </pre>
 *
 * <p>The noise acts in training only. Default: masking a fifth of the values, or for standardized numbers Gaussian
 * noise with σ = 0.3.
 *
 * <p>When to use it: features that survive noise, restoration of images, tables with gaps.
 *
 * @see <a href="https://www.jmlr.org/papers/v11/vincent10a.html">Vincent et al. 2010</a>
 */
public final class DenoisingAutoencoder extends ZooAutoencoder {

    private final IDropout corruption;

    private DenoisingAutoencoder(Builder builder) {
        super(builder, fewUnits(builder), builder.shape.body().defaultHidden());
        this.corruption = builder.corruption != null
                ? builder.corruption
                : builder.shape.isNumeric()
                        ? new GaussianCorruption(0.3, builder.seed())
                        : new MaskingNoise(0.2, builder.seed());
    }

    @Override
    IDropout corruption() {
        return corruption;
    }

    @Override
    void addCode(ListBuilder layers) {
        layers.layer(new FastDenseLayer.Builder()
                .name(CODE)
                .nOut(code())
                .activation(Activation.IDENTITY)
                .build());
    }

    /** Builds {@link DenoisingAutoencoder}. */
    public static final class Builder extends ZooAutoencoder.Builder<Builder> {
        private @Nullable IDropout corruption;

        /**
         * Creates a builder.
         *
         * @param shape the shape of the examples
         * @throws IllegalArgumentException if it is null
         */
        public Builder(DataShape shape) {
            super("DenoisingAutoencoder", shape);
        }

        /**
         * Sets the noise.
         *
         * @param corruption such as {@code new MaskingNoise(0.5)}
         * @return this
         * @throws IllegalArgumentException if it is null
         */
        public Builder corruption(IDropout corruption) {
            this.corruption = Require.given(subject, "corruption", corruption, "such as new MaskingNoise(0.5)");
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
        public DenoisingAutoencoder build() {
            return new DenoisingAutoencoder(this);
        }
    }
}
