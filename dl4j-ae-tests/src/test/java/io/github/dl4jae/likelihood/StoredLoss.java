package io.github.dl4jae.likelihood;

import static org.assertj.core.api.Assertions.assertThat;

import org.deeplearning4j.nn.conf.MultiLayerConfiguration;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.layers.BaseOutputLayer;
import org.nd4j.linalg.lossfunctions.ILossFunction;

/** A loss in a configuration that is written as JSON and read again. */
final class StoredLoss {

    private StoredLoss() {}

    /** Requires that the loss of an output layer comes back equal, with the same hash code and name. */
    static void requireRestored(BaseOutputLayer layer) {
        MultiLayerConfiguration configuration =
                new NeuralNetConfiguration.Builder().list().layer(layer).build();
        MultiLayerConfiguration restored = MultiLayerConfiguration.fromJson(configuration.toJson());
        ILossFunction loss = layer.getLossFn();
        assertThat(((BaseOutputLayer) restored.getConf(0).getLayer()).getLossFn())
                .isEqualTo(loss)
                .hasSameHashCodeAs(loss)
                .hasToString(loss.toString());
    }
}
