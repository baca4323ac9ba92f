package io.github.dl4jae.dense;

import io.github.dl4jae.internal.inference.RowLayer;
import io.github.dl4jae.internal.kernel.ActivationKernels;
import io.github.dl4jae.internal.kernel.ElementwiseActivation;
import io.github.dl4jae.internal.kernel.FloatRows;
import io.github.dl4jae.internal.kernel.FusedRows;
import io.github.dl4jae.internal.kernel.Products;
import io.github.dl4jae.internal.kernel.RowActivation;
import io.github.dl4jae.internal.kernel.RowStep;
import io.github.dl4jae.internal.layer.KeptArrays;
import io.github.dl4jae.internal.layer.OmittedInputGradient;
import io.github.dl4jae.internal.layer.ParameterLayer;
import java.util.Objects;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.gradient.DefaultGradient;
import org.deeplearning4j.nn.gradient.Gradient;
import org.deeplearning4j.nn.params.DefaultParamInitializer;
import org.deeplearning4j.nn.workspace.ArrayType;
import org.deeplearning4j.nn.workspace.LayerWorkspaceMgr;
import org.jspecify.annotations.Nullable;
import org.nd4j.common.primitives.Pair;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.memory.MemoryWorkspace;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.api.ops.impl.transforms.custom.LayerNorm;
import org.nd4j.linalg.api.ops.impl.transforms.custom.LayerNormBp;
import org.nd4j.linalg.factory.Nd4j;

/**
 * The implementation of {@link FastDenseLayer}: a = act(x·W + b), with arrays kept from the forward pass for backprop.
 *
 * <p>Two paths share the products. The row path handles float32 on the CPU with a {@link RowActivation}, without mask
 * and layer normalization. Everything else takes ND4J operations.
 */
final class FastDenseLayerImpl extends ParameterLayer<FastDenseLayer> implements RowLayer {

    /** Holds no array that the layer has returned, because the next layer may overwrite it. */
    private @Nullable Kept kept;
    /** The share of tied layers in ∂W, {@code [n, m]}. It outlives a layer's workspaces, so it lies outside of them. */
    private @Nullable INDArray tiedGradient;

    private final RowStep.Source rowSteps = new RowStep.Source();
    private boolean hasTiedGradient;
    /** Set once ∂W is computed. Later tied layers then add their share to it directly. */
    private boolean hasWeightGradient;

    FastDenseLayerImpl(NeuralNetConfiguration conf, DataType dataType) {
        super(conf, dataType);
    }

    /**
     * The state that the forward pass keeps for backprop.
     *
     * @param rows the activation of the row path; null on the other path
     * @param array act′ on the row path (null for the identity), pre-activations on the other
     * @param preNorm x·W if there is layer normalization, else null
     * @param mask the mask of the forward pass, or null
     */
    private record Kept(
            @Nullable RowActivation rows,
            @Nullable INDArray array,
            @Nullable INDArray preNorm,
            @Nullable INDArray mask) {

        boolean isAlive() {
            return KeptArrays.areAlive(array, preNorm);
        }
    }

    @Override
    public void setInput(INDArray input, LayerWorkspaceMgr workspaces) {
        super.setInput(input, workspaces);
        hasTiedGradient = false; // left by a backprop that did not reach this layer
        hasWeightGradient = false;
    }

    @Override
    protected void forget() {
        kept = null;
    }

    /**
     * Adds δᵀ·h to ∂W, during backprop of a tied layer. Depending on the order of the graph, that is before or after
     * this layer's own backprop.
     *
     * @param delta δ of the tied layer, {@code [B, n]}
     * @param h input of the tied layer, {@code [B, m]}
     */
    void addTiedGradient(INDArray delta, INDArray h) {
        if (gradientViews == null) {
            return; // frozen
        }
        if (hasWeightGradient) {
            addProduct(delta, h, gradientView(DefaultParamInitializer.WEIGHT_KEY));
        } else if (hasTiedGradient) {
            addProduct(delta, h, Objects.requireNonNull(tiedGradient));
        } else {
            keepTiedGradient(delta, h);
        }
    }

    private static void addProduct(INDArray delta, INDArray h, INDArray sum) {
        INDArray more = Nd4j.createUninitialized(delta.dataType(), sum.shape(), 'f');
        Products.weightGradient(delta, h, more); // [n,B]·[B,m] → [n,m]
        sum.addi(more);
    }

    @SuppressWarnings("try") // the scope is held open, not used
    private void keepTiedGradient(INDArray delta, INDArray h) {
        if (tiedGradient == null) {
            try (MemoryWorkspace ignored = Nd4j.getMemoryManager().scopeOutOfWorkspaces()) {
                tiedGradient = Nd4j.create(delta.dataType(), new long[] {delta.size(1), h.size(1)}, 'f');
            }
        }
        Products.weightGradient(delta, h, tiedGradient);
        hasTiedGradient = true;
    }

    @Override
    public INDArray activate(boolean training, LayerWorkspaceMgr workspaces) {
        trainingPass = training;
        return forward(training, training, workspaces);
    }

    /** Computes a and, with {@code keep}, keeps the state for backprop. */
    private INDArray forward(boolean training, boolean keep, LayerWorkspaceMgr workspaces) {
        kept = null;
        INDArray z = product(training, workspaces);
        INDArray b = bias(training, workspaces);
        RowActivation rows = rows(z);
        if (rows == ElementwiseActivation.IDENTITY || (rows != null && !keep)) {
            FusedRows.activate(z, b, rows, training, z, null);
            kept = keep ? new Kept(rows, null, null, null) : null;
            return z;
        } else if (rows != null) {
            INDArray a = workspaces.createUninitialized(ArrayType.ACTIVATIONS, z.dataType(), z.shape(), 'c');
            FusedRows.activate(z, b, rows, training, a, z);
            kept = new Kept(rows, z, null, null);
            return a;
        }
        INDArray preNorm = normalizeAndAddBias(z, b, keep, workspaces);
        kept = keep ? new Kept(null, z, preNorm, maskArray) : null;
        return activated(layerConf().getActivationFn(), z, keep, training, workspaces);
    }

    @Override
    public Pair<Gradient, INDArray> backpropGradient(INDArray epsilon, LayerWorkspaceMgr workspaces) {
        assertInputSet(true);
        if (kept == null || kept.mask() != maskArray || !kept.isAlive()) {
            forward(trainingPass, true, workspaces);
        }
        Gradient gradient = new DefaultGradient();
        INDArray delta = delta(epsilon, gradient, workspaces); // [B,m]
        DenseProducts.weightGradient(input, delta, gradientView(DefaultParamInitializer.WEIGHT_KEY), gradient);
        if (hasTiedGradient) {
            gradientView(DefaultParamInitializer.WEIGHT_KEY).addi(tiedGradient);
            hasTiedGradient = false;
        }
        hasWeightGradient = true;
        INDArray W = getParamWithNoise(DefaultParamInitializer.WEIGHT_KEY, trainingPass, workspaces);
        weightNoiseParams.clear();
        if (!layerConf().hasInputGradient() && omittedInputGradient.isUnread()) {
            return new Pair<>(gradient, OmittedInputGradient.zeros(delta.dataType(), input.shape(), workspaces));
        }
        INDArray next = DenseProducts.inputGradient(input, delta, W, layerConf().hasSparseInput(), workspaces);
        return new Pair<>(gradient, dropoutApplied ? backpropDropOutIfPresent(next) : next);
    }

    /** Computes δ = ε ⊙ act′(z) and the gradients of bias and gain. */
    private INDArray delta(INDArray epsilon, Gradient gradient, LayerWorkspaceMgr workspaces) {
        INDArray biasGradient = hasBias() ? gradientView(DefaultParamInitializer.BIAS_KEY) : null;
        if (biasGradient != null) {
            gradient.gradientForVariable().put(DefaultParamInitializer.BIAS_KEY, biasGradient);
        }
        Kept kept = Objects.requireNonNull(this.kept);
        this.kept = null; // δ or the activation may overwrite its arrays
        if (kept.rows() != null) {
            INDArray rows =
                    FloatRows.canView(epsilon) ? epsilon : workspaces.dup(ArrayType.BP_WORKING_MEM, epsilon, 'c');
            if (kept.rows() == ElementwiseActivation.IDENTITY) {
                if (biasGradient != null) {
                    Products.biasGradient(rows, biasGradient);
                }
                return rows;
            }
            INDArray delta = Objects.requireNonNull(kept.array());
            FusedRows.backprop(rows, delta, biasGradient);
            return delta;
        }
        INDArray z = Objects.requireNonNull(kept.array());
        INDArray preNorm = kept.preNorm();
        INDArray delta = ActivationKernels.backprop(layerConf().getActivationFn(), z, epsilon, trainingPass);
        if (maskArray != null) {
            applyMask(delta);
        }
        if (biasGradient != null) {
            Products.biasGradient(delta, biasGradient);
        }
        if (hasLayerNorm()) {
            INDArray gainGradient = gradientView(DefaultParamInitializer.GAIN_KEY);
            INDArray g = getParam(DefaultParamInitializer.GAIN_KEY);
            Nd4j.exec(new LayerNormBp(preNorm, g, delta, delta, gainGradient, true, 1));
            gradient.gradientForVariable().put(DefaultParamInitializer.GAIN_KEY, gainGradient);
        }
        return delta;
    }

    @Override
    public @Nullable RowStep rowStep() {
        return layerConf().getWeightNoise() != null || hasLayerNorm()
                ? null
                : rowSteps.dense(
                        getParam(DefaultParamInitializer.WEIGHT_KEY),
                        getParam(DefaultParamInitializer.BIAS_KEY), // null if there is no bias
                        layerConf().getActivationFn());
    }

    /** Returns the activation of the row path, or null if the layer must take the other path. */
    private @Nullable RowActivation rows(INDArray z) {
        boolean canView = maskArray == null && !hasLayerNorm() && FloatRows.canView(z);
        return canView ? ActivationKernels.rows(layerConf().getActivationFn()).orElse(null) : null;
    }

    /** Computes x·W. */
    private INDArray product(boolean training, LayerWorkspaceMgr workspaces) {
        assertInputSet(false);
        applyDropOutIfNecessary(training, workspaces);
        INDArray W = getParamWithNoise(DefaultParamInitializer.WEIGHT_KEY, training, workspaces);
        return DenseProducts.forward(layerConf(), getIndex(), input, W, workspaces);
    }

    private @Nullable INDArray bias(boolean training, LayerWorkspaceMgr workspaces) {
        return hasBias() ? getParamWithNoise(DefaultParamInitializer.BIAS_KEY, training, workspaces) : null;
    }

    /** Turns x·W into z in place. Returns x·W for the backprop of layer normalization, else null. */
    private @Nullable INDArray normalizeAndAddBias(
            INDArray z, @Nullable INDArray b, boolean training, LayerWorkspaceMgr workspaces) {
        INDArray preNorm = null;
        if (hasLayerNorm()) {
            preNorm = training ? workspaces.dup(ArrayType.ACTIVATIONS, z, 'c') : z;
            Nd4j.exec(new LayerNorm(preNorm, getParam(DefaultParamInitializer.GAIN_KEY), z, true, 1));
        }
        if (b != null) {
            z.addiRowVector(b);
        }
        if (maskArray != null) {
            applyMask(z);
        }
        return preNorm;
    }

    @Override
    protected Pair<INDArray, INDArray> preOutputWithPreNorm(
            boolean training, boolean forBackprop, LayerWorkspaceMgr workspaces) {
        INDArray z = product(training, workspaces);
        return new Pair<>(z, normalizeAndAddBias(z, bias(training, workspaces), forBackprop, workspaces));
    }

    @Override
    public boolean hasBias() {
        return layerConf().hasBias();
    }

    @Override
    public boolean hasLayerNorm() {
        return layerConf().hasLayerNorm();
    }
}
