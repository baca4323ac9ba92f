package io.github.dl4jae.convolutional;

import io.github.dl4jae.internal.kernel.ConvolutionShape;
import org.deeplearning4j.util.ConvolutionUtils;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.shade.jackson.annotation.JsonProperty;

/**
 * A convolution of sequences with the numbers and parameters of the stock {@code Convolution1DLayer}, several times as
 * fast on the CPU.
 *
 * <pre>
 * z_{o,t} = b_o + Σ_{c,i} x_{c, t·s + i·d − p} · W_{i,c,o}        a = act(z)
 * δ = ε ⊙ act′(z)      ∂W = P(x)ᵀ·δ      ∂b = Σ δ      ∂x = Pᵀ(δ·Wᵀ)       P: patches as rows
 * </pre>
 *
 * <p>Shapes: in {@code [batch, nIn, time]}, out {@code [batch, nOut, time′]}; with {@code RNNFormat.NWC} the channels
 * come last. Stride s, padding p, dilation d and the modes Truncate, Strict, Same and Causal work as in the stock
 * layer. In the mode Causal, p is (k − 1)·d, and no step sees later ones.
 *
 * <p>Parameters as in the stock layer: {@code b [nOut]}, then W. The parameter table shows W as {@code [nOut, nIn,
 * kernel, 1]}, but the stock layer reads the same memory as {@code [kernel, nIn, nOut]}, and so does this one.
 *
 * <p>Masks: the layer passes on the mask of its output steps, reduced as in the stock layer. It does not set masked
 * steps to zero: a loss leaves them out, and a {@code MaskLayer} in front keeps their values from active steps.
 *
 * <p>Softmax acts along the last dimension, as in the stock layer: over channels in NWC, but over time in NCW.
 *
 * <p>Three things differ from the stock layer, which is wrong there: weight noise has an effect, the gradient with
 * respect to the input includes dropout, and NWC can be trained.
 *
 * <p>The layer keeps sequences with channels last in memory, and returns a permuted view of them. Another fast
 * convolution reads it without a copy. The fast path takes float32 on the CPU.
 *
 * <pre>{@code
 * .layer(new FastConvolution1DLayer.Builder(5).nIn(3).nOut(16).stride(2)
 *         .convolutionMode(ConvolutionMode.Same).activation(Activation.RELU).inputGradient(false).build())
 * }</pre>
 *
 * <p>Errors: nIn or nOut not above 0, {@code inputGradient(false)} on a layer that is not the first, an input of
 * another shape, and what the stock layer refuses.
 *
 * @see <a href="https://arxiv.org/abs/1609.03499">van den Oord et al. 2016, WaveNet: a generative model for raw
 *     audio</a>
 */
public final class FastConvolution1DLayer extends SequenceConvolutionLayer {

    private FastConvolution1DLayer(Builder builder) {
        super(builder);
    }

    // for JSON
    FastConvolution1DLayer(@JsonProperty("inputGradient") Boolean inputGradient) {
        super(inputGradient);
    }

    @Override
    boolean isTransposed() {
        return false;
    }

    @Override
    ConvolutionShape shape(INDArray input) {
        return SequenceShapes.of(this, input);
    }

    @Override
    INDArray reduce(INDArray mask) {
        return ConvolutionUtils.cnn1dMaskReduction(
                mask, kernelSize[0], stride[0], padding[0], dilation[0], convolutionMode);
    }

    /** The memory of W is that of {@code [kernel, nIn, nOut]}. */
    @Override
    INDArray weights(INDArray W) {
        INDArray contiguous = W.ordering() == 'c' ? W : W.dup('c');
        return contiguous.reshape('c', kernelSize[0] * nIn, nOut);
    }

    /** Builds a {@link FastConvolution1DLayer} with the options of the stock layer's builder and one more. */
    @SuppressWarnings("unchecked") // the return type of build() is how Deeplearning4j declares it
    public static final class Builder extends FastConvolution1DBuilder<Builder> {

        /**
         * Creates a builder. Default: stride 1, no padding, {@code ConvolutionMode.Truncate}.
         *
         * @param kernelSize the number of steps in the kernel
         */
        public Builder(int kernelSize) {
            super("FastConvolution1DLayer", kernelSize);
        }

        @Override
        public FastConvolution1DLayer build() {
            requireSizes();
            return new FastConvolution1DLayer(this);
        }
    }
}
