package io.github.dl4jae.compression;

import io.github.dl4jae.testing.Clause;
import io.github.dl4jae.testing.LayerContract;
import java.util.stream.Stream;
import org.deeplearning4j.nn.conf.CNN2DFormat;
import org.deeplearning4j.nn.conf.inputs.InputType;
import org.junit.jupiter.api.Named;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * The layer keeps the contract of layers. Frozen, it rounds with a straight-through gradient, which is not that of the
 * score: {@link DeclaredSurrogatesTest} checks it.
 */
@Tag("slow")
class FactorizedPriorContractTest {

    private static FactorizedPriorLayer.Builder prior() {
        return new FactorizedPriorLayer.Builder()
                .rateWeight(0.3)
                .initialScale(2)
                .step(0.7);
    }

    static Stream<Named<InputType>> inputs() {
        return Stream.of(
                Named.of("features", InputType.feedForward(5)),
                Named.of("images", InputType.convolutional(3, 2, 2)),
                Named.of("images, channels last", InputType.convolutional(3, 2, 2, CNN2DFormat.NHWC)),
                Named.of("sequences", InputType.recurrent(4, 3)));
    }

    @ParameterizedTest
    @MethodSource("inputs")
    void contract_holds(InputType input) {
        LayerContract.of(prior().build())
                .input(input)
                .differsAtTestTime()
                .without(Clause.FROZEN)
                .verify();
    }

    @Test
    void contractWithoutGradients_holdsForStraightThroughRounding() {
        LayerContract.of(prior().quantization(Quantization.STRAIGHT_THROUGH).build())
                .differsAtTestTime()
                .without(Clause.FROZEN, Clause.GRADIENT, Clause.MASK, Clause.ORDER, Clause.STACKED)
                .verify();
    }
}
