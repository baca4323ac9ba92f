package io.github.dl4jae.anomaly;

import io.github.dl4jae.dense.FastDenseLayer;
import io.github.dl4jae.dense.FastOutputLayer;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.nd4j.linalg.activations.Activation;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.lossfunctions.impl.LossL2;

/** An autoencoder of pairs with code h = x and reconstruction x/2. */
final class HalvingNetwork {

    private HalvingNetwork() {}

    static MultiLayerNetwork create() {
        MultiLayerNetwork network = new MultiLayerNetwork(new NeuralNetConfiguration.Builder()
                .list()
                .layer(new FastDenseLayer.Builder()
                        .name("code")
                        .nIn(2)
                        .nOut(2)
                        .activation(Activation.IDENTITY)
                        .build())
                .layer(new FastOutputLayer.Builder(new LossL2())
                        .nIn(2)
                        .nOut(2)
                        .activation(Activation.IDENTITY)
                        .build())
                .build());
        network.init();
        network.getParam("0_W").assign(Nd4j.eye(2));
        network.getParam("1_W").assign(Nd4j.eye(2).mul(0.5));
        return network;
    }
}
