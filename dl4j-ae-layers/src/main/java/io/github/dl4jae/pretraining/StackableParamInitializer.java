package io.github.dl4jae.pretraining;

import java.util.List;
import java.util.Map;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.layers.Layer;
import org.deeplearning4j.nn.params.DefaultParamInitializer;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.indexing.NDArrayIndex;

/** W, b and the visible bias vb, in this order, as in the stock pretrain layers. */
final class StackableParamInitializer extends DefaultParamInitializer {

    static final StackableParamInitializer INSTANCE = new StackableParamInitializer();
    static final String VISIBLE_BIAS = "vb";

    private StackableParamInitializer() {}

    @Override
    public long numParams(Layer layer) {
        return super.numParams(layer) + ((StackableLayer) layer).getNIn();
    }

    @Override
    public List<String> biasKeys(Layer layer) {
        return List.of(BIAS_KEY, VISIBLE_BIAS);
    }

    @Override
    public boolean isBiasParam(Layer layer, String key) {
        return BIAS_KEY.equals(key) || VISIBLE_BIAS.equals(key);
    }

    @Override
    public Map<String, INDArray> init(NeuralNetConfiguration conf, INDArray view, boolean initialize) {
        StackableLayer layer = (StackableLayer) conf.getLayer();
        INDArray all = view.reshape(view.length());
        long own = super.numParams(layer);
        Map<String, INDArray> parameters = super.init(conf, view, initialize);
        INDArray visibleBias = all.get(NDArrayIndex.interval(own, own + layer.getNIn()));
        if (initialize) {
            visibleBias.assign(layer.getVisibleBiasInit());
        }
        parameters.put(VISIBLE_BIAS, visibleBias);
        conf.addVariable(VISIBLE_BIAS);
        return parameters;
    }

    @Override
    public Map<String, INDArray> getGradientsFromFlattened(NeuralNetConfiguration conf, INDArray view) {
        StackableLayer layer = (StackableLayer) conf.getLayer();
        INDArray all = view.reshape(view.length());
        long own = super.numParams(layer);
        Map<String, INDArray> gradients = super.getGradientsFromFlattened(conf, view);
        gradients.put(VISIBLE_BIAS, all.get(NDArrayIndex.interval(own, own + layer.getNIn())));
        return gradients;
    }
}
