package io.github.dl4jae.likelihood;

import io.github.dl4jae.internal.kernel.FloatRows;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;

/** The mask of a mini-batch, by rows: one weight per example, or one per label and per output. */
final class RowMask {

    private final FloatRows labels;
    private final FloatRows outputs;

    private RowMask(FloatRows labels, FloatRows outputs) {
        this.labels = labels;
        this.outputs = outputs;
    }

    /** Returns the mask of labels {@code [N, 1 or n]} and of outputs {@code [N, 1 or m]}, or null without one. */
    static @Nullable RowMask of(@Nullable INDArray labels, @Nullable INDArray outputs) {
        return labels == null || outputs == null ? null : new RowMask(rows(labels), rows(outputs));
    }

    private static FloatRows rows(INDArray mask) {
        INDArray floats = mask.castTo(DataType.FLOAT);
        return FloatRows.of(FloatRows.canView(floats) ? floats : floats.dup('c'));
    }

    /** Reads the weights of the labels of an example. */
    void readLabels(int row, float[] to) {
        read(labels, row, to);
    }

    /** Reads the weights of the outputs of an example. */
    void readOutputs(int row, float[] to) {
        read(outputs, row, to);
    }

    private static void read(FloatRows from, int row, float[] to) {
        from.read(row, to);
        if (from.columns() == 1) {
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
