package io.github.dl4jae.convolutional;

import io.github.dl4jae.internal.kernel.FloatRows;
import io.github.dl4jae.internal.kernel.ImageRows;
import io.github.dl4jae.internal.kernel.Upsampling;
import io.github.dl4jae.internal.layer.LayerSubject;
import java.util.Arrays;
import org.deeplearning4j.exception.DL4JInvalidInputException;
import org.deeplearning4j.nn.conf.CNN2DFormat;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.gradient.DefaultGradient;
import org.deeplearning4j.nn.gradient.Gradient;
import org.deeplearning4j.nn.layers.convolution.upsampling.Upsampling2D;
import org.deeplearning4j.nn.workspace.ArrayType;
import org.deeplearning4j.nn.workspace.LayerWorkspaceMgr;
import org.nd4j.common.primitives.Pair;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;

/** The implementation of {@link FastUpsamplingLayer}. Types other than float32 take the stock layer's way. */
final class FastUpsamplingLayerImpl extends Upsampling2D {

    private final boolean channelsFirst;

    FastUpsamplingLayerImpl(NeuralNetConfiguration conf, DataType dataType) {
        super(conf, dataType);
        channelsFirst = layerConf().getFormat() == CNN2DFormat.NCHW;
    }

    @Override
    public void allowInputModification(boolean allow) {
        // dropout goes to an array of its own
    }

    private boolean isFast() {
        return FloatConvolutionPass.supports(dataType, input.length() * getSize()[0] * getSize()[1]);
    }

    private int height() {
        return (int) input.size(channelsFirst ? 2 : 1);
    }

    private int width() {
        return (int) input.size(channelsFirst ? 3 : 2);
    }

    private Upsampling upsampling() {
        int channels = (int) input.size(channelsFirst ? 1 : 3);
        return new Upsampling(height(), width(), channels, getSize()[0], getSize()[1]);
    }

    @Override
    public INDArray activate(boolean training, LayerWorkspaceMgr workspaces) {
        assertInputSet(false);
        if (input.rank() != 4 || input.isEmpty()) {
            throw new DL4JInvalidInputException(LayerSubject.of(layerConf()) + ": the input must be images, "
                    + getFormat().dimensionNames() + ", got " + Arrays.toString(input.shape())
                    + (input.isEmpty() ? "; leave out empty mini-batches" : "; set the network's input type"));
        }
        if (input.dataType() != dataType) {
            input = workspaces.leverageTo(ArrayType.INPUT, input.castTo(dataType));
        }
        if (!isFast()) {
            return super.activate(training, workspaces);
        }
        applyDropOutIfNecessary(training, workspaces);
        INDArray x = ImageRows.of(input, channelsFirst, ArrayType.ACTIVATIONS, workspaces);
        long[] shape = {x.size(0), x.size(1) * getSize()[0] * getSize()[1]};
        INDArray y = workspaces.createUninitialized(ArrayType.ACTIVATIONS, dataType, shape, 'c');
        upsampling().forward(FloatRows.of(x), FloatRows.of(y));
        return ImageRows.asImages(y, (long) height() * getSize()[0], (long) width() * getSize()[1], channelsFirst);
    }

    @Override
    public Pair<Gradient, INDArray> backpropGradient(INDArray epsilon, LayerWorkspaceMgr workspaces) {
        assertInputSet(true);
        if (!isFast()) {
            return super.backpropGradient(epsilon, workspaces);
        }
        INDArray error = ImageRows.of(epsilon.castTo(dataType), channelsFirst, ArrayType.BP_WORKING_MEM, workspaces);
        long[] shape = {error.size(0), error.size(1) / getSize()[0] / getSize()[1]};
        INDArray dx = workspaces.createUninitialized(ArrayType.ACTIVATION_GRAD, dataType, shape, 'c');
        upsampling().backprop(FloatRows.of(error), FloatRows.of(dx));
        INDArray images = ImageRows.asImages(dx, height(), width(), channelsFirst);
        return new Pair<>(new DefaultGradient(), backpropDropOutIfPresent(images));
    }
}
