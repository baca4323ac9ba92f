package io.github.dl4jae.zoo;

import io.github.dl4jae.internal.layer.Require;
import io.github.dl4jae.recurrent.FastLstmLayer;
import io.github.dl4jae.recurrent.FastRepeatVectorLayer;
import io.github.dl4jae.recurrent.FastRnnOutputLayer;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration.ListBuilder;
import org.deeplearning4j.nn.conf.dropout.IDropout;
import org.deeplearning4j.nn.conf.inputs.InputType;
import org.deeplearning4j.nn.conf.layers.recurrent.LastTimeStep;
import org.jspecify.annotations.Nullable;
import org.nd4j.linalg.activations.Activation;

/** LSTMs: the last output of the encoder's is encoded, and the code is repeated for the decoder's. */
record RecurrentBody(int features, int steps) implements Body {

    private static final int UNITS = 64;

    @Override
    public InputType inputType() {
        return InputType.recurrent(features, steps);
    }

    @Override
    public int[] defaultHidden() {
        return new int[] {UNITS};
    }

    @Override
    public void encode(ListBuilder layers, int[] hidden, @Nullable IDropout corruption) {
        Require.that(
                hidden.length > 0,
                "DataShape",
                "sequences must have at least one hidden layer",
                "none",
                "leave hidden(…) out for one of " + UNITS + " units");
        for (int i = 0; i < hidden.length; i++) {
            FastLstmLayer.Builder layer = lstm(hidden[i]);
            if (i == 0 && corruption != null) {
                layer.dropOut(corruption);
            }
            layers.layer(i == hidden.length - 1 ? new LastTimeStep(layer.build()) : layer.build());
        }
    }

    private static FastLstmLayer.Builder lstm(int units) {
        FastLstmLayer.Builder layer = new FastLstmLayer.Builder();
        layer.nOut(units).activation(Activation.TANH);
        return layer;
    }

    @Override
    public void decode(ListBuilder layers, int[] hidden, DataShape.Reconstruction reconstruction) {
        layers.layer(new FastRepeatVectorLayer.Builder(steps).build());
        for (int i = hidden.length - 1; i >= 0; i--) {
            layers.layer(lstm(hidden[i]).build());
        }
        layers.layer(new FastRnnOutputLayer.Builder(reconstruction.loss())
                .nOut(reconstruction.outputs(features))
                .activation(reconstruction.activation())
                .build());
    }

    @Override
    public String toString() {
        return "sequences of " + steps + " × " + features;
    }
}
