package io.github.dl4jae.recurrent;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.deeplearning4j.nn.gradient.DefaultGradient;
import org.deeplearning4j.nn.gradient.Gradient;
import org.deeplearning4j.nn.workspace.ArrayType;
import org.deeplearning4j.nn.workspace.LayerWorkspaceMgr;
import org.jspecify.annotations.Nullable;
import org.nd4j.common.primitives.Pair;
import org.nd4j.linalg.activations.IActivation;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.memory.MemoryWorkspace;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.indexing.NDArrayIndex;

/**
 * The passes of a gated recurrent layer by ND4J's operations, step by step, for every type, backend and activation.
 *
 * @param <S> what a step keeps for backprop
 */
abstract class StepwisePasses<S> implements GatedPasses {

    private final int units;

    private final List<S> steps = new ArrayList<>();
    private final List<INDArray> inputs = new ArrayList<>();
    private final List<State> states = new ArrayList<>();
    private boolean holdsPass;
    private @Nullable INDArray maskOfPass;
    private @Nullable Parameters parametersOfPass;

    StepwisePasses(int units) {
        this.units = units;
    }

    /** Output and cells, {@code [B, h]}. A layer without cells has its output there. */
    record State(INDArray h, INDArray c) {}

    /**
     * The gradients of a step: with respect to x·W, h·R and the bias, {@code [B, k·h]}; and to the state before it, in
     * h without the part by way of R.
     */
    record Errors(INDArray xW, INDArray hR, INDArray b, INDArray h, INDArray c) {}

    /** Computes a step from {@code [B, n]} and the state before it. */
    abstract S compute(INDArray x, State before, Parameters parameters);

    /** Returns the state after a step. */
    abstract State after(S step);

    /** Backpropagates through a step. */
    abstract Errors backprop(S step, State before, INDArray dh, INDArray dc);

    /** Returns one of the blocks of h columns. */
    final INDArray block(INDArray matrix, int index) {
        return matrix.get(NDArrayIndex.all(), NDArrayIndex.interval(index * units, (index + 1) * units));
    }

    static INDArray activate(IActivation activation, INDArray z) {
        return activation.getActivation(z.dup(), true);
    }

    static INDArray backprop(IActivation activation, INDArray z, INDArray epsilon) {
        return activation.backprop(z.dup(), epsilon).getFirst();
    }

    private static INDArray step(INDArray sequences, int t) {
        return sequences.get(NDArrayIndex.all(), NDArrayIndex.all(), NDArrayIndex.point(t));
    }

    private static INDArray masked(INDArray values, @Nullable INDArray mask, int t) {
        return mask == null
                ? values
                : values.mulColumnVector(mask.getColumn(t, true).castTo(values.dataType()));
    }

    @Override
    public final void forget() {
        steps.clear();
        inputs.clear();
        states.clear();
        holdsPass = false;
    }

    @Override
    public final boolean holdsPass(@Nullable INDArray mask) {
        return holdsPass && maskOfPass == mask;
    }

    @Override
    @SuppressWarnings("try") // the scope is held open, not used
    public final INDArray forward(
            INDArray sequences,
            Parameters parameters,
            @Nullable INDArray h,
            @Nullable INDArray c,
            @Nullable INDArray mask,
            boolean keep,
            LayerWorkspaceMgr workspaces) {
        forget();
        DataType type = parameters.W().dataType();
        INDArray x = (sequences.rank() == 2 ? sequences.reshape(sequences.size(0), sequences.size(1), 1) : sequences)
                .castTo(type);
        INDArray out = workspaces.createUninitialized(
                ArrayType.ACTIVATIONS, type, new long[] {x.size(0), units, x.size(2)}, 'f');
        try (MemoryWorkspace ignored = Nd4j.getMemoryManager().scopeOutOfWorkspaces()) { // backprop reads the steps
            State state = new State(initial(h, out), initial(c, out));
            for (int t = 0; t < x.size(2); t++) {
                INDArray now = step(x, t).dup('c');
                S step = compute(now, state, parameters);
                if (keep) {
                    inputs.add(now);
                    states.add(state);
                    steps.add(step);
                }
                State after = after(step);
                state = new State(masked(after.h(), mask, t), masked(after.c(), mask, t));
                step(out, t).assign(state.h());
            }
            replace(h, state.h());
            replace(c, state.c());
        }
        holdsPass = keep;
        maskOfPass = mask;
        parametersOfPass = parameters;
        return out;
    }

    private INDArray initial(@Nullable INDArray state, INDArray out) {
        return state == null ? Nd4j.zeros(out.dataType(), out.size(0), units) : state.dup();
    }

    private static void replace(@Nullable INDArray state, INDArray last) {
        if (state != null) {
            state.assign(last);
        }
    }

    @Override
    public final Pair<Gradient, INDArray> backprop(
            INDArray epsilon,
            @Nullable INDArray mask,
            int longest,
            Map<String, INDArray> views,
            Keys keys,
            long n,
            LayerWorkspaceMgr workspaces) {
        Parameters parameters = Objects.requireNonNull(parametersOfPass);
        Gradient gradient = new DefaultGradient();
        INDArray dW = emptied(views, keys.W(), gradient);
        INDArray dR = emptied(views, keys.R(), gradient);
        INDArray db = emptied(views, keys.b(), gradient);
        DataType type = dW.dataType();
        INDArray dx =
                workspaces.create(ArrayType.ACTIVATION_GRAD, type, new long[] {epsilon.size(0), n, steps.size()}, 'f');
        INDArray dh = Nd4j.zeros(type, epsilon.size(0), units);
        INDArray dc = Nd4j.zeros(type, epsilon.size(0), units);
        for (int t = steps.size() - 1; t >= Math.max(0, steps.size() - longest); t--) {
            State before = states.get(t);
            Errors errors = backprop(
                    steps.get(t), before, masked(dh.add(step(epsilon, t).castTo(type)), mask, t), masked(dc, mask, t));
            dW.addi(inputs.get(t).transpose().mmul(errors.xW()));
            dR.addi(before.h().transpose().mmul(errors.hR()));
            db.addi(errors.b().sum(0).reshape(db.shape()));
            step(dx, t).assign(errors.xW().mmul(parameters.W().transpose()));
            dh = errors.h().add(errors.hR().mmul(parameters.R().transpose()));
            dc = errors.c();
        }
        forget();
        return new Pair<>(gradient, dx);
    }

    private static INDArray emptied(Map<String, INDArray> views, String key, Gradient gradient) {
        INDArray view = Objects.requireNonNull(views.get(key), key);
        gradient.gradientForVariable().put(key, view);
        return view.assign(0);
    }
}
