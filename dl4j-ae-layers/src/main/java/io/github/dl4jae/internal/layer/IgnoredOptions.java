package io.github.dl4jae.internal.layer;

import org.deeplearning4j.nn.conf.layers.BaseLayer;
import org.deeplearning4j.nn.conf.layers.Layer;

/**
 * Checks for options of Deeplearning4j's builders that a layer does not use: setting them on its own builder is
 * refused. Defaults of the whole network are accepted, because they are meant for other layers.
 */
public final class IgnoredOptions {

    private IgnoredOptions() {}

    /**
     * Refuses an activation.
     *
     * @param type the name of the layer's class
     * @param builder of the layer
     * @param instead what the layer computes, for the message
     * @throws IllegalArgumentException if one was set
     */
    public static void requireNoActivation(String type, BaseLayer.Builder<?> builder, String instead) {
        if (builder.getActivationFn() != null) {
            throw new IllegalArgumentException(type + ": activation must not be set, got " + builder.getActivationFn()
                    + "; the layer has none of its own to choose (" + instead + "), so leave it out");
        }
    }

    /**
     * Refuses dropout.
     *
     * @param type the name of the layer's class
     * @param builder of the layer
     * @throws IllegalArgumentException if it was set
     */
    public static void requireNoDropout(String type, Layer.Builder<?> builder) {
        if (builder.getIDropout() != null) {
            throw new IllegalArgumentException(type + ": dropOut must not be set, got " + builder.getIDropout()
                    + "; the layer would ignore it, so set it on the layer below or above");
        }
    }
}
