package io.github.dl4jae.testing;

import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.layers.DenseLayer;
import org.deeplearning4j.nn.conf.layers.Layer;
import org.deeplearning4j.nn.conf.layers.OutputLayer;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.nd4j.linalg.activations.Activation;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.learning.config.NoOp;
import org.nd4j.linalg.lossfunctions.impl.LossMSE;

/** Float64 networks with a layer of given sizes between a dense layer and an output layer. */
public final class Surrounded {

    private Surrounded() {}

    /**
     * Returns an initialized network whose updater leaves gradients as they are.
     *
     * @param inputs the number of features
     * @param below the width of the dense layer
     * @param layer the layer after it, with its sizes set
     * @param codes the width of that layer
     * @param outputs the width of the output layer
     */
    public static MultiLayerNetwork network(int inputs, int below, Layer layer, int codes, int outputs) {
        MultiLayerNetwork network = new MultiLayerNetwork(new NeuralNetConfiguration.Builder()
                .seed(3)
                .dataType(DataType.DOUBLE)
                .updater(new NoOp())
                .list()
                .layer(new DenseLayer.Builder()
                        .nIn(inputs)
                        .nOut(below)
                        .activation(Activation.TANH)
                        .build())
                .layer(layer)
                .layer(new OutputLayer.Builder(new LossMSE())
                        .nIn(codes)
                        .nOut(outputs)
                        .activation(Activation.IDENTITY)
                        .build())
                .overrideNinUponBuild(false)
                .build());
        network.init();
        return network;
    }
}
