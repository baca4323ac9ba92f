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
import org.nd4j.linalg.api.memory.MemoryWorkspace;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.indexing.NDArrayIndex;

/** The passes of a {@link FastGruLayer} by ND4J's operations, for every type, backend and activation. */
final class StepwiseGru implements GatedPasses {

    private final int units;
    private final IActivation activation;
    private final IActivation gate;

    private final List<Step> steps = new ArrayList<>();
    private boolean holdsPass;
    private @Nullable INDArray maskOfPass;
    private @Nullable Parameters parametersOfPass;

    StepwiseGru(int units, IActivation activation, IActivation gate) {
        this.units = units;
        this.activation = activation;
        this.gate = gate;
    }

    /** What a step keeps. The arrays named z are those before activation. */
    private record Step(
            INDArray x,
            INDArray before,
            INDArray zr,
            INDArray zu,
            INDArray zn,
            INDArray r,
            INDArray u,
            INDArray n,
            INDArray p) {}

    @Override
    public void forget() {
        steps.clear();
        holdsPass = false;
    }

    @Override
    public boolean holdsPass(@Nullable INDArray mask) {
        return holdsPass && maskOfPass == mask;
    }

    private INDArray block(INDArray matrix, int index) {
        return matrix.get(NDArrayIndex.all(), NDArrayIndex.interval(index * units, (index + 1) * units));
    }

    private static INDArray step(INDArray sequences, int t) {
        return sequences.get(NDArrayIndex.all(), NDArrayIndex.all(), NDArrayIndex.point(t));
    }

    private static INDArray maskOf(INDArray mask, int t, INDArray like) {
        return mask.getColumn(t, true).castTo(like.dataType());
    }

    @Override
    @SuppressWarnings("try") // the scope is held open, not used
    public INDArray forward(
            INDArray sequences,
            Parameters parameters,
            @Nullable INDArray h,
            @Nullable INDArray c,
            @Nullable INDArray mask,
            boolean keep,
            LayerWorkspaceMgr workspaces) {
        forget();
        INDArray W = parameters.W();
        INDArray x = (sequences.rank() == 2 ? sequences.reshape(sequences.size(0), sequences.size(1), 1) : sequences)
                .castTo(W.dataType());
        INDArray out = workspaces.createUninitialized(
                ArrayType.ACTIVATIONS, W.dataType(), new long[] {x.size(0), units, x.size(2)}, 'f');
        try (MemoryWorkspace ignored = Nd4j.getMemoryManager().scopeOutOfWorkspaces()) { // backprop reads the steps
            INDArray last = computeSteps(x, parameters, h, mask, keep, out);
            if (h != null) {
                h.assign(last);
            }
        }
        holdsPass = keep;
        maskOfPass = mask;
        parametersOfPass = parameters;
        return out;
    }

    private INDArray computeSteps(
            INDArray x,
            Parameters parameters,
            @Nullable INDArray h,
            @Nullable INDArray mask,
            boolean keep,
            INDArray out) {
        INDArray now = h == null ? Nd4j.zeros(out.dataType(), x.size(0), units) : h.dup();
        for (int t = 0; t < x.size(2); t++) {
            Step step = compute(step(x, t).dup('c'), now, parameters);
            now = step.n().add(step.u().mul(now.sub(step.n())));
            if (mask != null) {
                now.muliColumnVector(maskOf(mask, t, now));
            }
            step(out, t).assign(now);
            if (keep) {
                steps.add(step);
            }
        }
        return now;
    }

    private Step compute(INDArray x, INDArray before, Parameters parameters) {
        INDArray fromInput = x.mmul(parameters.W()); // [B,n]·[n,3h] → [B,3h]
        INDArray fromOutput = before.mmul(parameters.R()); // [B,h]·[h,3h] → [B,3h]
        INDArray b = parameters.b();
        INDArray zr = block(fromInput, 0).add(block(fromOutput, 0)).addiRowVector(block(b, 0));
        INDArray zu = block(fromInput, 1).add(block(fromOutput, 1)).addiRowVector(block(b, 1));
        INDArray r = gate.getActivation(zr.dup(), true);
        INDArray u = gate.getActivation(zu.dup(), true);
        INDArray p = block(fromOutput, 2).addRowVector(block(b, 3));
        INDArray zn = block(fromInput, 2).addRowVector(block(b, 2)).addi(r.mul(p));
        INDArray n = activation.getActivation(zn.dup(), true);
        return new Step(x, before, zr, zu, zn, r, u, n, p);
    }

    @Override
    public Pair<Gradient, INDArray> backprop(
            INDArray epsilon,
            @Nullable INDArray mask,
            int longest,
            Map<String, INDArray> views,
            Keys keys,
            long inputs,
            LayerWorkspaceMgr workspaces) {
        Parameters parameters = Objects.requireNonNull(parametersOfPass);
        Gradient gradient = new DefaultGradient();
        INDArray dW = emptied(views, keys.W(), gradient);
        INDArray dR = emptied(views, keys.R(), gradient);
        INDArray db = emptied(views, keys.b(), gradient);
        INDArray dx = workspaces.create(
                ArrayType.ACTIVATION_GRAD, dW.dataType(), new long[] {epsilon.size(0), inputs, steps.size()}, 'f');
        INDArray carried = Nd4j.zeros(dW.dataType(), epsilon.size(0), units);
        for (int t = steps.size() - 1; t >= Math.max(0, steps.size() - longest); t--) {
            Step step = steps.get(t);
            INDArray dh = carried.add(step(epsilon, t).castTo(dW.dataType()));
            if (mask != null) {
                dh.muliColumnVector(maskOf(mask, t, dh));
            }
            INDArray zn = backprop(activation, step.zn(), dh.sub(dh.mul(step.u())));
            INDArray zu = backprop(gate, step.zu(), dh.mul(step.before().sub(step.n())));
            INDArray zr = backprop(gate, step.zr(), zn.mul(step.p()));
            INDArray zp = zn.mul(step.r());
            INDArray fromInput = Nd4j.hstack(zr, zu, zn);
            INDArray fromOutput = Nd4j.hstack(zr, zu, zp);
            dW.addi(step.x().transpose().mmul(fromInput));
            dR.addi(step.before().transpose().mmul(fromOutput));
            db.addi(Nd4j.hstack(zr, zu, zn, zp).sum(true, 0));
            step(dx, t).assign(fromInput.mmul(parameters.W().transpose()));
            carried = dh.mul(step.u()).addi(fromOutput.mmul(parameters.R().transpose()));
        }
        forget();
        return new Pair<>(gradient, dx);
    }

    private static INDArray backprop(IActivation activation, INDArray z, INDArray epsilon) {
        return activation.backprop(z.dup(), epsilon).getFirst();
    }

    private static INDArray emptied(Map<String, INDArray> views, String key, Gradient gradient) {
        INDArray view = Objects.requireNonNull(views.get(key), key);
        gradient.gradientForVariable().put(key, view);
        return view.assign(0);
    }
}
