package io.github.dl4jae.recurrent;

import io.github.dl4jae.internal.layer.ShapedParamInitializer;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.layers.Layer;
import org.deeplearning4j.nn.params.LSTMParamInitializer;
import org.deeplearning4j.nn.weights.IWeightInit;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * The parameters of a {@link FastGruLayer}: {@code W [n, 3h]}, {@code RW [h, 3h]}, {@code b [1, 4h]}. Fan-in and
 * fan-out are those of the stock LSTM.
 */
final class GruParamInitializer extends ShapedParamInitializer {

    static final GruParamInitializer INSTANCE = new GruParamInitializer();
    static final String W = LSTMParamInitializer.INPUT_WEIGHT_KEY;
    static final String R = LSTMParamInitializer.RECURRENT_WEIGHT_KEY;
    static final String B = LSTMParamInitializer.BIAS_KEY;

    private GruParamInitializer() {
        super(List.of(W, R), List.of(B));
    }

    @Override
    protected Map<String, long[]> shapes(Layer configuration) {
        FastGruLayer layer = (FastGruLayer) configuration;
        Map<String, long[]> shapes = new LinkedHashMap<>();
        shapes.put(W, new long[] {layer.getNIn(), 3 * layer.getNOut()});
        shapes.put(R, new long[] {layer.getNOut(), 3 * layer.getNOut()});
        shapes.put(B, new long[] {1, 4 * layer.getNOut()});
        return shapes;
    }

    @Override
    protected void initialize(NeuralNetConfiguration conf, Map<String, INDArray> parameters, INDArray flat) {
        FastGruLayer layer = (FastGruLayer) conf.getLayer();
        IWeightInit recurrent =
                layer.getWeightInitFnRecurrent() == null ? layer.getWeightInitFn() : layer.getWeightInitFnRecurrent();
        double fanIn = layer.getNOut();
        double fanOut = (double) layer.getNIn() + layer.getNOut();
        initialize(layer.getWeightInitFn(), fanIn, fanOut, parameter(parameters, W));
        initialize(recurrent, fanIn, fanOut, parameter(parameters, R));
        parameter(parameters, B).assign(layer.getBiasInit());
    }

    private static void initialize(IWeightInit init, double fanIn, double fanOut, INDArray weights) {
        init.init(
                fanIn, fanOut, weights.shape(), IWeightInit.DEFAULT_WEIGHT_INIT_ORDER, weights.reshape('f', new long[] {
                    weights.length()
                }));
    }
}
