package io.github.dl4jae.anomaly;

import io.github.dl4jae.internal.layer.Require;
import java.util.ArrayList;
import java.util.List;
import org.deeplearning4j.nn.conf.MultiLayerConfiguration;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.layers.ActivationLayer;
import org.deeplearning4j.nn.conf.layers.BaseLayer;
import org.deeplearning4j.nn.conf.layers.BaseOutputLayer;
import org.deeplearning4j.nn.conf.layers.BatchNormalization;
import org.deeplearning4j.nn.conf.layers.Layer;
import org.deeplearning4j.nn.conf.layers.LossLayer;
import org.deeplearning4j.nn.conf.layers.wrapper.BaseWrapperLayer;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.jspecify.annotations.Nullable;
import org.nd4j.linalg.activations.IActivation;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/** The layers of an encoder: what Deep SVDD demands of them, and networks that begin with them. */
final class SvddLayers {

    private static final String NAME = "DeepSvdd";
    /** Inputs whose outputs differ little, if an activation is bounded. */
    private static final double LARGE = 20;

    private static final double LARGER = 600;
    /** The smallest ratio of these outputs for an activation without bound; that of a logarithm is 2. */
    private static final double GROWTH = 1.5;

    private SvddLayers() {}

    /**
     * Refuses layers with which the encoder can be constant.
     *
     * @param layers of the network
     * @param count of layers of the encoder
     */
    static void require(List<NeuralNetConfiguration> layers, int count) {
        for (int i = 0; i < count; i++) {
            Layer layer = layers.get(i).getLayer();
            String subject = NAME + ", layer " + (layer.getLayerName() == null ? i : "'" + layer.getLayerName() + "'");
            require(subject, unwrapped(layer));
        }
    }

    private static Layer unwrapped(Layer layer) {
        Layer inner = layer;
        while (inner instanceof BaseWrapperLayer wrapper) {
            inner = wrapper.getUnderlying();
        }
        return inner;
    }

    private static void require(String subject, Layer layer) {
        String kind = layer.getClass().getSimpleName();
        Require.that(
                !(layer instanceof BaseOutputLayer || layer instanceof LossLayer),
                subject,
                "the encoder must end with the layer of the code",
                kind,
                "leave output and loss layers out, or give the network and the name of its code layer");
        Require.that(
                layer.initializer().biasKeys(layer).isEmpty(),
                subject,
                "layers must have no bias, with which all outputs can equal the center",
                kind + " with a bias",
                "call hasBias(false) on its builder, or use a kind of layer without bias");
        if (layer instanceof BatchNormalization normalization) {
            Require.that(
                    normalization.isLockGammaBeta() && normalization.getBeta() == 0,
                    subject,
                    "batch normalization must have no offset, with which all outputs can equal the center",
                    normalization.isLockGammaBeta() ? "beta " + normalization.getBeta() : "a trained beta",
                    "call lockGammaBeta(true) on its builder, and leave beta at 0");
        }
        IActivation activation = activation(layer);
        if (activation != null) {
            Require.that(
                    !isBounded(activation),
                    subject,
                    "activations must be unbounded, because saturated units act as biases",
                    activation,
                    "use LEAKYRELU in hidden layers and IDENTITY for the code");
        }
    }

    private static @Nullable IActivation activation(Layer layer) {
        if (layer instanceof BatchNormalization) {
            return null; // not applied
        } else if (layer instanceof BaseLayer withParameters) {
            return withParameters.getActivationFn();
        }
        return layer instanceof ActivationLayer alone ? alone.getActivationFn() : null;
    }

    private static boolean isBounded(IActivation activation) {
        return !(largest(activation, LARGER) > GROWTH * largest(activation, LARGE)); // NaN counts as bounded
    }

    private static double largest(IActivation activation, double z) {
        INDArray row = Nd4j.createFromArray(new double[][] {{z, -z}});
        return activation.getActivation(row, false).amaxNumber().doubleValue();
    }

    /**
     * Returns a network of an encoder and other layers, with the encoder's parameters.
     *
     * @param source an initialized network that begins with the encoder
     * @param count of layers of the encoder
     * @param tail the layers after it, complete, with the number of their inputs
     */
    static MultiLayerNetwork extended(MultiLayerNetwork source, int count, List<NeuralNetConfiguration> tail) {
        MultiLayerConfiguration copy = source.getLayerWiseConfigurations().clone();
        List<NeuralNetConfiguration> layers = new ArrayList<>(copy.getConfs().subList(0, count));
        tail.forEach(each -> layers.add(each.clone()));
        for (NeuralNetConfiguration each : layers) {
            each.setIterationCount(0);
            each.setEpochCount(0);
            each.clearVariables();
        }
        copy.setConfs(layers);
        copy.setIterationCount(0);
        copy.setEpochCount(0);
        copy.getInputPreProcessors().keySet().removeIf(place -> place >= count);
        MultiLayerNetwork network = new MultiLayerNetwork(copy);
        network.init();
        copyParameters(source, network, count);
        return network;
    }

    /** Copies the parameters of the first layers. */
    static void copyParameters(MultiLayerNetwork from, MultiLayerNetwork to, int count) {
        for (int i = 0; i < count; i++) {
            if (from.getLayer(i).numParams() > 0) {
                to.getLayer(i).params().assign(from.getLayer(i).params());
            }
        }
    }

    /** Returns the type of a network's parameters. */
    static DataType type(MultiLayerNetwork network) {
        return network.getLayerWiseConfigurations().getDataType();
    }
}
