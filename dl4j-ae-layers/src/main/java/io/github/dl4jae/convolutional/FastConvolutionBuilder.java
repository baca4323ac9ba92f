package io.github.dl4jae.convolutional;

import org.deeplearning4j.nn.conf.CNN2DFormat;
import org.deeplearning4j.nn.conf.layers.ConvolutionLayer;
import org.deeplearning4j.util.ConvolutionUtils;
import org.deeplearning4j.util.ValidationUtils;

/**
 * The options that the builders of convolutional layers share. Options of the stock builders have the same meaning.
 *
 * @param <T> the builder
 */
@SuppressWarnings("unchecked") // T is the type of this
public abstract class FastConvolutionBuilder<T extends FastConvolutionBuilder<T>>
        extends ConvolutionLayer.BaseConvBuilder<T> {

    CNN2DFormat dataFormat = CNN2DFormat.NCHW;
    boolean inputGradient = true;

    FastConvolutionBuilder(int... kernelSize) {
        super(kernelSize);
    }

    FastConvolutionBuilder() {}

    @Override
    protected boolean allowCausal() {
        return false;
    }

    @Override
    public void setKernelSize(int[] kernelSize) {
        this.kernelSize = ValidationUtils.validate2NonNegative(kernelSize, false, "kernelSize");
    }

    @Override
    public void setStride(int[] stride) {
        this.stride = ValidationUtils.validate2NonNegative(stride, false, "stride");
    }

    @Override
    public void setPadding(int[] padding) {
        this.padding = ValidationUtils.validate2NonNegative(padding, false, "padding");
    }

    @Override
    public void setDilation(int[] dilation) {
        this.dilation = ValidationUtils.validate2NonNegative(dilation, false, "dilation");
    }

    /**
     * Sets the order of dimensions. Default: NCHW, or that of the network's input type.
     *
     * @param format NCHW or NHWC
     * @return this
     */
    public T dataFormat(CNN2DFormat format) {
        this.dataFormat = format;
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
    }
}
