package io.github.dl4jae.dictionary;

import io.github.dl4jae.testing.Clause;
import io.github.dl4jae.testing.LayerContract;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The gradients of encoders whose loss is differentiable almost everywhere, and everything else that networks need. */
@Tag("slow")
class DictionaryLayerContractTest {

    private static DictionaryLayer.Builder layer(DictionaryEncoder encoder) {
        return new DictionaryLayer.Builder().nOut(4).units(9).encoder(encoder).unitNorm(false);
    }

    static Stream<DictionaryLayer> smooth() {
        return Stream.of(
                layer(new TopKEncoder(3)).build(),
                layer(new AbsTopKEncoder(3)).build(),
                layer(new L1Encoder(0.3)).build(),
                layer(new MatchingPursuitEncoder(3)).nOut(6).build(),
                layer(new TopKEncoder(4)).nOut(6).matryoshka(2, 5).build(),
                layer(new TopKEncoder(3)).skip(true).build(),
                layer(new TopKEncoder(3)).nOut(6).build(),
                layer(new L1Encoder(0.2)).nOut(6).matryoshka(3).build());
    }

    @ParameterizedTest
    @MethodSource("smooth")
    void contract_ofDifferentiableEncoders_holds(DictionaryLayer layer) {
        LayerContract.verify(layer);
    }

    static Stream<DictionaryLayer> straightThrough() {
        return Stream.of(
                layer(JumpReLUEncoder.step(0.3)).build(),
                layer(JumpReLUEncoder.targetL0(3, 0.3)).nOut(6).build(),
                layer(JumpReLUEncoder.tanh(0.3)).matryoshka(3).build(),
                layer(new GatedEncoder(0.3)).nOut(6).build());
    }

    /** DeclaredSurrogatesTest checks their gradients, which are not those of the score. */
    @ParameterizedTest
    @MethodSource("straightThrough")
    void contract_ofStraightThroughEncoders_holdsButForTheGradient(DictionaryLayer layer) {
        LayerContract.of(layer).without(Clause.GRADIENT).verify();
    }

    @Test
    void contract_ofBatchTopK_holds() {
        LayerContract.of(layer(new BatchTopKEncoder(3)).nOut(6).build())
                .differsAtTestTime()
                .verify();
    }
}
