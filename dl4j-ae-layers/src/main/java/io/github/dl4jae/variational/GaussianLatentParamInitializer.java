package io.github.dl4jae.variational;

import io.github.dl4jae.noise.NoiseStream;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.deeplearning4j.nn.api.ParamInitializer;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.layers.Layer;
import org.deeplearning4j.nn.params.DefaultParamInitializer;
import org.deeplearning4j.nn.weights.IWeightInit;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.indexing.NDArrayIndex;

/** W and b of mean and log variance side by side, and the parameters of a mixture prior, in one flat array. */
final class GaussianLatentParamInitializer implements ParamInitializer {

    static final GaussianLatentParamInitializer INSTANCE = new GaussianLatentParamInitializer();
    static final String WEIGHT = DefaultParamInitializer.WEIGHT_KEY;
    static final String BIAS = DefaultParamInitializer.BIAS_KEY;
    static final String PRIOR_LOGITS = "pw";
    static final String PRIOR_MEANS = "pm";
    static final String PRIOR_LOG_VARIANCES = "pv";

    private GaussianLatentParamInitializer() {}

    /** The shape of each parameter, in the order in which they lie. */
    private static Map<String, long[]> shapes(Layer configuration) {
        GaussianLatentLayer layer = (GaussianLatentLayer) configuration;
        long n = layer.getNOut();
        Map<String, long[]> shapes = new LinkedHashMap<>();
        shapes.put(WEIGHT, new long[] {layer.getNIn(), 2 * n});
        shapes.put(BIAS, new long[] {1, 2 * n});
        if (layer.getPrior() instanceof LatentPrior.GaussianMixture mixture) {
            shapes.put(PRIOR_LOGITS, new long[] {1, mixture.components()});
            shapes.put(PRIOR_MEANS, new long[] {mixture.components(), n});
            shapes.put(PRIOR_LOG_VARIANCES, new long[] {mixture.components(), n});
        }
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
        GaussianLatentLayer layer = (GaussianLatentLayer) conf.getLayer();
        Map<String, INDArray> parameters = views(layer, view);
        parameters.keySet().forEach(conf::addVariable);
        if (initialize) {
            // two heads beside each other, each with nOut outputs
            layer.getWeightInitFn()
                    .init(
                            (double) layer.getNIn(),
                            (double) layer.getNOut(),
                            parameters.get(WEIGHT).shape(),
                            IWeightInit.DEFAULT_WEIGHT_INIT_ORDER,
                            view.reshape(view.length())
                                    .get(NDArrayIndex.interval(
                                            0, parameters.get(WEIGHT).length())));
            parameters.get(BIAS).assign(layer.getBiasInit());
            if (parameters.containsKey(PRIOR_MEANS)) {
                INDArray means = parameters.get(PRIOR_MEANS);
                double[] start = new double[(int) means.length()];
                NoiseStream.of(conf.getSeed(), layer.getLayerName() + "/prior").normal(0, start, 0, start.length);
                means.assign(Nd4j.createFromArray(start).reshape(means.shape()));
                parameters.get(PRIOR_LOGITS).assign(0);
                parameters.get(PRIOR_LOG_VARIANCES).assign(0);
            }
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
