package io.github.dl4jae.concrete;

import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.layers.OutputLayer;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.nd4j.linalg.activations.Activation;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.learning.config.NoOp;
import org.nd4j.linalg.lossfunctions.impl.LossMSE;

/** Small concrete autoencoders to be looked into. */
final class SelectorNetworks {

    static final long SEED = 12;

    private SelectorNetworks() {}

    static ConcreteSelectorLayer.Builder selector() {
        return new ConcreteSelectorLayer.Builder().name("selector").temperature(0.7);
    }

    /** With a linear decoder, and an updater that leaves gradients as they are. */
    static MultiLayerNetwork network(ConcreteSelectorLayer.Builder layer, int d, int k, DataType type) {
        MultiLayerNetwork network = new MultiLayerNetwork(new NeuralNetConfiguration.Builder()
                .seed(SEED)
                .dataType(type)
                .updater(new NoOp())
                .list()
                .layer(layer.nIn(d).nOut(k).build())
                .layer(new OutputLayer.Builder(new LossMSE())
                        .nIn(k)
                        .nOut(d)
                        .activation(Activation.IDENTITY)
                        .build())
                .build());
        network.init();
        return network;
    }

    /** Sets the logits, {@code [d, k]}, and returns them. */
    static INDArray logits(MultiLayerNetwork network, double[][] values) {
        INDArray W = network.getParam("0_W");
        W.assign(Nd4j.createFromArray(values).castTo(W.dataType()));
        return W;
    }
}
