package io.github.dl4jae.convolutional;

import io.github.dl4jae.internal.kernel.FloatRows;
import io.github.dl4jae.internal.kernel.ImageRows;
import io.github.dl4jae.internal.kernel.Pooling;
import io.github.dl4jae.internal.kernel.PoolingLoops;
import io.github.dl4jae.internal.kernel.PoolingShape;
import org.deeplearning4j.nn.conf.CNN2DFormat;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.gradient.DefaultGradient;
import org.deeplearning4j.nn.gradient.Gradient;
import org.deeplearning4j.nn.layers.convolution.subsampling.SubsamplingLayer;
import org.deeplearning4j.nn.workspace.ArrayType;
import org.deeplearning4j.nn.workspace.LayerWorkspaceMgr;
import org.jspecify.annotations.Nullable;
import org.nd4j.common.primitives.Pair;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/** The implementation of {@link FastSubsamplingLayer}. Types other than float32 take loops in float64. */
final class FastSubsamplingLayerImpl extends SubsamplingLayer {

    private final boolean channelsFirst;
    private @Nullable PoolingShape windows;
    private @Nullable Pooling pooling;

    FastSubsamplingLayerImpl(NeuralNetConfiguration conf, DataType dataType) {
        super(conf, dataType);
        channelsFirst = layerConf().getCnn2dDataFormat() == CNN2DFormat.NCHW;
    }

    private Pooling pooling(PoolingShape windows) {
        if (pooling == null || !windows.equals(this.windows)) {
            this.windows = windows;
            pooling = new Pooling(windows);
        }
        return pooling;
    }

    @Override
    public INDArray activate(boolean training, LayerWorkspaceMgr workspaces) {
        assertInputSet(false);
        PoolingShape windows = PoolingShapes.of(layerConf(), input);
        INDArray x = ImageRows.of(input.castTo(dataType), channelsFirst, ArrayType.ACTIVATIONS, workspaces);
        long[] shape = {x.size(0), windows.images().output()};
        INDArray y = workspaces.createUninitialized(ArrayType.ACTIVATIONS, dataType, shape, 'c');
        if (FloatRows.canView(x, y)) {
            pooling(windows).forward(FloatRows.of(x), FloatRows.of(y));
        } else {
            write(new PoolingLoops(windows).forward(values(x)), y);
        }
        return ImageRows.asImages(
                y, windows.images().outputHeight(), windows.images().outputWidth(), channelsFirst);
    }

    @Override
    public Pair<Gradient, INDArray> backpropGradient(INDArray epsilon, LayerWorkspaceMgr workspaces) {
        assertInputSet(true);
        PoolingShape windows = PoolingShapes.of(layerConf(), input);
        INDArray x = ImageRows.of(input.castTo(dataType), channelsFirst, ArrayType.BP_WORKING_MEM, workspaces);
        INDArray error = ImageRows.of(epsilon.castTo(dataType), channelsFirst, ArrayType.BP_WORKING_MEM, workspaces);
        INDArray dx = workspaces.createUninitialized(ArrayType.ACTIVATION_GRAD, dataType, x.shape(), 'c');
        if (FloatRows.canView(x, error, dx)) {
            pooling(windows).backprop(FloatRows.of(x), FloatRows.of(error), FloatRows.of(dx));
        } else {
            write(new PoolingLoops(windows).backprop(values(x), values(error)), dx);
        }
        return new Pair<>(
                new DefaultGradient(),
                ImageRows.asImages(
                        dx, windows.images().height(), windows.images().width(), channelsFirst));
    }

    private static double[] values(INDArray rows) {
        return rows.dup('c').castTo(DataType.DOUBLE).data().asDouble();
    }

    private static void write(double[] values, INDArray rows) {
        rows.assign(Nd4j.createFromArray(values).reshape('c', rows.shape()));
    }
}
