package io.github.dl4jae.convolutional;

import io.github.dl4jae.internal.kernel.ConvolutionShape;
import io.github.dl4jae.internal.layer.BuilderSettings;
import io.github.dl4jae.internal.layer.DenseChecks;
import io.github.dl4jae.internal.layer.LayerAssembly;
import io.github.dl4jae.internal.layer.LayerMemory;
import io.github.dl4jae.internal.layer.LayerSubject;
import io.github.dl4jae.internal.layer.OmittedInputGradient;
import java.util.Collection;
import java.util.Objects;
import org.deeplearning4j.nn.api.Layer;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.inputs.InputType;
import org.deeplearning4j.nn.conf.layers.Convolution1DLayer;
import org.deeplearning4j.nn.conf.memory.LayerMemoryReport;
import org.deeplearning4j.optimize.api.TrainingListener;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.shade.jackson.annotation.JsonProperty;

/** The common part of the configurations of convolutions and transposed convolutions of sequences. */
abstract class SequenceConvolutionLayer extends Convolution1DLayer {

    private final boolean inputGradient;

    SequenceConvolutionLayer(FastConvolution1DBuilder<?> builder) {
        BuilderSettings.copy(builder, this);
        this.hasBias = builder.isHasBias();
        this.convolutionMode = builder.getConvolutionMode();
        this.kernelSize = builder.getKernelSize();
        this.stride = builder.getStride();
        this.padding = builder.getPadding();
        this.dilation = builder.getDilation();
        this.cudnnAlgoMode = builder.getCudnnAlgoMode();
        this.cudnnFwdAlgo = builder.getCudnnFwdAlgo();
        this.cudnnBwdFilterAlgo = builder.getCudnnBwdFilterAlgo();
        this.cudnnBwdDataAlgo = builder.getCudnnBwdDataAlgo();
        this.cudnnAllowFallback = builder.isCudnnAllowFallback();
        setRnnDataFormat(builder.format);
        this.inputGradient = builder.inputGradient;
        initializeConstraints(builder);
    }

    // for JSON
    SequenceConvolutionLayer(@JsonProperty("inputGradient") Boolean inputGradient) {
        this.inputGradient = inputGradient == null || inputGradient;
    }

    /** Returns whether the convolution is transposed. */
    abstract boolean isTransposed();

    /** Returns the sizes of the convolution of an input, or of the convolution that is transposed. */
    abstract ConvolutionShape shape(INDArray input);

    /** Returns the mask of the output, {@code [N, T′]}. */
    abstract INDArray reduce(INDArray mask);

    /** Returns a view of the weights, or of their gradient, for {@link ConvolutionPass}. */
    abstract INDArray weights(INDArray W);

    /**
     * Returns whether backprop computes the gradient with respect to the input.
     *
     * @return whether it does
     */
    @JsonProperty("inputGradient")
    public boolean hasInputGradient() {
        return inputGradient;
    }

    @Override
    public Layer instantiate(
            NeuralNetConfiguration conf,
            Collection<TrainingListener> listeners,
            int layerIndex,
            INDArray parametersView,
            boolean initializeParameters,
            DataType dataType) {
        DenseChecks.requireSizes(this);
        if (!inputGradient) {
            OmittedInputGradient.requireFirst(LayerSubject.of(this), listeners, layerIndex);
        }
        return LayerAssembly.assemble(
                new SequenceConvolutionImpl(conf, dataType),
                conf,
                listeners,
                layerIndex,
                parametersView,
                initializeParameters);
    }

    @Override
    public LayerMemoryReport getMemoryReport(InputType inputType) {
        // act′, and the sequences with channels last
        long elements = inputType.arrayElementsPerExample()
                + getOutputType(-1, inputType).arrayElementsPerExample();
        return LayerMemory.of(this, inputType).training(0, elements).report();
    }

    @Override
    protected boolean canEqual(Object other) {
        return other instanceof SequenceConvolutionLayer that && isTransposed() == that.isTransposed();
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof SequenceConvolutionLayer that
                && super.equals(other)
                && inputGradient == that.inputGradient;
    }

    @Override
    public int hashCode() {
        return Objects.hash(super.hashCode(), inputGradient);
    }

    @Override
    public String toString() {
        return getClass().getSimpleName() + "(" + super.toString() + ", inputGradient=" + inputGradient + ")";
    }
}
