package io.github.dl4jae.contractive;

import io.github.dl4jae.internal.inference.RowLayer;
import io.github.dl4jae.internal.kernel.JacobianNorm;
import io.github.dl4jae.internal.kernel.Products;
import io.github.dl4jae.internal.kernel.RowStep;
import io.github.dl4jae.internal.layer.DenseChecks;
import io.github.dl4jae.internal.layer.LayerSubject;
import io.github.dl4jae.internal.layer.OmittedInputGradient;
import io.github.dl4jae.internal.layer.ParameterLayer;
import io.github.dl4jae.noise.NoiseStream;
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
import org.nd4j.linalg.factory.Nd4j;

/** h = act(x·W + b), score += λ/B·Σ‖∂h/∂x‖² (+ γ/B·H). */
final class ContractiveLayerImpl extends ParameterLayer<ContractiveLayer> implements RowLayer {

    /** Norm of the last forward pass; in training with the arrays for gradients. */
    private @Nullable JacobianNorm norm;

    private @Nullable HigherOrderContraction higherOrder;
    /**
     * Cached as a number because the forward-pass arrays are released before the score is read; null if not computed.
     */
    private @Nullable Double penalty = 0.0;

    private final RowStep.Source rowSteps = new RowStep.Source();
    private long rows = 1;

    ContractiveLayerImpl(NeuralNetConfiguration conf, DataType dataType) {
        super(conf, dataType);
    }

    @Override
    public INDArray activate(boolean training, LayerWorkspaceMgr workspaces) {
        assertInputSet(false);
        if (training) {
            examples.requireKnown(LayerSubject.of(layerConf()));
        }
        examples.begin(training, input.size(0));
        applyDropOutIfNecessary(training, workspaces);
        trainingPass = training;
        return forward(training, training, workspaces);
    }

    /** Keeps the arrays for backprop if {@code gradient} is set. */
    private INDArray forward(boolean training, boolean gradient, LayerWorkspaceMgr workspaces) {
        DenseChecks.requireInput(layerConf(), input, getIndex());
        INDArray W = getParamWithNoise(DefaultParamInitializer.WEIGHT_KEY, training, workspaces);
        INDArray b = getParamWithNoise(DefaultParamInitializer.BIAS_KEY, training, workspaces);
        INDArray x = input.castTo(W.dataType());
        INDArray h = workspaces.createUninitialized(
                ArrayType.ACTIVATIONS, W.dataType(), new long[] {x.size(0), W.size(1)}, 'c');
        Products.forward(x, W, h); // [B,n]·[n,m] → [B,m]
        norm = JacobianNorm.activate(layerConf().getActivationFn(), h, b, maskArray, training, gradient, workspaces);
        rows = x.size(0);
        penalty = null;
        if (training) {
            penalty = layerConf().getContraction() * norm.sum(W) / examples.of(rows);
            if (layerConf().getHigherOrder() > 0) {
                NoiseStream noise = NoiseStream.of(
                        conf.getSeed(), String.valueOf(layerConf().getLayerName()));
                higherOrder = HigherOrderContraction.draw(
                        layerConf(), x, W, b, maskArray, norm, noise, getIterationCount(), getEpochCount(), workspaces);
                penalty += layerConf().getHigherOrder() * higherOrder.sum() / examples.of(rows);
            }
        }
        return h;
    }

    @Override
    public @Nullable RowStep rowStep() {
        return layerConf().getWeightNoise() != null
                ? null
                : rowSteps.dense(
                        getParam(DefaultParamInitializer.WEIGHT_KEY),
                        getParam(DefaultParamInitializer.BIAS_KEY),
                        layerConf().getActivationFn());
    }

    @Override
    public Pair<Gradient, INDArray> backpropGradient(INDArray epsilon, LayerWorkspaceMgr workspaces) {
        assertInputSet(true);
        JacobianNorm norm = this.norm;
        if (norm == null || norm.slope() == null) {
            forward(trainingPass, true, workspaces);
            norm = Objects.requireNonNull(this.norm);
        }
        INDArray W = getParamWithNoise(DefaultParamInitializer.WEIGHT_KEY, trainingPass, workspaces);
        INDArray x = input.castTo(W.dataType());
        INDArray weightGradient = gradientView(DefaultParamInitializer.WEIGHT_KEY);
        INDArray biasGradient = gradientView(DefaultParamInitializer.BIAS_KEY);
        // ε belongs to a score summed over examples; for a mean, the updater divides parameter gradients later
        double perExample = conf.isMiniBatch() ? 1 : 1.0 / examples.of(rows);
        double weight = trainingPass ? perExample * layerConf().getContraction() : 0; // frozen: not in the score
        INDArray delta;
        INDArray deltaOfInput; // the gradient that reaches x
        if (trainingPass && layerConf().getHigherOrder() > 0) {
            INDArray part = Nd4j.zeros(W.dataType(), W.size(0), W.size(1));
            INDArray through = Nd4j.zeros(W.dataType(), rows, W.size(1));
            INDArray more = Objects.requireNonNull(higherOrder)
                    .backprop(perExample * layerConf().getHigherOrder(), part, through);
            delta = norm.delta(epsilon, W, weight).addi(more); // [B,m]
            Products.weightGradient(x, delta, weightGradient); // [n,B]·[B,m] → [n,m]
            weightGradient.addi(part);
            deltaOfInput = through.addi(delta);
        } else {
            delta = norm.delta(epsilon, W, weight); // [B,m]
            Products.weightGradient(x, delta, weightGradient); // [n,B]·[B,m] → [n,m]
            deltaOfInput = delta;
        }
        norm.addWeightGradient(W, weightGradient, weight);
        Products.biasGradient(deltaOfInput, biasGradient);
        this.norm = null;
        higherOrder = null;
        weightNoiseParams.clear();
        Gradient gradient = new DefaultGradient();
        gradient.gradientForVariable().put(DefaultParamInitializer.WEIGHT_KEY, weightGradient);
        gradient.gradientForVariable().put(DefaultParamInitializer.BIAS_KEY, biasGradient);
        if (!layerConf().hasInputGradient() && omittedInputGradient.isUnread()) {
            return new Pair<>(gradient, OmittedInputGradient.zeros(W.dataType(), x.shape(), workspaces));
        }
        INDArray next = workspaces.createUninitialized(ArrayType.ACTIVATION_GRAD, W.dataType(), x.shape(), 'c');
        Products.inputGradient(deltaOfInput, W, next); // [B,m]·[m,n] → [B,n]
        return new Pair<>(gradient, dropoutApplied ? backpropDropOutIfPresent(next) : next);
    }

    @Override
    public double calcRegularizationScore(boolean backpropParamsOnly) {
        if (penalty == null) { // most who ask for an output ask for no score
            penalty = layerConf().getContraction()
                    * Objects.requireNonNull(norm).sum(getParam(DefaultParamInitializer.WEIGHT_KEY))
                    / examples.of(rows);
        }
        return super.calcRegularizationScore(backpropParamsOnly) + penalty;
    }

    @Override
    protected void forget() {
        higherOrder = null;
        if (penalty != null) {
            norm = null;
        }
    }
}
