package io.github.dl4jae.dictionary;

import static io.github.dl4jae.testing.Networks.initialized;

import org.deeplearning4j.nn.conf.CNN2DFormat;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.RNNFormat;
import org.deeplearning4j.nn.conf.inputs.InputType;
import org.deeplearning4j.nn.conf.layers.ActivationLayer;
import org.deeplearning4j.nn.conf.layers.ConvolutionLayer;
import org.deeplearning4j.nn.conf.layers.DenseLayer;
import org.deeplearning4j.nn.conf.layers.LSTM;
import org.deeplearning4j.nn.conf.layers.OutputLayer;
import org.deeplearning4j.nn.conf.layers.RnnOutputLayer;
import org.deeplearning4j.nn.conf.layers.SubsamplingLayer;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.nd4j.linalg.activations.Activation;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.lossfunctions.impl.LossMCXENT;

/** Networks that stand for trained ones, in float64, and data for them. */
final class TrainedNetworks {

    static final int CLASSES = 3;
    static final int STEPS = 5;
    static final int FEATURES = 4;

    private TrainedNetworks() {}

    static NeuralNetConfiguration.Builder base() {
        return new NeuralNetConfiguration.Builder()
                .seed(7)
                .biasInit(0.1)
                .activation(Activation.TANH)
                .dataType(DataType.DOUBLE);
    }

    private static OutputLayer output() {
        return new OutputLayer.Builder(new LossMCXENT())
                .name("out")
                .nOut(CLASSES)
                .activation(Activation.SOFTMAX)
                .build();
    }

    /** Layers "first" (6 units), "second" (7 units), "out". */
    static MultiLayerNetwork dense() {
        return initialized(base().list()
                .layer(new DenseLayer.Builder().name("first").nOut(6).build())
                .layer(new DenseLayer.Builder().name("second").nOut(7).build())
                .layer(output())
                .setInputType(InputType.feedForward(FEATURES)));
    }

    /** A layer "code" of 5 linear units whose activations have a factor, and an output layer. */
    static MultiLayerNetwork linear(double factor) {
        MultiLayerNetwork network = initialized(base().list()
                .layer(new DenseLayer.Builder()
                        .name("code")
                        .nOut(5)
                        .activation(Activation.IDENTITY)
                        .build())
                .layer(output())
                .setInputType(InputType.feedForward(FEATURES)));
        network.getLayer(0).getParam("W").muli(factor);
        network.getLayer(0).getParam("b").muli(factor);
        return network;
    }

    /** Layers "conv1" (2 channels, 5 × 4), "active", "conv2" (3 channels, 4 × 3), "pool", "out", for images 6 × 5. */
    static MultiLayerNetwork convolutional(CNN2DFormat format) {
        return initialized(base().list()
                .layer(new ConvolutionLayer.Builder(2, 2)
                        .name("conv1")
                        .nOut(2)
                        .dataFormat(format)
                        .activation(Activation.IDENTITY)
                        .build())
                .layer(new ActivationLayer.Builder()
                        .name("active")
                        .activation(Activation.TANH)
                        .build())
                .layer(new ConvolutionLayer.Builder(2, 2)
                        .name("conv2")
                        .nOut(3)
                        .dataFormat(format)
                        .build())
                .layer(new SubsamplingLayer.Builder()
                        .name("pool")
                        .kernelSize(2, 2)
                        .stride(2, 2)
                        .dataFormat(format)
                        .build())
                .layer(output())
                .setInputType(InputType.convolutional(6, 5, 1, format)));
    }

    /** Layers "lstm" (6 units), "dense" (3 units, per step), "out" per step. */
    static MultiLayerNetwork recurrent(RNNFormat format) {
        return initialized(base().list()
                .layer(new LSTM.Builder()
                        .name("lstm")
                        .nOut(6)
                        .dataFormat(format)
                        .build())
                .layer(new RnnOutputLayer.Builder(new LossMCXENT())
                        .name("out")
                        .nOut(CLASSES)
                        .dataFormat(format)
                        .activation(Activation.SOFTMAX)
                        .build())
                .setInputType(InputType.recurrent(FEATURES, STEPS, format)));
    }

    /** A dense layer between recurrent ones, for which time steps are rows. */
    static MultiLayerNetwork steps() {
        return initialized(base().list()
                .layer(new LSTM.Builder().name("lstm").nOut(6).build())
                .layer(new DenseLayer.Builder().name("dense").nOut(3).build())
                .layer(new RnnOutputLayer.Builder(new LossMCXENT())
                        .name("out")
                        .nOut(CLASSES)
                        .activation(Activation.SOFTMAX)
                        .build())
                .setInputType(InputType.recurrent(FEATURES, STEPS)));
    }

    /** Branches "left" and "right" of 5 units, "sum" of both, "skip" from the input, "out" of "sum" and "skip". */
    static ComputationGraph graph() {
        return initialized(base().graphBuilder()
                .addInputs("in")
                .setInputTypes(InputType.feedForward(FEATURES))
                .addLayer("left", new DenseLayer.Builder().nOut(5).build(), "in")
                .addLayer("right", new DenseLayer.Builder().nOut(5).build(), "in")
                .addVertex(
                        "sum",
                        new org.deeplearning4j.nn.conf.graph.ElementWiseVertex(
                                org.deeplearning4j.nn.conf.graph.ElementWiseVertex.Op.Add),
                        "left",
                        "right")
                .addLayer("skip", new DenseLayer.Builder().nOut(2).build(), "in")
                .addLayer("out", output(), "sum", "skip")
                .setOutputs("out"));
    }

    static INDArray random(long... shape) {
        return Nd4j.rand(DataType.DOUBLE, shape).subi(0.5).muli(4);
    }

    static INDArray labels(int examples) {
        INDArray labels = Nd4j.zeros(DataType.DOUBLE, examples, CLASSES);
        for (int i = 0; i < examples; i++) {
            labels.putScalar(i, i * 7 % CLASSES, 1);
        }
        return labels;
    }

    /** A mask of sequences whose lengths are 5, 2, 1, 4, and so on again. */
    static INDArray mask(int examples) {
        INDArray mask = Nd4j.ones(DataType.DOUBLE, examples, STEPS);
        int[] lengths = {5, 2, 1, 4};
        for (int i = 0; i < examples; i++) {
            for (int t = lengths[i % 4]; t < STEPS; t++) {
                mask.putScalar(i, t, 0);
            }
        }
        return mask;
    }
}
