package io.github.dl4jae.examples.bench;

import io.github.dl4jae.dense.FastLayers;
import io.github.dl4jae.likelihood.LossGaussian;
import io.github.dl4jae.updater.FastAdam;
import org.deeplearning4j.nn.conf.MultiLayerConfiguration;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.inputs.InputType;
import org.deeplearning4j.nn.conf.layers.LSTM;
import org.deeplearning4j.nn.conf.layers.RnnOutputLayer;
import org.deeplearning4j.nn.conf.layers.misc.RepeatVector;
import org.deeplearning4j.nn.conf.layers.recurrent.LastTimeStep;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.nd4j.linalg.activations.Activation;
import org.nd4j.linalg.learning.config.Adam;
import org.nd4j.linalg.lossfunctions.impl.LossL2;

/** An encoder of sequences whose last output is repeated for the decoder. */
final class RecurrentNetworks {

    static final int FEATURES = 8;
    static final int STEPS = 50;
    private static final int UNITS = 64;

    private RecurrentNetworks() {}

    static MultiLayerNetwork create(boolean ours) {
        MultiLayerConfiguration configuration = new NeuralNetConfiguration.Builder()
                .seed(1)
                .activation(Activation.TANH)
                .updater(ours ? new FastAdam(1e-3) : new Adam(1e-3))
                .list()
                .layer(new LastTimeStep(new LSTM.Builder().nOut(UNITS).build()))
                .layer(new RepeatVector.Builder<>(STEPS).nOut(UNITS).build())
                .layer(new LSTM.Builder().nOut(UNITS).build())
                // with a variance of 1/2, the gradient is that of the sum of squares
                .layer(new RnnOutputLayer.Builder(ours ? new LossGaussian(Math.sqrt(0.5)) : new LossL2())
                        .nOut(FEATURES)
                        .activation(Activation.IDENTITY)
                        .build())
                .setInputType(InputType.recurrent(FEATURES, STEPS))
                .build();
        MultiLayerNetwork network = new MultiLayerNetwork(ours ? FastLayers.convert(configuration) : configuration);
        network.init();
        return network;
    }
}
