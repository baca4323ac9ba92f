package io.github.dl4jae.likelihood;

import io.github.dl4jae.internal.kernel.FloatFunctions;
import io.github.dl4jae.internal.kernel.FloatRows;
import io.github.dl4jae.internal.kernel.RowBlocks;
import io.github.dl4jae.noise.NoiseStream;
import java.util.Arrays;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.nd4j.common.primitives.Pair;
import org.nd4j.linalg.activations.IActivation;
import org.nd4j.linalg.activations.impl.ActivationIdentity;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.api.ops.impl.reduce.same.Sum;
import org.nd4j.linalg.api.ops.impl.transforms.comparison.CompareAndSet;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.indexing.conditions.Conditions;
import org.nd4j.linalg.lossfunctions.ILossFunction;
import org.nd4j.linalg.lossfunctions.LossUtil;

/**
 * The base class of likelihoods: checks of shapes, masks, the reduction, and the choice between two implementations.
 *
 * <p>Float32 is computed row by row with {@link #row}, which gives value and gradient in one pass. Everything else uses
 * ND4J operations: {@link #elementLosses} and {@link #elementGradients}.
 *
 * <p>Equality and the name are those of a loss without settings; subclasses with settings override them.
 */
abstract class NegativeLogLikelihood implements ILossFunction, SampledOutput {

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

    /** Refuses masks that split values which belong together; the mask has a column per label. */
    void requireMask(INDArray mask) {
        // values are independent
    }

    /** Returns the number of outputs per value: 2 for a mean and a variance. The means come before the variances. */
    int outputsPerValue() {
        return 1;
    }

    /** Returns the number of values for a number of outputs. */
    int values(int outputs) {
        return outputs / outputsPerValue();
    }

    /** Returns the mask of the outputs for that of the labels, each with a column per value. */
    INDArray maskOfOutputs(INDArray mask) {
        return outputsPerValue() == 1 ? mask : Nd4j.concat(1, mask, mask);
    }

    /** Copies the weights of n labels to those of their outputs. */
    void widen(float[] labels, int firstLabel, float[] outputs, int firstOutput, int n) {
        for (int kind = 0; kind < outputsPerValue(); kind++) {
            System.arraycopy(labels, firstLabel, outputs, firstOutput + kind * n, n);
        }
    }

    /** Returns the activation under which a part of a {@link LossMixed} computes this loss. */
    IActivation partActivation() {
        return new ActivationIdentity();
    }

    /** Returns E[x] for the parameters of the distribution, the outputs under {@link #partActivation}. */
    INDArray meanOf(INDArray parameters) {
        return parameters;
    }

    /** Returns the parameters of the distribution for the output of a network. */
    INDArray parameters(INDArray output, IActivation activation) {
        return output;
    }

    /**
     * Draws an example.
     *
     * @param noise the stream of random numbers
     * @param row the row of the stream
     * @param parameters the parameters of the distribution
     * @param x receives the values
     * @param n the number of values
     */
    abstract void draw(NoiseStream noise, int row, double[] parameters, double[] x, int n);

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
        Row row = rowFor(x, preOutput, activation);
        double sum = row == null
                ? sum(maskedLosses(present(x, mask), preOutput, activation, mask))
                : rowByRow(row, x, preOutput, mask, null, null);
        return average ? sum / labels.size(0) : sum;
    }

    @Override
    public final INDArray computeScoreArray(
            INDArray labels, INDArray preOutput, IActivation activation, @Nullable INDArray mask) {
        INDArray x = check(labels, preOutput, activation, mask);
        Row row = rowFor(x, preOutput, activation);
        if (row == null) {
            return maskedLosses(present(x, mask), preOutput, activation, mask).sum(true, 1);
        }
        float[] perExample = new float[Math.toIntExact(x.size(0))];
        rowByRow(row, x, preOutput, mask, null, perExample);
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
        Row row = rowFor(x, preOutput, activation);
        double sum;
        INDArray gradient;
        if (row == null) {
            INDArray present = present(x, mask);
            sum = sum(maskedLosses(present, preOutput, activation, mask));
            gradient = elementGradients(present, preOutput, activation, mask);
            if (mask != null) {
                LossUtil.applyMask(gradient, widened(mask));
            }
        } else {
            gradient = Nd4j.createUninitialized(DataType.FLOAT, preOutput.shape(), 'c');
            sum = rowByRow(row, x, preOutput, mask, gradient, null);
        }
        return new Pair<>(average ? sum / labels.size(0) : sum, gradient);
    }

    /** Returns the labels in the type of the output. */
    private INDArray check(INDArray labels, INDArray preOutput, IActivation activation, @Nullable INDArray mask) {
        requireActivation(activation);
        requireShape(labels, preOutput);
        INDArray x = labels.castTo(preOutput.dataType());
        if (mask == null) {
            return x;
        }
        if (!perExample(mask)) {
            if (!Arrays.equals(mask.shape(), labels.shape())) {
                throw new IllegalArgumentException(
                        name() + ": the mask must have a column, or the shape of the labels, "
                                + Arrays.toString(labels.shape()) + ", got " + Arrays.toString(mask.shape())
                                + "; 0 marks an example or a label that is missing");
            }
            requireMask(mask);
        }
        return x;
    }

    static boolean perExample(INDArray mask) {
        return mask.isColumnVectorOrScalar();
    }

    /** Returns the mask of the outputs, with one column or one per output. */
    private INDArray widened(INDArray mask) {
        return perExample(mask) ? mask : maskOfOutputs(mask);
    }

    /** Returns the labels with 0 for masked ones, which are undefined, even NaN. */
    private static INDArray present(INDArray x, @Nullable INDArray mask) {
        if (mask == null) {
            return x;
        }
        INDArray weights =
                Nd4j.createUninitialized(x.dataType(), x.shape(), 'c').assign(1);
        LossUtil.applyMask(weights, mask);
        INDArray cleaned = x.dup('c');
        // where the weight is 0, it replaces the label
        Nd4j.getExecutioner().exec(new CompareAndSet(cleaned, weights, cleaned, Conditions.equals(0)));
        return cleaned;
    }

    void requireShape(INDArray labels, INDArray preOutput) {
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

    /** Sums in float64, because a float32 sum over a mini-batch is wrong in the sixth digit. */
    private static double sum(INDArray losses) {
        return Nd4j.getExecutioner()
                .exec(new Sum(losses.castTo(DataType.DOUBLE)))
                .getDouble(0);
    }

    private @Nullable Row rowFor(INDArray x, INDArray preOutput, IActivation activation) {
        boolean rows = preOutput.rank() == 2 && FloatRows.canView(x, preOutput);
        return rows ? row(activation) : null;
    }

    /** Returns the sum of all losses; fills the gradient and the losses per example if they are given. */
    private double rowByRow(
            Row row,
            INDArray x,
            INDArray preOutput,
            @Nullable INDArray mask,
            @Nullable INDArray gradient,
            float @Nullable [] perExample) {
        FloatRows labels = FloatRows.of(x);
        FloatRows z = FloatRows.of(preOutput);
        FloatRows to = gradient == null ? null : FloatRows.of(gradient);
        RowMask weights = RowMask.of(mask);
        int n = labels.columns();
        int outputs = z.columns();
        // the functions of a loss cost about as much as reading eight values
        RowBlocks blocks = RowBlocks.of(z.rows(), 8L * n);
        double[] sums = new double[blocks.count()];
        boolean[] unsupported = new boolean[blocks.count()];
        blocks.forEach((block, from, end) -> {
            float[] xRow = new float[n];
            float[] zRow = new float[outputs];
            float[] losses = new float[n];
            float[] labelWeights = new float[weights == null ? 0 : n];
            float[] outputWeights = new float[weights == null ? 0 : outputs];
            for (int i = from; i < end; i++) {
                labels.read(i, xRow);
                z.read(i, zRow);
                if (weights != null) {
                    weights.read(i, labelWeights);
                    widen(labelWeights, 0, outputWeights, 0, n);
                    RowMask.clear(xRow, labelWeights, n);
                }
                unsupported[block] |= !supports(xRow, losses, n, weights != null);
                row.evaluate(xRow, zRow, losses, n);
                if (weights != null) {
                    RowMask.weigh(losses, labelWeights, n);
                    RowMask.weigh(zRow, outputWeights, outputs);
                }
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
                requireLabels(present(x, mask), mask);
            }
        }
        return Arrays.stream(sums).sum();
    }

    /**
     * Returns whether a row of labels lies in the support of the distribution; {@code scratch} is overwritten. With a
     * mask, masked labels are 0.
     */
    abstract boolean supports(float[] x, float[] scratch, int n, boolean masked);

    @Override
    public final INDArray sample(INDArray output, IActivation activation, long seed) {
        requireActivation(activation);
        if (output.rank() > 2) {
            return samplePositions(output, activation, seed);
        }
        requireOutput(output);
        int rows = Math.toIntExact(output.size(0));
        int outputs = Math.toIntExact(output.size(1));
        int n = values(outputs);
        double[] parameters = parameters(output, activation)
                .castTo(DataType.DOUBLE)
                .dup('c')
                .data()
                .asDouble();
        double[] x = new double[rows * n];
        NoiseStream noise = NoiseStream.of(seed, "likelihood");
        IntStream.range(0, rows).parallel().forEach(i -> {
            double[] drawn = new double[n];
            draw(noise, i, Arrays.copyOfRange(parameters, i * outputs, (i + 1) * outputs), drawn, n);
            System.arraycopy(drawn, 0, x, i * n, n);
        });
        return Nd4j.createFromArray(x).reshape(rows, n).castTo(output.dataType());
    }

    /** Draws from the distributions of all steps or pixels, whose parameters are along the second axis. */
    private INDArray samplePositions(INDArray output, IActivation activation, long seed) {
        int last = output.rank() - 1;
        int[] outwards = IntStream.rangeClosed(0, last)
                .map(axis -> axis == last ? 1 : axis == 0 ? 0 : axis + 1)
                .toArray();
        int[] inwards = IntStream.rangeClosed(0, last)
                .map(axis -> axis == 0 ? 0 : axis == 1 ? last : axis - 1)
                .toArray();
        INDArray byPosition = output.permute(outwards);
        long[] shape = byPosition.shape().clone();
        INDArray drawn =
                sample(byPosition.dup('c').reshape(output.length() / output.size(1), output.size(1)), activation, seed);
        shape[last] = drawn.size(1);
        return drawn.reshape('c', shape).permute(inwards);
    }

    /** Refuses outputs of another width than the distribution has. */
    void requireOutput(INDArray output) {
        if (output.rank() != 2 || output.size(1) % outputsPerValue() != 0) {
            throw new IllegalArgumentException(name() + ": the output must have the shape [N, "
                    + (outputsPerValue() == 1 ? "" : outputsPerValue() + "·") + "n], got "
                    + Arrays.toString(output.shape()) + "; pass what network.output returns");
        }
    }

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
