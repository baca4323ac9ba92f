package io.github.dl4jae.dense;

import java.util.Map;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.layers.FeedForwardLayer;
import org.deeplearning4j.nn.params.DefaultParamInitializer;
import org.deeplearning4j.nn.weights.IWeightInit;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.indexing.NDArrayIndex;

/** W, b and the gain g, in this order, as in the stock dense layer, but with W in 'c' order. */
final class RowMajorParamInitializer extends DefaultParamInitializer {

    private static final RowMajorParamInitializer INSTANCE = new RowMajorParamInitializer();
    private static final char ORDER = 'c';

    private RowMajorParamInitializer() {}

    /** Returns the initializer for an order of W. */
    static DefaultParamInitializer of(boolean rowMajor) {
        return rowMajor ? INSTANCE : DefaultParamInitializer.getInstance();
    }

    @Override
    protected INDArray createWeightMatrix(
            long nIn, long nOut, IWeightInit weightInit, INDArray view, boolean initialize) {
        return initialize
                ? weightInit.init((double) nIn, (double) nOut, new long[] {nIn, nOut}, ORDER, view)
                : view.reshape(ORDER, nIn, nOut);
    }

    @Override
    public Map<String, INDArray> getGradientsFromFlattened(NeuralNetConfiguration conf, INDArray view) {
        FeedForwardLayer layer = (FeedForwardLayer) conf.getLayer();
        INDArray weights = view.reshape(view.length()).get(NDArrayIndex.interval(0, layer.getNIn() * layer.getNOut()));
        Map<String, INDArray> gradients = super.getGradientsFromFlattened(conf, view);
        gradients.put(WEIGHT_KEY, weights.reshape(ORDER, layer.getNIn(), layer.getNOut()));
        return gradients;
    }
}
