package io.github.dl4jae.zoo;

import org.deeplearning4j.nn.conf.NeuralNetConfiguration.ListBuilder;
import org.deeplearning4j.nn.conf.dropout.IDropout;
import org.deeplearning4j.nn.conf.inputs.InputType;
import org.jspecify.annotations.Nullable;

/** The layers around a code, which is a vector. */
interface Body {

    InputType inputType();

    /** Returns the widths of the hidden layers of the encoder if none are given; the decoder has them reversed. */
    int[] defaultHidden();

    /**
     * Adds the layers from the input to the code.
     *
     * @param hidden the widths of the hidden layers
     * @param corruption the noise of the input in training, or null
     */
    void encode(ListBuilder layers, int[] hidden, @Nullable IDropout corruption);

    /**
     * Adds the layers from the code to the output.
     *
     * @param hidden the widths of the hidden layers of the encoder
     */
    void decode(ListBuilder layers, int[] hidden, DataShape.Reconstruction reconstruction);
}
