package io.github.dl4jae.cli;

import io.github.dl4jae.Autoencoder;
import io.github.dl4jae.bundle.ModelBundle;
import io.github.dl4jae.likelihood.DistributionOutput;
import org.deeplearning4j.nn.conf.layers.BaseOutputLayer;
import org.deeplearning4j.nn.conf.layers.FeedForwardLayer;
import org.deeplearning4j.nn.conf.layers.Layer;
import org.deeplearning4j.nn.conf.layers.LossLayer;
import org.nd4j.linalg.activations.IActivation;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.lossfunctions.ILossFunction;

/** The network of a trained model, which encodes and reconstructs features. */
final class TrainedNetwork {

    private final ModelBundle bundle;
    private final Autoencoder autoencoder;
    private final ILossFunction loss;
    private final IActivation activation;

    TrainedNetwork(String source, ModelBundle bundle) {
        this.bundle = bundle;
        this.autoencoder = bundle.autoencoder();
        Layer output = bundle.multiLayerNetwork().getOutputLayer().conf().getLayer();
        if (output instanceof BaseOutputLayer layer) {
            this.loss = layer.getLossFn();
        } else if (output instanceof LossLayer layer) {
            this.loss = layer.getLossFn();
        } else {
            throw new IllegalArgumentException(source + " must end with an output layer, got "
                    + output.getClass().getSimpleName() + "; fit a model with dl4j-ae fit");
        }
        this.activation = ((FeedForwardLayer) output).getActivationFn();
    }

    /** Returns the values of an array, row by row. {@code toFloatMatrix} is slow. */
    static float[] values(INDArray array) {
        return array.castTo(DataType.FLOAT).dup('c').data().asFloat();
    }

    ModelBundle bundle() {
        return bundle;
    }

    INDArray encode(INDArray features) {
        return autoencoder.encode(features);
    }

    /** Returns the expected features, {@code [N, d]}, in place of the parameters of their distributions. */
    INDArray reconstruct(INDArray features) {
        INDArray parameters = autoencoder.reconstruct(features);
        return loss instanceof DistributionOutput distribution ? distribution.mean(parameters, activation) : parameters;
    }
}
