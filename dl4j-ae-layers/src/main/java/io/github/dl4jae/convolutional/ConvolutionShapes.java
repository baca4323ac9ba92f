package io.github.dl4jae.convolutional;

import io.github.dl4jae.internal.kernel.ConvolutionShape;
import io.github.dl4jae.internal.layer.LayerSubject;
import java.util.Arrays;
import org.deeplearning4j.exception.DL4JInvalidInputException;
import org.deeplearning4j.nn.conf.CNN2DFormat;
import org.deeplearning4j.nn.conf.ConvolutionMode;
import org.deeplearning4j.nn.conf.layers.ConvolutionLayer;
import org.deeplearning4j.util.ConvolutionUtils;
import org.nd4j.linalg.api.ndarray.INDArray;

/** The sizes of a convolution, from a layer's configuration and its input. */
final class ConvolutionShapes {

    private ConvolutionShapes() {}

    /** Returns the sizes of a convolution of these images. */
    static ConvolutionShape of(ConvolutionLayer layer, INDArray images) {
        int[] in = heightAndWidth(layer, images);
        boolean same = layer.getConvolutionMode() == ConvolutionMode.Same;
        int[] out = ConvolutionUtils.getOutputSize(
                images,
                layer.getKernelSize(),
                layer.getStride(),
                same ? null : layer.getPadding(),
                layer.getConvolutionMode(),
                layer.getDilation(),
                layer.getCnn2dDataFormat());
        int[] padding = same
                ? ConvolutionUtils.getSameModeTopLeftPadding(
                        out, in, layer.getKernelSize(), layer.getStride(), layer.getDilation())
                : layer.getPadding();
        return shape(layer, layer.getNIn(), in, layer.getNOut(), out, padding);
    }

    /** Returns the sizes of the convolution whose transpose takes these images as input. */
    static ConvolutionShape transposed(ConvolutionLayer layer, INDArray images) {
        int[] in = heightAndWidth(layer, images);
        boolean same = layer.getConvolutionMode() == ConvolutionMode.Same;
        int[] out = ConvolutionUtils.getDeconvolutionOutputSize(
                images,
                layer.getKernelSize(),
                layer.getStride(),
                same ? null : layer.getPadding(),
                layer.getConvolutionMode(),
                layer.getDilation(),
                layer.getCnn2dDataFormat());
        int[] padding = same
                ? new int[] {samePadding(layer, 0, out[0], in[0]), samePadding(layer, 1, out[1], in[1])}
                : layer.getPadding();
        return shape(layer, layer.getNOut(), out, layer.getNIn(), in, padding);
    }

    /** Returns half of the padding that a convolution needs; negative where its stride exceeds its kernel. */
    private static int samePadding(ConvolutionLayer layer, int dimension, int in, int out) {
        return samePadding(
                in,
                out,
                layer.getKernelSize()[dimension],
                layer.getStride()[dimension],
                layer.getDilation()[dimension]);
    }

    static int samePadding(int in, int out, int kernel, int stride, int dilation) {
        return ((out - 1) * stride + (kernel - 1) * dilation + 1 - in) / 2;
    }

    private static ConvolutionShape shape(
            ConvolutionLayer layer, long channels, int[] in, long filters, int[] out, int[] padding) {
        return new ConvolutionShape(
                Math.toIntExact(channels),
                in[0],
                in[1],
                Math.toIntExact(filters),
                out[0],
                out[1],
                layer.getKernelSize()[0],
                layer.getKernelSize()[1],
                layer.getStride()[0],
                layer.getStride()[1],
                padding[0],
                padding[1],
                layer.getDilation()[0],
                layer.getDilation()[1]);
    }

    private static int[] heightAndWidth(ConvolutionLayer layer, INDArray images) {
        boolean channelsFirst = layer.getCnn2dDataFormat() == CNN2DFormat.NCHW;
        if (images.rank() != 4 || images.size(channelsFirst ? 1 : 3) != layer.getNIn()) {
            throw new DL4JInvalidInputException(LayerSubject.of(layer) + ": the input must have the shape "
                    + (channelsFirst
                            ? "[batch, " + layer.getNIn() + ", height, width]"
                            : "[batch, height, width, " + layer.getNIn() + "]")
                    + ", got " + Arrays.toString(images.shape())
                    + "; set the network's input type, and nIn to the channels of the layer below");
        }
        int first = channelsFirst ? 2 : 1;
        return new int[] {(int) images.size(first), (int) images.size(first + 1)};
    }
}
