package io.github.dl4jae.quantized;

import io.github.dl4jae.testing.LayerContract;
import java.util.stream.Stream;
import org.deeplearning4j.nn.conf.CNN2DFormat;
import org.deeplearning4j.nn.conf.RNNFormat;
import org.deeplearning4j.nn.conf.inputs.InputType;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Everything that networks need of the layer, with the gradient of the surrogate z + (q − z). */
class VectorQuantizationLayerContractTest {

    private static VectorQuantizationLayer.Builder layer() {
        return new VectorQuantizationLayer.Builder().codes(3);
    }

    @Tag("slow")
    @Test
    void contract_ofFeatures_holds() {
        LayerContract.of(layer().build()).straightThrough().verify();
    }

    static Stream<Arguments> others() {
        return Stream.of(
                Arguments.of(layer().stages(2).commitment(0.7).build(), InputType.feedForward(6)),
                Arguments.of(layer().kMeansStart(false).expiry(0).build(), InputType.feedForward(6)),
                Arguments.of(layer().codes(9).decay(0.5).build(), InputType.feedForward(6)),
                Arguments.of(layer().stages(2).build(), InputType.recurrent(3, 3)),
                Arguments.of(layer().build(), InputType.recurrent(3, 3, RNNFormat.NWC)),
                Arguments.of(layer().build(), InputType.convolutional(2, 3, 2)),
                Arguments.of(layer().build(), InputType.convolutional(2, 3, 2, CNN2DFormat.NHWC)));
    }

    @Tag("slow")
    @ParameterizedTest
    @MethodSource("others")
    void contract_ofOtherOptionsAndInputs_holds(VectorQuantizationLayer layer, InputType input) {
        LayerContract.of(layer).input(input).straightThrough().verify();
    }
}
