package io.github.dl4jae;

import org.deeplearning4j.nn.conf.layers.ConvolutionLayer;
import org.deeplearning4j.nn.conf.layers.FeedForwardLayer;
import org.deeplearning4j.nn.conf.layers.Layer;
import org.deeplearning4j.nn.conf.layers.wrapper.BaseWrapperLayer;

/** Layer widths as text. */
final class LayerWidths {

    private static final String UNKNOWN = "?";

    private LayerWidths() {}

    /** Returns the number of inputs or input channels; {@code ?} if the layer has none. */
    static String in(Layer layer) {
        return layer instanceof BaseWrapperLayer wrapper
                ? in(wrapper.getUnderlying())
                : layer instanceof FeedForwardLayer sized ? text(sized, sized.getNIn()) : UNKNOWN;
    }

    /** Returns the number of outputs or output channels; {@code ?} if the layer has none. */
    static String out(Layer layer) {
        return layer instanceof BaseWrapperLayer wrapper
                ? out(wrapper.getUnderlying())
                : layer instanceof FeedForwardLayer sized ? text(sized, sized.getNOut()) : UNKNOWN;
    }

    private static String text(FeedForwardLayer layer, long width) {
        String number = width > 0 ? Long.toString(width) : UNKNOWN;
        return layer instanceof ConvolutionLayer ? number + " channels" : number;
    }
}
