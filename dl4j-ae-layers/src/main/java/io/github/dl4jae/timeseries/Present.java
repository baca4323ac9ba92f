package io.github.dl4jae.timeseries;

import io.github.dl4jae.internal.kernel.DoubleRows;
import io.github.dl4jae.internal.layer.Require;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;
import org.nd4j.linalg.api.ndarray.INDArray;

/** A mask of rows or of their values. */
final class Present {

    /** 0 or 1 for each row, or for each value; null if all are present. */
    private final double @Nullable [] mask;

    private final int columns;

    private Present(double @Nullable [] mask, int columns) {
        this.mask = mask;
        this.columns = columns;
    }

    /** Reads a mask {@code [rows, 1]} or {@code [rows, features]}; null if all values are present. */
    static Present of(String subject, @Nullable INDArray mask, int rows, int features) {
        if (mask == null) {
            return new Present(null, 1);
        }
        boolean fits = mask.length() == rows || mask.length() == (long) rows * features;
        Require.that(
                fits && mask.size(0) == rows,
                subject,
                "the mask must have the shape [" + rows + ", 1] or [" + rows + ", " + features + "]",
                Arrays.toString(mask.shape()),
                "0 marks a step or a value that is missing");
        double[] values = DoubleRows.values(mask);
        Require.that(
                Arrays.stream(values).allMatch(value -> value == 0 || value == 1),
                subject,
                "the mask must have the values 0 and 1 only",
                "others",
                "weigh whole series instead");
        return new Present(values, values.length / rows);
    }

    boolean at(int row, int column) {
        return mask == null || mask[row * columns + (columns == 1 ? 0 : column)] == 1;
    }
}
