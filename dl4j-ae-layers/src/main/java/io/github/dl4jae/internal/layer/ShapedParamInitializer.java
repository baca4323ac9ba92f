package io.github.dl4jae.internal.layer;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.deeplearning4j.nn.api.ParamInitializer;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.layers.Layer;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.indexing.NDArrayIndex;

/**
 * A parameter initializer for matrices, which lie one after the other in one flat array. Subclasses declare their
 * shapes and first values.
 */
public abstract class ShapedParamInitializer implements ParamInitializer {

    private final List<String> weights;
    private final List<String> biases;

    /**
     * Creates an initializer.
     *
     * @param weights the names of the weights, which L1 and L2 regularization reaches
     * @param biases the names of the biases
     */
    protected ShapedParamInitializer(List<String> weights, List<String> biases) {
        this.weights = weights;
        this.biases = biases;
    }

    /**
     * Returns the shape of each parameter, in their order in memory.
     *
     * @param layer a configuration
     * @return matrices by their names
     */
    protected abstract Map<String, long[]> shapes(Layer layer);

    /**
     * Returns the order of a parameter in memory. Default: 'f'.
     *
     * @param key the name of the parameter
     * @return 'c' or 'f'
     */
    protected char order(String key) {
        return 'f';
    }

    /**
     * Sets the first values of the parameters.
     *
     * @param conf with the seed and the layer
     * @param parameters views, each in its {@link #order}
     * @param flat the same memory, as a vector
     */
    protected abstract void initialize(NeuralNetConfiguration conf, Map<String, INDArray> parameters, INDArray flat);

    /**
     * Returns a parameter by its name.
     *
     * @param parameters as passed to {@link #initialize}
     * @param key the name, one of {@link #shapes}
     * @return the view
     */
    protected static INDArray parameter(Map<String, INDArray> parameters, String key) {
        return Objects.requireNonNull(parameters.get(key), key);
    }

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
    public final List<String> weightKeys(Layer layer) {
        return weights;
    }

    @Override
    public final List<String> biasKeys(Layer layer) {
        return biases;
    }

    @Override
    public final boolean isWeightParam(Layer layer, String key) {
        return weights.contains(key);
    }

    @Override
    public final boolean isBiasParam(Layer layer, String key) {
        return biases.contains(key);
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
                    all.get(NDArrayIndex.interval(offset, end)).reshape(order(parameter.getKey()), shape));
            offset = end;
        }
        return views;
    }
}
