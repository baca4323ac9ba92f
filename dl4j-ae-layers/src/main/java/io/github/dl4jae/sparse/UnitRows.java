package io.github.dl4jae.sparse;

import io.github.dl4jae.internal.kernel.ImageRows;
import io.github.dl4jae.internal.layer.UnitAxis;
import org.deeplearning4j.nn.conf.InputPreProcessor;
import org.deeplearning4j.nn.conf.RNNFormat;
import org.deeplearning4j.nn.conf.inputs.InputType;
import org.deeplearning4j.nn.conf.preprocessor.FeedForwardToRnnPreProcessor;
import org.deeplearning4j.nn.workspace.ArrayType;
import org.deeplearning4j.nn.workspace.LayerWorkspaceMgr;
import org.jspecify.annotations.Nullable;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.api.shape.Shape;

/**
 * Activations as a matrix {@code [positions, units]}, without a copy where they lie in memory that way, as those of
 * fast convolutions do.
 */
final class UnitRows {

    private UnitRows() {}

    /**
     * Returns activations as rows.
     *
     * @param activations of rank 2 to 4
     * @param axis of the units
     * @param type the kind of array that receives a copy, where one is needed
     * @param workspaces of the pass
     * @return {@code [positions, units]}, in 'c' order for rank 3 and 4; callers must not change it
     */
    static INDArray of(INDArray activations, UnitAxis axis, ArrayType type, LayerWorkspaceMgr workspaces) {
        if (activations.rank() == 4 && !activations.isEmpty()) {
            INDArray images = ImageRows.of(activations, axis == UnitAxis.FIRST, type, workspaces);
            long units = axis.units(activations);
            return images.reshape('c', activations.length() / units, units);
        }
        return axis.toMatrix(activations);
    }

    /**
     * Returns rows as activations, in the memory order of others.
     *
     * @param rows {@code [positions, units]} in 'c' order, an array of this type
     * @param axis of the units
     * @param like activations of the shape and order to return
     * @param type the kind of array to return
     * @param workspaces of the pass
     * @return a view of the rows, or a copy
     */
    static INDArray like(INDArray rows, UnitAxis axis, INDArray like, ArrayType type, LayerWorkspaceMgr workspaces) {
        INDArray activations = axis.fromMatrix(rows, like);
        boolean unitsLast = axis == UnitAxis.LAST || isUnitsLast(like);
        return like.rank() == 2 || unitsLast ? activations : workspaces.dup(type, activations, like.ordering());
    }

    private static boolean isUnitsLast(INDArray activations) {
        if (activations.rank() != 4) {
            return false;
        }
        INDArray last = activations.permute(0, 2, 3, 1);
        return last.ordering() == 'c' && Shape.hasDefaultStridesForShape(last);
    }

    /**
     * Returns a preprocessor that turns rows which are time steps back into sequences, for layers that choose among
     * time steps.
     *
     * @param type of the input
     * @return null if none is needed
     */
    static @Nullable InputPreProcessor wholeSequences(InputType type) {
        return type instanceof InputType.InputTypeFeedForward rows
                        && rows.getTimeDistributedFormat() instanceof RNNFormat format
                ? new FeedForwardToRnnPreProcessor(format)
                : null;
    }

    /**
     * Returns the number of positions of an input type.
     *
     * @param type of the input
     * @return 1 for features, 0 for sequences of unknown length
     */
    static long positions(InputType type) {
        if (type instanceof InputType.InputTypeRecurrent sequences) {
            return Math.max(sequences.getTimeSeriesLength(), 0);
        } else if (type instanceof InputType.InputTypeConvolutional images) {
            return images.getHeight() * images.getWidth();
        }
        return 1;
    }
}
