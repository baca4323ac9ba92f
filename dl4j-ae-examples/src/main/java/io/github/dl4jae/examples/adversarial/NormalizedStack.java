package io.github.dl4jae.examples.adversarial;

import io.github.dl4jae.convolutional.FastActivationLayer;
import io.github.dl4jae.convolutional.FastBatchNormalizationLayer;
import io.github.dl4jae.dense.FastDenseLayer;
import org.deeplearning4j.nn.conf.InputPreProcessor;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.layers.FeedForwardLayer;
import org.deeplearning4j.nn.conf.layers.Layer;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.nd4j.linalg.activations.Activation;

/** Layers that are each followed by batch normalization and rectification, and then an output. */
final class NormalizedStack {

    /** Running values over more steps than usual, because the distribution of codes is compared with the prior. */
    private static final double DECAY = 0.98;

    private final NeuralNetConfiguration.ListBuilder layers;
    private int count;

    NormalizedStack(NeuralNetConfiguration.ListBuilder layers) {
        this.layers = layers;
    }

    /** Adds a layer of any kind, whose builder's activation is replaced. */
    NormalizedStack hidden(FeedForwardLayer.Builder<?> layer, int units) {
        layer.nOut(units).activation(Activation.IDENTITY);
        return add(layer.build())
                .add(normalization().nOut(units).build())
                .add(new FastActivationLayer.Builder()
                        .activation(Activation.RELU)
                        .build());
    }

    NormalizedStack hidden(int units) {
        return hidden(new FastDenseLayer.Builder(), units);
    }

    NormalizedStack preProcessor(InputPreProcessor preProcessor) {
        layers.inputPreProcessor(count, preProcessor);
        return this;
    }

    NormalizedStack add(Layer layer) {
        layers.layer(layer);
        count++;
        return this;
    }

    /** Adds codes of mean 0 and a fixed deviation over the mini-batch. */
    MultiLayerNetwork codes(int codes, double deviation) {
        return codes(codes, normalization().lockGammaBeta(true).gamma(deviation));
    }

    /** Adds codes whose mean and deviation over the mini-batch are trained. */
    MultiLayerNetwork codes(int codes) {
        return codes(codes, normalization());
    }

    private static FastBatchNormalizationLayer.Builder normalization() {
        return new FastBatchNormalizationLayer.Builder().decay(DECAY);
    }

    private MultiLayerNetwork codes(int codes, FastBatchNormalizationLayer.Builder normalization) {
        return add(new FastDenseLayer.Builder()
                        .nOut(codes)
                        .activation(Activation.IDENTITY)
                        .build())
                .add(normalization.nOut(codes).build())
                .network();
    }

    MultiLayerNetwork network() {
        MultiLayerNetwork network = new MultiLayerNetwork(layers.build());
        network.init();
        return network;
    }
}
