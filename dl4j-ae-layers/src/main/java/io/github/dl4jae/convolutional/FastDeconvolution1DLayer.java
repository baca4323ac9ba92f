package io.github.dl4jae.convolutional;

import io.github.dl4jae.internal.kernel.ConvolutionShape;
import io.github.dl4jae.internal.layer.LayerSubject;
import org.deeplearning4j.exception.DL4JInvalidConfigException;
import org.deeplearning4j.nn.api.ParamInitializer;
import org.deeplearning4j.nn.conf.inputs.InputType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.shade.jackson.annotation.JsonProperty;

/**
 * A transposed convolution of sequences. Deeplearning4j has no such layer.
 *
 * <pre>
 * z_{o,u} = b_o + Σ_{c,t,i : t·s + i·d − p = u} x_{c,t} · W_{c,o,i}        a = act(z)
 * δ = ε ⊙ act′(z)       ∂W = P(δ)ᵀ·x       ∂b = Σ δ       ∂x = P(δ)·W       P: patches as rows
 * </pre>
 *
 * <p>It is the input gradient of a convolution with the same kernel, stride and padding, so it undoes the change of
 * length. T steps become s·(T − 1) + d·(k − 1) + 1 − 2p, and s·T in the modes Same and Causal. In the mode Causal, p is
 * 0 and the end is cut off: an input step reaches no output step before its own.
 *
 * <p>Shapes: in {@code [batch, nIn, time]}, out {@code [batch, nOut, time′]}; with {@code RNNFormat.NWC} the channels
 * come last. Parameters: {@code b [nOut]}, then {@code W [nIn, nOut, kernel, 1]}. They and the numbers are those of
 * {@link FastDeconvolutionLayer} over images of width 1 with a kernel of width 1.
 *
 * <p>Masks: an output step is active if the kernel reaches it from an active input step. The layer passes on this mask,
 * and does not set masked steps to zero: a loss leaves them out, and a {@code MaskLayer} in front keeps their values
 * from active steps.
 *
 * <p>The layer keeps sequences with channels last in memory, and returns a permuted view of them. Another fast
 * convolution reads it without a copy. The fast path takes float32 on the CPU.
 *
 * <pre>{@code
 * .layer(new FastDeconvolution1DLayer.Builder(4).nOut(3).stride(2)
 *         .convolutionMode(ConvolutionMode.Same).activation(Activation.IDENTITY).build())
 * }</pre>
 *
 * <p>Errors: nIn or nOut not above 0, {@code inputGradient(false)} on a layer that is not the first, an input of
 * another shape, and padding that leaves no step.
 *
 * @see <a href="https://arxiv.org/abs/1603.07285">Dumoulin and Visin 2016, A guide to convolution arithmetic</a>
 */
public final class FastDeconvolution1DLayer extends SequenceConvolutionLayer {

    private FastDeconvolution1DLayer(Builder builder) {
        super(builder);
    }

    // for JSON
    FastDeconvolution1DLayer(@JsonProperty("inputGradient") Boolean inputGradient) {
        super(inputGradient);
    }

    @Override
    boolean isTransposed() {
        return true;
    }

    @Override
    ConvolutionShape shape(INDArray input) {
        return SequenceShapes.transposed(this, input);
    }

    @Override
    INDArray reduce(INDArray mask) {
        return SequenceShapes.transposedMask(this, mask);
    }

    @Override
    INDArray weights(INDArray W) {
        return W;
    }

    @Override
    public ParamInitializer initializer() {
        return SequenceDeconvolutionParameters.INSTANCE;
    }

    @Override
    public InputType getOutputType(int layerIndex, InputType inputType) {
        if (!(inputType instanceof InputType.InputTypeRecurrent sequences)) {
            throw new DL4JInvalidConfigException(LayerSubject.of(this) + ": the input must be sequences, got "
                    + inputType + "; set InputType.recurrent on the network");
        }
        long steps = sequences.getTimeSeriesLength();
        return InputType.recurrent(
                nOut, steps < 0 ? -1 : SequenceShapes.transposedSteps(this, steps), getRnnDataFormat());
    }

    /** Builds a {@link FastDeconvolution1DLayer}. */
    @SuppressWarnings("unchecked") // the return type of build() is how Deeplearning4j declares it
    public static final class Builder extends FastConvolution1DBuilder<Builder> {

        /**
         * Creates a builder. Default: stride 1, no padding, {@code ConvolutionMode.Truncate}.
         *
         * @param kernelSize the number of steps in the kernel
         */
        public Builder(int kernelSize) {
            super("FastDeconvolution1DLayer", kernelSize);
        }

        @Override
        public FastDeconvolution1DLayer build() {
            requireSizes();
            return new FastDeconvolution1DLayer(this);
        }
    }
}
