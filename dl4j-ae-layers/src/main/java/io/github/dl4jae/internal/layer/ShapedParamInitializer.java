package io.github.dl4jae.internal.layer;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.deeplearning4j.nn.api.ParamInitializer;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.layers.Layer;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.indexing.NDArrayIndex;

/**
 * The parameters of a layer as matrices that lie one behind the other in one flat array, as Deeplearning4j wants them: for those who write a layer. What is left to say is
 * which there are, how they begin, and which are weights and which biases.
 */
public abstract class ShapedParamInitializer implements ParamInitializer {

    /** For subclasses. */
    protected ShapedParamInitializer() {}

    /**
     * The shape of each parameter, in the order in which they lie.
     *
     * @param layer a configuration
     * @return matrices by their names
     */
    protected abstract Map<String, long[]> shapes(Layer layer);

    /**
     * Gives parameters their first values.
     *
     * @param conf with the seed and the layer
     * @param parameters views, in 'f' order
     * @param flat the same memory, as a vector
     */
    protected abstract void initialize(NeuralNetConfiguration conf, Map<String, INDArray> parameters, INDArray flat);

    @Override
    public final long numParams(NeuralNetConfiguration conf) {
        return numParams(conf.getLayer());
    }

    @Override
    public final long numParams(Layer layer) {
        return shapes(layer).values().stream()
                .mapToLong(shape -> shape[0] * shape[1])
                .sum();
    }

    @Override
    public final List<String> paramKeys(Layer layer) {
        return List.copyOf(shapes(layer).keySet());
    }

    @Override
    public final boolean isWeightParam(Layer layer, String key) {
        return weightKeys(layer).contains(key);
    }

    @Override
    public final boolean isBiasParam(Layer layer, String key) {
        return biasKeys(layer).contains(key);
    }

    @Override
    public final Map<String, INDArray> init(NeuralNetConfiguration conf, INDArray view, boolean initialize) {
        Map<String, INDArray> parameters = getGradientsFromFlattened(conf, view);
        parameters.keySet().forEach(conf::addVariable);
        if (initialize) {
            initialize(conf, parameters, view.reshape(view.length()));
        }
        return parameters;
    }

    @Override
    public final Map<String, INDArray> getGradientsFromFlattened(NeuralNetConfiguration conf, INDArray view) {
        INDArray all = view.reshape(view.length());
        Map<String, INDArray> views = new LinkedHashMap<>();
        long offset = 0;
        for (Map.Entry<String, long[]> parameter : shapes(conf.getLayer()).entrySet()) {
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
