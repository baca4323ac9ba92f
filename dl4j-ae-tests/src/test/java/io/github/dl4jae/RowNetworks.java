package io.github.dl4jae;

import static io.github.dl4jae.testing.Networks.initialized;

import io.github.dl4jae.contractive.ContractiveLayer;
import io.github.dl4jae.contractive.EncoderContraction;
import io.github.dl4jae.dense.FastDenseLayer;
import io.github.dl4jae.dense.FastOutputLayer;
import io.github.dl4jae.dense.TransposedDenseLayer;
import io.github.dl4jae.likelihood.LossBernoulli;
import io.github.dl4jae.likelihood.LossGaussian;
import io.github.dl4jae.penalty.ExampleCountPreProcessor;
import io.github.dl4jae.penalty.L1Penalty;
import io.github.dl4jae.pretraining.RestrictedBoltzmannLayer;
import io.github.dl4jae.pretraining.TiedAutoencoderLayer;
import io.github.dl4jae.schedule.LinearSchedule;
import io.github.dl4jae.sparse.ActivationTopK;
import io.github.dl4jae.sparse.ActivityRegularizationLayer;
import io.github.dl4jae.sparse.TopKLayer;
import io.github.dl4jae.variational.GaussianLatentLayer;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.layers.ActivationLayer;
import org.deeplearning4j.nn.conf.layers.DropoutLayer;
import org.deeplearning4j.nn.conf.layers.Layer;
import org.deeplearning4j.nn.conf.layers.LossLayer;
import org.deeplearning4j.nn.conf.layers.misc.FrozenLayerWithBackprop;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.deeplearning4j.nn.transferlearning.TransferLearning;
import org.nd4j.linalg.activations.Activation;
import org.nd4j.linalg.activations.IActivation;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.schedule.ScheduleType;

/** Autoencoders for rows of {@link #FEATURES} values, whose code is the layer or vertex "code". */
final class RowNetworks {

    static final int FEATURES = 45;

    private RowNetworks() {}

    static NeuralNetConfiguration.Builder base() {
        return new NeuralNetConfiguration.Builder().seed(5).biasInit(0.1);
    }

    static FastDenseLayer dense(String name, int in, int out, IActivation activation) {
        return new FastDenseLayer.Builder()
                .name(name)
                .nIn(in)
                .nOut(out)
                .activation(activation)
                .build();
    }

    static FastDenseLayer dense(String name, int in, int out, Activation activation) {
        return dense(name, in, out, activation.getActivationFunction());
    }

    static FastOutputLayer output(int in) {
        return new FastOutputLayer.Builder(new LossBernoulli())
                .nIn(in)
                .nOut(FEATURES)
                .activation(Activation.SIGMOID)
                .build();
    }

    static MultiLayerNetwork stack() {
        return initialized(base().list()
                .layer(dense("hidden", FEATURES, 30, Activation.RELU))
                .layer(dense("code", 30, 7, Activation.TANH))
                .layer(dense("back", 7, 30, Activation.SIGMOID))
                .layer(output(30)));
    }

    static MultiLayerNetwork withoutBias() {
        return initialized(base().list()
                .layer(new FastDenseLayer.Builder()
                        .name("code")
                        .nIn(FEATURES)
                        .nOut(7)
                        .hasBias(false)
                        .activation(Activation.IDENTITY)
                        .build())
                .layer(new FastOutputLayer.Builder(new LossGaussian(1))
                        .nIn(7)
                        .nOut(FEATURES)
                        .hasBias(false)
                        .activation(Activation.IDENTITY)
                        .build()));
    }

    static MultiLayerNetwork sparse() {
        return initialized(base().list()
                .layer(new DropoutLayer.Builder(0.5).build())
                .layer(dense("hidden", FEATURES, 30, new ActivationTopK(9)))
                .layer(new ActivityRegularizationLayer.Builder()
                        .penalty(new L1Penalty(0.1))
                        .build())
                .layer(dense("linear", 30, 20, Activation.IDENTITY))
                .layer(new TopKLayer.Builder()
                        .name("code")
                        .nIn(20)
                        .k(new LinearSchedule(ScheduleType.ITERATION, 9, 3, 10))
                        .build())
                .layer(new ActivationLayer(Activation.TANH))
                .layer(output(20)));
    }

    static MultiLayerNetwork activationFirst() {
        return initialized(base().list()
                .layer(new ActivationLayer(Activation.TANH))
                .layer(dense("code", FEATURES, 7, Activation.TANH))
                .layer(new ActivationLayer(Activation.RELU))
                .layer(output(7)));
    }

    static MultiLayerNetwork pretrained() {
        return initialized(base().list()
                .layer(new TiedAutoencoderLayer.Builder()
                        .nIn(FEATURES)
                        .nOut(20)
                        .activation(Activation.SIGMOID)
                        .build())
                .layer(new RestrictedBoltzmannLayer.Builder().nIn(20).nOut(12).build())
                .layer(new ContractiveLayer.Builder()
                        .name("code")
                        .nIn(12)
                        .nOut(7)
                        .activation(Activation.SIGMOID)
                        .build())
                .layer(output(7)));
    }

    static MultiLayerNetwork frozen() {
        return new TransferLearning.Builder(stack()).setFeatureExtractor(1).build();
    }

    static MultiLayerNetwork frozenWithBackprop() {
        return initialized(base().list()
                .layer(new FrozenLayerWithBackprop(dense("hidden", FEATURES, 30, Activation.RELU)))
                .layer(dense("code", 30, 7, Activation.TANH))
                .layer(new FrozenLayerWithBackprop(dense("back", 7, 30, Activation.TANH)))
                .layer(output(30)));
    }

    static ComputationGraph tied() {
        return initialized(base().graphBuilder()
                .addInputs("in")
                .addLayer("e1", dense("e1", FEATURES, 30, Activation.RELU), "in")
                .addLayer("code", dense("code", 30, 7, Activation.TANH), "e1")
                .addLayer(
                        "d2",
                        new TransposedDenseLayer.Builder("code")
                                .nIn(7)
                                .nOut(30)
                                .activation(Activation.RELU)
                                .build(),
                        "code")
                .addLayer(
                        "d1",
                        new TransposedDenseLayer.Builder("e1")
                                .nIn(30)
                                .nOut(FEATURES)
                                .activation(Activation.IDENTITY)
                                .build(),
                        "d2")
                .addLayer(
                        "out",
                        new LossLayer.Builder(new LossBernoulli())
                                .activation(Activation.SIGMOID)
                                .build(),
                        "d1")
                .setOutputs("out"));
    }

    static ComputationGraph variational() {
        return initialized(base().graphBuilder()
                .addInputs("in")
                .addLayer("hidden", dense("hidden", FEATURES, 30, Activation.RELU), "in")
                .addLayer(
                        "code",
                        new GaussianLatentLayer.Builder().nIn(30).nOut(7).build(),
                        new ExampleCountPreProcessor(),
                        "hidden")
                .addLayer("out", output(7), "code")
                .setOutputs("out"));
    }

    /** A reconstruction beside a classifier, which does not lie between input, code and reconstruction. */
    static ComputationGraph withClassifier() {
        return initialized(base().graphBuilder()
                .addInputs("in")
                .addLayer("code", dense("code", FEATURES, 7, Activation.RELU), "in")
                .addLayer("out", output(7), "code")
                .addLayer(
                        "class",
                        new FastOutputLayer.Builder(new LossGaussian(1))
                                .nIn(7)
                                .nOut(2)
                                .activation(Activation.IDENTITY)
                                .build(),
                        "code")
                .setOutputs("out", "class"));
    }

    static MultiLayerNetwork contraction() {
        NeuralNetConfiguration.ListBuilder layers = base().list();
        for (Layer layer : new EncoderContraction("contraction", 0.1)
                .around(dense("hidden", FEATURES, 30, Activation.SIGMOID), dense("code", 30, 7, Activation.SIGMOID))) {
            layers.layer(layer);
        }
        return initialized(layers.layer(output(7)));
    }

    static INDArray rows(int count) {
        Nd4j.getRandom().setSeed(3);
        return Nd4j.rand(count, FEATURES);
    }
}
