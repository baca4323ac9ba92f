package io.github.dl4jae.convolutional;

import io.github.dl4jae.internal.kernel.FloatRows;
import io.github.dl4jae.internal.kernel.Upsampling;
import io.github.dl4jae.internal.layer.LayerSubject;
import java.util.Arrays;
import org.deeplearning4j.exception.DL4JInvalidInputException;
import org.deeplearning4j.nn.api.MaskState;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.RNNFormat;
import org.deeplearning4j.nn.gradient.DefaultGradient;
import org.deeplearning4j.nn.gradient.Gradient;
import org.deeplearning4j.nn.layers.AbstractLayer;
import org.deeplearning4j.nn.workspace.ArrayType;
import org.deeplearning4j.nn.workspace.LayerWorkspaceMgr;
import org.jspecify.annotations.Nullable;
import org.nd4j.common.primitives.Pair;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * The implementation of {@link FastUpsampling1DLayer}. Types other than float32 take ND4J's operations: the gradient of
 * the stock layer leaves dropout out.
 */
final class FastUpsampling1DLayerImpl extends AbstractLayer<FastUpsampling1DLayer> {

    private static final PixelLayout LAYOUT = PixelLayout.of(RNNFormat.NCW);

    FastUpsampling1DLayerImpl(NeuralNetConfiguration conf, DataType dataType) {
        super(conf, dataType);
    }

    @Override
    public Type type() {
        return Type.UPSAMPLING;
    }

    @Override
    public boolean isPretrainLayer() {
        return false;
    }

    @Override
    public void clearNoiseWeightParams() {
        // no parameters
    }

    @Override
    public void allowInputModification(boolean allow) {
        // dropout goes to an array of its own
    }

    private int times() {
        return layerConf().getSize()[0];
    }

    private boolean isFast() {
        return FloatConvolutionPass.supports(dataType, input.length() * times());
    }

    /** A sequence is an image of height 1 here: the kernel then copies all of its steps at once. */
    private Upsampling upsampling() {
        return new Upsampling(1, steps(), (int) input.size(1), 1, times());
    }

    private int steps() {
        return (int) input.size(2);
    }

    @Override
    public INDArray activate(boolean training, LayerWorkspaceMgr workspaces) {
        assertInputSet(false);
        if (input.rank() != 3 || input.isEmpty()) {
            throw new DL4JInvalidInputException(LayerSubject.of(layerConf())
                    + ": the input must have the shape [batch, channels, time], got " + Arrays.toString(input.shape())
                    + (input.isEmpty() ? "; leave out empty mini-batches" : "; set the network's input type"));
        }
        if (input.dataType() != dataType) {
            input = workspaces.leverageTo(ArrayType.INPUT, input.castTo(dataType));
        }
        applyDropOutIfNecessary(training, workspaces);
        if (!isFast()) {
            return workspaces.leverageTo(ArrayType.ACTIVATIONS, input.repeat(2, times()));
        }
        INDArray x = LAYOUT.rows(input, ArrayType.ACTIVATIONS, workspaces);
        long[] shape = {x.size(0), x.size(1) * times()};
        INDArray y = workspaces.createUninitialized(ArrayType.ACTIVATIONS, dataType, shape, 'c');
        upsampling().forward(FloatRows.of(x), FloatRows.of(y));
        return LAYOUT.arrays(y, 1, steps() * times());
    }

    @Override
    public Pair<Gradient, INDArray> backpropGradient(INDArray epsilon, LayerWorkspaceMgr workspaces) {
        assertInputSet(true);
        INDArray below = isFast()
                ? sums(epsilon.castTo(dataType), workspaces)
                : workspaces.leverageTo(
                        ArrayType.ACTIVATION_GRAD,
                        epsilon.castTo(dataType)
                                .dup('c')
                                .reshape('c', input.size(0), input.size(1), input.size(2), times())
                                .sum(3));
        return new Pair<>(new DefaultGradient(), dropoutApplied ? backpropDropOutIfPresent(below) : below);
    }

    private INDArray sums(INDArray epsilon, LayerWorkspaceMgr workspaces) {
        INDArray error = LAYOUT.rows(epsilon, ArrayType.BP_WORKING_MEM, workspaces);
        long[] shape = {error.size(0), error.size(1) / times()};
        INDArray dx = workspaces.createUninitialized(ArrayType.ACTIVATION_GRAD, dataType, shape, 'c');
        upsampling().backprop(FloatRows.of(error), FloatRows.of(dx));
        return LAYOUT.arrays(dx, 1, steps());
    }

    @Override
    public Pair<INDArray, MaskState> feedForwardMaskArray(
            @Nullable INDArray mask, @Nullable MaskState state, int examples) {
        return new Pair<>(mask == null ? null : mask.repeat(1, times()), state);
    }
}
