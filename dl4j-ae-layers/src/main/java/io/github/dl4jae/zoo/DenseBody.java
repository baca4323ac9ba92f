package io.github.dl4jae.zoo;

import io.github.dl4jae.dense.FastDenseLayer;
import io.github.dl4jae.dense.FastOutputLayer;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration.ListBuilder;
import org.deeplearning4j.nn.conf.dropout.IDropout;
import org.deeplearning4j.nn.conf.inputs.InputType;
import org.jspecify.annotations.Nullable;

/** Dense layers, mirrored. */
record DenseBody(int size) implements Body {

    private static final int NARROWEST = 64;
    private static final int WIDEST = 1024;

    @Override
    public InputType inputType() {
        return InputType.feedForward(size);
    }

    /** Returns one layer, half as wide as the input within limits. */
    @Override
    public int[] defaultHidden() {
        return new int[] {Math.max(NARROWEST, Math.min(WIDEST, size / 2))};
    }

    @Override
    public void encode(ListBuilder layers, int[] hidden, @Nullable IDropout corruption) {
        for (int i = 0; i < hidden.length; i++) {
            FastDenseLayer.Builder layer = new FastDenseLayer.Builder().nOut(hidden[i]);
            if (i == 0) {
                layer.inputGradient(false);
                if (corruption != null) {
                    layer.dropOut(corruption);
                }
            }
            layers.layer(layer.build());
        }
    }

    @Override
    public void decode(ListBuilder layers, int[] hidden, DataShape.Reconstruction reconstruction) {
        for (int i = hidden.length - 1; i >= 0; i--) {
            layers.layer(new FastDenseLayer.Builder().nOut(hidden[i]).build());
        }
        layers.layer(new FastOutputLayer.Builder(reconstruction.loss())
                .nOut(reconstruction.outputs(size))
                .activation(reconstruction.activation())
                .build());
    }

    @Override
    public String toString() {
        return size + " features";
    }
}
