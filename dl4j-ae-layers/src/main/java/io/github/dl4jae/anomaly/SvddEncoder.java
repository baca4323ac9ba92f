package io.github.dl4jae.anomaly;

import io.github.dl4jae.convolutional.FastActivationLayer;
import io.github.dl4jae.convolutional.FastBatchNormalizationLayer;
import io.github.dl4jae.convolutional.FastConvolutionLayer;
import io.github.dl4jae.convolutional.FastSubsamplingLayer;
import io.github.dl4jae.dense.FastDenseLayer;
import io.github.dl4jae.internal.layer.Require;
import io.github.dl4jae.updater.FastAdam;
import org.deeplearning4j.nn.conf.MultiLayerConfiguration;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration.ListBuilder;
import org.deeplearning4j.nn.conf.inputs.InputType;
import org.deeplearning4j.nn.weights.WeightInit;
import org.nd4j.linalg.activations.Activation;
import org.nd4j.linalg.learning.config.IUpdater;

/**
 * Encoders for {@link DeepSvdd}: without biases, with leaky rectified units and a linear code.
 *
 * <pre>
 * features   dense layers
 * images     per hidden layer: convolution 5 × 5, batch normalization without offset, leaky ReLU, 2 × 2 max pooling
 * both       a dense layer for the code, the layer {@code "code"}
 * </pre>
 *
 * <p>Images are rows, {@code [N, channels · height · width]}, as in {@code DataShape.image}.
 */
public final class SvddEncoder {

    private static final String NAME = "SvddEncoder";
    private static final int FILTER = 5;

    private SvddEncoder() {}

    /** Builds the configuration of an encoder. */
    public static final class Builder {
        private final InputType input;
        private final boolean images;
        private int[] hidden;
        private int code = 32;
        private IUpdater updater = new FastAdam(1e-3);
        private double weightDecay = 1e-6;
        private long seed = 42;

        /**
         * Creates a builder of an encoder of rows of numbers. Default: one hidden layer, half as wide as the input, but
         * of 64 to 1024 units.
         *
         * @param features the number of values in a row, at least 1
         * @throws IllegalArgumentException if it is below 1
         */
        public Builder(int features) {
            Require.atLeast(1, NAME, "features", features, "");
            this.input = InputType.feedForward(features);
            this.images = false;
            this.hidden = new int[] {Math.max(64, Math.min(1024, features / 2))};
        }

        /**
         * Creates a builder of an encoder of images. Default: two hidden layers of 8 and 4 channels, as in the paper's
         * network for MNIST. The paper has 32, 64 and 128 for color images of 32 × 32.
         *
         * @param height the number of rows of pixels, at least 4
         * @param width the number of columns of pixels, at least 4
         * @param channels 1 for gray, 3 for colors
         * @throws IllegalArgumentException if a number is too small
         */
        public Builder(int height, int width, int channels) {
            Require.atLeast(4, NAME, "height", height, "");
            Require.atLeast(4, NAME, "width", width, "");
            Require.atLeast(1, NAME, "channels", channels, "");
            this.input = InputType.convolutionalFlat(height, width, channels);
            this.images = true;
            this.hidden = new int[] {8, 4};
        }

        /**
         * Sets the hidden layers.
         *
         * @param widths the units of dense layers, or the channels of convolutions, at least 1 each; none connects the
         *     input with the code
         * @return this
         * @throws IllegalArgumentException if one is below 1
         */
        public Builder hidden(int... widths) {
            for (int width : Require.given(NAME, "hidden", widths, "")) {
                Require.atLeast(1, NAME, "hidden", width, "leave empty layers out");
            }
            this.hidden = widths.clone();
            return this;
        }

        /**
         * Sets the number of values of the code. Default: 32.
         *
         * @param units at least 1
         * @return this
         * @throws IllegalArgumentException if it is below 1
         */
        public Builder code(int units) {
            this.code = Require.atLeast(1, NAME, "code", units, "");
            return this;
        }

        /**
         * Sets the updater. Default: {@code new FastAdam(0.001)}.
         *
         * @param updater the updater
         * @return this
         * @throws IllegalArgumentException if it is null
         */
        public Builder updater(IUpdater updater) {
            this.updater = Require.given(NAME, "updater", updater, "such as new FastAdam(1e-3)");
            return this;
        }

        /**
         * Sets the weight decay λ of λ/2·Σ‖W‖². Default: 1e-6, as in the paper.
         *
         * @param factor at least 0
         * @return this
         * @throws IllegalArgumentException if it is negative or not finite
         */
        public Builder weightDecay(double factor) {
            this.weightDecay = Require.nonNegative(NAME, "weightDecay", factor, "");
            return this;
        }

        /**
         * Sets the seed of the initial weights. Default: 42.
         *
         * @param seed any number
         * @return this
         */
        public Builder seed(long seed) {
            this.seed = seed;
            return this;
        }

        /**
         * Returns the configuration, to which layers can be added for pretraining of one's own.
         *
         * @return a new configuration of the encoder alone
         * @throws IllegalArgumentException if images are too small for the number of hidden layers
         */
        public MultiLayerConfiguration build() {
            ListBuilder layers = new NeuralNetConfiguration.Builder()
                    .seed(seed)
                    .weightInit(WeightInit.XAVIER)
                    .updater(updater)
                    .l2(weightDecay)
                    .list();
            if (images) {
                addConvolutions(layers);
            } else {
                for (int width : hidden) {
                    layers.layer(dense(width, Activation.LEAKYRELU).build());
                }
            }
            layers.layer(dense(code, Activation.IDENTITY).name("code").build());
            return layers.setInputType(input).build();
        }

        private static FastDenseLayer.Builder dense(int width, Activation activation) {
            return new FastDenseLayer.Builder().nOut(width).hasBias(false).activation(activation);
        }

        private void addConvolutions(ListBuilder layers) {
            InputType.InputTypeConvolutionalFlat image = (InputType.InputTypeConvolutionalFlat) input;
            Require.that(
                    Math.min(image.getHeight(), image.getWidth()) >> hidden.length > 0,
                    NAME,
                    "the sides of images must be at least " + (1L << hidden.length) + ", because each of the "
                            + hidden.length + " hidden layers halves them",
                    image.getHeight() + " × " + image.getWidth(),
                    "set fewer hidden layers");
            for (int channels : hidden) {
                layers.layer(new FastConvolutionLayer.Builder(FILTER, FILTER)
                        .nOut(channels)
                        .padding(FILTER / 2, FILTER / 2)
                        .hasBias(false)
                        .activation(Activation.IDENTITY)
                        .build());
                layers.layer(new FastBatchNormalizationLayer.Builder()
                        .lockGammaBeta(true)
                        .build());
                layers.layer(new FastActivationLayer.Builder()
                        .activation(Activation.LEAKYRELU)
                        .build());
                layers.layer(new FastSubsamplingLayer.Builder(2, 2).stride(2, 2).build());
            }
        }
    }
}
