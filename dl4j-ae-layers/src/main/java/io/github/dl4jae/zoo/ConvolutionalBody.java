package io.github.dl4jae.zoo;

import io.github.dl4jae.convolutional.FastConvolutionLayer;
import io.github.dl4jae.convolutional.FastDeconvolutionLayer;
import io.github.dl4jae.dense.FastDenseLayer;
import io.github.dl4jae.dense.FastLossLayer;
import io.github.dl4jae.internal.layer.Require;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration.ListBuilder;
import org.deeplearning4j.nn.conf.dropout.IDropout;
import org.deeplearning4j.nn.conf.inputs.InputType;
import org.deeplearning4j.nn.conf.preprocessor.FeedForwardToCnnPreProcessor;
import org.jspecify.annotations.Nullable;
import org.nd4j.linalg.activations.Activation;

/** Convolutions of 3×3 with stride 2, and transposed convolutions of 4×4 with stride 2. Images stay rows outside. */
record ConvolutionalBody(int height, int width, int channels) implements Body {

    private static final int SMALLEST_SIDE = 4;

    @Override
    public InputType inputType() {
        return InputType.convolutionalFlat(height, width, channels);
    }

    /** Returns the channels of two layers, or of one where the sides cannot be halved twice. */
    @Override
    public int[] defaultHidden() {
        return height % 4 == 0 && width % 4 == 0 && Math.min(height, width) / 4 >= SMALLEST_SIDE
                ? new int[] {16, 32}
                : new int[] {16};
    }

    @Override
    public void encode(ListBuilder layers, int[] hidden, @Nullable IDropout corruption) {
        int factor = 1 << hidden.length;
        Require.that(
                hidden.length > 0 && height % factor == 0 && width % factor == 0,
                "DataShape",
                "the sides of images must be multiples of " + factor + ", because each of the " + hidden.length
                        + " hidden layers halves them",
                height + " × " + width,
                "set fewer hidden layers, but at least one");
        for (int i = 0; i < hidden.length; i++) {
            FastConvolutionLayer.Builder layer = new FastConvolutionLayer.Builder(3, 3)
                    .nOut(hidden[i])
                    .stride(2, 2)
                    .padding(1, 1);
            if (i == 0 && corruption != null) {
                layer.dropOut(corruption);
            }
            layers.layer(layer.build());
        }
    }

    @Override
    public void decode(ListBuilder layers, int[] hidden, DataShape.Reconstruction reconstruction) {
        int last = hidden[hidden.length - 1];
        int rows = height >> hidden.length;
        int columns = width >> hidden.length;
        layers.layer(new FastDenseLayer.Builder().nOut(last * rows * columns).build());
        layers.inputPreProcessor(layers.getLayerwise().size(), new FeedForwardToCnnPreProcessor(rows, columns, last));
        for (int i = hidden.length - 1; i >= 0; i--) {
            FastDeconvolutionLayer.Builder layer = new FastDeconvolutionLayer.Builder(4, 4)
                    .nOut(i > 0 ? hidden[i - 1] : reconstruction.outputs(channels))
                    .stride(2, 2)
                    .padding(1, 1);
            if (i == hidden.length - 1) {
                layer.nIn(last);
            }
            if (i == 0) {
                layer.activation(Activation.IDENTITY);
            }
            layers.layer(layer.build());
        }
        layers.layer(new FastLossLayer.Builder(reconstruction.loss())
                .activation(reconstruction.activation())
                .build());
    }

    @Override
    public String toString() {
        return "images of " + height + " × " + width + " × " + channels;
    }
}
