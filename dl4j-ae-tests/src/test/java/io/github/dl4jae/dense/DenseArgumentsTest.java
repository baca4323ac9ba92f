package io.github.dl4jae.dense;

import static io.github.dl4jae.testing.RefusesNull.call;

import io.github.dl4jae.testing.RefusesNull;
import java.util.stream.Stream;
import org.deeplearning4j.nn.conf.ComputationGraphConfiguration;
import org.deeplearning4j.nn.conf.MultiLayerConfiguration;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.junit.jupiter.params.provider.Arguments;
import org.nd4j.linalg.lossfunctions.ILossFunction;
import org.nd4j.linalg.lossfunctions.LossFunctions;

class DenseArgumentsTest implements RefusesNull {

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
                call("graph must be given", () -> FastLayers.convert((ComputationGraph) null)),
                call("configuration must be given", () -> FastLayers.toStock((MultiLayerConfiguration) null)),
                call("configuration must be given", () -> FastLayers.toStock((ComputationGraphConfiguration) null)),
                call("network must be given", () -> FastLayers.toStock((MultiLayerNetwork) null)),
                call("graph must be given", () -> FastLayers.toStock((ComputationGraph) null)));
    }
}
