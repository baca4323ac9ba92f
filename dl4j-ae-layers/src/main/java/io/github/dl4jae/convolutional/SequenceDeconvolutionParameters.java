package io.github.dl4jae.convolutional;

import java.util.LinkedHashMap;
import java.util.Map;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.params.ConvolutionParamInitializer;
import org.deeplearning4j.nn.weights.WeightInitUtil;
import org.nd4j.linalg.api.ndarray.INDArray;

/** The parameters of {@link FastDeconvolution1DLayer}: {@code b [nOut]} and {@code W [nIn, nOut, kernel, 1]}. */
final class SequenceDeconvolutionParameters extends ConvolutionParamInitializer {

    static final SequenceDeconvolutionParameters INSTANCE = new SequenceDeconvolutionParameters();

    private static long[] shape(FastDeconvolution1DLayer layer) {
        return new long[] {layer.getNIn(), layer.getNOut(), layer.getKernelSize()[0], 1};
    }

    private static FastDeconvolution1DLayer layer(NeuralNetConfiguration conf) {
        return (FastDeconvolution1DLayer) conf.getLayer();
    }

    @Override
    protected INDArray createWeightMatrix(NeuralNetConfiguration conf, INDArray view, boolean initialize) {
        FastDeconvolution1DLayer layer = layer(conf);
        if (!initialize) {
            return WeightInitUtil.reshapeWeights(shape(layer), view, 'c');
        }
        double kernel = layer.getKernelSize()[0];
        double fanIn = layer.getNIn() * kernel;
        double fanOut = layer.getNOut() * kernel / layer.getStride()[0];
        return layer.getWeightInitFn().init(fanIn, fanOut, shape(layer), 'c', view);
    }

    @Override
    public Map<String, INDArray> getGradientsFromFlattened(NeuralNetConfiguration conf, INDArray view) {
        Map<String, INDArray> gradients = new LinkedHashMap<>(super.getGradientsFromFlattened(conf, view));
        gradients.computeIfPresent(WEIGHT_KEY, (key, W) -> W.reshape('c', shape(layer(conf))));
        return gradients;
    }
}
