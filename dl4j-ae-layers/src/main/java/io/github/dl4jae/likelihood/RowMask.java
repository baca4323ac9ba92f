package io.github.dl4jae.likelihood;

import io.github.dl4jae.internal.kernel.FloatRows;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;

/** The mask of a mini-batch, by rows: one weight per example, or one per label. */
final class RowMask {

    private final FloatRows weights;

    private RowMask(FloatRows weights) {
        this.weights = weights;
    }

    /** Returns the rows of a mask {@code [N, 1 or n]}, or null without one. */
    static @Nullable RowMask of(@Nullable INDArray mask) {
        if (mask == null) {
            return null;
        }
        INDArray floats = mask.castTo(DataType.FLOAT);
        return new RowMask(FloatRows.of(FloatRows.canView(floats) ? floats : floats.dup('c')));
    }

    /** Reads the weights of the labels of an example. */
    void read(int row, float[] to) {
        weights.read(row, to);
        if (weights.columns() == 1) {
            Arrays.fill(to, to[0]);
        }
    }

    /** Replaces values of weight 0 by 0, whatever they are. */
    static void clear(float[] values, float[] weights, int n) {
        for (int i = 0; i < n; i++) {
            values[i] = weights[i] == 0 ? 0 : values[i];
        }
    }

    /** Multiplies values by their weights. Those of weight 0 become 0, whatever they are. */
    static void weigh(float[] values, float[] weights, int n) {
        for (int i = 0; i < n; i++) {
            values[i] = weights[i] == 0 ? 0 : values[i] * weights[i];
        }
    }
}
