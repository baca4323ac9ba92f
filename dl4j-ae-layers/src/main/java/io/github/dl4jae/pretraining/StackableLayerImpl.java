package io.github.dl4jae.pretraining;

import io.github.dl4jae.internal.kernel.ActivationKernels;
import io.github.dl4jae.internal.kernel.Products;
import io.github.dl4jae.internal.layer.ParameterLayer;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.gradient.DefaultGradient;
import org.deeplearning4j.nn.gradient.Gradient;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.deeplearning4j.nn.params.DefaultParamInitializer;
import org.deeplearning4j.nn.workspace.ArrayType;
import org.deeplearning4j.nn.workspace.LayerWorkspaceMgr;
import org.nd4j.common.primitives.Pair;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.learning.regularization.Regularization;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The dense layer that a stackable layer is in a network; pretraining is up to the kind. */
abstract class StackableLayerImpl<C extends StackableLayer> extends ParameterLayer<C> {

    private static final Logger log = LoggerFactory.getLogger(StackableLayerImpl.class);

    static final String W = DefaultParamInitializer.WEIGHT_KEY;
    static final String B = DefaultParamInitializer.BIAS_KEY;
    static final String VB = StackableParamInitializer.VISIBLE_BIAS;

    /** z of the last forward pass in training, which nobody else has seen. */
    private INDArray kept;

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

    /** With {@code keep}, keeps what backprop needs. */
    private INDArray forward(boolean training, boolean keep, LayerWorkspaceMgr workspaces) {
        layerConf().requireInput(input, getIndex());
        INDArray weights = getParamWithNoise(W, training, workspaces);
        INDArray z = workspaces.createUninitialized(
                ArrayType.ACTIVATIONS, weights.dataType(), new long[] {input.size(0), weights.size(1)}, 'c');
        Products.forward(input.castTo(weights.dataType()), weights, z); // [B,n]·[n,m] → [B,m]
        z.addiRowVector(getParamWithNoise(B, training, workspaces));
        INDArray h = z;
        if (keep) {
            kept = z;
            h = workspaces.dup(ArrayType.ACTIVATIONS, z, 'c');
        }
        h = layerConf().encoderActivation().getActivation(h, training);
        if (maskArray != null) {
            applyMask(h);
        }
        return h;
    }

    @Override
    public final Pair<Gradient, INDArray> backpropGradient(INDArray epsilon, LayerWorkspaceMgr workspaces) {
        assertInputSet(true);
        if (kept == null) {
            forward(trainingPass, true, workspaces);
        }
        INDArray weights = getParamWithNoise(W, trainingPass, workspaces);
        INDArray delta =
                ActivationKernels.backprop(layerConf().encoderActivation(), kept, epsilon, trainingPass); // [B,m]
        kept = null; // the activation may have worked in place
        if (maskArray != null) {
            applyMask(delta);
        }
        Products.weightGradient(input.castTo(delta.dataType()), delta, gradientViews.get(W)); // [n,B]·[B,m] → [n,m]
        Products.biasGradient(delta, gradientViews.get(B));
        gradientViews.get(VB).assign(0); // no part of the network
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

    /** In 'c' order, in the workspace that is open. */
    final INDArray matrix(long rows, long columns) {
        return Nd4j.createUninitialized(getParam(W).dataType(), new long[] {rows, columns}, 'c');
    }

    /** What the gradient of a mean over examples is multiplied by: the updater divides by B later. */
    final double gradientScale(long examples) {
        return conf.isMiniBatch() ? examples : 1;
    }

    /** A sum over examples as a part of the score. */
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
     * {@code fit} of a network without an output layer fails with a message that does not name the remedy; this one
     * comes just before.
     */
    @Override
    public final void setInputMiniBatchSize(int size) {
        super.setInputMiniBatchSize(size);
        if (!hinted && hasLastParameters() && isCalledByFit()) {
            hinted = true;
            log.warn(
                    "{} '{}': fit needs an output layer behind this one, unless a loss layer follows; to train the layer by"
                            + " itself, call network.pretrain(iterator) or use GreedyLayerwisePretrainer",
                    layerConf().getClass().getSimpleName(),
                    layerConf().getLayerName());
        }
    }

    /** Layers are not told whether others follow, but their parameters lie in one array. */
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

    /** Without vb, which is no part of the network. */
    @Override
    public final Map<String, INDArray> paramTable(boolean backpropParamsOnly) {
        if (!backpropParamsOnly) {
            return params;
        }
        Map<String, INDArray> table = new LinkedHashMap<>(params);
        table.remove(VB);
        return table;
    }

    /** Of W and b, and in pretraining of vb; the stock method looks at vb in either case. */
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
