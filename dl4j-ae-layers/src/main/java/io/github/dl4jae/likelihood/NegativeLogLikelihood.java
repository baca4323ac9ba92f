package io.github.dl4jae.likelihood;

import io.github.dl4jae.internal.kernel.FloatFunctions;
import io.github.dl4jae.internal.kernel.FloatRows;
import io.github.dl4jae.internal.kernel.RowBlocks;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;
import org.nd4j.common.primitives.Pair;
import org.nd4j.linalg.activations.IActivation;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.api.ops.impl.reduce.same.Sum;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.indexing.NDArrayIndex;
import org.nd4j.linalg.lossfunctions.ILossFunction;
import org.nd4j.linalg.lossfunctions.LossUtil;

/**
 * The base class of likelihoods: checks of shapes, masks, the reduction, and the choice between two implementations.
 *
 * <p>Float32 without a mask is computed row by row with {@link #row}, which gives value and gradient in one pass.
 * Everything else uses ND4J operations: {@link #elementLosses} and {@link #elementGradients}.
 *
 * <p>Equality and the name are those of a loss without settings; subclasses with settings override them.
 */
abstract class NegativeLogLikelihood implements ILossFunction {

    /** Refuses activations for which the formula does not hold. */
    abstract void requireActivation(IActivation activation);

    /** Refuses labels outside the support of the distribution; masked labels are 0. */
    abstract void requireLabels(INDArray labels, @Nullable INDArray mask);

    /** Returns the loss of each value; the arguments are not changed. */
    abstract INDArray elementLosses(INDArray labels, INDArray preOutput, IActivation activation);

    /**
     * Returns the gradient with respect to each pre-activation; the arguments are not changed. Masked outputs must not
     * contribute to the gradients of others.
     */
    abstract INDArray elementGradients(
            INDArray labels, INDArray preOutput, IActivation activation, @Nullable INDArray mask);

    /** Returns the number of outputs per value: 2 for a mean and a variance. The means come before the variances. */
    int outputsPerValue() {
        return 1;
    }

    /** Returns the implementation by rows for an activation, or null if there is none. */
    abstract @Nullable Row row(IActivation activation);

    /** A loss of one example, in float32. */
    @FunctionalInterface
    interface Row {
        /**
         * Computes value and gradient of one example.
         *
         * @param x the labels
         * @param z the pre-activations, replaced by the gradient with respect to them
         * @param losses receives the loss of each value
         * @param n the number of values
         */
        void evaluate(float[] x, float[] z, float[] losses, int n);
    }

    @Override
    public final double computeScore(
            INDArray labels, INDArray preOutput, IActivation activation, @Nullable INDArray mask, boolean average) {
        INDArray x = check(labels, preOutput, activation, mask);
        Row row = rowFor(x, preOutput, activation, mask);
        double sum = row == null
                ? sum(maskedLosses(x, preOutput, activation, mask))
                : rowByRow(row, x, preOutput, null, null);
        return average ? sum / labels.size(0) : sum;
    }

    @Override
    public final INDArray computeScoreArray(
            INDArray labels, INDArray preOutput, IActivation activation, @Nullable INDArray mask) {
        INDArray x = check(labels, preOutput, activation, mask);
        Row row = rowFor(x, preOutput, activation, mask);
        if (row == null) {
            return maskedLosses(x, preOutput, activation, mask).sum(true, 1);
        }
        float[] perExample = new float[Math.toIntExact(x.size(0))];
        rowByRow(row, x, preOutput, null, perExample);
        return Nd4j.createFromArray(perExample).reshape(perExample.length, 1);
    }

    @Override
    public final INDArray computeGradient(
            INDArray labels, INDArray preOutput, IActivation activation, @Nullable INDArray mask) {
        return computeGradientAndScore(labels, preOutput, activation, mask, false)
                .getSecond();
    }

    @Override
    public final Pair<Double, INDArray> computeGradientAndScore(
            INDArray labels, INDArray preOutput, IActivation activation, @Nullable INDArray mask, boolean average) {
        INDArray x = check(labels, preOutput, activation, mask);
        Row row = rowFor(x, preOutput, activation, mask);
        double sum;
        INDArray gradient;
        if (row == null) {
            sum = sum(maskedLosses(x, preOutput, activation, mask));
            gradient = elementGradients(x, preOutput, activation, mask);
            if (mask != null) {
                maskGradient(gradient, mask);
            }
        } else {
            gradient = Nd4j.createUninitialized(DataType.FLOAT, preOutput.shape(), 'c');
            sum = rowByRow(row, x, preOutput, gradient, null);
        }
        return new Pair<>(average ? sum / labels.size(0) : sum, gradient);
    }

    /** Returns the labels in the type of the output, with 0 for masked labels, which are undefined. */
    private INDArray check(INDArray labels, INDArray preOutput, IActivation activation, @Nullable INDArray mask) {
        requireActivation(activation);
        requireShape(labels, preOutput);
        INDArray x = labels.castTo(preOutput.dataType());
        if (mask == null) {
            return x;
        }
        INDArray present =
                Nd4j.createUninitialized(x.dataType(), x.shape(), 'c').assign(1);
        LossUtil.applyMask(present, mask);
        INDArray cleaned = x.dup('c');
        for (long i = 0; i < cleaned.length(); i++) {
            if (present.getDouble(i) == 0) {
                cleaned.putScalar(i, 0);
            }
        }
        return cleaned;
    }

    private void requireShape(INDArray labels, INDArray preOutput) {
        long[] expected = preOutput.shape().clone();
        int axis = expected.length - 1;
        if (expected[axis] % outputsPerValue() != 0) {
            throw new IllegalArgumentException(name() + ": the output must have " + outputsPerValue()
                    + " columns for each value, got " + Arrays.toString(expected) + "; set nOut to "
                    + outputsPerValue() + " times the number of features");
        }
        expected[axis] /= outputsPerValue();
        if (outputsPerValue() > 1 && labels.rank() > 0 && Arrays.equals(labels.shape(), preOutput.shape())) {
            long features = labels.size(axis);
            throw new IllegalArgumentException(name() + ": the output layer must have " + outputsPerValue()
                    + " outputs per feature, " + outputsPerValue() * features + " for " + features + " features, got "
                    + features + "; set its nOut to " + outputsPerValue() * features);
        }
        if (!Arrays.equals(labels.shape(), expected)) {
            throw new IllegalArgumentException(name() + ": labels must have the shape "
                    + (outputsPerValue() == 1 ? "of the output, " : "") + Arrays.toString(expected) + ", got "
                    + Arrays.toString(labels.shape()) + "; an autoencoder's labels are its features");
        }
    }

    private INDArray maskedLosses(INDArray x, INDArray preOutput, IActivation activation, @Nullable INDArray mask) {
        requireLabels(x, mask);
        INDArray losses = elementLosses(x, preOutput, activation);
        if (mask != null) {
            LossUtil.applyMask(losses, mask);
        }
        return losses;
    }

    private void maskGradient(INDArray gradient, INDArray mask) {
        long n = gradient.size(1) / outputsPerValue();
        for (int kind = 0; kind < outputsPerValue(); kind++) {
            INDArray part = outputsPerValue() == 1
                    ? gradient
                    : gradient.get(NDArrayIndex.all(), NDArrayIndex.interval(kind * n, (kind + 1) * n));
            LossUtil.applyMask(part, mask);
        }
    }

    /** Sums in float64, because a float32 sum over a mini-batch is wrong in the sixth digit. */
    private static double sum(INDArray losses) {
        return Nd4j.getExecutioner()
                .exec(new Sum(losses.castTo(DataType.DOUBLE)))
                .getDouble(0);
    }

    private @Nullable Row rowFor(INDArray x, INDArray preOutput, IActivation activation, @Nullable INDArray mask) {
        boolean rows = mask == null && preOutput.rank() == 2 && FloatRows.canView(x, preOutput);
        return rows ? row(activation) : null;
    }

    /** Returns the sum of all losses; fills the gradient and the losses per example if they are given. */
    private double rowByRow(
            Row row, INDArray x, INDArray preOutput, @Nullable INDArray gradient, float @Nullable [] perExample) {
        FloatRows labels = FloatRows.of(x);
        FloatRows z = FloatRows.of(preOutput);
        FloatRows to = gradient == null ? null : FloatRows.of(gradient);
        int n = labels.columns();
        // the functions of a loss cost about as much as reading eight values
        RowBlocks blocks = RowBlocks.of(z.rows(), 8L * n);
        double[] sums = new double[blocks.count()];
        boolean[] unsupported = new boolean[blocks.count()];
        blocks.forEach((block, from, end) -> {
            float[] xRow = new float[n];
            float[] zRow = new float[z.columns()];
            float[] losses = new float[n];
            for (int i = from; i < end; i++) {
                labels.read(i, xRow);
                z.read(i, zRow);
                unsupported[block] |= !supports(xRow, losses, n);
                row.evaluate(xRow, zRow, losses, n);
                double sum = FloatFunctions.sum(losses, n);
                sums[block] += sum;
                if (perExample != null) {
                    perExample[i] = (float) sum;
                }
                if (to != null) {
                    to.write(i, zRow);
                }
            }
        });
        for (boolean found : unsupported) {
            if (found) {
                requireLabels(x, null);
            }
        }
        return Arrays.stream(sums).sum();
    }

    /** Returns whether a row of labels lies in the support of the distribution; {@code scratch} is overwritten. */
    abstract boolean supports(float[] x, float[] scratch, int n);

    @Override
    public final String name() {
        return toString();
    }

    @Override
    @SuppressWarnings("EqualsGetClass") // losses without settings are equal if they are of one class
    public boolean equals(Object other) {
        return getClass().isInstance(other); // concrete losses are final
    }

    @Override
    public int hashCode() {
        return getClass().hashCode();
    }

    @Override
    public String toString() {
        return getClass().getSimpleName() + "()";
    }
}
