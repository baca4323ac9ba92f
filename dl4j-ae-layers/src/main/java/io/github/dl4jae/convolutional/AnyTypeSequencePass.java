package io.github.dl4jae.convolutional;

import io.github.dl4jae.internal.kernel.ActivationKernels;
import io.github.dl4jae.internal.kernel.ConvolutionShape;
import io.github.dl4jae.internal.layer.KeptArrays;
import java.util.Objects;
import org.deeplearning4j.nn.workspace.ArrayType;
import org.deeplearning4j.nn.workspace.LayerWorkspaceMgr;
import org.jspecify.annotations.Nullable;
import org.nd4j.linalg.activations.IActivation;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * The convolution and transposed convolution of sequences in ND4J's operations: for types other than float32 and
 * backends other than the CPU. The formulas are those of {@link FloatConvolutionPass}.
 */
final class AnyTypeSequencePass implements ConvolutionPass {

    private final boolean transposed;
    private final PixelLayout layout;

    private @Nullable ConvolutionShape shape;
    /** x as rows. */
    private @Nullable INDArray x;
    /** The pre-activations, {@code [N·T′, O]}. */
    private @Nullable INDArray z;

    AnyTypeSequencePass(boolean transposed, PixelLayout layout) {
        this.transposed = transposed;
        this.layout = layout;
    }

    @Override
    public void forget() {
        x = null;
        z = null;
    }

    @Override
    public boolean isKept() {
        return x != null && KeptArrays.areAlive(x, z);
    }

    @Override
    public INDArray activate(
            ConvolutionShape shape,
            INDArray sequences,
            INDArray W,
            @Nullable INDArray b,
            IActivation activation,
            boolean training,
            boolean keep,
            LayerWorkspaceMgr workspaces) {
        INDArray x = layout.rows(sequences, ArrayType.ACTIVATIONS, workspaces);
        INDArray z = transposed
                ? rows(SequencePatches.sum(
                        shape, pixels(x, shape.filters()).mmul(matrix(W, shape).transpose())))
                : patches(shape, x).mmul(matrix(W, shape));
        if (b != null) {
            z.addiRowVector(b.reshape(1, b.length()));
        }
        this.shape = shape;
        this.x = keep ? x : null;
        this.z = keep ? workspaces.dup(ArrayType.ACTIVATIONS, z, 'c') : null;
        INDArray a = workspaces.dup(ArrayType.ACTIVATIONS, z, 'c');
        return sequences(activation.getActivation(forActivation(a, activation, shape), training), shape);
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
        INDArray x = Objects.requireNonNull(this.x);
        INDArray z = Objects.requireNonNull(this.z);
        forget();
        INDArray errors = layout.rows(epsilon.castTo(z.dataType()), ArrayType.BP_WORKING_MEM, workspaces)
                .reshape('c', z.shape());
        INDArray back = ActivationKernels.backprop(
                activation, forActivation(z, activation, shape), forActivation(errors, activation, shape), training);
        INDArray delta = layout.rows(sequences(back, shape), ArrayType.BP_WORKING_MEM, workspaces)
                .reshape('c', z.shape()); // [N·T′, O]
        if (db != null) {
            db.assign(delta.sum(0).reshape(db.shape()));
        }
        INDArray patches = patches(shape, transposed ? delta : x);
        INDArray factor = transposed ? pixels(x, shape.filters()) : delta;
        assign(dW, patches.transpose().mmul(factor)); // [k·C, O]
        if (!inputGradient) {
            return null;
        }
        INDArray dx = transposed
                ? patches.mmul(matrix(W, shape))
                : SequencePatches.sum(shape, delta.mmul(matrix(W, shape).transpose()));
        return layout.arrays(
                workspaces.dup(ArrayType.ACTIVATION_GRAD, dx, 'c').reshape('c', x.shape()),
                transposed ? shape.outputHeight() : shape.height(),
                1);
    }

    /** Returns the view of pixels that an activation takes: as they are if it has a loop over rows, or sequences. */
    private INDArray forActivation(INDArray pixels, IActivation activation, ConvolutionShape shape) {
        return ActivationKernels.rows(activation).isPresent() ? pixels : sequences(pixels, shape);
    }

    /** Returns a view {@code [N, O, T′]} or {@code [N, T′, O]} of pixels {@code [N·T′, O]}. */
    private INDArray sequences(INDArray pixels, ConvolutionShape shape) {
        if (pixels.rank() == 3) {
            return pixels;
        }
        int steps = transposed ? shape.height() : shape.outputHeight();
        return layout.arrays(pixels.reshape('c', pixels.size(0) / steps, steps * pixels.size(1)), steps, 1);
    }

    private static INDArray patches(ConvolutionShape shape, INDArray rows) {
        long n = rows.length() / shape.input();
        return SequencePatches.of(shape, rows.reshape('c', n, shape.height(), shape.channels()));
    }

    private static INDArray pixels(INDArray rows, int channels) {
        return rows.reshape('c', rows.length() / channels, channels);
    }

    private static INDArray rows(INDArray sequences) {
        return sequences.reshape('c', sequences.size(0) * sequences.size(1), sequences.size(2));
    }

    /** Returns weights as {@code [k·C, O]}. */
    private static INDArray matrix(INDArray W, ConvolutionShape shape) {
        return W.rank() == 2 ? W : kernelFirst(W).dup('c').reshape('c', shape.patch(), shape.filters());
    }

    private static INDArray kernelFirst(INDArray W) {
        return W.permute(2, 3, 1, 0);
    }

    private static void assign(INDArray dW, INDArray matrix) {
        if (dW.rank() == 2) {
            dW.assign(matrix);
        } else {
            INDArray view = kernelFirst(dW);
            view.assign(matrix.dup('c').reshape('c', view.shape()));
        }
    }
}
