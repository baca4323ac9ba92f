package io.github.dl4jae.contractive;

import java.util.Set;
import org.deeplearning4j.nn.conf.dropout.IDropout;
import org.deeplearning4j.nn.conf.layers.BatchNormalization;
import org.deeplearning4j.nn.conf.layers.DropoutLayer;
import org.deeplearning4j.nn.conf.layers.Layer;
import org.deeplearning4j.nn.conf.layers.misc.FrozenLayer;
import org.deeplearning4j.nn.conf.layers.wrapper.BaseWrapperLayer;

/**
 * What may not stand between the two ends of a contraction: layers whose output for an example depends on the others, on chance, or on how many examples there are.
 */
final class RowwiseChecks {

    /** Concepts of this library that add to the score for each row, or draw noise for it; floors forbid to name their classes. */
    private static final Set<String> OF_THIS_LIBRARY = Set.of(
            "ActivityRegularizationLayer",
            "GaussianLatentLayer",
            "PseudoInputLayer",
            "BatchTopKLayer",
            "ContractiveLayer");

    private RowwiseChecks() {}

    static void require(String pair, String name, Layer layer) {
        if (layer instanceof BatchNormalization) {
            refuse(pair, name, layer, "computes its output from the whole minibatch, and so from perturbed copies");
        } else if (layer instanceof DropoutLayer) {
            refuse(pair, name, layer, "drops other units in a copy than in its original");
        } else if (OF_THIS_LIBRARY.contains(layer.getClass().getSimpleName())) {
            refuse(pair, name, layer, "draws noise or adds to the score for each row, and so for copies too");
        } else if (layer instanceof BaseWrapperLayer wrapper) {
            require(pair, name, wrapper.getUnderlying());
        } else if (layer instanceof FrozenLayer frozen) {
            require(pair, name, frozen.getLayer());
        }
        requireNoDropout(pair, name, layer);
    }

    static void requireNoDropout(String pair, String name, Layer layer) {
        IDropout dropout = layer.getIDropout();
        if (dropout != null) {
            refuse(pair, name, layer, "has " + dropout + ", which makes other noise for a copy than for its original");
        }
    }

    private static void refuse(String pair, String name, Layer layer, String why) {
        throw new IllegalArgumentException("EncoderContraction '" + pair
                + "': layers in it must treat each example alone and without noise, got "
                + layer.getClass().getSimpleName() + " " + (name == null ? "(unnamed)" : "'" + name + "'") + ", which "
                + why + "; put it outside of the contraction, or leave it out");
    }
}
