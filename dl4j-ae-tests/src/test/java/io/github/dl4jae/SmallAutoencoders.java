package io.github.dl4jae;

import static io.github.dl4jae.testing.Networks.initialized;
import static io.github.dl4jae.testing.StockLayers.sequenceOutput;

import io.github.dl4jae.sparse.ActivationTopK;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.inputs.InputType;
import org.deeplearning4j.nn.conf.layers.BatchNormalization;
import org.deeplearning4j.nn.conf.layers.DenseLayer;
import org.deeplearning4j.nn.conf.layers.DropoutLayer;
import org.deeplearning4j.nn.conf.layers.LSTM;
import org.deeplearning4j.nn.conf.layers.OutputLayer;
import org.deeplearning4j.nn.conf.layers.variational.VariationalAutoencoder;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.nd4j.linalg.activations.Activation;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.lossfunctions.impl.LossMSE;

/** Networks that adapt to {@link Autoencoder}. */
final class SmallAutoencoders {
    static NeuralNetConfiguration.Builder base() {
        return new NeuralNetConfiguration.Builder().seed(7).activation(Activation.TANH);
    }

    static OutputLayer output(int size) {
        return new OutputLayer.Builder(new LossMSE())
                .nOut(size)
                .activation(Activation.SIGMOID)
                .build();
    }

    static MultiLayerNetwork dense() {
        return initialized(base().list()
                .layer(new DenseLayer.Builder().name("hidden").nOut(9).build())
                .layer(new DropoutLayer.Builder(0.5).build())
                .layer(new DenseLayer.Builder()
                        .name("code")
                        .nOut(6)
                        .activation(new ActivationTopK(2))
                        .build())
                .layer(new BatchNormalization())
                .layer(output(12))
                .setInputType(InputType.feedForward(12)));
    }

    static MultiLayerNetwork codePerTimeStep() {
        return initialized(base().list()
                .layer(new LSTM.Builder().nOut(5).build())
                .layer(new DenseLayer.Builder().name("code").nOut(2).build())
                .layer(new LSTM.Builder().nOut(5).build())
                .layer(sequenceOutput(new LossMSE(), 3, Activation.TANH))
                .setInputType(InputType.recurrent(3, 4)));
    }

    static INDArray examples(int count, long[] shape) {
        long[] all = shape.clone();
        all[0] = count;
        Nd4j.getRandom().setSeed(11);
        return Nd4j.rand(DataType.FLOAT, all);
    }

    static VariationalAutoencoder variational() {
        return new VariationalAutoencoder.Builder()
                .name("vae")
                .nIn(12)
                .nOut(2)
                .encoderLayerSizes(7)
                .decoderLayerSizes(7)
                .build();
    }

    private SmallAutoencoders() {}
}
