package io.github.dl4jae.recurrent;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.api.ops.impl.transforms.strict.Tanh;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.indexing.NDArrayIndex;

/**
 * A forward pass of an {@link AttentionDecoderVertex} over one mini-batch, step by step, and its backprop.
 *
 * @param <S> what a step of the cell keeps
 */
final class AttentionDecoderPass<S> {

    private final StepwisePasses<S> cell;
    private final AttentionDecoderParameters parameters;
    private final AdditiveAttention attention;
    /** The encoder's states, {@code [N·T, m]}. */
    private final INDArray rows;
    /** The weights of the mean over the unmasked states of an example, {@code [N·T]}. */
    private final double[] meanWeights;
    /** {@code [N, m]}. */
    private final INDArray mean;

    private final DataType type;
    private final long inputs;
    private final List<Kept<S>> kept = new ArrayList<>();
    private final INDArray first;
    private StepwisePasses.State state;
    private double[] weights = {};

    private record Kept<S>(INDArray x, StepwisePasses.State before, S step, AdditiveAttention.Attended attended) {}

    AttentionDecoderPass(
            StepwisePasses<S> cell,
            AttentionDecoderVertex vertex,
            AttentionDecoderParameters parameters,
            INDArray encoded,
            @Nullable INDArray mask) {
        this.cell = cell;
        this.parameters = parameters;
        this.inputs = vertex.getInputs();
        this.type = parameters.get(AttentionDecoderParameters.W).dataType();
        this.attention = new AdditiveAttention(encoded, mask, vertex.getAttention(), type);
        this.rows = attention.rows(type);
        attention.set(
                rows.mmul(parameters.get(AttentionDecoderParameters.K)) // [N·T,m]·[m,A] → [N·T,A]
                        .addiRowVector(parameters.get(AttentionDecoderParameters.KB)),
                parameters.get(AttentionDecoderParameters.V));
        this.meanWeights = meanWeights(encoded, mask);
        this.mean = mean(encoded);
        this.first = Nd4j.getExecutioner()
                .exec(new Tanh(mean.mmul(parameters.get(AttentionDecoderParameters.I))
                        .addiRowVector(parameters.get(AttentionDecoderParameters.IB))));
        this.state = new StepwisePasses.State(first, Nd4j.zeros(type, first.shape()));
    }

    private static double[] meanWeights(INDArray encoded, @Nullable INDArray mask) {
        int steps = (int) encoded.size(2);
        double[] weights = new double[(int) encoded.size(0) * steps];
        Arrays.fill(weights, 1);
        double[] marks = mask == null ? weights : AdditiveAttention.values(mask);
        for (int from = 0; from < weights.length; from += steps) {
            double count = 0;
            for (int t = from; t < from + steps; t++) {
                count += marks[t] == 0 ? 0 : 1;
            }
            for (int t = from; t < from + steps; t++) {
                weights[t] = marks[t] == 0 ? 0 : 1 / count;
            }
        }
        return weights;
    }

    private INDArray column(double[] values) {
        return Nd4j.createFromArray(values).reshape(values.length, 1).castTo(type);
    }

    private INDArray mean(INDArray encoded) {
        return rows.mulColumnVector(column(meanWeights))
                .reshape('c', encoded.size(0), encoded.size(2), encoded.size(1))
                .sum(1);
    }

    private INDArray array(double[] values, long columns) {
        return Nd4j.createFromArray(values)
                .reshape('c', values.length / columns, columns)
                .castTo(type);
    }

    /**
     * Computes a step.
     *
     * @param x {@code [N, n]}
     * @param keep whether backprop follows
     * @return [s_i, c_i], {@code [N, h+m]}
     */
    INDArray step(INDArray x, boolean keep) {
        INDArray query = state.h().mmul(parameters.get(AttentionDecoderParameters.Q)); // [N,h]·[h,A] → [N,A]
        AdditiveAttention.Attended attended = attention.attend(AdditiveAttention.values(query));
        INDArray context = array(attended.context(), rows.size(1));
        INDArray both = Nd4j.hstack(x.castTo(type), context); // [N,n+m]
        S step = cell.compute(both, state, cellParameters());
        if (keep) {
            kept.add(new Kept<>(both, state, step, attended));
        }
        weights = attended.weights();
        state = cell.after(step);
        return Nd4j.hstack(state.h(), context);
    }

    private GatedPasses.Parameters cellParameters() {
        return new GatedPasses.Parameters(
                parameters.get(AttentionDecoderParameters.W),
                parameters.get(AttentionDecoderParameters.R),
                parameters.get(AttentionDecoderParameters.B));
    }

    /** Returns the weights of the last step, {@code [N, T]}. */
    INDArray weights() {
        return array(weights, meanWeights.length / first.size(0));
    }

    /** Replaces the state of each example by that of another. */
    void select(int[] examples) {
        state = new StepwisePasses.State(
                Nd4j.pullRows(state.h(), 1, examples, 'c'), Nd4j.pullRows(state.c(), 1, examples, 'c'));
    }

    /**
     * Backpropagates through all steps that were kept.
     *
     * @param epsilon {@code [N, h+m, steps]}
     * @param gradients receives the gradients of the parameters
     * @return ∂x, {@code [N, n, steps]}, and the gradient of the encoder's states, {@code [N, m, T]}
     */
    INDArray[] backprop(INDArray epsilon, AttentionDecoderParameters gradients) {
        gradients.views().values().forEach(view -> view.assign(0));
        AdditiveAttention.Gradients sums = attention.gradients();
        long units = first.size(1);
        INDArray dx = Nd4j.create(type, new long[] {kept.size(), first.size(0), inputs}, 'c');
        INDArray dh = Nd4j.zeros(type, first.shape());
        INDArray dc = Nd4j.zeros(type, first.shape());
        for (int i = kept.size() - 1; i >= 0; i--) {
            Kept<S> step = kept.get(i);
            INDArray error = epsilon.get(NDArrayIndex.all(), NDArrayIndex.all(), NDArrayIndex.point(i));
            INDArray ofState = error.get(NDArrayIndex.all(), NDArrayIndex.interval(0, units));
            StepwisePasses.Errors errors = cell.backprop(step.step(), step.before(), dh.add(ofState.castTo(type)), dc);
            add(gradients, AttentionDecoderParameters.W, step.x(), errors.xW());
            add(gradients, AttentionDecoderParameters.R, step.before().h(), errors.hR());
            addSum(gradients, AttentionDecoderParameters.B, errors.b());
            INDArray both = product(errors.xW(), AttentionDecoderParameters.W);
            dx.slice(i).assign(both.get(NDArrayIndex.all(), NDArrayIndex.interval(0, inputs)));
            INDArray context = both.get(NDArrayIndex.all(), NDArrayIndex.interval(inputs, both.size(1)))
                    .add(error.get(NDArrayIndex.all(), NDArrayIndex.interval(units, error.size(1)))
                            .castTo(type));
            INDArray query =
                    array(attention.backprop(step.attended(), AdditiveAttention.values(context), sums), queryUnits());
            add(gradients, AttentionDecoderParameters.Q, step.before().h(), query);
            dh = errors.h()
                    .add(product(errors.hR(), AttentionDecoderParameters.R))
                    .addi(product(query, AttentionDecoderParameters.Q));
            dc = errors.c();
        }
        return new INDArray[] {dx.permute(1, 2, 0), ofEncoder(dh, sums, gradients)};
    }

    private long queryUnits() {
        return parameters.get(AttentionDecoderParameters.Q).size(1);
    }

    private INDArray product(INDArray errors, String name) {
        return errors.mmul(parameters.get(name).transpose());
    }

    private static void add(AttentionDecoderParameters gradients, String name, INDArray input, INDArray errors) {
        gradients.get(name).addi(input.transpose().mmul(errors));
    }

    private static void addSum(AttentionDecoderParameters gradients, String name, INDArray errors) {
        INDArray view = gradients.get(name);
        view.addi(errors.sum(0).reshape(view.shape()));
    }

    /** Backpropagates from the initial state, the keys and the contexts to the encoder's states. */
    private INDArray ofEncoder(INDArray dh, AdditiveAttention.Gradients sums, AttentionDecoderParameters gradients) {
        INDArray keys = array(sums.keys(), queryUnits()); // [N·T,A]
        add(gradients, AttentionDecoderParameters.K, rows, keys);
        addSum(gradients, AttentionDecoderParameters.KB, keys);
        INDArray v = gradients.get(AttentionDecoderParameters.V);
        v.assign(Nd4j.createFromArray(attention.sumOverExamples(sums.v())).reshape(v.shape()));
        INDArray initial = dh.mul(first.mul(first).rsubi(1));
        add(gradients, AttentionDecoderParameters.I, mean, initial);
        addSum(gradients, AttentionDecoderParameters.IB, initial);
        INDArray ofMean = product(initial, AttentionDecoderParameters.I); // [N,h]·[h,m] → [N,m]
        long examples = first.size(0);
        long m = rows.size(1);
        long steps = meanWeights.length / examples;
        INDArray sum = array(sums.x(), m).addi(product(keys, AttentionDecoderParameters.K)); // [N·T,m]
        INDArray repeated = ofMean.reshape('c', examples, 1, m)
                .broadcast(Nd4j.createUninitialized(type, examples, steps, m))
                .reshape('c', examples * steps, m);
        sum.addi(repeated.muliColumnVector(column(meanWeights)));
        return sum.reshape('c', examples, steps, m).permute(0, 2, 1);
    }
}
