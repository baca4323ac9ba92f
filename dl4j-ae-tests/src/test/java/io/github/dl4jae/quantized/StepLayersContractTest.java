package io.github.dl4jae.quantized;

import io.github.dl4jae.testing.Clause;
import io.github.dl4jae.testing.LayerContract;
import java.util.stream.Stream;
import org.deeplearning4j.nn.conf.CNN2DFormat;
import org.deeplearning4j.nn.conf.inputs.InputType;
import org.deeplearning4j.nn.conf.layers.Layer;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Everything that networks need of scalar quantization and binary codes, with the gradients of their surrogates. */
class StepLayersContractTest {

    private static BinaryCodeLayer.Builder bits(BinarySampling sampling) {
        return new BinaryCodeLayer.Builder().sampling(sampling);
    }

    @Tag("slow")
    @Test
    void contract_ofScalarQuantization_holds() {
        LayerContract.of(new FiniteScalarQuantizationLayer.Builder()
                        .levels(8, 5, 3, 2)
                        .build())
                .input(InputType.feedForward(4))
                .straightThrough()
                .verify();
    }

    /** A relaxed sample is differentiable. A frozen layer gives bits, as those of the contract of rounded samples. */
    @Tag("slow")
    @Test
    void contract_ofRelaxedBits_holdsWithoutASurrogate() {
        LayerContract.of(bits(BinarySampling.CONCRETE).temperature(0.5).build())
                .differsAtTestTime()
                .without(Clause.FROZEN)
                .verify();
    }

    static Stream<Arguments> others() {
        Layer levels = new FiniteScalarQuantizationLayer.Builder().levels(5, 4).build();
        return Stream.of(
                Arguments.of(levels, InputType.recurrent(2, 3), false),
                Arguments.of(levels, InputType.convolutional(2, 3, 2), false),
                Arguments.of(levels, InputType.convolutional(2, 3, 2, CNN2DFormat.NHWC), false),
                Arguments.of(bits(BinarySampling.THRESHOLD).build(), InputType.feedForward(6), false),
                Arguments.of(bits(BinarySampling.BERNOULLI).build(), InputType.recurrent(3, 3), true),
                Arguments.of(bits(BinarySampling.BERNOULLI).build(), InputType.convolutional(2, 3, 2), true),
                Arguments.of(bits(BinarySampling.CONCRETE).hard(true).build(), InputType.feedForward(6), true));
    }

    @Tag("slow")
    @ParameterizedTest
    @MethodSource("others")
    void contract_ofOtherOptionsAndInputs_holds(Layer layer, InputType input, boolean noisy) {
        LayerContract contract = LayerContract.of(layer).input(input).straightThrough();
        (noisy ? contract.differsAtTestTime() : contract).verify();
    }
}
