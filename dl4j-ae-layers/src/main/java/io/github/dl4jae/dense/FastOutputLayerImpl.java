package io.github.dl4jae.dense;

import io.github.dl4jae.internal.inference.RowLayer;
import io.github.dl4jae.internal.kernel.ActivationKernels;
import io.github.dl4jae.internal.kernel.ElementwiseActivation;
import io.github.dl4jae.internal.kernel.FloatRows;
import io.github.dl4jae.internal.kernel.FusedRows;
import io.github.dl4jae.internal.kernel.RowActivation;
import io.github.dl4jae.internal.kernel.RowStep;
import io.github.dl4jae.internal.layer.LayerSubject;
import io.github.dl4jae.internal.layer.LossLabels;
import io.github.dl4jae.internal.layer.NetworkConstruction;
import io.github.dl4jae.internal.layer.ScoredOutputLayer;
import java.util.Arrays;
import java.util.Objects;
import org.deeplearning4j.exception.DL4JInvalidInputException;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.gradient.DefaultGradient;
import org.deeplearning4j.nn.gradient.Gradient;
import org.deeplearning4j.nn.params.DefaultParamInitializer;
import org.deeplearning4j.nn.workspace.LayerWorkspaceMgr;
import org.jspecify.annotations.Nullable;
import org.nd4j.common.primitives.Pair;
import org.nd4j.linalg.activations.IActivation;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/** The implementation of {@link FastOutputLayer}: y = act(x·W + b) and its loss, each once per training step. */
final class FastOutputLayerImpl extends ScoredOutputLayer<FastOutputLayer> implements RowLayer {

    private final NetworkConstruction network;
    private final RowStep.Source rowSteps = new RowStep.Source();

    FastOutputLayerImpl(NeuralNetConfiguration conf, DataType dataType) {
        super(conf, dataType);
        this.network = NetworkConstruction.register(layerConf().getLossFn());
    }

    /**
     * Computes scores per example. Parts of the score that are means over examples, such as a KL divergence, are split
     * into the share of each example.
     */
    @Override
    public INDArray computeScoreForExamples(double regularization, LayerWorkspaceMgr workspaces) {
        double common = regularization;
        double[] own = new double[(int) labels.size(0)];
        for (NetworkConstruction.ExampleScores layer :
                network.find(NetworkConstruction.ExampleScores.class).toList()) {
            double[] shares = layer.scorePerExample().orElse(new double[0]);
            if (regularization != 0 && shares.length == own.length) {
                common -= layer.score();
                Arrays.setAll(own, i -> own[i] + shares[i]);
            }
        }
        INDArray scores = super.computeScoreForExamples(common, workspaces);
        return scores.addi(Nd4j.createFromArray(own).castTo(scores.dataType()).reshape(scores.shape()));
    }

    @Override
    public INDArray activate(boolean training, LayerWorkspaceMgr workspaces) {
        INDArray z = product(training, workspaces);
        INDArray b = bias(training, workspaces);
        IActivation activation = layerConf().getActivationFn();
        RowActivation rows = ActivationKernels.rows(activation).orElse(null);
        if (rows != null && maskArray == null && FloatRows.canView(z)) {
            FusedRows.activate(z, b, rows, training, z, null);
            return z;
        }
        addBiasAndMask(z, b);
        INDArray y = activation.getActivation(z, training);
        if (maskArray != null) {
            applyMask(y);
        }
        return y;
    }

    @Override
    public @Nullable RowStep rowStep() {
        return layerConf().getWeightNoise() != null
                ? null
                : rowSteps.dense(
                        getParam(DefaultParamInitializer.WEIGHT_KEY),
                        getParam(DefaultParamInitializer.BIAS_KEY), // null if there is no bias
                        layerConf().getActivationFn());
    }

    @Override
    public Pair<Gradient, INDArray> backpropGradient(INDArray epsilon, LayerWorkspaceMgr workspaces) {
        assertInputSet(true);
        requireLabels();
        INDArray z = preOutput(true, workspaces);
        Pair<Double, INDArray> lossAndDelta = layerConf()
                .getLossFn()
                .computeGradientAndScore(labels, z, layerConf().getActivationFn(), maskArray, false);
        lossOfBackprop.keep(lossAndDelta.getFirst());
        INDArray delta = lossAndDelta.getSecond(); // [B,m]
        Gradient gradient = new DefaultGradient();
        DenseProducts.weightGradient(
                input, delta, Objects.requireNonNull(gradientViews.get(DefaultParamInitializer.WEIGHT_KEY)), gradient);
        if (hasBias()) {
            DenseProducts.biasGradient(
                    delta, Objects.requireNonNull(gradientViews.get(DefaultParamInitializer.BIAS_KEY)), gradient);
        }
        INDArray W = getParamWithNoise(DefaultParamInitializer.WEIGHT_KEY, true, workspaces);
        INDArray next = DenseProducts.inputGradient(input, delta, W, layerConf().hasSparseInput(), workspaces);
        return new Pair<>(gradient, dropoutApplied ? backpropDropOutIfPresent(next) : next);
    }

    @Override
    public double computeScore(double regularization, boolean training, LayerWorkspaceMgr workspaces) {
        double sum = lossOfBackprop.take(training, () -> {
            requireLabels();
            INDArray z = preOutput(training, workspaces);
            return layerConf().getLossFn().computeScore(labels, z, layerConf().getActivationFn(), maskArray, false);
        });
        return scoreOf(sum, regularization);
    }

    /** Checks the labels for stock losses, whose messages speak of a pre-output. This library's losses check theirs. */
    private void requireLabels() {
        if (labels == null) {
            throw new DL4JInvalidInputException(LayerSubject.of(layerConf())
                    + ": labels must be set, got none; an autoencoder's labels are its features");
        }
        long[] expected = {input.size(0), layerConf().getNOut()};
        if (LossLabels.areOnePerOutput(layerConf().getLossFn()) && !Arrays.equals(labels.shape(), expected)) {
            throw new DL4JInvalidInputException(LayerSubject.of(layerConf())
                    + ": labels must have the shape " + Arrays.toString(expected) + ", got "
                    + Arrays.toString(labels.shape())
                    + "; an autoencoder's labels are its features, so set nOut to their number");
        }
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

    /**
     * Masks outputs. A mask per label does not fit a loss with several outputs per label; the loss applies it to its
     * terms.
     */
    @Override
    protected void applyMask(INDArray to) {
        INDArray mask = Objects.requireNonNull(maskArray);
        boolean perLabel = mask.rank() == 2 && !mask.isColumnVectorOrScalar();
        if (!perLabel || mask.size(1) == to.size(1) || labels == null || !Arrays.equals(mask.shape(), labels.shape())) {
            super.applyMask(to);
        }
    }

    private void addBiasAndMask(INDArray z, @Nullable INDArray b) {
        if (b != null) {
            z.addiRowVector(b);
        }
        if (maskArray != null) {
            applyMask(z);
        }
    }

    @Override
    protected Pair<INDArray, INDArray> preOutputWithPreNorm(
            boolean training, boolean forBackprop, LayerWorkspaceMgr workspaces) {
        INDArray z = product(training, workspaces);
        INDArray b = bias(training, workspaces);
        if (maskArray == null && FloatRows.canView(z)) {
            FusedRows.activate(z, b, ElementwiseActivation.IDENTITY, training, z, null);
        } else {
            addBiasAndMask(z, b);
        }
        return new Pair<>(z, z);
    }
}
