package io.github.dl4jae.recurrent;

import io.github.dl4jae.internal.kernel.RowBlocks;
import org.jspecify.annotations.Nullable;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/**
 * Additive attention over the steps of sequences, in Java, example by example.
 *
 * <pre>
 * e_t = v·tanh(q + k_t)        a = softmax(e) over unmasked t        c = Σ_t a_t·x_t
 * </pre>
 *
 * <p>All arrays are example-major and in float64, so that one code serves every type. In float32 networks tanh is that
 * of {@link RowValues#tanh}. Masked steps have weight 0 and are never read.
 */
final class AdditiveAttention {

    private final int examples;
    private final int steps;
    private final int width;
    private final int units;
    private final boolean isFloat;
    /** {@code [N, T, n]}, 0 where masked. */
    private final double[] x;
    /** {@code [N, T]}. */
    private final boolean[] present;
    /** {@code [N, T, A]}. */
    private double[] keys = {};
    /** {@code [A]}. */
    private double[] v = {};

    /** The gradients of all that the attention reads. */
    static final class Gradients {
        private final double[] x;
        private final double[] keys;
        /** Of each example. */
        private final double[] v;

        private Gradients(double[] x, double[] keys, double[] v) {
            this.x = x;
            this.keys = keys;
            this.v = v;
        }

        double[] x() {
            return x;
        }

        double[] keys() {
            return keys;
        }

        double[] v() {
            return v;
        }
    }

    /** The result of a forward pass. */
    static final class Attended {
        /** tanh(q + k), {@code [N, T, A]}. */
        private final double[] tanh;
        /** a, {@code [N, T]}. */
        private final double[] weights;
        /** c, {@code [N, n]}. */
        private final double[] context;

        private Attended(double[] tanh, double[] weights, double[] context) {
            this.tanh = tanh;
            this.weights = weights;
            this.context = context;
        }

        double[] weights() {
            return weights;
        }

        double[] context() {
            return context;
        }
    }

    /**
     * Takes sequences.
     *
     * @param sequences {@code [N, n, T]}
     * @param mask {@code [N, T]}; null if there is no padding
     * @param units A
     * @param type of the network
     */
    AdditiveAttention(INDArray sequences, @Nullable INDArray mask, int units, DataType type) {
        this.examples = (int) sequences.size(0);
        this.width = (int) sequences.size(1);
        this.steps = (int) sequences.size(2);
        this.units = units;
        this.isFloat = type == DataType.FLOAT;
        this.x = RowValues.of(sequences.permute(0, 2, 1));
        this.present = new boolean[examples * steps];
        double[] marks = mask == null ? null : RowValues.of(mask);
        for (int row = 0; row < present.length; row++) {
            present[row] = marks == null || marks[row] != 0;
            for (int f = 0; f < width && !present[row]; f++) {
                x[row * width + f] = 0; // NaN too
            }
        }
    }

    /** Returns the sequences as rows, {@code [N·T, n]}, with zeros where they are masked. */
    INDArray rows(DataType type) {
        return Nd4j.createFromArray(x)
                .reshape('c', (long) examples * steps, width)
                .castTo(type);
    }

    /** Sets the keys {@code [N·T, A]} and v. */
    void set(INDArray newKeys, INDArray newV) {
        keys = RowValues.of(newKeys);
        v = RowValues.of(newV);
    }

    Gradients gradients() {
        return new Gradients(new double[x.length], new double[keys.length], new double[examples * units]);
    }

    private void forEachExample(RowBlocks.Work work) {
        RowBlocks.of(examples, 4L * steps * units).forEach(work);
    }

    /** Attends with a query {@code [N, A]}; null for 0. */
    Attended attend(double @Nullable [] query) {
        Attended to = new Attended(new double[keys.length], new double[present.length], new double[examples * width]);
        forEachExample((block, first, end) -> {
            for (int example = first; example < end; example++) {
                attend(example, query, to);
            }
        });
        return to;
    }

    private void attend(int example, double @Nullable [] query, Attended to) {
        int from = example * steps;
        int entries = steps * units;
        double[] tanh = to.tanh;
        for (int t = 0; t < steps; t++) {
            for (int a = 0; a < units; a++) {
                int at = (from + t) * units + a;
                tanh[at] = keys[at] + (query == null ? 0 : query[example * units + a]);
            }
        }
        RowValues.tanh(tanh, from * units, entries, isFloat);
        double[] weights = to.weights();
        for (int t = from; t < from + steps; t++) {
            double score = 0;
            for (int a = 0; a < units; a++) {
                score += v[a] * tanh[t * units + a];
            }
            weights[t] = score;
        }
        softmax(weights, from);
        for (int t = from; t < from + steps; t++) {
            for (int f = 0; f < width && present[t]; f++) {
                to.context()[example * width + f] += weights[t] * x[t * width + f];
            }
        }
    }

    /** Replaces the scores of an example by weights, which are 0 where masked. */
    private void softmax(double[] weights, int from) {
        double largest = Double.NEGATIVE_INFINITY;
        for (int t = from; t < from + steps; t++) {
            largest = present[t] ? Math.max(largest, weights[t]) : largest;
        }
        double sum = 0;
        for (int t = from; t < from + steps; t++) {
            weights[t] = present[t] ? Math.exp(weights[t] - largest) : 0;
            sum += weights[t];
        }
        for (int t = from; t < from + steps; t++) {
            weights[t] = present[t] ? weights[t] / sum : 0; // an example without steps has weights 0
        }
    }

    /**
     * Backpropagates.
     *
     * <pre>
     * ∂a_t = ∂c·x_t        ∂e_t = a_t·(∂a_t − Σ_s a_s·∂a_s)        ∂x_t += a_t·∂c
     * ∂k_t += ∂e_t·v ⊙ (1 − tanh²)        ∂q = Σ_t ∂k_t        ∂v += Σ_t ∂e_t·tanh
     * </pre>
     *
     * @param attended of the forward pass
     * @param errors ∂c, {@code [N, n]}
     * @param sums to which gradients are added
     * @return ∂q, {@code [N, A]}
     */
    double[] backprop(Attended attended, double[] errors, Gradients sums) {
        double[] query = new double[examples * units];
        forEachExample((block, first, end) -> {
            double[] scores = new double[steps];
            for (int example = first; example < end; example++) {
                backprop(example, attended, errors, sums, scores, query);
            }
        });
        return query;
    }

    private void backprop(
            int example, Attended attended, double[] errors, Gradients sums, double[] scores, double[] query) {
        int from = example * steps;
        double mean = 0;
        for (int t = 0; t < steps; t++) {
            scores[t] = 0;
            double weight = attended.weights()[from + t];
            for (int f = 0; f < width && present[from + t]; f++) {
                double error = errors[example * width + f];
                scores[t] += error * x[(from + t) * width + f];
                sums.x()[(from + t) * width + f] += weight * error;
            }
            mean += weight * scores[t];
        }
        for (int t = 0; t < steps; t++) {
            double score = attended.weights()[from + t] * (scores[t] - mean);
            for (int a = 0; a < units && present[from + t]; a++) {
                double tanh = attended.tanh[(from + t) * units + a];
                double key = score * v[a] * (1 - tanh * tanh);
                sums.keys()[(from + t) * units + a] += key;
                sums.v()[example * units + a] += score * tanh;
                query[example * units + a] += key;
            }
        }
    }

    /** Returns the sum over steps of each example, {@code [N, n]}, with weights {@code [N, T]}. */
    double[] weightedSums(double[] weights) {
        double[] sums = new double[examples * width];
        for (int row = 0; row < weights.length; row++) {
            for (int f = 0; f < width; f++) {
                sums[row / steps * width + f] += weights[row] * x[row * width + f];
            }
        }
        return sums;
    }

    /** Returns the sum over examples of rows {@code [N, A]}. */
    double[] sumOverExamples(double[] rows) {
        double[] sum = new double[units];
        for (int i = 0; i < rows.length; i++) {
            sum[i % units] += rows[i];
        }
        return sum;
    }
}
