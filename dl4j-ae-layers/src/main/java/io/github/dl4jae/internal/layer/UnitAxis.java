package io.github.dl4jae.internal.layer;

import org.deeplearning4j.nn.conf.CNN2DFormat;
import org.deeplearning4j.nn.conf.DataFormat;
import org.deeplearning4j.nn.conf.RNNFormat;
import org.deeplearning4j.nn.conf.inputs.InputType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/**
 * The axis of the units in an activation array, and conversions to the matrix {@code [positions, units]} and back.
 *
 * <pre>
 * FIRST   [B, n]   [B, n, T]   [B, n, H, W]      Deeplearning4j's defaults
 * LAST    [B, n]   [B, T, n]   [B, H, W, n]      its NWC and NHWC formats
 * </pre>
 *
 * Positions count row by row: example, then time step or pixel.
 */
public enum UnitAxis {
    /** Units on axis 1. */
    FIRST(1),
    /** Units on the last axis. */
    LAST(-1);

    private final int number;

    UnitAxis(int number) {
        this.number = number;
    }

    /**
     * Returns the number under which configurations store the axis.
     *
     * @return 1, or −1 for the last axis
     */
    public int number() {
        return number;
    }

    /**
     * Returns the axis with a number.
     *
     * @param number 1 or −1
     * @return the axis; axis 1 for 0, which a configuration without the property gives
     */
    public static UnitAxis of(int number) {
        return number == LAST.number ? LAST : FIRST;
    }

    /**
     * Returns the axis that an input type declares.
     *
     * @param type any
     * @return the last axis for NWC and NHWC, else axis 1
     */
    public static UnitAxis of(InputType type) {
        DataFormat format = null;
        if (type instanceof InputType.InputTypeRecurrent recurrent) {
            format = recurrent.getFormat();
        } else if (type instanceof InputType.InputTypeConvolutional convolutional) {
            format = convolutional.getFormat();
        }
        return format == RNNFormat.NWC || format == CNN2DFormat.NHWC ? LAST : FIRST;
    }

    /**
     * Returns the number of units of an input type: its features, or its channels.
     *
     * @param layer the subject of the message
     * @param type of the input
     * @return at least 1
     */
    public static long units(String layer, InputType type) {
        if (type instanceof InputType.InputTypeFeedForward feedForward) {
            return feedForward.getSize();
        } else if (type instanceof InputType.InputTypeRecurrent recurrent) {
            return recurrent.getSize();
        } else if (type instanceof InputType.InputTypeConvolutional convolutional) {
            return convolutional.getChannels();
        } else if (type instanceof InputType.InputTypeConvolutionalFlat flat) {
            return flat.getFlattenedSize();
        }
        throw new IllegalArgumentException(
                layer + ": the input must be features, a sequence or images (rank 2 to 4), got " + type
                        + "; add the layer after one with such an output");
    }

    /**
     * Reshapes an array to {@code [positions, units]}.
     *
     * @param array activations of rank 2 to 4
     * @return a view where the memory layout allows it, so callers must not change it
     */
    public INDArray toMatrix(INDArray array) {
        INDArray unitsLast = unitsLast(array);
        return unitsLast.rank() == 2
                ? unitsLast
                : unitsLast.dup('c').reshape('c', array.length() / units(array), units(array));
    }

    /**
     * Reshapes a matrix {@code [positions, units]} to the shape of an array: the inverse of {@link #toMatrix}.
     *
     * @param matrix with a row for each position of the array, and any number of units
     * @param like an array of the wanted shape, up to the number of units; for rank 2 the result is the matrix itself
     * @return a view on the matrix
     */
    public INDArray fromMatrix(INDArray matrix, INDArray like) {
        if (like.rank() == 2) {
            return matrix;
        }
        long[] shape = unitsLast(like).shape().clone();
        shape[shape.length - 1] = matrix.size(1);
        INDArray unitsLast = matrix.reshape('c', shape);
        if (this == LAST) {
            return unitsLast;
        }
        return like.rank() == 3 ? unitsLast.permute(0, 2, 1) : unitsLast.permute(0, 3, 1, 2);
    }

    /**
     * Returns the number of units of an array.
     *
     * @param array activations
     * @return the length of the axis
     */
    public long units(INDArray array) {
        return array.size(this == LAST ? array.rank() - 1 : 1);
    }

    /**
     * Reshapes a mask to {@code [positions, 1]}, in the order of the rows of {@link #toMatrix}. The mask is per row for
     * rank 2, per time step, or for images per example, row, column or pixel.
     *
     * @param mask of the array
     * @param array activations
     * @return {@code [positions, 1]}
     */
    public INDArray positionMask(INDArray mask, INDArray array) {
        long batch = array.size(0);
        INDArray perPosition = mask;
        if (array.rank() == 3) {
            perPosition = spread(mask, batch, array.length() / batch / units(array)); // [B,T]
        } else if (array.rank() == 4) {
            int heightAxis = this == LAST ? 1 : 2;
            long rows = mask.rank() == 4 ? mask.length() / batch / mask.size(3) : 1;
            long columns = mask.rank() == 4 ? mask.size(3) : 1;
            perPosition = spread(
                    mask.reshape(batch, rows, columns),
                    batch,
                    array.size(heightAxis),
                    array.size(heightAxis + 1)); // [B,H,W]
        }
        return perPosition.dup('c').reshape('c', perPosition.length(), 1);
    }

    private static INDArray spread(INDArray mask, long... shape) {
        return Nd4j.createUninitialized(mask.dataType(), shape).assign(mask.broadcast(shape));
    }

    private INDArray unitsLast(INDArray array) {
        if (array.rank() < 2 || array.rank() > 4) {
            throw new IllegalArgumentException(
                    "activations must have rank 2, 3 or 4 ([batch, units], [batch, units, time]"
                            + " or [batch, channels, height, width]), got " + array.shapeInfoToString());
        }
        if (array.rank() == 2 || this == LAST) {
            return array;
        }
        return array.rank() == 3 ? array.permute(0, 2, 1) : array.permute(0, 2, 3, 1);
    }
}
