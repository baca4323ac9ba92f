package io.github.dl4jae.convolutional;

import io.github.dl4jae.internal.kernel.ConvolutionShape;
import io.github.dl4jae.internal.layer.LayerSubject;
import java.util.Arrays;
import org.deeplearning4j.exception.DL4JInvalidInputException;
import org.deeplearning4j.nn.conf.ConvolutionMode;
import org.deeplearning4j.nn.conf.RNNFormat;
import org.deeplearning4j.nn.conf.layers.Convolution1DLayer;
import org.deeplearning4j.util.Convolution1DUtils;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/** The sizes of a convolution of sequences, from a layer's configuration and its input. */
final class SequenceShapes {

    private SequenceShapes() {}

    /** Returns the sizes of a convolution of these sequences, as images of width 1. */
    static ConvolutionShape of(Convolution1DLayer layer, INDArray sequences) {
        int in = steps(layer, sequences);
        int out = Convolution1DUtils.getOutputSize(
                layer.getRnnDataFormat() == RNNFormat.NCW ? sequences : sequences.permute(0, 2, 1),
                kernel(layer),
                stride(layer),
                layer.getPadding()[0],
                layer.getConvolutionMode(),
                dilation(layer));
        int top = layer.getConvolutionMode() == ConvolutionMode.Causal
                ? (kernel(layer) - 1) * dilation(layer)
                : padding(layer, in, out);
        return shape(layer, layer.getNIn(), in, layer.getNOut(), out, top);
    }

    /** Returns the sizes of the convolution whose transpose takes these sequences as input. */
    static ConvolutionShape transposed(Convolution1DLayer layer, INDArray sequences) {
        int in = steps(layer, sequences);
        long out = transposedSteps(layer, in);
        if (out < 1) {
            throw new DL4JInvalidInputException(LayerSubject.of(layer)
                    + ": the output must have at least one step, got " + out + " for an input of " + in
                    + " steps; choose a smaller padding");
        }
        return shape(
                layer, layer.getNOut(), Math.toIntExact(out), layer.getNIn(), in, transposedTop(layer, (int) out, in));
    }

    /** Returns the number of output steps of a transposed convolution. */
    static long transposedSteps(Convolution1DLayer layer, long steps) {
        return switch (layer.getConvolutionMode()) {
            case Same, Causal -> steps * stride(layer);
            case Strict, Truncate -> (steps - 1) * stride(layer) + reach(layer) - 2L * layer.getPadding()[0];
        };
    }

    private static int transposedTop(Convolution1DLayer layer, int out, int in) {
        return layer.getConvolutionMode() == ConvolutionMode.Causal ? 0 : padding(layer, out, in);
    }

    /**
     * Returns the mask of a transposed convolution's output: a step is active if a patch of an active step covers it.
     * Between patches, where the stride exceeds them, the preceding patch decides.
     *
     * @param mask {@code [N, T]}
     */
    static INDArray transposedMask(Convolution1DLayer layer, INDArray mask) {
        int in = (int) mask.size(1);
        int out = Math.toIntExact(transposedSteps(layer, in));
        int top = transposedTop(layer, out, in);
        double[][] given = mask.castTo(DataType.DOUBLE).toDoubleMatrix();
        double[][] result = new double[given.length][out];
        for (int t = 0; t < out; t++) {
            int last = Math.min(in - 1, Math.max(0, Math.floorDiv(t + top, stride(layer))));
            int first = Math.max(0, Math.min(last, -Math.floorDiv(reach(layer) - 1 - t - top, stride(layer))));
            for (int n = 0; n < given.length; n++) {
                result[n][t] = Arrays.stream(given[n], first, last + 1).max().orElse(0);
            }
        }
        return Nd4j.createFromArray(result).castTo(mask.dataType());
    }

    private static int padding(Convolution1DLayer layer, int in, int out) {
        return layer.getConvolutionMode() == ConvolutionMode.Same
                ? ConvolutionShapes.samePadding(in, out, kernel(layer), stride(layer), dilation(layer))
                : layer.getPadding()[0];
    }

    private static ConvolutionShape shape(
            Convolution1DLayer layer, long channels, int in, long filters, int out, int top) {
        return new ConvolutionShape(
                Math.toIntExact(channels),
                in,
                1,
                Math.toIntExact(filters),
                out,
                1,
                kernel(layer),
                1,
                stride(layer),
                1,
                top,
                0,
                dilation(layer),
                1);
    }

    private static int steps(Convolution1DLayer layer, INDArray sequences) {
        boolean channelsFirst = layer.getRnnDataFormat() == RNNFormat.NCW;
        boolean fits = sequences.rank() == 3 && sequences.size(channelsFirst ? 1 : 2) == layer.getNIn();
        if (!fits || sequences.isEmpty()) {
            throw new DL4JInvalidInputException(LayerSubject.of(layer) + ": the input must have the shape "
                    + (channelsFirst
                            ? "[batch, " + layer.getNIn() + ", time]"
                            : "[batch, time, " + layer.getNIn() + "]")
                    + ", got " + Arrays.toString(sequences.shape())
                    + (fits
                            ? "; leave out empty mini-batches"
                            : "; set the network's input type, and nIn to the channels of the layer below"));
        }
        return Math.toIntExact(sequences.size(channelsFirst ? 2 : 1));
    }

    private static int kernel(Convolution1DLayer layer) {
        return layer.getKernelSize()[0];
    }

    private static int stride(Convolution1DLayer layer) {
        return layer.getStride()[0];
    }

    private static int dilation(Convolution1DLayer layer) {
        return layer.getDilation()[0];
    }

    /** Returns the number of steps from the first to the last value of a patch. */
    private static int reach(Convolution1DLayer layer) {
        return (kernel(layer) - 1) * dilation(layer) + 1;
    }
}
