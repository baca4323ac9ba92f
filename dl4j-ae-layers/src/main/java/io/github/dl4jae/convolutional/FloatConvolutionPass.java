package io.github.dl4jae.convolutional;

import io.github.dl4jae.internal.kernel.ActivationKernels;
import io.github.dl4jae.internal.kernel.Blas;
import io.github.dl4jae.internal.kernel.Convolution;
import io.github.dl4jae.internal.kernel.ConvolutionShape;
import io.github.dl4jae.internal.kernel.ConvolutionWeights;
import io.github.dl4jae.internal.kernel.ElementwiseActivation;
import io.github.dl4jae.internal.kernel.FloatRows;
import io.github.dl4jae.internal.kernel.FusedRows;
import io.github.dl4jae.internal.kernel.RowActivation;
import io.github.dl4jae.internal.layer.KeptArrays;
import java.util.Objects;
import org.deeplearning4j.nn.workspace.ArrayType;
import org.deeplearning4j.nn.workspace.LayerWorkspaceMgr;
import org.jspecify.annotations.Nullable;
import org.nd4j.linalg.activations.IActivation;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * The forward and backward pass of a convolution or transposed convolution with bias and activation, in float32 on the
 * CPU.
 *
 * <pre>
 * convolution              z = P(x)·W + b        ∂x = Pᵀ(δ·Wᵀ)    ∂W = P(x)ᵀ·δ
 * transposed convolution   z = Pᵀ(x·Wᵀ) + b      ∂x = P(δ)·W      ∂W = P(δ)ᵀ·x
 * </pre>
 */
final class FloatConvolutionPass implements ConvolutionPass {

    private final boolean transposed;
    private final PixelLayout layout;

    private @Nullable ConvolutionShape shape;
    private @Nullable Convolution kernels;
    /** W as a matrix {@code [height·width·channels, filters]}. */
    private @Nullable FloatRows columns;
    /** x as rows. */
    private @Nullable INDArray x;
    /** act′ for an activation with a loop over rows (null for the identity), otherwise z. */
    private @Nullable INDArray kept;

    private @Nullable RowActivation rows;

    /**
     * Creates a pass.
     *
     * @param transposed whether the convolution is transposed
     * @param layout of the images or sequences
     */
    FloatConvolutionPass(boolean transposed, PixelLayout layout) {
        this.transposed = transposed;
        this.layout = layout;
    }

    /** Returns whether arrays of this type and number of values are supported. */
    static boolean supports(DataType type, long values) {
        return type == DataType.FLOAT && values > 0 && values < FloatRows.LARGEST && Blas.isAvailable();
    }

    @Override
    public void forget() {
        x = null;
        kept = null;
        rows = null;
    }

    @Override
    public boolean isKept() {
        return x != null && KeptArrays.areAlive(x, kept);
    }

    @Override
    public INDArray activate(
            ConvolutionShape shape,
            INDArray images,
            INDArray W,
            @Nullable INDArray b,
            IActivation activation,
            boolean training,
            boolean keep,
            LayerWorkspaceMgr workspaces) {
        if (!shape.equals(this.shape)) {
            this.shape = shape;
            this.kernels = new Convolution(shape);
            this.columns = FloatRows.allocate(shape.patch(), shape.filters());
        }
        Convolution kernels = Objects.requireNonNull(this.kernels);
        INDArray x = layout.rows(images, ArrayType.ACTIVATIONS, workspaces);
        INDArray z = workspaces.createUninitialized(
                ArrayType.ACTIVATIONS, DataType.FLOAT, new long[] {x.size(0), outputSize(shape)}, 'c');
        FloatRows weights = ConvolutionWeights.toColumns(W, Objects.requireNonNull(columns));
        if (transposed) {
            kernels.inputGradient(FloatRows.of(x), weights, FloatRows.of(z));
        } else {
            kernels.forward(FloatRows.of(x), weights, FloatRows.of(z));
        }
        this.x = keep ? x : null;
        return activate(shape, z, b, activation, training, keep, workspaces);
    }

    private INDArray activate(
            ConvolutionShape shape,
            INDArray z,
            @Nullable INDArray b,
            IActivation activation,
            boolean training,
            boolean keep,
            LayerWorkspaceMgr workspaces) {
        rows = ActivationKernels.rows(activation).orElse(null);
        kept = null;
        if (rows == null) {
            FloatRows wide = rowsOf(z, shape, ElementwiseActivation.IDENTITY);
            FusedRows.activate(wide, b, ElementwiseActivation.IDENTITY, training, wide, null);
            kept = keep ? z : null;
            INDArray a = images(keep ? workspaces.dup(ArrayType.ACTIVATIONS, z, 'c') : z, shape);
            return activation.getActivation(a, training);
        }
        FloatRows pre = rowsOf(z, shape, rows);
        if (!keep || rows == ElementwiseActivation.IDENTITY) {
            FusedRows.activate(pre, b, rows, training, pre, null);
            return images(z, shape);
        }
        INDArray a = workspaces.createUninitialized(ArrayType.ACTIVATIONS, z.dataType(), z.shape(), 'c');
        FusedRows.activate(pre, b, rows, training, rowsOf(a, shape, rows), pre);
        kept = z;
        return images(a, shape);
    }

    @Override
    public @Nullable INDArray backprop(
            INDArray epsilon,
            INDArray W,
            INDArray dW,
            @Nullable INDArray db,
            boolean inputGradient,
            IActivation activation,
            boolean training,
            LayerWorkspaceMgr workspaces) {
        ConvolutionShape shape = Objects.requireNonNull(this.shape);
        Convolution kernels = Objects.requireNonNull(this.kernels);
        INDArray x = Objects.requireNonNull(this.x);
        INDArray delta = delta(shape, epsilon, db, activation, training, workspaces);
        forget();
        FloatRows errors = FloatRows.of(delta);
        FloatRows inputs = FloatRows.of(x);
        float[] weightGradient;
        INDArray dx = null;
        if (!inputGradient) {
            weightGradient = kernels.weightGradient(transposed ? errors : inputs, transposed ? inputs : errors);
        } else {
            dx = workspaces.createUninitialized(ArrayType.ACTIVATION_GRAD, DataType.FLOAT, x.shape(), 'c');
            FloatRows weights = ConvolutionWeights.toColumns(W, Objects.requireNonNull(columns));
            if (transposed) {
                weightGradient = kernels.forwardAndWeightGradient(errors, weights, FloatRows.of(dx), inputs);
            } else {
                weightGradient = kernels.weightGradient(inputs, errors);
                kernels.inputGradient(errors, weights, FloatRows.of(dx));
            }
        }
        ConvolutionWeights.fromColumns(weightGradient, dW);
        return dx == null ? null : inputImages(dx, shape);
    }

    /** Computes δ = ε ⊙ act′ as rows, and ∂b. */
    private INDArray delta(
            ConvolutionShape shape,
            INDArray epsilon,
            @Nullable INDArray db,
            IActivation activation,
            boolean training,
            LayerWorkspaceMgr workspaces) {
        if (rows != null) {
            INDArray errors = layout.rows(epsilon, ArrayType.BP_WORKING_MEM, workspaces);
            if (kept == null) { // identity
                if (db != null) {
                    FusedRows.biasGradient(rowsOf(errors, shape, rows), db);
                }
                return errors;
            }
            FusedRows.backprop(rowsOf(errors, shape, rows), rowsOf(kept, shape, rows), db);
            return kept;
        }
        INDArray z = images(Objects.requireNonNull(kept), shape);
        INDArray delta = layout.rows(
                ActivationKernels.backprop(activation, z, epsilon, training), ArrayType.BP_WORKING_MEM, workspaces);
        if (db != null) {
            FusedRows.biasGradient(rowsOf(delta, shape, ElementwiseActivation.IDENTITY), db);
        }
        return delta;
    }

    private int channelsOut(ConvolutionShape shape) {
        return transposed ? shape.channels() : shape.filters();
    }

    private int outputSize(ConvolutionShape shape) {
        return transposed ? shape.input() : shape.output();
    }

    private INDArray images(INDArray rows, ConvolutionShape shape) {
        return transposed
                ? layout.arrays(rows, shape.height(), shape.width())
                : layout.arrays(rows, shape.outputHeight(), shape.outputWidth());
    }

    private INDArray inputImages(INDArray rows, ConvolutionShape shape) {
        return transposed
                ? layout.arrays(rows, shape.outputHeight(), shape.outputWidth())
                : layout.arrays(rows, shape.height(), shape.width());
    }

    /**
     * Returns the view whose rows an activation takes. An elementwise one gets rows of several pixels, because a loop
     * over few channels is slow.
     */
    private FloatRows rowsOf(INDArray images, ConvolutionShape shape, RowActivation activation) {
        FloatRows rows = FloatRows.of(images);
        int channels = channelsOut(shape);
        return activation instanceof ElementwiseActivation ? rows.wide(channels) : rows.ofLength(channels);
    }
}
