package io.github.dl4jae.dense;

import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import java.util.stream.Stream;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.deeplearning4j.nn.conf.ComputationGraphConfiguration;
import org.deeplearning4j.nn.conf.MultiLayerConfiguration;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.nd4j.linalg.lossfunctions.ILossFunction;
import org.nd4j.linalg.lossfunctions.LossFunctions;

class DenseArgumentsTest {

    private static Arguments call(String name, ThrowingCallable call) {
        return arguments(name, call);
    }

    static Stream<Arguments> nulls() {
        return Stream.of(
                call("tiedTo must be the name of a FastDenseLayer", () -> new TransposedDenseLayer.Builder(null)),
                call("loss must be given", () -> new FastOutputLayer.Builder((LossFunctions.LossFunction) null)),
                call("loss must be given", () -> new FastOutputLayer.Builder()
                        .lossFunction((ILossFunction) null)
                        .build()),
                call("configuration must be given", () -> FastLayers.convert((MultiLayerConfiguration) null)),
                call("configuration must be given", () -> FastLayers.convert((ComputationGraphConfiguration) null)),
                call("network must be given", () -> FastLayers.convert((MultiLayerNetwork) null)),
                call("graph must be given", () -> FastLayers.convert((ComputationGraph) null)));
    }

    @ParameterizedTest
    @MethodSource("nulls")
    void null_isRefusedByName(String message, ThrowingCallable call) {
        assertThatThrownBy(call)
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining(message + ", got null");
    }
}
