package io.github.dl4jae;

import org.deeplearning4j.nn.conf.layers.ConvolutionLayer;
import org.deeplearning4j.nn.conf.layers.FeedForwardLayer;
import org.deeplearning4j.nn.conf.layers.Layer;
import org.deeplearning4j.nn.conf.layers.wrapper.BaseWrapperLayer;

/** How wide layers are, for people. */
final class LayerWidths {

    private static final String UNKNOWN = "?";

    private LayerWidths() {}

    /** Values that go in, or channels; {@code ?} where the layer does not tell. */
    static String in(Layer layer) {
        return layer instanceof BaseWrapperLayer wrapper
                ? in(wrapper.getUnderlying())
                : layer instanceof FeedForwardLayer sized ? text(sized, sized.getNIn()) : UNKNOWN;
    }

    /** Values that come out, or channels; {@code ?} where the layer does not tell. */
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
