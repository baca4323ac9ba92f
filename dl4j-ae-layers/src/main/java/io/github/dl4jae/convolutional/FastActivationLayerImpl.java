package io.github.dl4jae.convolutional;

import io.github.dl4jae.internal.inference.RowLayer;
import io.github.dl4jae.internal.kernel.ActivationKernels;
import io.github.dl4jae.internal.kernel.ElementwiseActivation;
import io.github.dl4jae.internal.kernel.FusedRows;
import io.github.dl4jae.internal.kernel.ImageRows;
import io.github.dl4jae.internal.kernel.RowStep;
import io.github.dl4jae.internal.kernel.WideRows;
import io.github.dl4jae.internal.layer.KeptArrays;
import io.github.dl4jae.internal.layer.LayerSubject;
import java.util.Arrays;
import java.util.Objects;
import java.util.Optional;
import org.deeplearning4j.exception.DL4JInvalidInputException;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.gradient.DefaultGradient;
import org.deeplearning4j.nn.gradient.Gradient;
import org.deeplearning4j.nn.layers.ActivationLayer;
import org.deeplearning4j.nn.workspace.ArrayType;
import org.deeplearning4j.nn.workspace.LayerWorkspaceMgr;
import org.jspecify.annotations.Nullable;
import org.nd4j.common.primitives.Pair;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.api.shape.Shape;

/** The implementation of {@link FastActivationLayer}. */
final class FastActivationLayerImpl extends ActivationLayer implements RowLayer {

    /** act′, from the last forward pass; else null. */
    private @Nullable INDArray derivative;

    private boolean trainingPass = true;

    FastActivationLayerImpl(NeuralNetConfiguration conf, DataType dataType) {
        super(conf, dataType);
    }

    @Override
    public void setInput(INDArray input, LayerWorkspaceMgr workspaces) {
        super.setInput(input, workspaces);
        derivative = null;
    }

    @Override
    public void clear() {
        super.clear();
        derivative = null;
    }

    @Override
    public @Nullable RowStep rowStep() {
        return RowStep.of(layerConf().getActivationFn());
    }

    /** Returns the loop of the activation, or empty if ND4J's operations compute it. */
    private Optional<ElementwiseActivation> loop() {
        boolean supported = FloatConvolutionPass.supports(dataType, input.length())
                && input.dataType() == dataType
                && (isInOrder(input) || hasChannelsLast());
        return supported ? ElementwiseActivation.of(layerConf().getActivationFn()) : Optional.empty();
    }

    private static boolean isInOrder(INDArray array) {
        return array.ordering() == 'c' && Shape.hasDefaultStridesForShape(array);
    }

    /** Returns whether the input is a view, with channels first, of images with channels last. */
    private boolean hasChannelsLast() {
        return input.rank() == 4 && !isInOrder(input) && isInOrder(input.permute(0, 2, 3, 1));
    }

    /** Returns the values in the order in which the input lies in memory. */
    private INDArray rows(INDArray array, ArrayType type, LayerWorkspaceMgr workspaces) {
        if (hasChannelsLast()) {
            return ImageRows.of(array, true, type, workspaces);
        }
        INDArray ordered = isInOrder(array) ? array : workspaces.dup(type, array, 'c');
        return ordered.reshape('c', array.size(0), array.length() / array.size(0));
    }

    private INDArray likeInput(INDArray rows) {
        return hasChannelsLast()
                ? ImageRows.asImages(rows, input.size(2), input.size(3), true)
                : rows.reshape('c', input.shape());
    }

    @Override
    public INDArray activate(boolean training, LayerWorkspaceMgr workspaces) {
        assertInputSet(false);
        if (input.isEmpty()) { // ND4J's softmax would crash the JVM
            throw new DL4JInvalidInputException(LayerSubject.of(layerConf()) + ": the input must have examples, got "
                    + Arrays.toString(input.shape()) + "; leave out empty mini-batches");
        }
        trainingPass = training;
        Optional<ElementwiseActivation> loop = loop();
        return loop.isEmpty()
                ? layerConf().getActivationFn().getActivation(copy(ArrayType.ACTIVATIONS, workspaces), training)
                : likeInput(forward(loop.get(), training, workspaces));
    }

    /** Returns a copy of the input, because activations overwrite their argument. */
    private INDArray copy(ArrayType type, LayerWorkspaceMgr workspaces) {
        return workspaces.dup(type, input.castTo(dataType), input.ordering());
    }

    private INDArray forward(ElementwiseActivation loop, boolean keep, LayerWorkspaceMgr workspaces) {
        INDArray z = rows(input, ArrayType.ACTIVATIONS, workspaces);
        INDArray a = workspaces.createUninitialized(ArrayType.ACTIVATIONS, dataType, z.shape(), 'c');
        derivative = keep ? workspaces.createUninitialized(ArrayType.ACTIVATIONS, dataType, z.shape(), 'c') : null;
        FusedRows.activate(wide(z), null, loop, trainingPass, wide(a), derivative == null ? null : wide(derivative));
        return a;
    }

    private static INDArray wide(INDArray rows) {
        return WideRows.of(rows, 1);
    }

    @Override
    public Pair<Gradient, INDArray> backpropGradient(INDArray epsilon, LayerWorkspaceMgr workspaces) {
        assertInputSet(true);
        Optional<ElementwiseActivation> loop = loop();
        if (loop.isEmpty()) {
            INDArray z = copy(ArrayType.ACTIVATION_GRAD, workspaces);
            INDArray gradient =
                    ActivationKernels.backprop(layerConf().getActivationFn(), z, epsilon.dup(), trainingPass);
            return new Pair<>(new DefaultGradient(), workspaces.leverageTo(ArrayType.ACTIVATION_GRAD, gradient));
        }
        if (derivative == null || !KeptArrays.areAlive(derivative)) {
            forward(loop.get(), true, workspaces);
        }
        INDArray kept = Objects.requireNonNull(derivative);
        INDArray error = rows(epsilon.castTo(dataType), ArrayType.BP_WORKING_MEM, workspaces);
        INDArray dz = workspaces.dup(ArrayType.ACTIVATION_GRAD, kept, 'c');
        FusedRows.backprop(wide(error), wide(dz), null);
        return new Pair<>(new DefaultGradient(), likeInput(dz));
    }
}
