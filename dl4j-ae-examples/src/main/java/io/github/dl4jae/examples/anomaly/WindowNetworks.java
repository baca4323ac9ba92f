package io.github.dl4jae.examples.anomaly;

import io.github.dl4jae.Autoencoder;
import io.github.dl4jae.Autoencoders;
import io.github.dl4jae.convolutional.FastConvolution1DLayer;
import io.github.dl4jae.convolutional.FastDeconvolution1DLayer;
import io.github.dl4jae.examples.support.MinibatchBar;
import io.github.dl4jae.recurrent.FastRnnOutputLayer;
import io.github.dl4jae.training.Trainer;
import io.github.dl4jae.training.TrainingData;
import io.github.dl4jae.updater.FastAdam;
import io.github.dl4jae.zoo.DataShape;
import io.github.dl4jae.zoo.UndercompleteAutoencoder;
import io.github.dl4jae.zoo.ZooAutoencoder;
import org.deeplearning4j.datasets.iterator.ExistingDataSetIterator;
import org.deeplearning4j.nn.conf.ConvolutionMode;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.inputs.InputType;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.deeplearning4j.nn.weights.WeightInit;
import org.nd4j.linalg.activations.Activation;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.dataset.DataSet;
import org.nd4j.linalg.lossfunctions.impl.LossL2;

/** Two autoencoders of windows, and their training. */
final class WindowNetworks {

    private static final int BATCH = 64;

    private WindowNetworks() {}

    /** Returns two convolutions of stride 2, a code of few channels at a quarter of the steps, and the way back. */
    static MultiLayerNetwork convolutional(int channels, int steps, int code, long seed) {
        MultiLayerNetwork network = new MultiLayerNetwork(new NeuralNetConfiguration.Builder()
                .seed(seed)
                .weightInit(WeightInit.RELU)
                .activation(Activation.LEAKYRELU)
                .updater(new FastAdam(2e-3))
                .convolutionMode(ConvolutionMode.Same)
                .list()
                .layer(new FastConvolution1DLayer.Builder(5)
                        .nOut(24)
                        .stride(2)
                        .inputGradient(false)
                        .build())
                .layer(new FastConvolution1DLayer.Builder(5)
                        .name(ZooAutoencoder.CODE)
                        .nOut(code)
                        .stride(2)
                        .activation(Activation.IDENTITY)
                        .build())
                .layer(new FastDeconvolution1DLayer.Builder(4)
                        .nOut(24)
                        .stride(2)
                        .build())
                .layer(new FastDeconvolution1DLayer.Builder(4)
                        .nOut(24)
                        .stride(2)
                        .build())
                .layer(new FastRnnOutputLayer.Builder(new LossL2())
                        .nOut(channels)
                        .activation(Activation.IDENTITY)
                        .weightInit(WeightInit.XAVIER)
                        .build())
                .setInputType(InputType.recurrent(channels, steps))
                .build());
        network.init();
        return network;
    }

    /** Returns an LSTM whose last output is encoded, and one that decodes the repeated code. */
    static MultiLayerNetwork recurrent(int channels, int steps, int code, long seed) {
        return new UndercompleteAutoencoder.Builder(DataShape.sequence(channels, steps))
                .hidden(48)
                .code(code)
                .updater(new FastAdam(4e-3))
                .seed(seed)
                .build()
                .network();
    }

    /** Trains a network until it does not improve on the validation windows, and keeps its best parameters. */
    static Autoencoder train(
            String name, MultiLayerNetwork network, INDArray train, INDArray validation, int epochs, long seed) {
        long minibatches = (train.size(0) + BATCH - 1) / BATCH;
        try (MinibatchBar bar = new MinibatchBar(name, epochs * minibatches)) {
            new Trainer.Builder(network, TrainingData.perEpoch(epoch -> minibatches(train, seed + epoch)))
                    .validation(minibatches(validation, seed))
                    .epochs(epochs)
                    .patience(8)
                    .seed(seed)
                    .listener(bar)
                    .build()
                    .fit();
        }
        return Autoencoders.of(network, ZooAutoencoder.CODE);
    }

    private static ExistingDataSetIterator minibatches(INDArray windows, long seed) {
        DataSet all = new DataSet(windows.dup(), windows.dup());
        all.shuffle(seed);
        return new ExistingDataSetIterator(all.batchBy(BATCH));
    }
}
