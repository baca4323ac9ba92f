package io.github.dl4jae.examples.bench;

import io.github.dl4jae.dense.FastLayers;
import io.github.dl4jae.likelihood.LossBernoulli;
import io.github.dl4jae.updater.FastAdam;
import io.github.dl4jae.variational.GaussianLatentLayer;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.inputs.InputType;
import org.deeplearning4j.nn.conf.layers.CnnLossLayer;
import org.deeplearning4j.nn.conf.layers.ConvolutionLayer;
import org.deeplearning4j.nn.conf.layers.Deconvolution2D;
import org.deeplearning4j.nn.conf.layers.DenseLayer;
import org.deeplearning4j.nn.conf.preprocessor.FeedForwardToCnnPreProcessor;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.deeplearning4j.nn.weights.WeightInit;
import org.nd4j.linalg.activations.Activation;
import org.nd4j.linalg.learning.config.Adam;
import org.nd4j.linalg.lossfunctions.impl.LossBinaryXENT;

/** 28×28 pixels to 14×14×16, 7×7×32 and 64 numbers, and back. */
final class ConvolutionalNetworks {

    private ConvolutionalNetworks() {}

    static MultiLayerNetwork create(boolean variational, boolean ours) {
        NeuralNetConfiguration.ListBuilder layers = new NeuralNetConfiguration.Builder()
                .seed(1)
                .weightInit(WeightInit.RELU)
                .activation(Activation.RELU)
                .updater(ours ? new FastAdam(1e-3) : new Adam(1e-3))
                .list()
                .layer(new ConvolutionLayer.Builder(3, 3)
                        .nOut(16)
                        .stride(2, 2)
                        .padding(1, 1)
                        .build())
                .layer(new ConvolutionLayer.Builder(3, 3)
                        .nOut(32)
                        .stride(2, 2)
                        .padding(1, 1)
                        .build());
        if (variational) {
            layers.layer(new GaussianLatentLayer.Builder().nOut(64).build());
        } else {
            layers.layer(new DenseLayer.Builder()
                    .nOut(64)
                    .activation(Activation.IDENTITY)
                    .build());
        }
        layers.layer(new DenseLayer.Builder().nOut(32 * 49).build())
                .layer(new Deconvolution2D.Builder(4, 4)
                        .nIn(32)
                        .nOut(16)
                        .stride(2, 2)
                        .padding(1, 1)
                        .build())
                .layer(new Deconvolution2D.Builder(4, 4)
                        .nOut(1)
                        .stride(2, 2)
                        .padding(1, 1)
                        .activation(Activation.IDENTITY)
                        .build())
                .layer(new CnnLossLayer.Builder(ours ? new LossBernoulli() : new LossBinaryXENT())
                        .activation(Activation.SIGMOID)
                        .build())
                .inputPreProcessor(4, new FeedForwardToCnnPreProcessor(7, 7, 32))
                .setInputType(InputType.convolutionalFlat(28, 28, 1));
        MultiLayerNetwork network = new MultiLayerNetwork(ours ? FastLayers.convert(layers.build()) : layers.build());
        network.init();
        return network;
    }
}
