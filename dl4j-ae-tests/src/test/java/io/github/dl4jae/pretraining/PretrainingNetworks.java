package io.github.dl4jae.pretraining;

import io.github.dl4jae.data.LabeledImages;
import io.github.dl4jae.data.RealImages;
import io.github.dl4jae.denoising.MaskingNoise;
import io.github.dl4jae.likelihood.LossGaussian;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.layers.DenseLayer;
import org.deeplearning4j.nn.conf.layers.Layer;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.deeplearning4j.nn.weights.WeightInit;
import org.nd4j.linalg.activations.Activation;
import org.nd4j.linalg.learning.config.Adam;
import org.nd4j.linalg.learning.config.IUpdater;

/** Networks for tests of layerwise pretraining. */
final class PretrainingNetworks {
    static final LabeledImages IMAGES = RealImages.mnistTrain().first(1_000);

    static TiedAutoencoderLayer.Builder tied() {
        return new TiedAutoencoderLayer.Builder().activation(Activation.SIGMOID);
    }

    static MultiLayerNetwork network(IUpdater updater, Layer... layers) {
        NeuralNetConfiguration.ListBuilder list = new NeuralNetConfiguration.Builder()
                .seed(7)
                .weightInit(WeightInit.XAVIER)
                .updater(updater)
                .list();
        for (Layer layer : layers) {
            list.layer(layer);
        }
        MultiLayerNetwork network = new MultiLayerNetwork(list.build());
        network.init();
        return network;
    }

    static MultiLayerNetwork stack() {
        return network(
                new Adam(2e-3),
                tied().nIn(784).nOut(60).corruption(new MaskingNoise(0.25, 3)).build(),
                new DenseLayer.Builder()
                        .nIn(60)
                        .nOut(40)
                        .activation(Activation.TANH)
                        .build(),
                upper());
    }

    /** The uppermost layer of the stack. */
    static TiedAutoencoderLayer upper() {
        return tied().nIn(40)
                .nOut(20)
                .activation(Activation.TANH)
                .lossFunction(new LossGaussian())
                .outputActivation(Activation.IDENTITY)
                .build();
    }

    private PretrainingNetworks() {}
}
