package io.github.dl4jae.examples.bench;

import io.github.dl4jae.dense.FastLayers;
import io.github.dl4jae.likelihood.LossCategorical;
import io.github.dl4jae.likelihood.LossGaussian;
import io.github.dl4jae.updater.FastAdam;
import org.deeplearning4j.nn.conf.MultiLayerConfiguration;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.inputs.InputType;
import org.deeplearning4j.nn.conf.layers.LSTM;
import org.deeplearning4j.nn.conf.layers.RnnOutputLayer;
import org.deeplearning4j.nn.conf.layers.misc.RepeatVector;
import org.deeplearning4j.nn.conf.layers.recurrent.LastTimeStep;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.nd4j.linalg.activations.Activation;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.learning.config.Adam;
import org.nd4j.linalg.lossfunctions.ILossFunction;
import org.nd4j.linalg.lossfunctions.impl.LossL2;
import org.nd4j.linalg.lossfunctions.impl.LossMCXENT;

/** An encoder of sequences whose last output is repeated for the decoder. */
final class RecurrentNetworks {

    private static final Size VALUES = new Size(8, 50, 64);
    private static final Size SYMBOLS = new Size(40, 30, 128);

    private RecurrentNetworks() {}

    /**
     * The size of a network.
     *
     * @param features values per step, or symbols of the alphabet
     * @param steps length of the sequences
     * @param units units of each LSTM
     */
    record Size(int features, int steps, int units) {}

    static Size size(BenchCase.Kind kind) {
        return kind == BenchCase.Kind.SEQ2SEQ ? SYMBOLS : VALUES;
    }

    /** Returns random sequences {@code [examples, features, steps]}: uniform values, or one-hot symbols. */
    static INDArray data(BenchCase.Kind kind, int examples) {
        Size size = size(kind);
        INDArray sequences = Nd4j.rand(DataType.FLOAT, examples, (long) size.features * size.steps)
                .reshape(examples, size.features, size.steps);
        return kind == BenchCase.Kind.SEQ2SEQ
                ? sequences
                        .eq(sequences.max(true, 1).broadcast(sequences.shape()))
                        .castTo(DataType.FLOAT)
                : sequences;
    }

    static MultiLayerNetwork create(BenchCase.Kind kind, boolean ours) {
        Size size = size(kind);
        boolean symbols = kind == BenchCase.Kind.SEQ2SEQ;
        MultiLayerConfiguration configuration = new NeuralNetConfiguration.Builder()
                .seed(1)
                .activation(Activation.TANH)
                .updater(ours ? new FastAdam(1e-3) : new Adam(1e-3))
                .list()
                .layer(new LastTimeStep(new LSTM.Builder().nOut(size.units).build()))
                .layer(new RepeatVector.Builder<>(size.steps).nOut(size.units).build())
                .layer(new LSTM.Builder().nOut(size.units).build())
                .layer(new RnnOutputLayer.Builder(symbols ? categorical(size, ours) : squared(ours))
                        .nOut(size.features)
                        .activation(symbols ? Activation.SOFTMAX : Activation.IDENTITY)
                        .build())
                .setInputType(InputType.recurrent(size.features, size.steps))
                .build();
        MultiLayerNetwork network = new MultiLayerNetwork(ours ? FastLayers.convert(configuration) : configuration);
        network.init();
        return network;
    }

    private static ILossFunction categorical(Size size, boolean ours) {
        return ours ? new LossCategorical(size.features) : new LossMCXENT();
    }

    /** With a variance of 1/2, the gradient of the Gaussian likelihood is that of the sum of squares. */
    private static ILossFunction squared(boolean ours) {
        return ours ? new LossGaussian(Math.sqrt(0.5)) : new LossL2();
    }
}
