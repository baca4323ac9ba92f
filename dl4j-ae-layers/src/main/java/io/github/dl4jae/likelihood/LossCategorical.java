package io.github.dl4jae.likelihood;

import io.github.dl4jae.internal.kernel.FloatFunctions;
import io.github.dl4jae.internal.kernel.FloatRows;
import io.github.dl4jae.internal.layer.Require;
import io.github.dl4jae.noise.NoiseStream;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;
import org.nd4j.linalg.activations.IActivation;
import org.nd4j.linalg.activations.impl.ActivationIdentity;
import org.nd4j.linalg.activations.impl.ActivationSoftmax;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.indexing.NDArrayIndex;
import org.nd4j.linalg.ops.transforms.Transforms;
import org.nd4j.shade.jackson.annotation.JsonProperty;

/**
 * The negative log-likelihood of independent categorical variables, each with its own group of logits, such as the
 * one-hot columns of a table or the levels of a pixel.
 *
 * <pre>
 * L = Σ_d ln Σ_c e^z_dc − Σ_c x_dc·z_dc        ∂L/∂z_dc = softmax(z_d)_c − x_dc
 * </pre>
 *
 * <pre>{@code
 * new LossCategorical(10)          // one variable of ten classes per ten columns
 * new LossCategorical(3, 2, 12)    // three variables, of 3, 2 and 12 classes
 * }</pre>
 *
 * <p>Shapes: labels and pre-activations {@code [batch, n]}, groups side by side; masks {@code [batch, 1]}, or {@code
 * [batch, n]} with equal values within a group.
 *
 * <p>Errors: an activation other than identity, or softmax for a single variable; a number of columns that does not
 * match the groups; labels that are not probabilities within each group.
 *
 * <p>When not to use it: with classes that are not exclusive (use {@link LossBernoulli}).
 */
public final class LossCategorical extends NegativeLogLikelihood implements DistributionOutput {

    private final int[] classes;

    /**
     * Creates a loss for groups of columns.
     *
     * @param classes the number of classes of each variable; a single number holds for all groups
     * @throws IllegalArgumentException if there is no number, or one below 2
     */
    public LossCategorical(@JsonProperty("classes") int... classes) {
        Require.that(
                classes != null && classes.length > 0,
                "LossCategorical",
                "the number of classes of each variable must be given",
                "none",
                "");
        for (int count : classes) {
            Require.that(
                    count >= 2,
                    "LossCategorical",
                    "a variable must have at least 2 classes",
                    count,
                    "leave out constant columns");
        }
        this.classes = classes.clone();
    }

    /**
     * Returns the number of classes of each variable.
     *
     * @return one number per group, or a single number for all; a new array
     */
    public int[] getClasses() {
        return classes.clone();
    }

    /** Returns the number of columns of a group. */
    int width(int group) {
        return classes.length == 1 ? classes[0] : classes[group];
    }

    int groups(long columns) {
        long expected = 0;
        for (int count : classes) {
            expected += count;
        }
        if (classes.length == 1 ? columns % classes[0] != 0 : columns != expected) {
            throw new IllegalArgumentException(this + ": the columns must be "
                    + (classes.length == 1 ? "a multiple of " : "") + expected + ", got " + columns
                    + "; give the number of classes of each variable");
        }
        return classes.length == 1 ? (int) (columns / classes[0]) : classes.length;
    }

    @Override
    void requireActivation(IActivation activation) {
        Require.that(
                activation instanceof ActivationIdentity || activation instanceof ActivationSoftmax,
                "LossCategorical",
                "the output layer's activation must be IDENTITY, or SOFTMAX for a single variable",
                activation,
                "the loss takes the pre-activations as logits");
    }

    @Override
    void requireLabels(INDArray labels, @Nullable INDArray mask) {
        LabelChecks.requireRange(
                "LossCategorical", labels, 0, 1, LabelChecks.SLACK, "encode the classes of each variable one-hot");
        double[] all = labels.castTo(DataType.DOUBLE).dup('c').data().asDouble();
        int n = (int) labels.size(1);
        groups(n);
        float[] row = new float[n];
        for (int i = 0; i < labels.size(0); i++) {
            for (int j = 0; j < n; j++) {
                row[j] = (float) all[i * n + j];
            }
            if (!sumsToOne(row, n, mask != null)) {
                throw new IllegalArgumentException("LossCategorical: the labels of each variable must sum to 1, got"
                        + " another sum in row " + i + "; encode the classes one-hot");
            }
        }
    }

    private boolean sumsToOne(float[] x, int n, boolean orZero) {
        for (int group = 0, from = 0; from < n; from += width(group++)) {
            double sum = 0;
            for (int j = from; j < from + width(group); j++) {
                sum += x[j];
            }
            if (!(Math.abs(sum - 1) <= LabelChecks.SLACK || (orZero && sum == 0))) {
                return false;
            }
        }
        return true;
    }

    @Override
    boolean supports(float[] x, float[] scratch, int n, boolean masked) {
        groups(n);
        for (int j = 0; j < n; j++) {
            scratch[j] = x[j] >= -LabelChecks.SLACK ? 0 : 1;
        }
        return FloatFunctions.sum(scratch, n) == 0 && sumsToOne(x, n, masked);
    }

    @Override
    @Nullable
    Row row(IActivation activation) {
        return (x, z, losses, n) -> {
            requireOneGroup(activation, n);
            for (int group = 0, from = 0; from < n; from += width(group++)) {
                evaluate(x, z, losses, from, from + width(group));
            }
        };
    }

    private static void evaluate(float[] x, float[] z, float[] losses, int from, int to) {
        double largest = Double.NEGATIVE_INFINITY;
        for (int j = from; j < to; j++) {
            largest = Math.max(largest, z[j]);
        }
        double sum = 0;
        for (int j = from; j < to; j++) {
            sum += Math.exp(z[j] - largest);
        }
        double logSum = largest + Math.log(sum);
        for (int j = from; j < to; j++) {
            losses[j] = (float) (x[j] * (logSum - z[j]));
            z[j] = (float) (Math.exp(z[j] - logSum) - x[j]);
        }
    }

    private void requireOneGroup(IActivation activation, long columns) {
        if (groups(columns) > 1 && activation instanceof ActivationSoftmax) {
            throw new IllegalArgumentException(this + ": with several variables the activation must be IDENTITY, got"
                    + " softmax; softmax sums to 1 over all columns, not over each group");
        }
    }

    /** Returns ln softmax of each group. */
    private INDArray logProbabilities(INDArray logits, IActivation activation) {
        requireOneGroup(activation, logits.size(1));
        INDArray all = logits.dup('c');
        for (int group = 0, from = 0; from < logits.size(1); from += width(group++)) {
            INDArray part = all.get(NDArrayIndex.all(), NDArrayIndex.interval(from, from + width(group)));
            part.subiColumnVector(part.max(true, 1));
            part.subiColumnVector(Transforms.log(Transforms.exp(part, true).sum(true, 1), false));
        }
        return all;
    }

    @Override
    INDArray elementLosses(INDArray labels, INDArray preOutput, IActivation activation) {
        return logProbabilities(preOutput, activation).muli(labels).negi();
    }

    @Override
    INDArray elementGradients(INDArray labels, INDArray preOutput, IActivation activation, @Nullable INDArray mask) {
        return Transforms.exp(logProbabilities(preOutput, activation), false).subi(labels);
    }

    /** Returns the probability of each class. */
    @Override
    public INDArray mean(INDArray output, IActivation activation) {
        return activation instanceof ActivationSoftmax
                ? output
                : Transforms.exp(logProbabilities(output, activation), false);
    }

    @Override
    void requireMask(INDArray mask) {
        int n = (int) mask.size(1);
        INDArray floats = mask.castTo(DataType.FLOAT).dup('c');
        float[] weights = FloatRows.canView(floats)
                ? FloatRows.of(floats).toArray() // without a call per value
                : floats.data().asFloat();
        groups(n);
        for (int row = 0; row < weights.length; row += n) {
            for (int group = 0, from = 0; from < n; from += width(group++)) {
                for (int j = from + 1; j < from + width(group); j++) {
                    if (weights[row + j] != weights[row + from]) {
                        throw new IllegalArgumentException("LossCategorical: the mask must have equal values for all"
                                + " classes of a variable, got " + weights[row + from] + " and " + weights[row + j]
                                + " in row " + row / n + "; a variable is missing or present as a whole");
                    }
                }
            }
        }
    }

    @Override
    INDArray parameters(INDArray output, IActivation activation) {
        requireOneGroup(activation, output.size(1));
        return mean(output, activation);
    }

    @Override
    void draw(NoiseStream noise, int row, double[] parameters, double[] x, int n) {
        double[] u = new double[groups(n)];
        noise.uniform(row, u, 0, u.length);
        for (int group = 0, from = 0; from < n; from += width(group++)) {
            x[drawClass(parameters, from, from + width(group), u[group])] = 1;
        }
    }

    private static int drawClass(double[] p, int from, int to, double u) {
        double total = 0; // 1 up to rounding
        for (int j = from; j < to; j++) {
            total += p[j];
        }
        double rest = u * total;
        for (int j = from; j < to - 1; j++) {
            rest -= p[j];
            if (rest < 0) {
                return j;
            }
        }
        return to - 1;
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof LossCategorical that && Arrays.equals(classes, that.classes);
    }

    @Override
    public int hashCode() {
        return Arrays.hashCode(classes);
    }

    @Override
    public String toString() {
        return "LossCategorical(" + Arrays.toString(classes) + ")";
    }
}
