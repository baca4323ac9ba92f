package io.github.dl4jae.timeseries;

import io.github.dl4jae.internal.inference.Batches;
import io.github.dl4jae.internal.kernel.DoubleRows;
import io.github.dl4jae.internal.layer.Require;
import java.util.Arrays;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/**
 * Fills gaps by linear interpolation between the nearest values of the same feature, so that an encoder can read the
 * series. Before the first and after the last value that value is repeated. A feature without any has the middle of its
 * training range.
 */
final class GapFiller {

    private final String subject;
    private final SeriesScaler scaler;

    GapFiller(String subject, SeriesScaler scaler) {
        this.subject = subject;
        this.scaler = scaler;
    }

    /** Returns a copy of the series {@code [N, F, T]} without gaps. */
    INDArray fill(INDArray series, INDArray present) {
        Batches.requireRows(subject, "series", series);
        Require.given(subject, "present", present, "1 marks values that are present");
        boolean fits = series.rank() == 3 && series.size(1) == scaler.features();
        Require.that(
                fits && Arrays.equals(series.shape(), present.shape()),
                subject,
                "series and mask must have one shape, [N, " + scaler.features() + ", time]",
                Arrays.toString(series.shape()) + " and " + Arrays.toString(present.shape()),
                "");
        int steps = Math.toIntExact(series.size(2));
        double[] values = DoubleRows.values(series);
        int rows = values.length / steps;
        INDArray mask = present.dup('c').reshape('c', rows, steps);
        Present known = Present.of(subject, mask, rows, steps);
        double[] minimum = scaler.minimum();
        double[] range = scaler.range();
        for (int row = 0; row < rows; row++) {
            int feature = row % minimum.length;
            fill(values, row, steps, known, minimum[feature] + range[feature] / 2);
        }
        return Nd4j.createFromArray(values).reshape(series.shape());
    }

    private void fill(double[] values, int row, int steps, Present known, double middle) {
        int offset = row * steps;
        int before = -1;
        for (int t = 0; t < steps; t++) {
            if (known.at(row, t)) {
                Require.finite(subject, "a value that is present", values[offset + t], "mark it as missing");
                interpolate(values, offset, before, t);
                before = t;
            }
        }
        for (int t = before + 1; t < steps; t++) {
            values[offset + t] = before < 0 ? middle : values[offset + before];
        }
    }

    /** Fills the steps between two that are known; the first can be −1, for none. */
    private static void interpolate(double[] values, int offset, int from, int to) {
        double last = values[offset + to];
        double first = from < 0 ? last : values[offset + from];
        for (int t = from + 1; t < to; t++) {
            values[offset + t] = first + (last - first) * (t - from) / (to - from);
        }
    }
}
