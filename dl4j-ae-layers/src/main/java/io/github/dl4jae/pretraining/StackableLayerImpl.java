package io.github.dl4jae.pretraining;

import io.github.dl4jae.internal.inference.RowLayer;
import io.github.dl4jae.internal.kernel.ActivationKernels;
import io.github.dl4jae.internal.kernel.Products;
import io.github.dl4jae.internal.kernel.RowStep;
import io.github.dl4jae.internal.layer.ParameterLayer;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.gradient.DefaultGradient;
import org.deeplearning4j.nn.gradient.Gradient;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.deeplearning4j.nn.params.DefaultParamInitializer;
import org.deeplearning4j.nn.workspace.ArrayType;
import org.deeplearning4j.nn.workspace.LayerWorkspaceMgr;
import org.jspecify.annotations.Nullable;
import org.nd4j.common.primitives.Pair;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.learning.regularization.Regularization;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The dense layer that a stackable layer is in a network. Subclasses implement pretraining. */
abstract class StackableLayerImpl<C extends StackableLayer> extends ParameterLayer<C> implements RowLayer {

    private static final Logger log = LoggerFactory.getLogger(StackableLayerImpl.class);

    static final String W = DefaultParamInitializer.WEIGHT_KEY;
    static final String B = DefaultParamInitializer.BIAS_KEY;
    static final String VB = StackableParamInitializer.VISIBLE_BIAS;

    private final RowStep.Source rowSteps = new RowStep.Source();
    /** z of the last forward pass in training; not shared with other layers. */
    private @Nullable INDArray kept;

    private boolean hinted;

    StackableLayerImpl(NeuralNetConfiguration conf, DataType dataType) {
        super(conf, dataType);
    }

    @Override
    public final INDArray activate(boolean training, LayerWorkspaceMgr workspaces) {
        assertInputSet(false);
        applyDropOutIfNecessary(training, workspaces);
        trainingPass = training;
        return forward(training, training, workspaces);
    }

    /** Keeps the arrays for backprop if {@code keep} is set. */
    private INDArray forward(boolean training, boolean keep, LayerWorkspaceMgr workspaces) {
        layerConf().requireInput(input, getIndex());
        INDArray weights = getParamWithNoise(W, training, workspaces);
        INDArray z = workspaces.createUninitialized(
                ArrayType.ACTIVATIONS, weights.dataType(), new long[] {input.size(0), weights.size(1)}, 'c');
        Products.forward(input.castTo(weights.dataType()), weights, z); // [B,n]·[n,m] → [B,m]
        z.addiRowVector(getParamWithNoise(B, training, workspaces));
        kept = keep ? z : null;
        return activated(layerConf().encoderActivation(), z, keep, training, workspaces);
    }

    @Override
    public final @Nullable RowStep rowStep() {
        return layerConf().getWeightNoise() != null
                ? null
                : rowSteps.dense(getParam(W), getParam(B), layerConf().encoderActivation());
    }

    @Override
    public final Pair<Gradient, INDArray> backpropGradient(INDArray epsilon, LayerWorkspaceMgr workspaces) {
        assertInputSet(true);
        if (kept == null) {
            forward(trainingPass, true, workspaces);
        }
        INDArray weights = getParamWithNoise(W, trainingPass, workspaces);
        INDArray delta = ActivationKernels.backprop(
                layerConf().encoderActivation(), Objects.requireNonNull(kept), epsilon, trainingPass); // [B,m]
        kept = null; // the activation may have modified it
        if (maskArray != null) {
            applyMask(delta);
        }
        Products.weightGradient(input.castTo(delta.dataType()), delta, gradientView(W)); // [n,B]·[B,m] → [n,m]
        Products.biasGradient(delta, gradientView(B));
        gradientView(VB).assign(0); // not part of the network
        INDArray next = workspaces.createUninitialized(ArrayType.ACTIVATION_GRAD, delta.dataType(), input.shape(), 'c');
        Products.inputGradient(delta, weights, next); // [B,m]·[m,n] → [B,n]
        weightNoiseParams.clear();
        return new Pair<>(asGradient(), dropoutApplied ? backpropDropOutIfPresent(next) : next);
    }

    final Gradient asGradient() {
        Gradient gradient = new DefaultGradient(gradientsFlattened);
        gradientViews.forEach(gradient.gradientForVariable()::put);
        return gradient;
    }

    /** x·W + b: [B,n]·[n,m] → [B,m]. */
    final INDArray up(INDArray x) {
        INDArray z = matrix(x.size(0), getParam(W).size(1));
        Products.forward(x, getParam(W), z);
        return z.addiRowVector(getParam(B));
    }

    /** h·Wᵀ + vb: [B,m]·[m,n] → [B,n]. */
    final INDArray down(INDArray h) {
        INDArray z = matrix(h.size(0), getParam(W).size(0));
        Products.inputGradient(h, getParam(W), z);
        return z.addiRowVector(getParam(VB));
    }

    /** Creates an array in 'c' order, in the open workspace. */
    final INDArray matrix(long rows, long columns) {
        return Nd4j.createUninitialized(getParam(W).dataType(), new long[] {rows, columns}, 'c');
    }

    /** Returns the factor on the gradient of a mean over examples: the updater divides by B later. */
    final double gradientScale(long examples) {
        return conf.isMiniBatch() ? examples : 1;
    }

    /** Converts a sum over examples to a part of the score. */
    final double perExample(double sum, long examples) {
        return conf.isMiniBatch() ? sum / examples : sum;
    }

    @Override
    public abstract void computeGradientAndScore(LayerWorkspaceMgr workspaces);

    @Override
    protected final void forget() {
        kept = null;
    }

    /**
     * Warns if {@code fit} is about to fail because there is no output layer. The stock message does not name the
     * remedy.
     */
    @Override
    public final void setInputMiniBatchSize(int size) {
        super.setInputMiniBatchSize(size);
        if (!hinted && hasLastParameters() && isCalledByFit()) {
            hinted = true;
            log.warn(
                    "{} '{}': fit needs an output layer after this one, unless a loss layer follows; to train this"
                            + " layer alone, call network.pretrain(iterator) or use GreedyLayerwisePretrainer",
                    layerConf().getClass().getSimpleName(),
                    layerConf().getLayerName());
        }
    }

    /** Layers do not know whether others follow, but all parameters of a network lie in one array. */
    private boolean hasLastParameters() {
        return paramsFlattened != null
                && paramsFlattened.offset() + paramsFlattened.length()
                        == paramsFlattened.data().underlyingLength();
    }

    private static boolean isCalledByFit() {
        return StackWalker.getInstance()
                .walk(frames -> frames.anyMatch(frame -> frame.getClassName().equals(MultiLayerNetwork.class.getName())
                        && frame.getMethodName().startsWith("fit")));
    }

    @Override
    public final boolean isPretrainLayer() {
        return true;
    }

    /** Returns the parameters without vb, which is not part of the network. */
    @Override
    public final Map<String, INDArray> paramTable(boolean backpropParamsOnly) {
        if (!backpropParamsOnly) {
            return params;
        }
        Map<String, INDArray> table = new LinkedHashMap<>(params);
        table.remove(VB);
        return table;
    }

    /** Regularizes W and b, and in pretraining vb. The stock method includes vb in both cases. */
    @Override
    public final double calcRegularizationScore(boolean backpropParamsOnly) {
        double score = 0;
        for (Map.Entry<String, INDArray> parameter :
                paramTable(backpropParamsOnly).entrySet()) {
            List<Regularization> regularizations = layerConf().getRegularizationByParam(parameter.getKey());
            for (Regularization regularization :
                    regularizations == null ? List.<Regularization>of() : regularizations) {
                score += regularization.score(parameter.getValue(), getIterationCount(), getEpochCount());
            }
        }
        return score;
    }
}
