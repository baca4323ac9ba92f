package io.github.dl4jae.internal.inference;

import java.util.Arrays;
import org.deeplearning4j.nn.conf.RNNFormat;
import org.deeplearning4j.nn.conf.layers.BaseRecurrentLayer;
import org.deeplearning4j.nn.conf.layers.Convolution1DLayer;
import org.deeplearning4j.nn.conf.layers.Layer;
import org.deeplearning4j.nn.conf.layers.recurrent.Bidirectional;
import org.deeplearning4j.nn.conf.layers.wrapper.BaseWrapperLayer;
import org.jspecify.annotations.Nullable;
import org.nd4j.linalg.api.ndarray.INDArray;

/** Masks of padded sequences, {@code [N, T]}: 1 for real time steps, 0 for padding. */
public final class SequenceMask {

    private SequenceMask() {}

    /**
     * Returns the time axis of a layer's input.
     *
     * @param layer a configuration; may be null
     * @return 2, or 1 for layers with the format NWC
     */
    public static int timeAxis(@Nullable Layer layer) {
        if (layer instanceof BaseWrapperLayer wrapper) {
            return timeAxis(wrapper.getUnderlying());
        } else if (layer instanceof Bidirectional bidirectional) {
            return timeAxis(bidirectional.getFwd());
        }
        RNNFormat format = RNNFormat.NCW;
        if (layer instanceof BaseRecurrentLayer recurrent) {
            format = recurrent.getRnnDataFormat();
        } else if (layer instanceof Convolution1DLayer convolution) {
            format = convolution.getRnnDataFormat();
        }
        return format == RNNFormat.NWC ? 1 : 2;
    }

    /**
     * Returns the time axis of sequences that belong to no layer.
     *
     * @param sequences {@code [N, …]}
     * @param mask {@code [N, time]}
     * @return 2, unless axis 1 alone has the mask's length
     */
    public static int timeAxis(INDArray sequences, INDArray mask) {
        boolean last = sequences.rank() != 3 || sequences.size(2) == mask.size(-1);
        return last || sequences.size(1) != mask.size(-1) ? 2 : 1;
    }

    /**
     * Refuses a mask that does not fit.
     *
     * @param subject who asks, for the message
     * @param sequences must be {@code [N, features, time]}, or {@code [N, time, features]} with time axis 1
     * @param mask must be {@code [N, time]}
     * @param timeAxis of the sequences
     * @throws IllegalArgumentException if a shape is another
     */
    public static void require(String subject, INDArray sequences, INDArray mask, int timeAxis) {
        boolean fits = sequences.rank() == 3
                && Arrays.equals(mask.shape(), new long[] {sequences.size(0), sequences.size(timeAxis)});
        if (!fits) {
            throw new IllegalArgumentException(
                    subject + ": a mask must have a row per sequence and a column per time step, got shape "
                            + Arrays.toString(mask.shape()) + " for examples of shape "
                            + Arrays.toString(sequences.shape())
                            + "; masks are for sequences [N, features, time] that are padded to one length");
        }
    }

    /**
     * Returns the mask of each value.
     *
     * @param subject who asks, for the message
     * @param values {@code [N, …]}
     * @param mask of the same shape, where axes after the first can have length 1; or {@code [N, 1]}; or
     *     {@code [N, time]} of sequences
     * @return an array of the shape of the values
     * @throws IllegalArgumentException if the shape of the mask is another
     */
    public static INDArray ofValues(String subject, INDArray values, INDArray mask) {
        long[] shape = values.shape();
        if (mask.rank() == 2 && values.rank() > 2 && mask.size(0) == shape[0]) {
            if (mask.size(1) == 1) {
                mask = mask.reshape(withOnes(shape.length, shape[0]));
            } else if (values.rank() == 3) {
                mask = timeAxis(values, mask) == 2
                        ? mask.reshape(mask.size(0), 1, mask.size(1))
                        : mask.reshape(mask.size(0), mask.size(1), 1);
            }
        }
        boolean fits = mask.rank() == shape.length && mask.size(0) == shape[0];
        for (int axis = 1; fits && axis < shape.length; axis++) {
            fits = mask.size(axis) == shape[axis] || mask.size(axis) == 1;
        }
        if (!fits) {
            throw new IllegalArgumentException(subject + ": a mask must have the shape " + Arrays.toString(shape)
                    + " of the targets, a column per time step, or one column, got "
                    + Arrays.toString(mask.shape()) + "; it is 1 for values that count and 0 for others");
        }
        return mask.broadcast(shape);
    }

    private static long[] withOnes(int rank, long first) {
        long[] shape = new long[rank];
        Arrays.fill(shape, 1);
        shape[0] = first;
        return shape;
    }

    /**
     * Returns a copy with zeros in the padding, also where it held NaN.
     *
     * @param sequences of rank 3
     * @param mask {@code [N, time]}
     * @param timeAxis of the sequences
     * @return an array of the same shape
     */
    public static INDArray withoutPadding(INDArray sequences, INDArray mask, int timeAxis) {
        INDArray copy = sequences.dup('c');
        INDArray steps = timeAxis == 2 ? copy.permute(0, 2, 1) : copy; // [N,T,n], a view
        for (long example = 0; example < steps.size(0); example++) {
            for (long step = 0; step < steps.size(1); step++) {
                if (mask.getDouble(example, step) == 0) {
                    steps.slice(example).slice(step).assign(0);
                }
            }
        }
        return copy;
    }
}
