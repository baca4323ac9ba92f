package io.github.dl4jae.examples.adversarial;

import io.github.dl4jae.denoising.GaussianCorruption;
import io.github.dl4jae.dense.FastDenseLayer;
import io.github.dl4jae.dense.FastOutputLayer;
import io.github.dl4jae.schedule.LinearSchedule;
import io.github.dl4jae.updater.FastAdam;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.inputs.InputType;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.deeplearning4j.nn.weights.WeightInit;
import org.nd4j.linalg.activations.Activation;
import org.nd4j.linalg.lossfunctions.ILossFunction;
import org.nd4j.linalg.schedule.ScheduleType;

/**
 * Encoders, decoders and discriminators with two layers of rectified units, and learning rates that fall linearly.
 * Encoders and decoders have batch normalization.
 *
 * @param inputs the number of values of an example
 * @param hidden the number of units of a layer
 * @param steps of the training, over which rates fall to 2 % of their first value
 * @param seed of the weights
 */
public record AdversarialNetworks(int inputs, int hidden, int steps, long seed) implements EncodersAndDecoders {

    private static final double RATE = 1.5e-3;

    /** Returns a network without layers yet. */
    static NeuralNetConfiguration.ListBuilder layers(double beta1, Activation activation, int steps, long seed) {
        FastAdam adam = new FastAdam(RATE, beta1, 0.999, 1e-8);
        adam.setLrAndSchedule(RATE, new LinearSchedule(ScheduleType.ITERATION, RATE, 0.02 * RATE, steps));
        return new NeuralNetConfiguration.Builder()
                .seed(seed)
                .weightInit(WeightInit.RELU)
                .activation(activation)
                .updater(adam)
                .list();
    }

    private NormalizedStack hiddenLayers(int in) {
        return new NormalizedStack(layers(0.9, Activation.RELU, steps, seed).setInputType(InputType.feedForward(in)))
                .hidden(hidden)
                .hidden(hidden);
    }

    @Override
    public MultiLayerNetwork encoder(int codes, double deviation) {
        return hiddenLayers(inputs).codes(codes, deviation);
    }

    @Override
    public MultiLayerNetwork encoder(int codes) {
        return hiddenLayers(inputs).codes(codes);
    }

    @Override
    public MultiLayerNetwork decoder(int codes, ILossFunction loss) {
        return hiddenLayers(codes)
                .add(new FastOutputLayer.Builder(loss)
                        .nOut(inputs)
                        .activation(Activation.SIGMOID)
                        .build())
                .network();
    }

    /**
     * Creates a discriminator. Noise on its input hides that softmax is never exactly one-hot, which it would otherwise
     * learn first.
     *
     * @param codes the number of inputs
     * @param noise the deviation of Gaussian noise on its input in training
     * @return the discriminator
     */
    public MultiLayerNetwork discriminator(int codes, double noise) {
        MultiLayerNetwork network = new MultiLayerNetwork(layers(0.5, Activation.LEAKYRELU, steps, seed)
                .setInputType(InputType.feedForward(codes))
                .layer(new FastDenseLayer.Builder()
                        .nOut(hidden)
                        .dropOut(new GaussianCorruption(noise, seed))
                        .build())
                .layer(new FastDenseLayer.Builder().nOut(hidden).build())
                .layer(new FastDenseLayer.Builder()
                        .nOut(1)
                        .weightInit(WeightInit.XAVIER)
                        .activation(Activation.IDENTITY)
                        .build())
                .build());
        network.init();
        return network;
    }
}
