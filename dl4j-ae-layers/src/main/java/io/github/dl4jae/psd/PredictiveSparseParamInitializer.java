package io.github.dl4jae.psd;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.deeplearning4j.nn.api.ParamInitializer;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.layers.Layer;
import org.deeplearning4j.nn.params.DefaultParamInitializer;
import org.deeplearning4j.nn.weights.IWeightInit;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.indexing.NDArrayIndex;

/** W, b and g of the encoder, and the dictionary D, which begins with the directions of W. */
final class PredictiveSparseParamInitializer implements ParamInitializer {

    static final PredictiveSparseParamInitializer INSTANCE = new PredictiveSparseParamInitializer();
    static final String WEIGHT = DefaultParamInitializer.WEIGHT_KEY;
    static final String BIAS = DefaultParamInitializer.BIAS_KEY;
    static final String GAIN = "g";
    static final String DICTIONARY = "D";

    private PredictiveSparseParamInitializer() {}

    /** The shape of each parameter, in the order in which they lie. */
    private static Map<String, long[]> shapes(Layer configuration) {
        PredictiveSparseLayer layer = (PredictiveSparseLayer) configuration;
        Map<String, long[]> shapes = new LinkedHashMap<>();
        shapes.put(WEIGHT, new long[] {layer.getNIn(), layer.getNOut()});
        shapes.put(BIAS, new long[] {1, layer.getNOut()});
        shapes.put(GAIN, new long[] {1, layer.getNOut()});
        shapes.put(DICTIONARY, new long[] {layer.getNOut(), layer.getNIn()});
        return shapes;
    }

    @Override
    public long numParams(NeuralNetConfiguration conf) {
        return numParams(conf.getLayer());
    }

    @Override
    public long numParams(Layer layer) {
        return shapes(layer).values().stream()
                .mapToLong(shape -> shape[0] * shape[1])
                .sum();
    }

    @Override
    public List<String> paramKeys(Layer layer) {
        return List.copyOf(shapes(layer).keySet());
    }

    @Override
    public List<String> weightKeys(Layer layer) {
        return List.of(WEIGHT);
    }

    @Override
    public List<String> biasKeys(Layer layer) {
        return List.of(BIAS);
    }

    @Override
    public boolean isWeightParam(Layer layer, String key) {
        return WEIGHT.equals(key);
    }

    @Override
    public boolean isBiasParam(Layer layer, String key) {
        return BIAS.equals(key);
    }

    @Override
    public Map<String, INDArray> init(NeuralNetConfiguration conf, INDArray view, boolean initialize) {
        PredictiveSparseLayer layer = (PredictiveSparseLayer) conf.getLayer();
        Map<String, INDArray> parameters = views(layer, view);
        parameters.keySet().forEach(conf::addVariable);
        if (initialize) {
            INDArray W = parameters.get(WEIGHT);
            INDArray flat = view.reshape(view.length()).get(NDArrayIndex.interval(0, W.length()));
            layer.getWeightInitFn()
                    .init(
                            (double) layer.getNIn(),
                            (double) layer.getNOut(),
                            W.shape(),
                            IWeightInit.DEFAULT_WEIGHT_INIT_ORDER,
                            flat);
            parameters.get(BIAS).assign(layer.getBiasInit());
            parameters.get(GAIN).assign(1);
            INDArray D = parameters.get(DICTIONARY).assign(W.transpose());
            D.diviColumnVector(D.norm2(true, 1).addi(1e-12));
        }
        return parameters;
    }

    @Override
    public Map<String, INDArray> getGradientsFromFlattened(NeuralNetConfiguration conf, INDArray view) {
        return views(conf.getLayer(), view);
    }

    private static Map<String, INDArray> views(Layer layer, INDArray flat) {
        INDArray all = flat.reshape(flat.length());
        Map<String, INDArray> views = new LinkedHashMap<>();
        long offset = 0;
        for (Map.Entry<String, long[]> parameter : shapes(layer).entrySet()) {
            long[] shape = parameter.getValue();
            long end = offset + shape[0] * shape[1];
            views.put(
                    parameter.getKey(),
                    all.get(NDArrayIndex.interval(offset, end)).reshape('f', shape));
            offset = end;
        }
        return views;
    }
}
