package io.github.dl4jae.sparsecoding;

import io.github.dl4jae.internal.kernel.Products;
import io.github.dl4jae.internal.layer.DenseChecks;
import io.github.dl4jae.internal.layer.ParameterLayer;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.gradient.DefaultGradient;
import org.deeplearning4j.nn.gradient.Gradient;
import org.deeplearning4j.nn.workspace.ArrayType;
import org.deeplearning4j.nn.workspace.LayerWorkspaceMgr;
import org.jspecify.annotations.Nullable;
import org.nd4j.common.primitives.Pair;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.ops.transforms.Transforms;

/** h = g ⊙ tanh(x·W + b); pretraining descends ‖x − z*·D‖² + λ‖z*‖₁ + α‖z* − h‖². */
final class PredictiveSparseLayerImpl extends ParameterLayer<PredictiveSparseLayer> {

    private static final String W = PredictiveSparseParamInitializer.WEIGHT;
    private static final String B = PredictiveSparseParamInitializer.BIAS;
    private static final String G = PredictiveSparseParamInitializer.GAIN;
    private static final String D = PredictiveSparseParamInitializer.DICTIONARY;

    /** tanh(x·W + b) of the last forward pass in training; not shared with other layers. */
    private @Nullable INDArray kept;

    PredictiveSparseLayerImpl(NeuralNetConfiguration conf, DataType dataType) {
        super(conf, dataType);
    }

    @Override
    public INDArray activate(boolean training, LayerWorkspaceMgr workspaces) {
        assertInputSet(false);
        applyDropOutIfNecessary(training, workspaces);
        trainingPass = training;
        return forward(training, training, workspaces);
    }

    /** Keeps the arrays for backprop if {@code keep} is set. */
    private INDArray forward(boolean training, boolean keep, LayerWorkspaceMgr workspaces) {
        DenseChecks.requireInput(layerConf(), input, getIndex());
        INDArray weights = getParamWithNoise(W, training, workspaces);
        INDArray t = workspaces.createUninitialized(
                ArrayType.ACTIVATIONS, weights.dataType(), new long[] {input.size(0), weights.size(1)}, 'c');
        tanh(input.castTo(weights.dataType()), weights, getParamWithNoise(B, training, workspaces), t);
        INDArray h = t;
        if (keep) {
            kept = t;
            h = workspaces.dup(ArrayType.ACTIVATIONS, t, 'c');
        }
        h.muliRowVector(getParam(G));
        if (maskArray != null) {
            applyMask(h);
        }
        return h;
    }

    private static void tanh(INDArray x, INDArray weights, INDArray bias, INDArray t) {
        Products.forward(x, weights, t); // [B,n]·[n,m] → [B,m]
        Transforms.tanh(t.addiRowVector(bias), false);
    }

    @Override
    public Pair<Gradient, INDArray> backpropGradient(INDArray epsilon, LayerWorkspaceMgr workspaces) {
        assertInputSet(true);
        if (kept == null) {
            forward(trainingPass, true, workspaces);
        }
        INDArray weights = getParamWithNoise(W, trainingPass, workspaces);
        INDArray above = workspaces.dup(ArrayType.BP_WORKING_MEM, epsilon, 'c');
        if (maskArray != null) {
            applyMask(above);
        }
        INDArray delta = encoderGradient(input.castTo(weights.dataType()), Objects.requireNonNull(kept), above);
        gradientView(D).assign(0); // not part of the network
        kept = null;
        INDArray next = workspaces.createUninitialized(ArrayType.ACTIVATION_GRAD, delta.dataType(), input.shape(), 'c');
        Products.inputGradient(delta, weights, next); // [B,m]·[m,n] → [B,n]
        weightNoiseParams.clear();
        return new Pair<>(asGradient(), dropoutApplied ? backpropDropOutIfPresent(next) : next);
    }

    /** Computes the gradients of W, b and g; returns δ = ε ⊙ g ⊙ (1 − t²), in ε. */
    private INDArray encoderGradient(INDArray x, INDArray t, INDArray epsilon) {
        Products.biasGradient(epsilon.mul(t), gradientView(G));
        INDArray delta = epsilon.muliRowVector(getParam(G)).muli(t.mul(t).rsubi(1)); // [B,m]
        Products.weightGradient(x, delta, gradientView(W)); // [n,B]·[B,m] → [n,m]
        Products.biasGradient(delta, gradientView(B));
        return delta;
    }

    private Gradient asGradient() {
        Gradient all = new DefaultGradient(gradientsFlattened);
        gradientViews.forEach(all.gradientForVariable()::put);
        return all;
    }

    @Override
    public void computeGradientAndScore(LayerWorkspaceMgr workspaces) {
        assertInputSet(false);
        DenseChecks.requireInput(layerConf(), input, getIndex());
        INDArray dictionary = getParam(D);
        INDArray x = input.castTo(dictionary.dataType());
        INDArray t = Nd4j.createUninitialized(dictionary.dataType(), new long[] {x.size(0), dictionary.size(0)}, 'c');
        tanh(x, getParam(W), getParam(B), t);
        INDArray h = t.mulRowVector(getParam(G));
        INDArray z = layerConf().inference().infer(x, dictionary, h); // [B,m]
        INDArray e = x.sub(z.mmul(dictionary)); // [B,m]·[m,n] → [B,n]
        INDArray surprise = z.sub(h);
        double energy = squared(e)
                + layerConf().getSparsity() * z.norm1Number().doubleValue()
                + layerConf().getCoupling() * squared(surprise);
        score = (conf.isMiniBatch() ? energy / x.size(0) : energy) + calcRegularizationScore(false);
        encoderGradient(x, t, surprise.muli(-2 * layerConf().getCoupling()));
        gradientView(D).assign(z.transpose().mmul(e).muli(-2)); // [m,B]·[B,n] → [m,n]
        gradient = asGradient();
    }

    private static double squared(INDArray array) {
        return array.mul(array).sumNumber().doubleValue();
    }

    /** Also limits atoms to a length of 1; otherwise codes would shrink and atoms grow. */
    @Override
    public void applyConstraints(int iteration, int epoch) {
        super.applyConstraints(iteration, epoch);
        INDArray lengths = getParam(D).norm2(true, 1);
        getParam(D).diviColumnVector(Transforms.max(lengths, 1, false));
    }

    @Override
    protected void forget() {
        kept = null;
    }

    @Override
    public boolean isPretrainLayer() {
        return true;
    }

    /** Returns the parameters without D, which is not part of the network. */
    @Override
    public Map<String, INDArray> paramTable(boolean backpropParamsOnly) {
        if (!backpropParamsOnly) {
            return params;
        }
        Map<String, INDArray> table = new LinkedHashMap<>(params);
        table.remove(D);
        return table;
    }
}
