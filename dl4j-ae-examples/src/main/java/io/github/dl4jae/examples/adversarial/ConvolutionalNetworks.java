package io.github.dl4jae.examples.adversarial;

import io.github.dl4jae.convolutional.FastConvolutionLayer;
import io.github.dl4jae.convolutional.FastDeconvolutionLayer;
import io.github.dl4jae.dense.FastLossLayer;
import org.deeplearning4j.nn.conf.inputs.InputType;
import org.deeplearning4j.nn.conf.preprocessor.FeedForwardToCnnPreProcessor;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.nd4j.linalg.activations.Activation;
import org.nd4j.linalg.lossfunctions.ILossFunction;

/**
 * Encoders and decoders of gray images as rows, with two convolutions and a dense layer, batch normalization, and
 * learning rates that fall linearly.
 *
 * @param side of the images, a multiple of 4
 * @param channels of the convolution at half of the side; the other has twice as many
 * @param hidden the number of units of the dense layer
 * @param steps of the training, over which rates fall to 2 % of their first value
 * @param seed of the weights
 */
public record ConvolutionalNetworks(int side, int channels, int hidden, int steps, long seed)
        implements EncodersAndDecoders {

    private NormalizedStack encoder() {
        return new NormalizedStack(AdversarialNetworks.layers(0.9, Activation.RELU, steps, seed)
                        .setInputType(InputType.convolutionalFlat(side, side, 1)))
                .hidden(halving(), channels)
                .hidden(halving(), 2 * channels)
                .hidden(hidden);
    }

    private static FastConvolutionLayer.Builder halving() {
        return new FastConvolutionLayer.Builder(4, 4).stride(2, 2).padding(1, 1);
    }

    private static FastDeconvolutionLayer.Builder doubling() {
        return new FastDeconvolutionLayer.Builder(4, 4).stride(2, 2).padding(1, 1);
    }

    @Override
    public MultiLayerNetwork encoder(int codes, double deviation) {
        return encoder().codes(codes, deviation);
    }

    @Override
    public MultiLayerNetwork encoder(int codes) {
        return encoder().codes(codes);
    }

    @Override
    public MultiLayerNetwork decoder(int codes, ILossFunction loss) {
        int quarter = side / 4;
        int maps = 2 * channels;
        return new NormalizedStack(AdversarialNetworks.layers(0.9, Activation.RELU, steps, seed)
                        .setInputType(InputType.feedForward(codes)))
                .hidden(hidden)
                .hidden(maps * quarter * quarter)
                .preProcessor(new FeedForwardToCnnPreProcessor(quarter, quarter, maps))
                .hidden(doubling().nIn(maps), channels)
                .add(doubling().nOut(1).activation(Activation.IDENTITY).build())
                .add(new FastLossLayer.Builder(loss)
                        .activation(Activation.SIGMOID)
                        .build())
                .network();
    }
}
