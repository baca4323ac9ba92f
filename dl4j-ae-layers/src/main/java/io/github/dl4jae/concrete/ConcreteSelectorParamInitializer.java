package io.github.dl4jae.concrete;

import io.github.dl4jae.internal.layer.ShapedParamInitializer;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.layers.Layer;
import org.deeplearning4j.nn.params.DefaultParamInitializer;
import org.deeplearning4j.nn.weights.IWeightInit;
import org.nd4j.linalg.api.ndarray.INDArray;

/** The logits, and nothing else: {@code W [n, m]}, a column per selector. */
final class ConcreteSelectorParamInitializer extends ShapedParamInitializer {

    static final ConcreteSelectorParamInitializer INSTANCE = new ConcreteSelectorParamInitializer();
    static final String LOGITS = DefaultParamInitializer.WEIGHT_KEY;

    private ConcreteSelectorParamInitializer() {}

    @Override
    protected Map<String, long[]> shapes(Layer configuration) {
        ConcreteSelectorLayer layer = (ConcreteSelectorLayer) configuration;
        return Map.of(LOGITS, new long[] {layer.getNIn(), layer.getNOut()});
    }

    @Override
    public List<String> weightKeys(Layer layer) {
        return List.of(LOGITS);
    }

    @Override
    public List<String> biasKeys(Layer layer) {
        return List.of();
    }

    @Override
    protected void initialize(NeuralNetConfiguration conf, Map<String, INDArray> parameters, INDArray flat) {
        ConcreteSelectorLayer layer = (ConcreteSelectorLayer) conf.getLayer();
        INDArray W = parameters.get(LOGITS);
        double n = layer.getNIn();
        double m = layer.getNOut();
        layer.getWeightInitFn().init(n, m, W.shape(), IWeightInit.DEFAULT_WEIGHT_INIT_ORDER, flat);
        if (layer.getInitialColumns().length > 0) {
            // probability ½, if the others are alike
            prefer(W, layer.getInitialColumns(), Math.log(Math.max(n - 1, 1)));
        } else if (layer.getInitialization() == SelectorInitialization.STRIPES && m > 1) {
            // the n/m columns of a stripe have probability 0.9 together
            addStripes(
                    W,
                    Math.log(9 * (m - 1)),
                    new Random(conf.getSeed()
                            + 0x9E3779B97F4A7C15L
                                    * String.valueOf(layer.getLayerName()).hashCode()));
        }
    }

    private static void prefer(INDArray W, int[] columns, double logit) {
        for (int m = 0; m < columns.length; m++) {
            W.putScalar(columns[m], m, W.getDouble(columns[m], m) + logit);
        }
    }

    private static void addStripes(INDArray W, double logit, Random random) {
        int[] order = random.ints(W.size(0)).toArray();
        int n = order.length;
        int m = Math.toIntExact(W.size(1));
        for (int j = 0; j < n; j++) {
            order[j] = j;
        }
        for (int j = n - 1; j > 0; j--) {
            int other = random.nextInt(j + 1);
            int held = order[j];
            order[j] = order[other];
            order[other] = held;
        }
        for (int place = 0; place < n; place++) {
            int j = order[place];
            W.putScalar(j, place % m, W.getDouble(j, place % m) + logit);
        }
    }
}
