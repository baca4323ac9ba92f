package io.github.dl4jae.dense;

import io.github.dl4jae.internal.inference.RowLayer;
import io.github.dl4jae.internal.kernel.RowStep;
import io.github.dl4jae.internal.layer.BackpropLoss;
import io.github.dl4jae.internal.layer.LayerSubject;
import io.github.dl4jae.internal.layer.NetworkConstruction;
import java.util.Arrays;
import org.deeplearning4j.exception.DL4JInvalidInputException;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.gradient.DefaultGradient;
import org.deeplearning4j.nn.gradient.Gradient;
import org.deeplearning4j.nn.layers.LossLayer;
import org.deeplearning4j.nn.workspace.ArrayType;
import org.deeplearning4j.nn.workspace.LayerWorkspaceMgr;
import org.jspecify.annotations.Nullable;
import org.nd4j.common.primitives.Pair;
import org.nd4j.linalg.activations.IActivation;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.lossfunctions.ILossFunction;

/** The implementation of {@link FastLossLayer}: losses and activations get copies of the input. */
final class FastLossLayerImpl extends LossLayer implements RowLayer {

    private final BackpropLoss lossOfBackprop = new BackpropLoss();

    FastLossLayerImpl(NeuralNetConfiguration conf, DataType dataType) {
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

    private ILossFunction loss() {
        return layerConf().getLossFn();
    }

    private IActivation activation() {
        return layerConf().getActivationFn();
    }

    /** Returns a copy of the input, which the loss may overwrite. */
    private INDArray z(ArrayType type, LayerWorkspaceMgr workspaces) {
        assertInputSet(true);
        requireLabels();
        return workspaces.dup(type, input.castTo(dataType), 'c');
    }

    private void requireLabels() {
        if (labels == null) {
            throw new DL4JInvalidInputException(LayerSubject.of(layerConf())
                    + ": labels must be set, got none; an autoencoder's labels are its features");
        }
        if (labels.size(0) != input.size(0)) {
            throw new DL4JInvalidInputException(LayerSubject.of(layerConf())
                    + ": labels must have as many examples as the input, " + Arrays.toString(input.shape()) + ", got "
                    + Arrays.toString(labels.shape()));
        }
    }

    @Override
    public Pair<Gradient, INDArray> backpropGradient(INDArray epsilon, LayerWorkspaceMgr workspaces) {
        INDArray z = z(ArrayType.BP_WORKING_MEM, workspaces);
        Pair<Double, INDArray> lossAndDelta = loss().computeGradientAndScore(labels, z, activation(), maskArray, false);
        lossOfBackprop.keep(lossAndDelta.getFirst());
        return new Pair<>(
                new DefaultGradient(), workspaces.leverageTo(ArrayType.ACTIVATION_GRAD, lossAndDelta.getSecond()));
    }

    @Override
    public INDArray activate(boolean training, LayerWorkspaceMgr workspaces) {
        assertInputSet(false);
        INDArray z = workspaces.dup(ArrayType.ACTIVATIONS, input.castTo(dataType), 'c');
        return activation().getActivation(z, training);
    }

    @Override
    public @Nullable RowStep rowStep() {
        return RowStep.of(activation());
    }

    @Override
    public double computeScore(double regularization, boolean training, LayerWorkspaceMgr workspaces) {
        double sum = lossOfBackprop.take(training, () -> loss().computeScore(
                        labels, z(ArrayType.FF_WORKING_MEM, workspaces), activation(), maskArray, false));
        score = (conf().isMiniBatch() ? sum / getInputMiniBatchSize() : sum) + regularization;
        return score;
    }

    @Override
    public INDArray computeScoreForExamples(double regularization, LayerWorkspaceMgr workspaces) {
        INDArray z = z(ArrayType.FF_WORKING_MEM, workspaces);
        return loss().computeScoreArray(labels, z, activation(), maskArray).addi(regularization);
    }
}
