package io.github.dl4jae.anomaly;

import io.github.dl4jae.internal.layer.Require;
import java.util.Arrays;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;

/** The checked values of a series. */
final class SeriesValues {

    private SeriesValues() {}

    /**
     * Returns the values of a series.
     *
     * @param subject the class that was called
     * @param series {@code [features, T]}
     * @param least the least number of steps
     * @return {@code [features][T]}, a copy
     * @throws IllegalArgumentException if it is no matrix, too short, or not finite
     */
    static double[][] of(String subject, INDArray series, int least) {
        Require.given(subject, "series", series, "pass an array [features, T]");
        Require.that(
                series.rank() == 2 && !series.isEmpty(),
                subject,
                "series must be [features, T]",
                Arrays.toString(series.shape()),
                "");
        Require.that(
                series.size(1) >= least,
                subject,
                "series must have at least the " + least + " steps of a window",
                series.size(1) + " (of shape " + Arrays.toString(series.shape()) + ")",
                "transpose a table [T, features], or take shorter windows");
        double[][] x = series.castTo(DataType.DOUBLE).toDoubleMatrix();
        for (int c = 0; c < x.length; c++) {
            for (int t = 0; t < x[c].length; t++) {
                Require.that(
                        Double.isFinite(x[c][t]),
                        subject,
                        "series must be finite",
                        x[c][t] + " in channel " + c + " at step " + t,
                        "fill gaps, or cut the series there");
            }
        }
        return x;
    }
}
