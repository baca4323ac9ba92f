package io.github.dl4jae.convolutional;

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
import org.deeplearning4j.nn.conf.layers.ConvolutionLayer;
import org.deeplearning4j.nn.conf.memory.LayerMemoryReport;
import org.deeplearning4j.optimize.api.TrainingListener;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.shade.jackson.annotation.JsonProperty;

/**
 * A two-dimensional convolution with the numbers and parameters of the stock {@code ConvolutionLayer}, several times as
 * fast on the CPU.
 *
 * <pre>
 * z_{o,y,x} = b_o + Σ_{c,i,j} x_{c, y·s + i·d − p, x·s + j·d − p} · W_{o,c,i,j}        a = act(z)
 * δ = ε ⊙ act′(z)      ∂W = P(x)ᵀ·δ      ∂b = Σ δ      ∂x = Pᵀ(δ·Wᵀ)       P: patches as rows
 * </pre>
 *
 * <p>Shapes: in {@code [batch, nIn, height, width]}, out {@code [batch, nOut, height′, width′]}; with {@code
 * CNN2DFormat.NHWC} the channels come last. Parameters as in the stock layer: {@code b [nOut]}, then {@code W [nOut,
 * nIn, kernelHeight, kernelWidth]}. Stride, padding, dilation and the modes Truncate, Strict and Same work as there.
 *
 * <p>The layer keeps images with channels last in memory, and returns a permuted view of them. Another fast layer reads
 * it without a copy. Types other than float32, and backends other than the CPU, take the stock layer's way.
 *
 * <pre>{@code
 * .layer(new FastConvolutionLayer.Builder(3, 3).nIn(1).nOut(16).stride(2, 2)
 *         .convolutionMode(ConvolutionMode.Same).activation(Activation.RELU).inputGradient(false).build())
 * }</pre>
 *
 * <p>Errors: nIn or nOut not above 0, {@code inputGradient(false)} on a layer that is not the first, an input of
 * another shape, and what the stock layer refuses.
 *
 * @see <a href="https://arxiv.org/abs/1410.0759">Chetlur et al. 2014, cuDNN: efficient primitives for deep learning</a>
 */
public final class FastConvolutionLayer extends ConvolutionLayer {

    private final boolean inputGradient;

    private FastConvolutionLayer(Builder builder) {
        super(builder);
        this.cnn2dDataFormat = builder.dataFormat;
        this.inputGradient = builder.inputGradient;
        initializeConstraints(builder);
    }

    // for JSON
    FastConvolutionLayer(@JsonProperty("inputGradient") Boolean inputGradient) {
        this.inputGradient = inputGradient == null || inputGradient;
    }

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
                new FastConvolutionLayerImpl(conf, dataType),
                conf,
                listeners,
                layerIndex,
                parametersView,
                initializeParameters);
    }

    @Override
    public LayerMemoryReport getMemoryReport(InputType inputType) {
        // act′, and the images with channels last
        long elements = inputType.arrayElementsPerExample()
                + getOutputType(-1, inputType).arrayElementsPerExample();
        return LayerMemory.of(this, inputType).training(0, elements).report();
    }

    @Override
    protected boolean canEqual(Object other) {
        return other instanceof FastConvolutionLayer;
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof FastConvolutionLayer that && super.equals(other) && inputGradient == that.inputGradient;
    }

    @Override
    public int hashCode() {
        return Objects.hash(super.hashCode(), inputGradient);
    }

    @Override
    public String toString() {
        return "FastConvolutionLayer(" + super.toString() + ", inputGradient=" + inputGradient + ")";
    }

    /** Builds a {@link FastConvolutionLayer} with the options of the stock layer's builder and one more. */
    @SuppressWarnings("unchecked") // the return type of build() is how Deeplearning4j declares it
    public static final class Builder extends FastConvolutionBuilder<Builder> {

        /**
         * Creates a builder. Default: stride 1, no padding, {@code ConvolutionMode.Truncate}.
         *
         * @param kernelSize height and width of the kernel
         */
        public Builder(int... kernelSize) {
            super(kernelSize);
        }

        /** Creates a builder for a kernel of 5×5. */
        public Builder() {}

        @Override
        public FastConvolutionLayer build() {
            requireSizes();
            return new FastConvolutionLayer(this);
        }
    }
}
