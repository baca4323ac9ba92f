package io.github.dl4jae.concrete;

import io.github.dl4jae.internal.layer.ShapedParamInitializer;
import java.util.List;
import java.util.Map;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.layers.Layer;
import org.deeplearning4j.nn.params.DefaultParamInitializer;
import org.deeplearning4j.nn.weights.IWeightInit;
import org.nd4j.linalg.api.ndarray.INDArray;

/** The parameters of a {@link ConcreteSelectorLayer}: the logits {@code W [n, m]}, a column per selector. */
final class ConcreteSelectorParamInitializer extends ShapedParamInitializer {

    static final ConcreteSelectorParamInitializer INSTANCE = new ConcreteSelectorParamInitializer();
    static final String LOGITS = DefaultParamInitializer.WEIGHT_KEY;

    private ConcreteSelectorParamInitializer() {
        super(List.of(LOGITS), List.of());
    }

    @Override
    protected Map<String, long[]> shapes(Layer configuration) {
        ConcreteSelectorLayer layer = (ConcreteSelectorLayer) configuration;
        return Map.of(LOGITS, new long[] {layer.getNIn(), layer.getNOut()});
    }

    @Override
    protected void initialize(NeuralNetConfiguration conf, Map<String, INDArray> parameters, INDArray flat) {
        ConcreteSelectorLayer layer = (ConcreteSelectorLayer) conf.getLayer();
        INDArray W = parameter(parameters, LOGITS);
        double n = layer.getNIn();
        double m = layer.getNOut();
        layer.getWeightInitFn().init(n, m, W.shape(), IWeightInit.DEFAULT_WEIGHT_INIT_ORDER, flat);
        long ofName = 0x9E3779B97F4A7C15L * String.valueOf(layer.getLayerName()).hashCode();
        layer.initialLogits().addTo(W, conf.getSeed() + ofName);
    }
}
