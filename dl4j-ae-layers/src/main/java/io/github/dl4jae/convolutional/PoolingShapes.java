package io.github.dl4jae.convolutional;

import io.github.dl4jae.internal.kernel.ConvolutionShape;
import io.github.dl4jae.internal.kernel.PoolingShape;
import io.github.dl4jae.internal.layer.LayerSubject;
import java.util.Arrays;
import org.deeplearning4j.exception.DL4JInvalidInputException;
import org.deeplearning4j.nn.conf.CNN2DFormat;
import org.deeplearning4j.nn.conf.ConvolutionMode;
import org.deeplearning4j.nn.conf.layers.SubsamplingLayer;
import org.deeplearning4j.util.Convolution1DUtils;
import org.deeplearning4j.util.ConvolutionUtils;
import org.nd4j.linalg.api.ndarray.INDArray;

/** The windows of pooling, from a layer's configuration and its input. */
final class PoolingShapes {

    private PoolingShapes() {}

    /** Returns the windows over these images. */
    static PoolingShape of(SubsamplingLayer layer, INDArray images) {
        boolean channelsFirst = layer.getCnn2dDataFormat() == CNN2DFormat.NCHW;
        if (images.rank() != 4 || images.isEmpty()) {
            throw new DL4JInvalidInputException(LayerSubject.of(layer) + ": the input must be images, "
                    + layer.getCnn2dDataFormat().dimensionNames() + ", got " + Arrays.toString(images.shape())
                    + (images.isEmpty() ? "; leave out empty mini-batches" : "; set the network's input type"));
        }
        int first = channelsFirst ? 2 : 1;
        int[] in = {(int) images.size(first), (int) images.size(first + 1)};
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
        int channels = (int) images.size(channelsFirst ? 1 : 3);
        PoolingShape windows = shape(
                layer,
                new ConvolutionShape(
                        channels,
                        in[0],
                        in[1],
                        channels,
                        out[0],
                        out[1],
                        layer.getKernelSize()[0],
                        layer.getKernelSize()[1],
                        layer.getStride()[0],
                        layer.getStride()[1],
                        padding[0],
                        padding[1],
                        layer.getDilation()[0],
                        layer.getDilation()[1]));
        if (!windows.isDefined()) {
            throw new DL4JInvalidInputException(LayerSubject.of(layer)
                    + ": every window must contain a pixel, got padding " + Arrays.toString(padding)
                    + " with kernel " + Arrays.toString(layer.getKernelSize()) + " and dilation "
                    + Arrays.toString(layer.getDilation()) + " over " + in[0] + "×" + in[1]
                    + " pixels; keep the padding below the size of the kernel");
        }
        return windows;
    }

    private static PoolingShape shape(SubsamplingLayer layer, ConvolutionShape images) {
        return new PoolingShape(images, layer.getPoolingType(), layer.getPnorm(), layer.isAvgPoolIncludePadInDivisor());
    }

    /** Returns the windows over these sequences. */
    static PoolingShape ofSequences(SubsamplingLayer layer, INDArray sequences) {
        boolean channelsFirst = layer.getCnn2dDataFormat() == CNN2DFormat.NCHW;
        if (sequences.rank() != 3 || sequences.isEmpty()) {
            throw new DL4JInvalidInputException(LayerSubject.of(layer) + ": the input must have the shape "
                    + (channelsFirst ? "[batch, channels, time]" : "[batch, time, channels]") + ", got "
                    + Arrays.toString(sequences.shape())
                    + (sequences.isEmpty() ? "; leave out empty mini-batches" : "; set the network's input type"));
        }
        int kernel = layer.getKernelSize()[0];
        int stride = layer.getStride()[0];
        int dilation = layer.getDilation()[0];
        int in = Math.toIntExact(sequences.size(channelsFirst ? 2 : 1));
        int out = Convolution1DUtils.getOutputSize(
                channelsFirst ? sequences : sequences.permute(0, 2, 1),
                kernel,
                stride,
                layer.getPadding()[0],
                layer.getConvolutionMode(),
                dilation);
        int left = left(layer, in, out);
        int channels = Math.toIntExact(sequences.size(channelsFirst ? 1 : 2));
        // an image of height 1 has longer lines, but lines cannot begin after the first column
        PoolingShape windows = shape(
                layer,
                left < 0
                        ? new ConvolutionShape(
                                channels, in, 1, channels, out, 1, kernel, 1, stride, 1, left, 0, dilation, 1)
                        : new ConvolutionShape(
                                channels, 1, in, channels, 1, out, 1, kernel, 1, stride, 0, left, 1, dilation));
        if (out < 1 || !windows.isDefined()) {
            throw new DL4JInvalidInputException(LayerSubject.of(layer)
                    + ": there must be windows, and a step in each, got padding " + left + " with kernel " + kernel
                    + " and dilation " + dilation + " over " + in
                    + " steps; keep the kernel within the sequence, and the padding below the size of the kernel");
        }
        return windows;
    }

    /** Returns the number of steps by which the first window begins before the sequence; negative if after. */
    private static int left(SubsamplingLayer layer, int in, int out) {
        int kernel = layer.getKernelSize()[0];
        int dilation = layer.getDilation()[0];
        if (layer.getConvolutionMode() == ConvolutionMode.Same) {
            return ConvolutionShapes.samePadding(in, out, kernel, layer.getStride()[0], dilation);
        }
        return layer.getConvolutionMode() == ConvolutionMode.Causal ? (kernel - 1) * dilation : layer.getPadding()[0];
    }
}
