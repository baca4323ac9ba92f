package io.github.dl4jae.contractive;

import io.github.dl4jae.penalty.CountsRows;
import org.deeplearning4j.nn.conf.dropout.IDropout;
import org.deeplearning4j.nn.conf.layers.BaseLayer;
import org.deeplearning4j.nn.conf.layers.BatchNormalization;
import org.deeplearning4j.nn.conf.layers.DropoutLayer;
import org.deeplearning4j.nn.conf.layers.FeedForwardLayer;
import org.deeplearning4j.nn.conf.layers.Layer;
import org.deeplearning4j.nn.conf.layers.misc.FrozenLayer;
import org.deeplearning4j.nn.conf.layers.wrapper.BaseWrapperLayer;
import org.nd4j.linalg.activations.IActivation;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/**
 * Checks of the layers between the two ends of a contraction: their output for an example must not depend on other
 * examples, on chance, or on the number of examples.
 */
final class PerExampleChecks {

    private PerExampleChecks() {}

    static void require(String pair, String name, Layer layer) {
        if (layer instanceof BatchNormalization) {
            refuse(pair, name, layer, "computes its output from the whole mini-batch, and so from perturbed copies");
        } else if (layer instanceof DropoutLayer) {
            refuse(pair, name, layer, "drops different units in a copy and in its original");
        } else if (layer instanceof CountsRows) {
            refuse(pair, name, layer, "samples noise or adds to the score for each row, and so for copies too");
        } else if (layer instanceof BaseWrapperLayer wrapper) {
            require(pair, name, wrapper.getUnderlying());
        } else if (layer instanceof FrozenLayer frozen) {
            require(pair, name, frozen.getLayer());
        }
        if (layer instanceof BaseLayer withActivation
                && withActivation.getActivationFn() != null
                && isRandom(withActivation.getActivationFn(), layer)) {
            refuse(
                    pair,
                    name,
                    layer,
                    "has the activation " + withActivation.getActivationFn() + ", which samples noise");
        }
        requireNoDropout(pair, name, layer);
    }

    /** Returns whether the same pre-activations give different activations in training. */
    private static boolean isRandom(IActivation activation, Layer layer) {
        long units = layer instanceof FeedForwardLayer sized ? Math.max(sized.getNOut(), 61) : 61;
        INDArray z = Nd4j.linspace(DataType.DOUBLE, -3, 6.0 / units, units).reshape('c', 1, units);
        return !activation.getActivation(z.dup(), true).equals(activation.getActivation(z.dup(), true));
    }

    static void requireNoDropout(String pair, String name, Layer layer) {
        IDropout dropout = layer.getIDropout();
        if (dropout != null) {
            refuse(
                    pair,
                    name,
                    layer,
                    "has " + dropout + ", which samples different noise for a copy and its" + " original");
        }
    }

    private static void refuse(String pair, String name, Layer layer, String why) {
        throw new IllegalArgumentException("EncoderContraction '" + pair
                + "': layers in it must treat each example alone and without noise, got "
                + layer.getClass().getSimpleName() + " " + (name == null ? "(unnamed)" : "'" + name + "'") + ", which "
                + why + "; move it out of the contraction, or remove it");
    }
}
