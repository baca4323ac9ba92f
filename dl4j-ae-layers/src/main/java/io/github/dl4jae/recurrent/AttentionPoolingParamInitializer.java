package io.github.dl4jae.recurrent;

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

/** The parameters of an {@link AttentionPoolingLayer}: W, v and b. */
final class AttentionPoolingParamInitializer extends ShapedParamInitializer {

    static final AttentionPoolingParamInitializer INSTANCE = new AttentionPoolingParamInitializer();
    static final String W = DefaultParamInitializer.WEIGHT_KEY;
    static final String V = "v";
    static final String B = DefaultParamInitializer.BIAS_KEY;

    private AttentionPoolingParamInitializer() {
        super(List.of(W, V), List.of(B));
    }

    @Override
    protected Map<String, long[]> shapes(Layer configuration) {
        AttentionPoolingLayer layer = (AttentionPoolingLayer) configuration;
        Map<String, long[]> shapes = new LinkedHashMap<>();
        shapes.put(W, new long[] {layer.getNIn(), layer.getAttention()});
        shapes.put(V, new long[] {layer.getAttention(), 1});
        shapes.put(B, new long[] {1, layer.getAttention()});
        return shapes;
    }

    @Override
    protected void initialize(NeuralNetConfiguration conf, Map<String, INDArray> parameters, INDArray flat) {
        AttentionPoolingLayer layer = (AttentionPoolingLayer) conf.getLayer();
        long matrix = layer.getNIn() * layer.getAttention();
        init(layer, layer.getNIn(), layer.getAttention(), flat, 0, matrix);
        init(layer, layer.getAttention(), 1, flat, matrix, matrix + layer.getAttention());
        parameter(parameters, B).assign(layer.getBiasInit());
    }

    private static void init(AttentionPoolingLayer layer, long fanIn, long fanOut, INDArray flat, long from, long to) {
        layer.getWeightInitFn()
                .init(
                        (double) fanIn,
                        (double) fanOut,
                        new long[] {fanIn, fanOut},
                        IWeightInit.DEFAULT_WEIGHT_INIT_ORDER,
                        flat.get(NDArrayIndex.interval(from, to)));
    }
}
