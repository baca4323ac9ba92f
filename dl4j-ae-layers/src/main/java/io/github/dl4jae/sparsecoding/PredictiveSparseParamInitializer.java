package io.github.dl4jae.sparsecoding;

import io.github.dl4jae.internal.layer.ShapedParamInitializer;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.layers.Layer;
import org.deeplearning4j.nn.params.DefaultParamInitializer;
import org.deeplearning4j.nn.weights.IWeightInit;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.indexing.NDArrayIndex;

/** Initializes W, b and g of the encoder, and the dictionary D with the directions of W. */
final class PredictiveSparseParamInitializer extends ShapedParamInitializer {

    static final PredictiveSparseParamInitializer INSTANCE = new PredictiveSparseParamInitializer();
    static final String WEIGHT = DefaultParamInitializer.WEIGHT_KEY;
    static final String BIAS = DefaultParamInitializer.BIAS_KEY;
    static final String GAIN = "g";
    static final String DICTIONARY = "D";

    private PredictiveSparseParamInitializer() {
        super(List.of(WEIGHT), List.of(BIAS));
    }

    @Override
    protected Map<String, long[]> shapes(Layer configuration) {
        PredictiveSparseLayer layer = (PredictiveSparseLayer) configuration;
        Map<String, long[]> shapes = new LinkedHashMap<>();
        shapes.put(WEIGHT, new long[] {layer.getNIn(), layer.getNOut()});
        shapes.put(BIAS, new long[] {1, layer.getNOut()});
        shapes.put(GAIN, new long[] {1, layer.getNOut()});
        shapes.put(DICTIONARY, new long[] {layer.getNOut(), layer.getNIn()});
        return shapes;
    }

    @Override
    protected void initialize(NeuralNetConfiguration conf, Map<String, INDArray> parameters, INDArray flat) {
        PredictiveSparseLayer layer = (PredictiveSparseLayer) conf.getLayer();
        INDArray W = parameter(parameters, WEIGHT);
        layer.getWeightInitFn()
                .init(
                        (double) layer.getNIn(),
                        (double) layer.getNOut(),
                        W.shape(),
                        IWeightInit.DEFAULT_WEIGHT_INIT_ORDER,
                        flat.get(NDArrayIndex.interval(0, W.length())));
        parameter(parameters, BIAS).assign(layer.getBiasInit());
        parameter(parameters, GAIN).assign(1);
        INDArray D = parameter(parameters, DICTIONARY).assign(W.transpose());
        D.diviColumnVector(D.norm2(true, 1).addi(1e-12));
    }
}
