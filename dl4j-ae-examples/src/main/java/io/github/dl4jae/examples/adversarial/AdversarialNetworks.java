package io.github.dl4jae.examples.adversarial;

import io.github.dl4jae.denoising.GaussianCorruption;
import io.github.dl4jae.dense.FastDenseLayer;
import io.github.dl4jae.dense.FastOutputLayer;
import io.github.dl4jae.schedule.LinearSchedule;
import io.github.dl4jae.updater.FastAdam;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.layers.BatchNormalization;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.deeplearning4j.nn.weights.WeightInit;
import org.nd4j.linalg.activations.Activation;
import org.nd4j.linalg.lossfunctions.ILossFunction;
import org.nd4j.linalg.schedule.ScheduleType;

/**
 * Encoders, decoders and discriminators with two layers of rectified units, whose learning rates fall linearly.
 *
 * @param inputs the number of values of an example
 * @param hidden the number of units of a layer
 * @param steps of the training, over which rates fall to 2 % of their first value
 * @param seed of the weights
 */
public record AdversarialNetworks(int inputs, int hidden, int steps, long seed) {

    private static final double RATE = 1e-3;
    private static final double DISCRIMINATOR_RATE = 3e-4;

    private NeuralNetConfiguration.ListBuilder builder(double rate, double beta1, Activation activation) {
        FastAdam adam = new FastAdam(rate, beta1, 0.999, 1e-8);
        adam.setLrAndSchedule(rate, new LinearSchedule(ScheduleType.ITERATION, rate, 0.02 * rate, steps));
        return new NeuralNetConfiguration.Builder()
                .seed(seed)
                .weightInit(WeightInit.RELU)
                .activation(activation)
                .updater(adam)
                .list();
    }

    private static FastDenseLayer.Builder dense(int in, int out) {
        return new FastDenseLayer.Builder().nIn(in).nOut(out);
    }

    private static MultiLayerNetwork initialized(NeuralNetConfiguration.ListBuilder layers) {
        MultiLayerNetwork network = new MultiLayerNetwork(layers.build());
        network.init();
        return network;
    }

    /**
     * Creates an encoder whose outputs have a fixed mean and variance over the mini-batch. The discriminator then only
     * has to correct their shape.
     *
     * @param codes the number of outputs
     * @param deviation of each output
     * @return the encoder
     */
    public MultiLayerNetwork encoder(int codes, double deviation) {
        return initialized(builder(RATE, 0.9, Activation.RELU)
                .layer(dense(inputs, hidden).build())
                .layer(dense(hidden, hidden).build())
                .layer(dense(hidden, codes).activation(Activation.IDENTITY).build())
                .layer(new BatchNormalization.Builder(true)
                        .gamma(deviation)
                        .nIn(codes)
                        .nOut(codes)
                        .activation(Activation.IDENTITY)
                        .build()));
    }

    /**
     * Creates an encoder with batch normalization after every layer, whose outputs have a trained mean and variance.
     *
     * @param codes the number of outputs
     * @return the encoder
     */
    public MultiLayerNetwork normalizedEncoder(int codes) {
        return initialized(builder(RATE, 0.9, Activation.RELU)
                .layer(dense(inputs, hidden).activation(Activation.IDENTITY).build())
                .layer(normalization(hidden, Activation.RELU))
                .layer(dense(hidden, hidden).activation(Activation.IDENTITY).build())
                .layer(normalization(hidden, Activation.RELU))
                .layer(dense(hidden, codes).activation(Activation.IDENTITY).build())
                .layer(normalization(codes, Activation.IDENTITY)));
    }

    private static BatchNormalization normalization(int units, Activation activation) {
        return new BatchNormalization.Builder()
                .nIn(units)
                .nOut(units)
                .activation(activation)
                .build();
    }

    /**
     * Creates a decoder with sigmoid outputs.
     *
     * @param codes the number of inputs
     * @param loss of the reconstruction
     * @return the decoder
     */
    public MultiLayerNetwork decoder(int codes, ILossFunction loss) {
        return initialized(builder(RATE, 0.9, Activation.RELU)
                .layer(dense(codes, hidden).build())
                .layer(dense(hidden, hidden).build())
                .layer(new FastOutputLayer.Builder(loss)
                        .nIn(hidden)
                        .nOut(inputs)
                        .activation(Activation.SIGMOID)
                        .build()));
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
        int units = Math.min(hidden, 256);
        return initialized(builder(DISCRIMINATOR_RATE, 0.5, Activation.LEAKYRELU)
                .layer(dense(codes, units)
                        .dropOut(new GaussianCorruption(noise, seed))
                        .build())
                .layer(dense(units, units).build())
                .layer(dense(units, 1)
                        .weightInit(WeightInit.XAVIER)
                        .activation(Activation.IDENTITY)
                        .build()));
    }
}
