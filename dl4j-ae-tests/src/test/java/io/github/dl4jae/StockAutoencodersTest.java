package io.github.dl4jae;

import static io.github.dl4jae.SmallAutoencoders.base;
import static io.github.dl4jae.SmallAutoencoders.examples;
import static io.github.dl4jae.SmallAutoencoders.variational;
import static io.github.dl4jae.testing.NdArrayAssert.assertThatArray;
import static io.github.dl4jae.testing.Networks.initialized;
import static org.assertj.core.api.Assertions.assertThat;

import org.deeplearning4j.nn.conf.layers.AutoEncoder;
import org.deeplearning4j.nn.conf.layers.OutputLayer;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.junit.jupiter.api.Test;
import org.nd4j.linalg.activations.Activation;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.lossfunctions.impl.LossMSE;

class StockAutoencodersTest {
    @Test
    void stockVariationalAutoencoder_alone_decodesByItsOwnDecoder() {
        MultiLayerNetwork network = initialized(base().list().layer(variational()));
        var layer = (org.deeplearning4j.nn.layers.variational.VariationalAutoencoder) network.getLayer(0);
        INDArray x = examples(5, new long[] {1, 12});
        INDArray codes = network.output(x);
        Autoencoder autoencoder = Autoencoders.of(network, 0);

        assertThatArray(autoencoder.encode(x)).isEqualTo(codes);
        assertThatArray(autoencoder.decode(codes)).isEqualTo(layer.generateAtMeanGivenZ(codes));
        assertThat(autoencoder.reconstruct(x).shape()).containsExactly(5, 12);
    }

    @Test
    void stockVariationalAutoencoder_withLayersBehind_isDecodedByThem() {
        MultiLayerNetwork network = initialized(base().list()
                .layer(variational())
                .layer(new OutputLayer.Builder(new LossMSE())
                        .nIn(2)
                        .nOut(12)
                        .activation(Activation.SIGMOID)
                        .build()));
        INDArray x = examples(5, new long[] {1, 12});

        assertThatArray(Autoencoders.of(network, "vae").reconstruct(x)).isEqualTo(network.output(x));
    }

    @Test
    void stockAutoEncoder_alone_decodesByItsOwnDecoder() {
        MultiLayerNetwork network = initialized(
                base().list().layer(new AutoEncoder.Builder().nIn(12).nOut(4).build()));

        assertThat(Autoencoders.of(network, 0)
                        .reconstruct(examples(5, new long[] {1, 12}))
                        .shape())
                .containsExactly(5, 12);
    }
}
