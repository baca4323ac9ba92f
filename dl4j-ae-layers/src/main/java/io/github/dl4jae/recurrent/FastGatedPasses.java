package io.github.dl4jae.recurrent;

import io.github.dl4jae.internal.kernel.Blas;
import io.github.dl4jae.internal.kernel.ElementwiseActivation;
import io.github.dl4jae.internal.kernel.FloatRows;
import io.github.dl4jae.internal.kernel.GateWeights;
import io.github.dl4jae.internal.kernel.GatedCell;
import io.github.dl4jae.internal.kernel.GatedRecurrence;
import io.github.dl4jae.internal.kernel.SequenceRows;
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
import org.nd4j.linalg.api.ndarray.INDArray;

/** The passes of a gated recurrent layer in float32 on the CPU, and the memory between them. */
final class FastGatedPasses implements GatedPasses {

    private final GatedRecurrence kernels;
    /** The memory of the last pass that was kept for backprop, and of the last one that was not. */
    private GatedRecurrence.@Nullable Memory kept;

    private GatedRecurrence.@Nullable Memory passing;
    /** Whether {@code kept} holds a pass that backprop has not used. */
    private boolean holdsPass;

    private @Nullable INDArray maskOfPass;

    FastGatedPasses(GatedCell.Kind kind, GateWeights weights) {
        this.kernels = new GatedRecurrence(kind, weights);
    }

    /** Returns whether a layer can be computed: float32 on the CPU, and activations with kernels. */
    static boolean supports(DataType type, IActivation... activations) {
        if (type != DataType.FLOAT || !Blas.isAvailable()) {
            return false;
        }
        for (IActivation activation : activations) {
            if (ElementwiseActivation.of(activation).isEmpty()) {
                return false;
            }
        }
        return true;
    }

    static ElementwiseActivation elementwise(IActivation activation) {
        return ElementwiseActivation.of(activation).orElseThrow();
    }

    @Override
    public void forget() {
        holdsPass = false;
    }

    @Override
    public boolean holdsPass(@Nullable INDArray mask) {
        return holdsPass && maskOfPass == mask;
    }

    @Override
    public INDArray forward(
            INDArray sequences,
            Parameters parameters,
            @Nullable INDArray h,
            @Nullable INDArray c,
            @Nullable INDArray mask,
            boolean keep,
            LayerWorkspaceMgr workspaces) {
        INDArray x = SequenceRows.of(sequences.castTo(DataType.FLOAT), ArrayType.ACTIVATIONS, workspaces); // [T·B,n]
        int examples = (int) sequences.size(0);
        int steps = (int) x.size(0) / examples;
        GatedRecurrence.Memory memory = kernels.memory(steps, examples, keep, keep ? kept : passing);
        kernels.setParameters(parameters.W(), parameters.R(), parameters.b(), memory);
        INDArray y = workspaces.createUninitialized(
                ArrayType.ACTIVATIONS,
                DataType.FLOAT,
                new long[] {x.size(0), parameters.R().size(0)},
                'c');
        kernels.forward(FloatRows.of(x), view(h), view(c), values(mask), FloatRows.of(y), memory);
        if (keep) {
            kept = memory;
            maskOfPass = mask;
        } else {
            passing = memory;
        }
        holdsPass = keep;
        return SequenceRows.asSequences(y, examples);
    }

    private static @Nullable FloatRows view(@Nullable INDArray state) {
        return state == null ? null : FloatRows.of(state);
    }

    private static float @Nullable [][] values(@Nullable INDArray mask) {
        return mask == null ? null : mask.castTo(DataType.FLOAT).toFloatMatrix();
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
        holdsPass = false; // its memory is overwritten
        long examples = epsilon.size(0);
        INDArray errors = SequenceRows.of(epsilon.castTo(DataType.FLOAT), ArrayType.BP_WORKING_MEM, workspaces);
        int steps = (int) (errors.size(0) / examples);
        INDArray dx = workspaces.createUninitialized(
                ArrayType.ACTIVATION_GRAD, DataType.FLOAT, new long[] {errors.size(0), inputs}, 'c');
        Gradient gradient = new DefaultGradient();
        kernels.backprop(
                FloatRows.of(errors),
                values(mask),
                Math.max(0, steps - longest),
                Objects.requireNonNull(kept),
                FloatRows.of(dx),
                view(views, keys.W(), gradient),
                view(views, keys.R(), gradient),
                view(views, keys.b(), gradient));
        return new Pair<>(gradient, SequenceRows.asSequences(dx, examples));
    }

    private static INDArray view(Map<String, INDArray> views, String key, Gradient gradient) {
        INDArray view = Objects.requireNonNull(views.get(key), key);
        gradient.gradientForVariable().put(key, view);
        return view;
    }
}
