package io.github.dl4jae.convolutional;

import io.github.dl4jae.internal.layer.Require;
import java.util.Arrays;
import org.deeplearning4j.nn.conf.RNNFormat;
import org.deeplearning4j.nn.conf.layers.ConvolutionLayer;
import org.deeplearning4j.util.ConvolutionUtils;

/**
 * The options that the builders of convolutional layers over sequences share. Kernel, stride, padding and dilation are
 * one number each, as in the stock builders.
 *
 * @param <T> the builder
 */
@SuppressWarnings("unchecked") // T is the type of this
public abstract class FastConvolution1DBuilder<T extends FastConvolution1DBuilder<T>>
        extends ConvolutionLayer.BaseConvBuilder<T> {

    private final String subject;

    RNNFormat format = RNNFormat.NCW;
    boolean inputGradient = true;

    /**
     * Creates a builder.
     *
     * @param subject the name of the layer, for messages
     */
    FastConvolution1DBuilder(String subject, int kernelSize) {
        this.subject = subject;
        this.kernelSize = new int[] {kernelSize, kernelSize};
    }

    @Override
    protected boolean allowCausal() {
        return true;
    }

    @Override
    public void setKernelSize(int[] kernelSize) {
        this.kernelSize = pair("kernelSize", kernelSize);
    }

    @Override
    public void setStride(int[] stride) {
        this.stride = pair("stride", stride);
    }

    @Override
    public void setPadding(int[] padding) {
        this.padding = pair("padding", padding);
    }

    @Override
    public void setDilation(int[] dilation) {
        this.dilation = pair("dilation", dilation);
    }

    /** Returns the number twice, as the stock layer keeps it. */
    private int[] pair(String name, int[] values) {
        Require.that(
                values.length == 1,
                subject,
                name + " must be one number",
                Arrays.toString(values),
                "sequences have one dimension");
        return new int[] {values[0], values[0]};
    }

    /**
     * Sets the order of dimensions. Default: NCW, or that of the network's input type.
     *
     * @param format NCW ({@code [batch, channels, time]}) or NWC ({@code [batch, time, channels]})
     * @return this
     */
    public T rnnDataFormat(RNNFormat format) {
        this.format = format;
        return (T) this;
    }

    /**
     * Sets whether backprop computes the gradient with respect to the input. Default: true. In the first layer of a
     * network the gradient is unused, and {@code false} saves a third of the layer's work. See {@link
     * io.github.dl4jae.dense.FastDenseLayer.Builder#inputGradient}.
     *
     * @param inputGradient whether to compute it
     * @return this
     */
    public T inputGradient(boolean inputGradient) {
        this.inputGradient = inputGradient;
        return (T) this;
    }

    final void requireSizes() {
        ConvolutionUtils.validateConvolutionModePadding(convolutionMode, padding);
        ConvolutionUtils.validateCnnKernelStridePadding(kernelSize, stride, padding);
        Require.atLeast(1, subject, "dilation", dilation[0], "1 leaves no gaps in the kernel");
    }
}
