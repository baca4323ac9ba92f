package io.github.dl4jae.convolutional;

import io.github.dl4jae.internal.kernel.ElementwiseLosses;
import io.github.dl4jae.internal.kernel.ImageRows;
import io.github.dl4jae.internal.layer.BackpropLoss;
import io.github.dl4jae.internal.layer.LayerSubject;
import io.github.dl4jae.internal.layer.NetworkConstruction;
import java.util.Arrays;
import org.deeplearning4j.exception.DL4JInvalidInputException;
import org.deeplearning4j.nn.conf.CNN2DFormat;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.gradient.DefaultGradient;
import org.deeplearning4j.nn.gradient.Gradient;
import org.deeplearning4j.nn.layers.convolution.CnnLossLayer;
import org.deeplearning4j.nn.workspace.ArrayType;
import org.deeplearning4j.nn.workspace.LayerWorkspaceMgr;
import org.deeplearning4j.util.ConvolutionUtils;
import org.jspecify.annotations.Nullable;
import org.nd4j.common.primitives.Pair;
import org.nd4j.linalg.activations.IActivation;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.lossfunctions.ILossFunction;

/** The implementation of {@link FastCnnLossLayer}: the loss of images, computed once per training step. */
final class FastCnnLossLayerImpl extends CnnLossLayer {

    private final BackpropLoss lossOfBackprop = new BackpropLoss();
    private final boolean channelsFirst;

    FastCnnLossLayerImpl(NeuralNetConfiguration conf, DataType dataType) {
        super(conf, dataType);
        this.channelsFirst = layerConf().getFormat() == CNN2DFormat.NCHW;
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

    /** The arguments of a loss as matrices: a row per image where the loss allows it, otherwise one per pixel. */
    private record Rows(
            INDArray labels, INDArray z, @Nullable INDArray mask) {}

    private Rows rows(ArrayType type, LayerWorkspaceMgr workspaces) {
        assertInputSet(true);
        requireLabels();
        INDArray z = ImageRows.of(input.castTo(dataType), channelsFirst, type, workspaces);
        INDArray x = ImageRows.of(labels, channelsFirst, type, workspaces);
        if (maskArray == null && ElementwiseLosses.contains(loss(), activation())) {
            return new Rows(x, z, null);
        }
        int channel = channelsFirst ? 1 : 3;
        INDArray mask = maskArray == null
                ? null
                : ConvolutionUtils.reshapeMaskIfRequired(
                        channelsFirst(maskArray), channelsFirst(input), CNN2DFormat.NCHW, workspaces, type);
        INDArray own = workspaces.dup(type, z, 'c'); // z can be a view of the input, and stock losses overwrite it
        return new Rows(pixels(x, labels.size(channel)), pixels(own, input.size(channel)), mask);
    }

    /** Returns a view with channels first, because the stock reshaping of masks takes NHWC for NCHW. */
    private INDArray channelsFirst(INDArray array) {
        return channelsFirst || array.rank() != 4 ? array : array.permute(0, 3, 1, 2);
    }

    private static INDArray pixels(INDArray rows, long channels) {
        return rows.reshape('c', rows.length() / channels, channels);
    }

    private ILossFunction loss() {
        return layerConf().getLossFn();
    }

    private IActivation activation() {
        return layerConf().getActivationFn();
    }

    private void requireImages() {
        if (input.rank() != 4) {
            throw new DL4JInvalidInputException(LayerSubject.of(layerConf()) + ": the input must be images, "
                    + layerConf().getFormat().dimensionNames() + ", got " + Arrays.toString(input.shape())
                    + "; set the network's input type");
        }
    }

    private void requireLabels() {
        if (labels == null) {
            throw new DL4JInvalidInputException(LayerSubject.of(layerConf())
                    + ": labels must be set, got none; an autoencoder's labels are its features");
        }
        int height = channelsFirst ? 2 : 1;
        boolean fits = input.rank() == 4
                && labels.rank() == 4
                && labels.size(0) == input.size(0)
                && labels.size(height) == input.size(height)
                && labels.size(height + 1) == input.size(height + 1);
        if (!fits) {
            throw new DL4JInvalidInputException(LayerSubject.of(layerConf())
                    + ": input and labels must be images of one size, "
                    + layerConf().getFormat().dimensionNames()
                    + ", got " + Arrays.toString(input.shape()) + " and " + Arrays.toString(labels.shape())
                    + "; an autoencoder's labels are its features");
        }
    }

    @Override
    public Pair<Gradient, INDArray> backpropGradient(INDArray epsilon, LayerWorkspaceMgr workspaces) {
        Rows rows = rows(ArrayType.BP_WORKING_MEM, workspaces);
        Pair<Double, INDArray> lossAndDelta =
                loss().computeGradientAndScore(rows.labels(), rows.z(), activation(), rows.mask(), false);
        lossOfBackprop.keep(lossAndDelta.getFirst());
        INDArray delta = workspaces.leverageTo(ArrayType.ACTIVATION_GRAD, lossAndDelta.getSecond());
        return new Pair<>(new DefaultGradient(), images(delta));
    }

    private INDArray images(INDArray rows) {
        int height = channelsFirst ? 2 : 1;
        long values = input.size(1) * input.size(2) * input.size(3);
        return ImageRows.asImages(
                rows.reshape('c', input.size(0), values), input.size(height), input.size(height + 1), channelsFirst);
    }

    @Override
    public INDArray activate(boolean training, LayerWorkspaceMgr workspaces) {
        assertInputSet(false);
        requireImages();
        INDArray z = ImageRows.of(input.castTo(dataType), channelsFirst, ArrayType.FF_WORKING_MEM, workspaces);
        INDArray a = pixels(workspaces.dup(ArrayType.ACTIVATIONS, z, 'c'), input.size(channelsFirst ? 1 : 3));
        return images(activation().getActivation(a, training));
    }

    @Override
    public double computeScore(double regularization, boolean training, LayerWorkspaceMgr workspaces) {
        double sum = lossOfBackprop.take(training, () -> {
            Rows rows = rows(ArrayType.FF_WORKING_MEM, workspaces);
            return loss().computeScore(rows.labels(), rows.z(), activation(), rows.mask(), false);
        });
        score = (conf().isMiniBatch() ? sum / getInputMiniBatchSize() : sum) + regularization;
        return score;
    }

    @Override
    public INDArray computeScoreForExamples(double regularization, LayerWorkspaceMgr workspaces) {
        Rows rows = rows(ArrayType.FF_WORKING_MEM, workspaces);
        INDArray scores = loss().computeScoreArray(rows.labels(), rows.z(), activation(), rows.mask());
        long n = input.size(0);
        return scores.reshape('c', n, scores.length() / n).sum(true, 1).addi(regularization);
    }
}
