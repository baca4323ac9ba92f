package io.github.dl4jae.dense;

import io.github.dl4jae.internal.inference.RowLayer;
import io.github.dl4jae.internal.kernel.ActivationKernels;
import io.github.dl4jae.internal.kernel.Products;
import io.github.dl4jae.internal.kernel.RowStep;
import io.github.dl4jae.internal.layer.DenseChecks;
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
import org.nd4j.linalg.api.ndarray.INDArray;

/** The implementation of {@link TransposedDenseLayer}: a = act(h·Wᵀ + b). */
final class TransposedDenseLayerImpl extends ParameterLayer<TransposedDenseLayer> implements RowLayer {

    private static final String BIAS = DefaultParamInitializer.BIAS_KEY;

    private final FastDenseLayerImpl encoder;
    private final RowStep.Source rowSteps = new RowStep.Source();
    /** z of the last forward pass in training. No other layer holds the array. */
    private @Nullable INDArray kept;

    TransposedDenseLayerImpl(NeuralNetConfiguration conf, DataType dataType, FastDenseLayerImpl encoder) {
        super(conf, dataType);
        this.encoder = encoder;
    }

    private INDArray W() {
        return encoder.getParam(DefaultParamInitializer.WEIGHT_KEY);
    }

    @Override
    public INDArray activate(boolean training, LayerWorkspaceMgr workspaces) {
        assertInputSet(false);
        applyDropOutIfNecessary(training, workspaces);
        trainingPass = training;
        return forward(training, training, workspaces);
    }

    /** Computes a and, with {@code keep}, keeps z for backprop. */
    private INDArray forward(boolean training, boolean keep, LayerWorkspaceMgr workspaces) {
        DenseChecks.requireInput(layerConf(), input, getIndex());
        INDArray h = input.castTo(W().dataType());
        INDArray z = workspaces.createUninitialized(
                ArrayType.ACTIVATIONS, W().dataType(), new long[] {h.size(0), W().size(0)}, 'c');
        Products.inputGradient(h, W(), z); // [B,m]·[m,n] → [B,n]
        z.addiRowVector(getParam(BIAS));
        kept = keep ? z : null;
        return activated(layerConf().getActivationFn(), z, keep, training, workspaces);
    }

    @Override
    public @Nullable RowStep rowStep() {
        return rowSteps.transposed(W(), getParam(BIAS), layerConf().getActivationFn());
    }

    @Override
    public Pair<Gradient, INDArray> backpropGradient(INDArray epsilon, LayerWorkspaceMgr workspaces) {
        assertInputSet(true);
        if (kept == null) {
            forward(trainingPass, true, workspaces);
        }
        INDArray delta = ActivationKernels.backprop(
                layerConf().getActivationFn(), Objects.requireNonNull(kept), epsilon, trainingPass); // [B,n]
        kept = null; // the activation may have overwritten it
        if (maskArray != null) {
            applyMask(delta);
        }
        INDArray h = input.castTo(delta.dataType());
        encoder.addTiedGradient(delta, h);
        INDArray next = workspaces.createUninitialized(ArrayType.ACTIVATION_GRAD, delta.dataType(), input.shape(), 'c');
        Products.forward(delta, W(), next); // [B,n]·[n,m] → [B,m]
        Gradient gradient = new DefaultGradient();
        DenseProducts.biasGradient(delta, gradientView(BIAS), gradient);
        return new Pair<>(gradient, dropoutApplied ? backpropDropOutIfPresent(next) : next);
    }

    @Override
    protected void forget() {
        kept = null;
    }
}
