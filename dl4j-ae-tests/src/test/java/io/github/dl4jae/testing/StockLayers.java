package io.github.dl4jae.testing;

import org.deeplearning4j.nn.conf.layers.DenseLayer;
import org.deeplearning4j.nn.conf.layers.OutputLayer;
import org.deeplearning4j.nn.conf.layers.RnnOutputLayer;
import org.nd4j.linalg.activations.Activation;
import org.nd4j.linalg.lossfunctions.ILossFunction;

/** Deeplearning4j's own layers, with a size and an activation and all else left at its default. */
public final class StockLayers {

    private StockLayers() {}

    /** Returns a dense layer. */
    public static DenseLayer dense(int in, int out, Activation activation) {
        return new DenseLayer.Builder().nIn(in).nOut(out).activation(activation).build();
    }

    /** Returns an output layer. */
    public static OutputLayer output(ILossFunction loss, int in, int out, Activation activation) {
        return new OutputLayer.Builder(loss)
                .nIn(in)
                .nOut(out)
                .activation(activation)
                .build();
    }

    /** Returns an output layer of sequences, whose input size follows from the input type of the network. */
    public static RnnOutputLayer sequenceOutput(ILossFunction loss, int out, Activation activation) {
        return new RnnOutputLayer.Builder(loss).nOut(out).activation(activation).build();
    }
}
