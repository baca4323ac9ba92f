package io.github.dl4jae.sparse;

import java.util.stream.Stream;
import org.deeplearning4j.nn.conf.CNN2DFormat;
import org.deeplearning4j.nn.conf.RNNFormat;
import org.deeplearning4j.nn.conf.inputs.InputType;

/** Inputs of layers that treat every position alike, with four channels. */
final class InputTypes {

    private InputTypes() {}

    /** Returns sequences and images in both memory formats. */
    static Stream<InputType> sequencesAndImages() {
        return Stream.of(
                InputType.recurrent(4, 3),
                InputType.recurrent(4, 3, RNNFormat.NWC),
                InputType.convolutional(3, 3, 4),
                InputType.convolutional(3, 3, 4, CNN2DFormat.NHWC));
    }

    /** Returns vectors too. */
    static Stream<InputType> all() {
        return Stream.concat(Stream.of(InputType.feedForward(6)), sequencesAndImages());
    }
}
