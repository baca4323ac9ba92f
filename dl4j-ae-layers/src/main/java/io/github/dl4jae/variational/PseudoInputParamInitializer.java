package io.github.dl4jae.variational;

import java.util.List;
import java.util.Map;
import org.deeplearning4j.nn.api.ParamInitializer;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.layers.Layer;
import org.deeplearning4j.nn.weights.IWeightInit;
import org.nd4j.linalg.api.ndarray.INDArray;

/** U, and nothing else. */
final class PseudoInputParamInitializer implements ParamInitializer {

    static final PseudoInputParamInitializer INSTANCE = new PseudoInputParamInitializer();
    static final String PSEUDO_INPUTS = "U";

    private PseudoInputParamInitializer() {}

    private static long[] shape(Layer layer) {
        PseudoInputLayer configuration = (PseudoInputLayer) layer;
        return new long[] {configuration.getPseudoInputs(), configuration.getNIn()};
    }

    @Override
    public long numParams(NeuralNetConfiguration conf) {
        return numParams(conf.getLayer());
    }

    @Override
    public long numParams(Layer layer) {
        return shape(layer)[0] * shape(layer)[1];
    }

    @Override
    public List<String> paramKeys(Layer layer) {
        return List.of(PSEUDO_INPUTS);
    }

    @Override
    public List<String> weightKeys(Layer layer) {
        return List.of(PSEUDO_INPUTS);
    }

    @Override
    public List<String> biasKeys(Layer layer) {
        return List.of();
    }

    @Override
    public boolean isWeightParam(Layer layer, String key) {
        return PSEUDO_INPUTS.equals(key);
    }

    @Override
    public boolean isBiasParam(Layer layer, String key) {
        return false;
    }

    @Override
    public Map<String, INDArray> init(NeuralNetConfiguration conf, INDArray view, boolean initialize) {
        PseudoInputLayer layer = (PseudoInputLayer) conf.getLayer();
        conf.addVariable(PSEUDO_INPUTS);
        if (initialize) {
            layer.getWeightInitFn()
                    .init(
                            (double) layer.getPseudoInputs(),
                            (double) layer.getNIn(),
                            shape(layer),
                            IWeightInit.DEFAULT_WEIGHT_INIT_ORDER,
                            view.reshape(view.length()));
        }
        return getGradientsFromFlattened(conf, view);
    }

    @Override
    public Map<String, INDArray> getGradientsFromFlattened(NeuralNetConfiguration conf, INDArray view) {
        return Map.of(PSEUDO_INPUTS, view.reshape(view.length()).reshape('f', shape(conf.getLayer())));
    }
}
