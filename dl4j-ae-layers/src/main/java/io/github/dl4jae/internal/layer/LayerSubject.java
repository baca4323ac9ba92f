package io.github.dl4jae.internal.layer;

import org.deeplearning4j.nn.conf.layers.Layer;

/** The subject of messages about a layer. */
public final class LayerSubject {

    private LayerSubject() {}

    /**
     * Returns the class and the name of a layer, as in {@code TopKLayer 'code'}.
     *
     * @param layer a configuration
     * @return {@code (unnamed)} in place of a missing name
     */
    public static String of(Layer layer) {
        String name = layer.getLayerName() == null ? "(unnamed)" : "'" + layer.getLayerName() + "'";
        return layer.getClass().getSimpleName() + " " + name;
    }
}
