package io.github.dl4jae.quantized;

import io.github.dl4jae.internal.kernel.DoubleRows;
import io.github.dl4jae.internal.layer.Require;
import io.github.dl4jae.internal.layer.UnitAxis;
import io.github.dl4jae.penalty.ExampleCountPreProcessor;
import java.util.Arrays;
import java.util.stream.IntStream;
import org.deeplearning4j.exception.DL4JInvalidInputException;
import org.deeplearning4j.nn.conf.RNNFormat;
import org.deeplearning4j.nn.conf.inputs.InputType;
import org.deeplearning4j.nn.conf.preprocessor.FeedForwardToRnnPreProcessor;
import org.deeplearning4j.nn.workspace.ArrayType;
import org.deeplearning4j.nn.workspace.LayerWorkspaceMgr;
import org.jspecify.annotations.Nullable;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;

/** The positions of an input that its mask keeps, as rows of float64: examples, time steps or pixels. */
final class PositionRows {

    private final UnitAxis axis;
    private final INDArray input;
    /** The indices of the positions that are not masked; null without a mask. */
    private final int @Nullable [] present;

    /**
     * Reads the positions of an input.
     *
     * @param axis of the features
     * @param input of rank 2 to 4
     * @param mask of its positions, or null
     */
    PositionRows(UnitAxis axis, INDArray input, @Nullable INDArray mask) {
        this.axis = axis;
        this.input = input;
        this.present = mask == null ? null : present(DoubleRows.values(axis.positionMask(mask, input)));
    }

    private static int[] present(double[] mask) {
        return IntStream.range(0, mask.length).filter(i -> mask[i] != 0).toArray();
    }

    /** Keeps sequences as they are, and turns rows that are time steps back into sequences. */
    static ExampleCountPreProcessor preProcessor(InputType type) {
        return new ExampleCountPreProcessor(
                type instanceof InputType.InputTypeFeedForward rows
                                && rows.getTimeDistributedFormat() instanceof RNNFormat format
                        ? new FeedForwardToRnnPreProcessor(format)
                        : null);
    }

    /**
     * Returns the features per position of an input.
     *
     * @param subject of the error
     * @param type of the input
     * @param set the number that the builder was given, or 0
     * @param override whether another number than that is right
     */
    static long features(String subject, InputType type, long set, boolean override) {
        long features = UnitAxis.units(subject, type);
        Require.that(
                set <= 0 || override || set == features,
                subject,
                "nIn must be " + features + ", the features per position of its input",
                set,
                "leave nIn out, it comes from the input type");
        return features;
    }

    /** Refuses an input without vectors of a width. */
    static void require(String subject, UnitAxis axis, INDArray input, long width) {
        boolean fits = input.rank() >= 2 && input.rank() <= 4 && !input.isEmpty() && axis.units(input) == width;
        if (!fits) {
            throw new DL4JInvalidInputException(subject + ": the input must be [batch, " + width
                    + "], a sequence or images with as many features per position, got "
                    + Arrays.toString(input.shape())
                    + (input.isEmpty()
                            ? "; leave out empty mini-batches"
                            : "; set the network's input type, and the width of the layer below"));
        }
    }

    /** Returns the values of an array of the input's shape at these positions, {@code [N·width]}. */
    double[] of(INDArray array) {
        double[] all = DoubleRows.values(axis.toMatrix(array));
        if (present == null) {
            return all;
        }
        int width = (int) axis.units(array);
        double[] kept = new double[present.length * width];
        for (int i = 0; i < present.length; i++) {
            System.arraycopy(all, present[i] * width, kept, i * width, width);
        }
        return kept;
    }

    /** Returns rows in the shape of the input, with 0 at masked positions. */
    INDArray array(double[] rows, DataType dataType, ArrayType type, LayerWorkspaceMgr workspaces) {
        int width = (int) axis.units(input);
        double[] all = rows;
        if (present != null) {
            all = new double[(int) input.length()];
            for (int i = 0; i < present.length; i++) {
                System.arraycopy(rows, i * width, all, present[i] * width, width);
            }
        }
        INDArray matrix = DoubleRows.matrix(all, width, dataType, type, workspaces);
        return input.rank() == 2 ? matrix : workspaces.dup(type, axis.fromMatrix(matrix, input), input.ordering());
    }
}
