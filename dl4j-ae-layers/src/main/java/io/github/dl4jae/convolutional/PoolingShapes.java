package io.github.dl4jae.convolutional;

import io.github.dl4jae.internal.kernel.ConvolutionShape;
import io.github.dl4jae.internal.kernel.PoolingShape;
import io.github.dl4jae.internal.layer.LayerSubject;
import java.util.Arrays;
import org.deeplearning4j.exception.DL4JInvalidInputException;
import org.deeplearning4j.nn.conf.CNN2DFormat;
import org.deeplearning4j.nn.conf.ConvolutionMode;
import org.deeplearning4j.nn.conf.layers.SubsamplingLayer;
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
        PoolingShape windows = new PoolingShape(
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
                        layer.getDilation()[1]),
                layer.getPoolingType(),
                layer.getPnorm(),
                layer.isAvgPoolIncludePadInDivisor());
        if (!windows.isDefined()) {
            throw new DL4JInvalidInputException(LayerSubject.of(layer)
                    + ": every window must contain a pixel, got padding " + Arrays.toString(padding)
                    + " with kernel " + Arrays.toString(layer.getKernelSize()) + " and dilation "
                    + Arrays.toString(layer.getDilation()) + " over " + in[0] + "×" + in[1]
                    + " pixels; keep the padding below the size of the kernel");
        }
        return windows;
    }
}
