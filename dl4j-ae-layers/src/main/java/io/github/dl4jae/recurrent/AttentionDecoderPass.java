package io.github.dl4jae.recurrent;

import io.github.dl4jae.internal.kernel.Products;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.indexing.NDArrayIndex;

/**
 * A forward pass of an {@link AttentionDecoderVertex} over one mini-batch, step by step, and its backprop.
 *
 * <p>What a step multiplies by a matrix stands in one array for all steps, so that backprop computes the gradient of
 * each matrix by one product.
 */
final class AttentionDecoderPass {

    private final AttentionDecoderParameters parameters;
    private final AdditiveAttention attention;
    private final CellLoops cell;
    private final DataType type;
    private final int examples;
    private final int inputs;
    private final int encoderUnits;
    private final int units;
    private final double[] b;

    /** The encoder's states, {@code [N·T, m]}. */
    private final INDArray rows;
    /** The weights of the mean over the unmasked states of an example, {@code [N·T]}. */
    private final double[] meanWeights;
    /** {@code [N, m]}. */
    private final INDArray mean;
    /** s_0. */
    private final double[] first;

    /** [x_i, c_i] of each kept step, {@code [steps·N, n+m]}. */
    private final INDArray xs;
    /** s_{i−1} of each kept step, {@code [steps·N, h]}. */
    private final INDArray hs;

    private final List<CellLoops.Step> kept = new ArrayList<>();
    private final List<AdditiveAttention.Attended> attended = new ArrayList<>();
    private double[] h;
    private double[] c;
    private double[] weights = {};

    /**
     * Begins a pass.
     *
     * @param vertex the sizes
     * @param parameters of the vertex
     * @param encoded the states of the encoder, {@code [N, m, T]}
     * @param mask {@code [N, T]}; null if there is no padding
     * @param steps the number of steps that backprop will need; at least 1
     */
    AttentionDecoderPass(
            AttentionDecoderVertex vertex,
            AttentionDecoderParameters parameters,
            INDArray encoded,
            @Nullable INDArray mask,
            int steps) {
        this.parameters = parameters;
        this.type = parameters.get(AttentionDecoderParameters.W).dataType();
        this.examples = (int) encoded.size(0);
        this.inputs = vertex.getInputs();
        this.encoderUnits = vertex.getEncoderUnits();
        this.units = vertex.getUnits();
        this.cell = CellLoops.of(vertex.getCell(), examples, units, type == DataType.FLOAT);
        this.b = RowValues.of(parameters.get(AttentionDecoderParameters.B));
        this.attention = new AdditiveAttention(encoded, mask, vertex.getAttention(), type);
        this.rows = attention.rows(type);
        attention.set(
                product(rows, AttentionDecoderParameters.K) // [N·T,m]·[m,A] → [N·T,A]
                        .addiRowVector(parameters.get(AttentionDecoderParameters.KB)),
                parameters.get(AttentionDecoderParameters.V));
        this.meanWeights = meanWeights((int) encoded.size(2), mask);
        this.mean = matrix(attention.weightedSums(meanWeights), encoderUnits);
        this.first = RowValues.of(product(mean, AttentionDecoderParameters.I)
                .addiRowVector(parameters.get(AttentionDecoderParameters.IB)));
        RowValues.tanh(first, 0, first.length, type == DataType.FLOAT);
        this.h = first;
        this.c = new double[first.length];
        this.xs = matrix((long) steps * examples, inputs + encoderUnits);
        this.hs = matrix((long) steps * examples, units);
    }

    private double[] meanWeights(int steps, @Nullable INDArray mask) {
        double[] marks = new double[examples * steps];
        Arrays.fill(marks, 1);
        double[] found = mask == null ? marks : RowValues.of(mask);
        double[] result = new double[marks.length];
        for (int from = 0; from < marks.length; from += steps) {
            double count = 0;
            for (int t = from; t < from + steps; t++) {
                count += found[t] == 0 ? 0 : 1;
            }
            for (int t = from; t < from + steps; t++) {
                result[t] = found[t] == 0 ? 0 : 1 / count;
            }
        }
        return result;
    }

    private INDArray matrix(long height, long width) {
        return Nd4j.createUninitialized(type, new long[] {height, width}, 'c');
    }

    private INDArray matrix(double[] values, int width) {
        INDArray matrix = matrix(values.length / width, width);
        RowValues.write(values, matrix);
        return matrix;
    }

    /** Multiplies rows by a parameter. */
    private INDArray product(INDArray x, String name) {
        INDArray W = parameters.get(name);
        INDArray z = matrix(x.size(0), W.size(1));
        Products.forward(x, W, z);
        return z;
    }

    /** Multiplies gradients by a transposed parameter. */
    private INDArray transposedProduct(INDArray delta, String name) {
        INDArray W = parameters.get(name);
        INDArray dx = matrix(delta.size(0), W.size(0));
        Products.inputGradient(delta, W, dx);
        return dx;
    }

    private INDArray ofStep(INDArray all, int step) {
        return all.get(NDArrayIndex.interval((long) step * examples, (long) (step + 1) * examples), NDArrayIndex.all());
    }

    /**
     * Computes a step.
     *
     * @param x {@code [N, n]}
     * @param keep whether backprop follows
     * @return [s_i, c_i], {@code [N, h+m]}
     */
    INDArray step(INDArray x, boolean keep) {
        INDArray before = ofStep(hs, keep ? kept.size() : 0);
        RowValues.write(h, before);
        AdditiveAttention.Attended looked =
                attention.attend(RowValues.of(product(before, AttentionDecoderParameters.Q)));
        INDArray both = ofStep(xs, keep ? kept.size() : 0);
        RowValues.write(beside(RowValues.of(x), inputs, looked.context(), encoderUnits), both);
        CellLoops.Step step = cell.step(
                RowValues.of(product(both, AttentionDecoderParameters.W)),
                RowValues.of(product(before, AttentionDecoderParameters.R)),
                b,
                h,
                c);
        if (keep) {
            kept.add(step);
            attended.add(looked);
        }
        weights = looked.weights();
        h = step.h;
        c = step.c;
        return matrix(beside(h, units, looked.context(), encoderUnits), units + encoderUnits);
    }

    /** Joins the rows of two matrices. */
    private double[] beside(double[] left, int leftWidth, double[] right, int rightWidth) {
        double[] both = new double[left.length + right.length];
        for (int row = 0; row < examples; row++) {
            System.arraycopy(left, row * leftWidth, both, row * (leftWidth + rightWidth), leftWidth);
            System.arraycopy(right, row * rightWidth, both, row * (leftWidth + rightWidth) + leftWidth, rightWidth);
        }
        return both;
    }

    /** Returns the weights of the last step, {@code [N, T]}. */
    INDArray weights() {
        return matrix(weights, meanWeights.length / examples);
    }

    /** Replaces the state of each example by that of another. */
    void select(int[] rowsOfState) {
        h = selected(h, rowsOfState);
        c = selected(c, rowsOfState);
    }

    private double[] selected(double[] state, int[] rowsOfState) {
        double[] all = new double[state.length];
        for (int row = 0; row < examples; row++) {
            System.arraycopy(state, rowsOfState[row] * units, all, row * units, units);
        }
        return all;
    }

    /**
     * Backpropagates through all steps that were kept.
     *
     * @param epsilon {@code [steps·N, h+m]}, step by step
     * @param gradients receives the gradients of the parameters
     * @return ∂x, {@code [steps·N, n]}, and the gradient of the encoder's states, {@code [N·T, m]}
     */
    List<INDArray> backprop(INDArray epsilon, AttentionDecoderParameters gradients) {
        AdditiveAttention.Gradients sums = attention.gradients();
        int steps = kept.size();
        INDArray ofW = matrix(
                (long) steps * examples,
                parameters.get(AttentionDecoderParameters.W).size(1));
        INDArray ofR = matrix(
                (long) steps * examples,
                parameters.get(AttentionDecoderParameters.R).size(1));
        INDArray ofQ = matrix(
                (long) steps * examples,
                parameters.get(AttentionDecoderParameters.Q).size(1));
        double[] db = new double[b.length];
        double[] dx = new double[steps * examples * inputs];
        double[] dh = new double[first.length];
        double[] dc = new double[first.length];
        for (int i = steps - 1; i >= 0; i--) {
            double[] error = RowValues.of(ofStep(epsilon, i));
            addPart(error, units + encoderUnits, 0, dh, units);
            CellLoops.Errors errors = cell.backprop(kept.get(i), dh, dc, db);
            RowValues.write(errors.xW, ofStep(ofW, i));
            RowValues.write(errors.hR, ofStep(ofR, i));
            double[] both = RowValues.of(transposedProduct(ofStep(ofW, i), AttentionDecoderParameters.W));
            double[] context = new double[examples * encoderUnits];
            addPart(both, inputs + encoderUnits, inputs, context, encoderUnits);
            addPart(error, units + encoderUnits, units, context, encoderUnits);
            double[] x = new double[examples * inputs];
            addPart(both, inputs + encoderUnits, 0, x, inputs);
            System.arraycopy(x, 0, dx, i * x.length, x.length);
            RowValues.write(attention.backprop(attended.get(i), context, sums), ofStep(ofQ, i));
            dh = errors.h;
            add(dh, RowValues.of(transposedProduct(ofStep(ofR, i), AttentionDecoderParameters.R)));
            add(dh, RowValues.of(transposedProduct(ofStep(ofQ, i), AttentionDecoderParameters.Q)));
            dc = errors.c;
        }
        Products.weightGradient(xs, ofW, gradients.get(AttentionDecoderParameters.W));
        Products.weightGradient(hs, ofR, gradients.get(AttentionDecoderParameters.R));
        Products.weightGradient(hs, ofQ, gradients.get(AttentionDecoderParameters.Q));
        assign(gradients.get(AttentionDecoderParameters.B), db);
        return List.of(matrix(dx, inputs), ofEncoder(dh, sums, gradients));
    }

    /** Adds columns of a matrix to another. */
    private void addPart(double[] from, int width, int column, double[] to, int count) {
        for (int row = 0; row < examples; row++) {
            for (int j = 0; j < count; j++) {
                to[row * count + j] += from[row * width + column + j];
            }
        }
    }

    private static void add(double[] sum, double[] values) {
        for (int i = 0; i < sum.length; i++) {
            sum[i] += values[i];
        }
    }

    private static void assign(INDArray view, double[] values) {
        view.assign(Nd4j.createFromArray(values).reshape(view.shape()));
    }

    /** Backpropagates from the initial state, the keys and the contexts to the encoder's states. */
    private INDArray ofEncoder(double[] dh, AdditiveAttention.Gradients sums, AttentionDecoderParameters gradients) {
        INDArray keys = matrix(sums.keys(), sums.v().length / examples); // [N·T,A]
        Products.weightGradient(rows, keys, gradients.get(AttentionDecoderParameters.K));
        Products.biasGradient(keys, gradients.get(AttentionDecoderParameters.KB));
        assign(gradients.get(AttentionDecoderParameters.V), attention.sumOverExamples(sums.v()));
        double[] slopes = new double[dh.length];
        for (int i = 0; i < slopes.length; i++) {
            slopes[i] = dh[i] * (1 - first[i] * first[i]);
        }
        INDArray initial = matrix(slopes, units);
        Products.weightGradient(mean, initial, gradients.get(AttentionDecoderParameters.I));
        Products.biasGradient(initial, gradients.get(AttentionDecoderParameters.IB));
        double[] ofMean = RowValues.of(transposedProduct(initial, AttentionDecoderParameters.I)); // [N,m]
        double[] all = RowValues.of(transposedProduct(keys, AttentionDecoderParameters.K)); // [N·T,m]
        add(all, sums.x());
        int time = meanWeights.length / examples;
        for (int row = 0; row < meanWeights.length; row++) {
            for (int f = 0; f < encoderUnits; f++) {
                all[row * encoderUnits + f] += meanWeights[row] * ofMean[row / time * encoderUnits + f];
            }
        }
        return matrix(all, encoderUnits);
    }
}
