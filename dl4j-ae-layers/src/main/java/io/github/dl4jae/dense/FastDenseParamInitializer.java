package io.github.dl4jae.dense;

import org.deeplearning4j.nn.conf.layers.Layer;
import org.deeplearning4j.nn.params.DefaultParamInitializer;

/** The stock parameters W, b and g, which the stock initializer gives to its own layer classes only. */
final class FastDenseParamInitializer extends DefaultParamInitializer {

    static final FastDenseParamInitializer INSTANCE = new FastDenseParamInitializer();

    private FastDenseParamInitializer() {}

    @Override
    protected boolean hasBias(Layer layer) {
        return ((FastDenseLayer) layer).hasBias();
    }

    @Override
    protected boolean hasLayerNorm(Layer layer) {
        return ((FastDenseLayer) layer).hasLayerNorm();
    }
}
