package io.github.dl4jae.convolutional;

import org.deeplearning4j.nn.api.MaskState;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.gradient.DefaultGradient;
import org.deeplearning4j.nn.gradient.Gradient;
import org.deeplearning4j.nn.layers.convolution.subsampling.Subsampling1DLayer;
import org.deeplearning4j.nn.workspace.ArrayType;
import org.deeplearning4j.nn.workspace.LayerWorkspaceMgr;
import org.jspecify.annotations.Nullable;
import org.nd4j.common.primitives.Pair;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;

/** The implementation of {@link FastSubsampling1DLayer}. */
final class FastSubsampling1DLayerImpl extends Subsampling1DLayer {

    private final PixelLayout layout;
    private final PoolingPass pass;

    FastSubsampling1DLayerImpl(NeuralNetConfiguration conf, DataType dataType) {
        super(conf, dataType);
        layout = PixelLayout.of(((FastSubsampling1DLayer) layerConf()).rnnDataFormat());
        pass = new PoolingPass(layout, dataType);
    }

    @Override
    public INDArray activate(boolean training, LayerWorkspaceMgr workspaces) {
        assertInputSet(false);
        INDArray y = pass.forward(PoolingShapes.ofSequences(layerConf(), input), input, workspaces);
        return maskArray == null
                ? y
                : workspaces.leverageTo(ArrayType.ACTIVATIONS, layout.masked(y, reduced(maskArray)));
    }

    @Override
    public Pair<Gradient, INDArray> backpropGradient(INDArray epsilon, LayerWorkspaceMgr workspaces) {
        assertInputSet(true);
        INDArray error = maskArray == null ? epsilon : layout.masked(epsilon, reduced(maskArray));
        INDArray below = pass.backprop(PoolingShapes.ofSequences(layerConf(), input), input, error, workspaces);
        return new Pair<>(new DefaultGradient(), below);
    }

    private INDArray reduced(INDArray mask) {
        return super.feedForwardMaskArray(mask, MaskState.Active, (int) mask.size(0))
                .getFirst();
    }

    /** As in the stock layer, the steps of a mask that a network passes on are computed, and not set to zero. */
    @Override
    public Pair<INDArray, MaskState> feedForwardMaskArray(
            @Nullable INDArray mask, @Nullable MaskState state, int examples) {
        return new Pair<>(mask == null ? null : reduced(mask), state);
    }
}
