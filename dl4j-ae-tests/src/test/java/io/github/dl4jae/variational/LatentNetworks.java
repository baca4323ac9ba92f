package io.github.dl4jae.variational;

import static io.github.dl4jae.testing.Networks.initialized;
import static io.github.dl4jae.variational.SmallModels.examples;
import static io.github.dl4jae.variational.SmallModels.layers;

import io.github.dl4jae.likelihood.LossBernoulli;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.dataset.DataSet;
import org.nd4j.linalg.learning.config.Adam;

/** Networks around a {@link GaussianLatentLayer}. */
final class LatentNetworks {
    static GaussianLatentLayer.Builder latents() {
        return new GaussianLatentLayer.Builder();
    }

    static MultiLayerNetwork network(DataType type, GaussianLatentLayer.Builder builder) {
        return initialized(layers(type, new Adam(0.01), builder, new LossBernoulli()));
    }

    static DataSet data(DataType type, int count) {
        INDArray x = examples(type, count);
        return new DataSet(x, x.dup());
    }

    private LatentNetworks() {}
}
