package io.github.dl4jae.adversarial;

import io.github.dl4jae.dense.FastDenseLayer;
import io.github.dl4jae.updater.FastAdam;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.deeplearning4j.nn.weights.WeightInit;
import org.nd4j.linalg.activations.Activation;

/** The discriminator of trainings that set none. */
final class DefaultDiscriminator {

    private static final int HIDDEN = 300;

    private DefaultDiscriminator() {}

    static MultiLayerNetwork of(int inputs, long seed) {
        MultiLayerNetwork network = new MultiLayerNetwork(new NeuralNetConfiguration.Builder()
                .seed(seed)
                .weightInit(WeightInit.RELU)
                .activation(Activation.LEAKYRELU)
                .updater(new FastAdam(5e-4, 0.5, 0.999, 1e-8))
                .list()
                .layer(new FastDenseLayer.Builder().nIn(inputs).nOut(HIDDEN).build())
                .layer(new FastDenseLayer.Builder().nIn(HIDDEN).nOut(HIDDEN).build())
                .layer(new FastDenseLayer.Builder()
                        .nIn(HIDDEN)
                        .nOut(1)
                        .weightInit(WeightInit.XAVIER)
                        .activation(Activation.IDENTITY)
                        .build())
                .build());
        network.init();
        return network;
    }
}
