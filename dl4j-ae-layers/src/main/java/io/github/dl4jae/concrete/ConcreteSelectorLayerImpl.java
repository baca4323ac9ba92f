package io.github.dl4jae.concrete;

import io.github.dl4jae.internal.kernel.Products;
import io.github.dl4jae.internal.layer.DenseChecks;
import io.github.dl4jae.internal.layer.LayerSubject;
import io.github.dl4jae.internal.layer.OmittedInputGradient;
import io.github.dl4jae.internal.layer.ParameterLayer;
import io.github.dl4jae.noise.NoiseStream;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.gradient.DefaultGradient;
import org.deeplearning4j.nn.gradient.Gradient;
import org.deeplearning4j.nn.workspace.ArrayType;
import org.deeplearning4j.nn.workspace.LayerWorkspaceMgr;
import org.jspecify.annotations.Nullable;
import org.nd4j.common.primitives.Pair;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;

/** y = x·S in training, y = x[:, argmax ℓ] at inference. */
final class ConcreteSelectorLayerImpl extends ParameterLayer<ConcreteSelectorLayer> {

    private static final String LOGITS = ConcreteSelectorParamInitializer.LOGITS;

    private @Nullable Kept kept;

    ConcreteSelectorLayerImpl(NeuralNetConfiguration conf, DataType dataType) {
        super(conf, dataType);
    }

    /**
     * The state that a forward pass in training keeps for backprop.
     *
     * @param S the sample, {@code [n, m]}
     * @param hard the straight-through selection, or null
     * @param temperature T
     */
    private record Kept(INDArray S, @Nullable HardSelection hard, double temperature) {}

    @Override
    public INDArray activate(boolean training, LayerWorkspaceMgr workspaces) {
        assertInputSet(false);
        if (training && layerConf().duplicatePenalty().isOn()) {
            examples.requireKnown(LayerSubject.of(layerConf()));
        }
        examples.begin(training, input.size(0));
        trainingPass = training;
        applyDropOutIfNecessary(training, workspaces);
        DenseChecks.requireInput(layerConf(), input, getIndex());
        INDArray W = getParamWithNoise(LOGITS, training, workspaces);
        INDArray x = input.castTo(W.dataType());
        INDArray y = workspaces.createUninitialized(
                ArrayType.ACTIVATIONS, W.dataType(), new long[] {x.size(0), W.size(1)}, 'c');
        if (training) {
            kept = sample(W, workspaces);
            if (kept.hard == null) {
                Products.forward(x, kept.S, y); // [B,n]·[n,m] → [B,m]
            } else {
                kept.hard.forward(x, y);
            }
        } else {
            HardSelection.of(W).forward(x, y);
        }
        return maskArray == null ? y : y.muliColumnVector(maskArray.castTo(y.dataType()));
    }

    private Kept sample(INDArray W, LayerWorkspaceMgr workspaces) {
        double temperature = layerConf().temperature().at(getIterationCount(), getEpochCount());
        NoiseStream noise = NoiseStream.of(
                        conf.getSeed(), String.valueOf(layerConf().getLayerName()))
                .at(getIterationCount(), getEpochCount(), 0);
        INDArray S = workspaces.createUninitialized(ArrayType.ACTIVATIONS, W.dataType(), W.shape(), 'f');
        ColumnSoftmax.sample(W, temperature, noise, S);
        return new Kept(S, layerConf().isStraightThrough() ? HardSelection.of(S) : null, temperature);
    }

    @Override
    public Pair<Gradient, INDArray> backpropGradient(INDArray epsilon, LayerWorkspaceMgr workspaces) {
        assertInputSet(true);
        if (!trainingPass) {
            return frozenBackprop(epsilon, workspaces);
        }
        INDArray W = getParamWithNoise(LOGITS, true, workspaces);
        if (kept == null) {
            kept = sample(W, workspaces);
        }
        INDArray x = input.castTo(W.dataType());
        INDArray delta = masked(epsilon);

        INDArray logitGradient = gradientView(LOGITS);
        Products.weightGradient(x, delta, logitGradient); // ∂S: [n,B]·[B,m] → [n,m]
        boolean natural = layerConf().isNaturalGradient();
        ColumnSoftmax.backprop(kept.S, logitGradient, natural, natural ? 1 : 1 / kept.temperature);
        if (layerConf().duplicatePenalty().isOn()) {
            // not a mean over examples, so this undoes the updater's division by their number
            double scale = conf.isMiniBatch() ? examples.of(x.size(0)) : 1;
            layerConf().duplicatePenalty().addGradient(W, natural, scale, logitGradient);
        }
        Gradient gradient = new DefaultGradient(gradientsFlattened);
        gradient.setGradientFor(LOGITS, logitGradient);

        weightNoiseParams.clear();
        if (!layerConf().hasInputGradient() && omittedInputGradient.isUnread()) {
            return new Pair<>(gradient, OmittedInputGradient.zeros(W.dataType(), x.shape(), workspaces));
        }
        INDArray next = workspaces.createUninitialized(ArrayType.ACTIVATION_GRAD, W.dataType(), x.shape(), 'c');
        if (kept.hard == null) {
            Products.inputGradient(delta, kept.S, next); // [B,m]·[m,n] → [B,n]
        } else {
            kept.hard.backprop(delta, next);
        }
        return new Pair<>(gradient, dropoutApplied ? backpropDropOutIfPresent(next) : next);
    }

    private INDArray masked(INDArray epsilon) {
        return maskArray == null ? epsilon : epsilon.mulColumnVector(maskArray.castTo(epsilon.dataType()));
    }

    /** Backprop within a {@code FrozenLayerWithBackprop}: each selected feature gets the gradient of its copies. */
    private Pair<Gradient, INDArray> frozenBackprop(INDArray epsilon, LayerWorkspaceMgr workspaces) {
        INDArray W = getParam(LOGITS);
        INDArray delta = masked(epsilon);
        INDArray next = workspaces.createUninitialized(ArrayType.ACTIVATION_GRAD, W.dataType(), input.shape(), 'c');
        HardSelection.of(W).backprop(delta, next);
        Gradient gradient = new DefaultGradient(gradientsFlattened);
        gradient.setGradientFor(LOGITS, gradientView(LOGITS).assign(0));
        return new Pair<>(gradient, next);
    }

    @Override
    public double calcRegularizationScore(boolean backpropParamsOnly) {
        DuplicatePenalty penalty = layerConf().duplicatePenalty();
        return super.calcRegularizationScore(backpropParamsOnly)
                + (penalty.isOn() ? penalty.value(getParam(LOGITS)) : 0);
    }

    @Override
    protected void forget() {
        kept = null;
    }

    @Override
    public boolean hasBias() {
        return false;
    }
}
