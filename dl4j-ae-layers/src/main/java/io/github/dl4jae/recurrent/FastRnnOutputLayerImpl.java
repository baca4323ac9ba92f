package io.github.dl4jae.recurrent;

import io.github.dl4jae.internal.kernel.BlockProducts;
import io.github.dl4jae.internal.kernel.ElementwiseLosses;
import io.github.dl4jae.internal.kernel.Products;
import io.github.dl4jae.internal.kernel.SequenceRows;
import io.github.dl4jae.internal.kernel.WideRows;
import io.github.dl4jae.internal.layer.BackpropLoss;
import io.github.dl4jae.internal.layer.LayerSubject;
import io.github.dl4jae.internal.layer.LossLabels;
import io.github.dl4jae.internal.layer.NetworkConstruction;
import java.util.Arrays;
import java.util.Objects;
import org.deeplearning4j.exception.DL4JInvalidInputException;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.RNNFormat;
import org.deeplearning4j.nn.gradient.DefaultGradient;
import org.deeplearning4j.nn.gradient.Gradient;
import org.deeplearning4j.nn.layers.recurrent.RnnOutputLayer;
import org.deeplearning4j.nn.params.DefaultParamInitializer;
import org.deeplearning4j.nn.workspace.ArrayType;
import org.deeplearning4j.nn.workspace.LayerWorkspaceMgr;
import org.nd4j.common.primitives.Pair;
import org.nd4j.linalg.activations.IActivation;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.lossfunctions.ILossFunction;

/**
 * The implementation of {@link FastRnnOutputLayer}: y = act(x·W + b) of all steps as rows, and its loss, each once per
 * training step.
 *
 * <p>The stock layer stores a mask as rows in the same order, step by step.
 */
final class FastRnnOutputLayerImpl extends RnnOutputLayer {

    private final BackpropLoss lossOfBackprop = new BackpropLoss();

    FastRnnOutputLayerImpl(NeuralNetConfiguration conf, DataType dataType) {
        super(conf, dataType);
        NetworkConstruction.register(layerConf().getLossFn());
    }

    @Override
    public void setIterationCount(int iterationCount) {
        super.setIterationCount(iterationCount);
        NetworkConstruction.complete();
    }

    @Override
    public void setInput(INDArray input, LayerWorkspaceMgr workspaces) {
        super.setInput(input, workspaces);
        lossOfBackprop.drop();
    }

    @Override
    public void setLabels(INDArray labels) {
        super.setLabels(labels);
        lossOfBackprop.drop();
    }

    @Override
    public void setMaskArray(INDArray mask) {
        lossOfBackprop.dropForMask(maskArray, mask);
        super.setMaskArray(mask);
    }

    @Override
    public void clear() {
        super.clear();
        lossOfBackprop.drop();
    }

    @Override
    public void allowInputModification(boolean allow) {
        // dropout goes to an array of its own
    }

    private boolean isTimeLast() {
        return layerConf().getRnnDataFormat() != RNNFormat.NWC; // null without an input type
    }

    /** Returns sequences as rows, {@code [T·B, n]}. */
    private INDArray rows(INDArray sequences, long width, String what, ArrayType type, LayerWorkspaceMgr workspaces) {
        if (sequences.rank() != 3 || sequences.size(isTimeLast() ? 1 : 2) != width) {
            throw new DL4JInvalidInputException(LayerSubject.of(layerConf()) + ": " + what + " must have the shape "
                    + (isTimeLast() ? "[batch, " + width + ", time]" : "[batch, time, " + width + "]") + ", got "
                    + Arrays.toString(sequences.shape()));
        }
        INDArray timeLast = isTimeLast() ? sequences : sequences.permute(0, 2, 1);
        return SequenceRows.of(timeLast.castTo(dataType), type, workspaces);
    }

    private INDArray sequences(INDArray rows) {
        INDArray timeLast = SequenceRows.asSequences(rows, input.size(0));
        return isTimeLast() ? timeLast : timeLast.permute(0, 2, 1);
    }

    private INDArray weights(boolean training, LayerWorkspaceMgr workspaces) {
        return getParamWithNoise(DefaultParamInitializer.WEIGHT_KEY, training, workspaces);
    }

    /** Computes z = x·W + b: [T·B,n]·[n,m] → [T·B,m]. */
    private INDArray preActivations(INDArray x, boolean training, ArrayType type, LayerWorkspaceMgr workspaces) {
        INDArray W = weights(training, workspaces);
        INDArray z = workspaces.createUninitialized(type, dataType, new long[] {x.size(0), W.size(1)}, 'c');
        BlockProducts.forward(x, W, z);
        if (hasBias()) {
            z.addiRowVector(getParamWithNoise(DefaultParamInitializer.BIAS_KEY, training, workspaces));
        }
        return z;
    }

    private INDArray input(boolean training, ArrayType type, LayerWorkspaceMgr workspaces) {
        assertInputSet(false);
        applyDropOutIfNecessary(training, workspaces);
        return rows(input, layerConf().getNIn(), "the input", type, workspaces);
    }

    private INDArray labels(ArrayType type, LayerWorkspaceMgr workspaces) {
        if (labels == null) {
            throw new DL4JInvalidInputException(LayerSubject.of(layerConf())
                    + ": labels must be set, got none; an autoencoder's labels are its features");
        }
        long width = labels.rank() == 3
                ? labels.size(isTimeLast() ? 1 : 2)
                : layerConf().getNOut();
        INDArray x = rows(labels, width, "labels", type, workspaces);
        long expected = input.size(0) * input.size(isTimeLast() ? 2 : 1);
        if (x.size(0) != expected) {
            throw new DL4JInvalidInputException(LayerSubject.of(layerConf())
                    + ": labels must have as many examples and steps as the input, " + Arrays.toString(input.shape())
                    + ", got " + Arrays.toString(labels.shape()));
        }
        if (LossLabels.areOnePerOutput(loss()) && width != layerConf().getNOut()) {
            throw new DL4JInvalidInputException(LayerSubject.of(layerConf()) + ": labels must have "
                    + layerConf().getNOut() + " values per step, got " + Arrays.toString(labels.shape())
                    + "; an autoencoder's labels are its features, so set nOut to their number");
        }
        return x;
    }

    private ILossFunction loss() {
        return layerConf().getLossFn();
    }

    private IActivation activation() {
        return layerConf().getActivationFn();
    }

    private boolean isElementwise() {
        return maskArray == null && ElementwiseLosses.contains(loss(), activation());
    }

    @Override
    public INDArray activate(boolean training, LayerWorkspaceMgr workspaces) {
        INDArray x = input(training, ArrayType.FF_WORKING_MEM, workspaces);
        INDArray z = preActivations(x, training, ArrayType.ACTIVATIONS, workspaces);
        INDArray y = activation().getActivation(z, training);
        if (maskArray != null) {
            applyMask(y);
        }
        return sequences(y);
    }

    @Override
    public Pair<Gradient, INDArray> backpropGradient(INDArray epsilon, LayerWorkspaceMgr workspaces) {
        INDArray x = input(true, ArrayType.BP_WORKING_MEM, workspaces);
        INDArray z = preActivations(x, true, ArrayType.BP_WORKING_MEM, workspaces);
        INDArray target = labels(ArrayType.BP_WORKING_MEM, workspaces);
        INDArray delta;
        if (isElementwise()) {
            Pair<Double, INDArray> wide = loss().computeGradientAndScore(
                            WideRows.of(target, target.size(1)), WideRows.of(z, z.size(1)), activation(), null, false);
            lossOfBackprop.keep(wide.getFirst());
            delta = wide.getSecond().reshape('c', z.size(0), z.size(1));
        } else {
            Pair<Double, INDArray> rows = loss().computeGradientAndScore(target, z, activation(), maskArray, false);
            lossOfBackprop.keep(rows.getFirst());
            delta = rows.getSecond();
        }
        Gradient gradient = new DefaultGradient();
        BlockProducts.weightGradient(
                x, delta, view(DefaultParamInitializer.WEIGHT_KEY, gradient)); // [n,T·B]·[T·B,m] → [n,m]
        if (hasBias()) {
            Products.biasGradient(delta, view(DefaultParamInitializer.BIAS_KEY, gradient));
        }
        INDArray dx = workspaces.createUninitialized(ArrayType.ACTIVATION_GRAD, dataType, x.shape(), 'c');
        BlockProducts.inputGradient(delta, weights(true, workspaces), dx); // [T·B,m]·[m,n] → [T·B,n]
        weightNoiseParams.clear();
        INDArray next = sequences(dx);
        return new Pair<>(gradient, dropoutApplied ? backpropDropOutIfPresent(next) : next);
    }

    private INDArray view(String key, Gradient gradient) {
        INDArray view = Objects.requireNonNull(gradientViews.get(key), key);
        gradient.gradientForVariable().put(key, view);
        return view;
    }

    @Override
    public double computeScore(double regularization, boolean training, LayerWorkspaceMgr workspaces) {
        double sum = lossOfBackprop.take(training, () -> sumOfLoss(training, workspaces));
        score = (conf().isMiniBatch() ? sum / getInputMiniBatchSize() : sum) + regularization;
        return score;
    }

    private double sumOfLoss(boolean training, LayerWorkspaceMgr workspaces) {
        INDArray x = input(training, ArrayType.FF_WORKING_MEM, workspaces);
        INDArray z = preActivations(x, training, ArrayType.FF_WORKING_MEM, workspaces);
        INDArray target = labels(ArrayType.FF_WORKING_MEM, workspaces);
        return isElementwise()
                ? loss().computeScore(
                                WideRows.of(target, target.size(1)),
                                WideRows.of(z, z.size(1)),
                                activation(),
                                null,
                                false)
                : loss().computeScore(target, z, activation(), maskArray, false);
    }

    @Override
    public INDArray computeScoreForExamples(double regularization, LayerWorkspaceMgr workspaces) {
        INDArray x = input(false, ArrayType.FF_WORKING_MEM, workspaces);
        INDArray z = preActivations(x, false, ArrayType.FF_WORKING_MEM, workspaces);
        INDArray target = labels(ArrayType.FF_WORKING_MEM, workspaces);
        INDArray scores = loss().computeScoreArray(target, z, activation(), maskArray); // [T·B,1]
        long examples = input.size(0);
        return scores.reshape('c', scores.length() / examples, examples)
                .sum(0)
                .reshape(examples, 1)
                .addi(regularization);
    }
}
