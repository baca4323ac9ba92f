package io.github.dl4jae.variational;

import io.github.dl4jae.internal.layer.ShapedParamInitializer;
import io.github.dl4jae.noise.NoiseStream;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.layers.Layer;
import org.deeplearning4j.nn.params.DefaultParamInitializer;
import org.deeplearning4j.nn.weights.IWeightInit;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.indexing.NDArrayIndex;

/** Initializes W and b, with the columns of the mean first, and the parameters of a mixture prior. */
final class GaussianLatentParamInitializer extends ShapedParamInitializer {

    static final GaussianLatentParamInitializer INSTANCE = new GaussianLatentParamInitializer();
    static final String WEIGHT = DefaultParamInitializer.WEIGHT_KEY;
    static final String BIAS = DefaultParamInitializer.BIAS_KEY;
    static final String PRIOR_LOGITS = "pw";
    static final String PRIOR_MEANS = "pm";
    static final String PRIOR_LOG_VARIANCES = "pv";

    private GaussianLatentParamInitializer() {
        super(List.of(WEIGHT), List.of(BIAS));
    }

    @Override
    protected Map<String, long[]> shapes(Layer configuration) {
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
    protected void initialize(NeuralNetConfiguration conf, Map<String, INDArray> parameters, INDArray flat) {
        GaussianLatentLayer layer = (GaussianLatentLayer) conf.getLayer();
        // fan-out is nOut: mean and log variance are separate outputs
        layer.getWeightInitFn()
                .init(
                        (double) layer.getNIn(),
                        (double) layer.getNOut(),
                        parameter(parameters, WEIGHT).shape(),
                        IWeightInit.DEFAULT_WEIGHT_INIT_ORDER,
                        flat.get(NDArrayIndex.interval(
                                0, parameter(parameters, WEIGHT).length())));
        parameter(parameters, BIAS).assign(layer.getBiasInit());
        if (parameters.containsKey(PRIOR_MEANS)) {
            INDArray means = parameter(parameters, PRIOR_MEANS);
            double[] start = new double[(int) means.length()];
            NoiseStream.of(conf.getSeed(), layer.getLayerName() + "/prior").normal(0, start, 0, start.length);
            means.assign(Nd4j.createFromArray(start).reshape(means.shape()));
            parameter(parameters, PRIOR_LOGITS).assign(0);
            parameter(parameters, PRIOR_LOG_VARIANCES).assign(0);
        }
    }
}
