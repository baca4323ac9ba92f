package io.github.dl4jae.anomaly;

import io.github.dl4jae.internal.layer.Require;
import java.util.Arrays;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.indexing.NDArrayIndex;

/**
 * A series split in time: training, validation, calibration and test, in this order.
 *
 * <pre>
 * [0, a) train   [a, b) validation   [b, c) calibration   [c, T) test
 * </pre>
 *
 * <p>The network is fitted to the first part, early stopping uses the second, scales and thresholds the third. Windows
 * are made of one part at a time, so none has steps of two parts. A random split of windows would put almost the same
 * window into training and test.
 *
 * @param train {@code [features, a]}, a copy
 * @param validation {@code [features, b − a]}, a copy
 * @param calibration {@code [features, c − b]}, a copy
 * @param test {@code [features, T − c]}, a copy
 */
public record SeriesSplit(INDArray train, INDArray validation, INDArray calibration, INDArray test) {

    /**
     * Splits a series.
     *
     * @param series {@code [features, T]}
     * @param train the share of the training part, in (0, 1)
     * @param validation the share of the validation part, in (0, 1)
     * @param calibration the share of the calibration part, in (0, 1)
     * @return the parts; the test part has the rest
     * @throws IllegalArgumentException if the series is no matrix, a share is out of range, or a part is empty
     */
    public static SeriesSplit of(INDArray series, double train, double validation, double calibration) {
        Require.given("SeriesSplit", "series", series, "pass an array [features, T]");
        Require.that(
                series.rank() == 2 && !series.isEmpty(),
                "SeriesSplit",
                "series must be [features, T]",
                Arrays.toString(series.shape()),
                "");
        Require.that(
                train > 0 && validation > 0 && calibration > 0 && train + validation + calibration < 1,
                "SeriesSplit",
                "shares must be above 0 and leave a rest for the test part",
                train + ", " + validation + " and " + calibration,
                "such as 0.5, 0.1 and 0.1");
        long steps = series.size(1);
        long a = Math.round(train * steps);
        long b = Math.round((train + validation) * steps);
        long c = Math.round((train + validation + calibration) * steps);
        Require.that(
                0 < a && a < b && b < c && c < steps,
                "SeriesSplit",
                "each part must have a step",
                a + ", " + (b - a) + ", " + (c - b) + " and " + (steps - c),
                "pass a longer series");
        return new SeriesSplit(part(series, 0, a), part(series, a, b), part(series, b, c), part(series, c, steps));
    }

    private static INDArray part(INDArray series, long from, long to) {
        return series.get(NDArrayIndex.all(), NDArrayIndex.interval(from, to)).dup('c');
    }

    /**
     * Returns the first step of the test part in the whole series.
     *
     * @return c
     */
    public int testFrom() {
        return Math.toIntExact(train.size(1) + validation.size(1) + calibration.size(1));
    }
}
