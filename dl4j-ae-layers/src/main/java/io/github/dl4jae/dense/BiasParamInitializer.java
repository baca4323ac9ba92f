package io.github.dl4jae.dense;

import io.github.dl4jae.internal.layer.ShapedParamInitializer;
import java.util.List;
import java.util.Map;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.layers.FeedForwardLayer;
import org.deeplearning4j.nn.conf.layers.Layer;
import org.deeplearning4j.nn.params.DefaultParamInitializer;
import org.nd4j.linalg.api.ndarray.INDArray;

/** The parameters of a layer with a bias and no weights: {@code b [1, nOut]}. */
final class BiasParamInitializer extends ShapedParamInitializer {

    static final BiasParamInitializer INSTANCE = new BiasParamInitializer();
    private static final String BIAS = DefaultParamInitializer.BIAS_KEY;

    private BiasParamInitializer() {
        super(List.of(), List.of(BIAS));
    }

    @Override
    protected Map<String, long[]> shapes(Layer layer) {
        return Map.of(BIAS, new long[] {1, ((FeedForwardLayer) layer).getNOut()});
    }

    @Override
    protected void initialize(NeuralNetConfiguration conf, Map<String, INDArray> parameters, INDArray flat) {
        flat.assign(((FeedForwardLayer) conf.getLayer()).getBiasInit());
    }
}
