package io.github.dl4jae.internal.inference;

import org.deeplearning4j.nn.conf.layers.ConvolutionLayer;
import org.deeplearning4j.nn.conf.layers.FeedForwardLayer;
import org.deeplearning4j.nn.conf.layers.Layer;
import org.deeplearning4j.nn.conf.layers.wrapper.BaseWrapperLayer;
import org.jspecify.annotations.Nullable;

/** Layer widths as text. */
public final class LayerWidths {

    /** Stands for a width that a configuration does not have. */
    public static final String UNKNOWN = "?";

    private LayerWidths() {}

    /**
     * Returns the number of inputs or input channels.
     *
     * @param layer a configuration; may be null
     * @return {@code ?} if the layer has none
     */
    public static String in(@Nullable Layer layer) {
        return layer instanceof BaseWrapperLayer wrapper
                ? in(wrapper.getUnderlying())
                : layer instanceof FeedForwardLayer sized ? text(sized, sized.getNIn()) : UNKNOWN;
    }

    /**
     * Returns the number of outputs or output channels.
     *
     * @param layer a configuration; may be null
     * @return {@code ?} if the layer has none
     */
    public static String out(@Nullable Layer layer) {
        return layer instanceof BaseWrapperLayer wrapper
                ? out(wrapper.getUnderlying())
                : layer instanceof FeedForwardLayer sized ? text(sized, sized.getNOut()) : UNKNOWN;
    }

    private static String text(FeedForwardLayer layer, long width) {
        String number = width > 0 ? Long.toString(width) : UNKNOWN;
        return layer instanceof ConvolutionLayer ? number + (width == 1 ? " channel" : " channels") : number;
    }
}
