package io.github.dl4jae.convolutional;

import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.gradient.DefaultGradient;
import org.deeplearning4j.nn.gradient.Gradient;
import org.deeplearning4j.nn.layers.convolution.subsampling.SubsamplingLayer;
import org.deeplearning4j.nn.workspace.LayerWorkspaceMgr;
import org.nd4j.common.primitives.Pair;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;

/** The implementation of {@link FastSubsamplingLayer}. */
final class FastSubsamplingLayerImpl extends SubsamplingLayer {

    private final PoolingPass pass;

    FastSubsamplingLayerImpl(NeuralNetConfiguration conf, DataType dataType) {
        super(conf, dataType);
        pass = new PoolingPass(PixelLayout.of(layerConf().getCnn2dDataFormat()), dataType);
    }

    @Override
    public INDArray activate(boolean training, LayerWorkspaceMgr workspaces) {
        assertInputSet(false);
        return pass.forward(PoolingShapes.of(layerConf(), input), input, workspaces);
    }

    @Override
    public Pair<Gradient, INDArray> backpropGradient(INDArray epsilon, LayerWorkspaceMgr workspaces) {
        assertInputSet(true);
        INDArray below = pass.backprop(PoolingShapes.of(layerConf(), input), input, epsilon, workspaces);
        return new Pair<>(new DefaultGradient(), below);
    }
}
