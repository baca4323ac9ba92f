package io.github.dl4jae.convolutional;

import io.github.dl4jae.internal.kernel.FloatRows;
import io.github.dl4jae.internal.kernel.Pooling;
import io.github.dl4jae.internal.kernel.PoolingLoops;
import io.github.dl4jae.internal.kernel.PoolingShape;
import org.deeplearning4j.nn.workspace.ArrayType;
import org.deeplearning4j.nn.workspace.LayerWorkspaceMgr;
import org.jspecify.annotations.Nullable;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/** The two passes of pooling, over images or sequences. Types other than float32 take loops in float64. */
final class PoolingPass {

    private final PixelLayout layout;
    private final DataType type;
    private @Nullable PoolingShape windows;
    private @Nullable Pooling pooling;

    PoolingPass(PixelLayout layout, DataType type) {
        this.layout = layout;
        this.type = type;
    }

    private Pooling pooling(PoolingShape windows) {
        if (pooling == null || !windows.equals(this.windows)) {
            this.windows = windows;
            pooling = new Pooling(windows);
        }
        return pooling;
    }

    /** Returns the output for images or sequences over which these windows lie. */
    INDArray forward(PoolingShape windows, INDArray input, LayerWorkspaceMgr workspaces) {
        INDArray x = layout.rows(input.castTo(type), ArrayType.ACTIVATIONS, workspaces);
        long[] shape = {x.size(0), windows.images().output()};
        INDArray y = workspaces.createUninitialized(ArrayType.ACTIVATIONS, type, shape, 'c');
        if (FloatRows.canView(x, y)) {
            pooling(windows).forward(FloatRows.of(x), FloatRows.of(y));
        } else {
            write(new PoolingLoops(windows).forward(values(x)), y);
        }
        return layout.arrays(
                y, windows.images().outputHeight(), windows.images().outputWidth());
    }

    /** Returns the gradient with respect to the input. */
    INDArray backprop(PoolingShape windows, INDArray input, INDArray epsilon, LayerWorkspaceMgr workspaces) {
        INDArray x = layout.rows(input.castTo(type), ArrayType.BP_WORKING_MEM, workspaces);
        INDArray error = layout.rows(epsilon.castTo(type), ArrayType.BP_WORKING_MEM, workspaces);
        INDArray dx = workspaces.createUninitialized(ArrayType.ACTIVATION_GRAD, type, x.shape(), 'c');
        if (FloatRows.canView(x, error, dx)) {
            pooling(windows).backprop(FloatRows.of(x), FloatRows.of(error), FloatRows.of(dx));
        } else {
            write(new PoolingLoops(windows).backprop(values(x), values(error)), dx);
        }
        return layout.arrays(dx, windows.images().height(), windows.images().width());
    }

    private static double[] values(INDArray rows) {
        return rows.dup('c').castTo(DataType.DOUBLE).data().asDouble();
    }

    private static void write(double[] values, INDArray rows) {
        rows.assign(Nd4j.createFromArray(values).reshape('c', rows.shape()));
    }
}
