package io.github.dl4jae.timeseries;

import io.github.dl4jae.internal.inference.Batches;
import io.github.dl4jae.internal.kernel.FiniteArrays;
import io.github.dl4jae.internal.layer.Require;
import java.util.Arrays;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/**
 * The scale of each feature: the smallest and the largest value of the training data become 0 and 1.
 *
 * <pre>
 * scale(x)[f, t] = (x[f, t] − min_f)/(max_f − min_f)          1 in place of a range of 0
 * </pre>
 *
 * <p>Values outside the training range are scaled alike, and leave the interval. Instances are immutable.
 */
public final class SeriesScaler {

    private static final String SUBJECT = "SeriesScaler";

    private final double[] minimum;
    private final double[] range;

    private SeriesScaler(double[] minimum, double[] range) {
        this.minimum = minimum;
        this.range = range;
    }

    /**
     * Finds the scale of series.
     *
     * @param series {@code [N, features, time]}
     * @return the scale
     * @throws IllegalArgumentException if the array has another rank, no series, or values that are not finite
     */
    public static SeriesScaler fit(INDArray series) {
        requireSeries(SUBJECT, series);
        double[] minimum = series.min(0, 2).toDoubleVector();
        double[] maximum = series.max(0, 2).toDoubleVector();
        return of(minimum, maximum);
    }

    /**
     * Creates a scale from known limits.
     *
     * @param minimum of each feature, which becomes 0
     * @param maximum of each feature, which becomes 1
     * @return the scale
     * @throws IllegalArgumentException if a limit is not finite, or a maximum is below its minimum
     */
    public static SeriesScaler of(double[] minimum, double[] maximum) {
        Require.given(SUBJECT, "minimum", minimum, "");
        Require.given(SUBJECT, "maximum", maximum, "");
        Require.that(
                minimum.length == maximum.length && minimum.length > 0,
                SUBJECT,
                "minimum and maximum must have a value for each feature",
                minimum.length + " and " + maximum.length,
                "");
        double[] range = new double[minimum.length];
        for (int f = 0; f < range.length; f++) {
            double width = maximum[f] - minimum[f];
            Require.that(
                    Double.isFinite(width) && width >= 0,
                    SUBJECT,
                    "the limits of feature " + f + " must be finite, the maximum not below the minimum",
                    minimum[f] + " and " + maximum[f],
                    "");
            range[f] = width == 0 ? 1 : width;
        }
        return new SeriesScaler(minimum.clone(), range);
    }

    /**
     * Creates the scale that changes nothing, for series that are scaled already.
     *
     * @param features their number, at least 1
     * @return the scale
     * @throws IllegalArgumentException if it is below 1
     */
    public static SeriesScaler none(int features) {
        double[] ones = new double[Require.atLeast(1, SUBJECT, "features", features, "")];
        Arrays.fill(ones, 1);
        return new SeriesScaler(new double[features], ones);
    }

    static void requireSeries(String subject, INDArray series) {
        Batches.requireRows(subject, "series", series);
        Require.that(
                series.rank() == 3,
                subject,
                "series must have the shape [N, features, time]",
                Arrays.toString(series.shape()),
                "permute(0, 2, 1) turns [N, time, features] into it");
        Require.that(
                FiniteArrays.isFinite(series),
                subject,
                "series must be finite",
                "NaN or infinity",
                "leave out series with missing values, or fill them");
    }

    private void requireFeatures(INDArray series) {
        requireSeries(SUBJECT, series);
        Require.that(
                series.size(1) == features(),
                SUBJECT,
                "series must have " + features() + " features",
                series.size(1),
                "");
    }

    /**
     * Returns the number of features.
     *
     * @return F
     */
    public int features() {
        return minimum.length;
    }

    /**
     * Returns the values that become 0.
     *
     * @return one per feature, a new array
     */
    public double[] minimum() {
        return minimum.clone();
    }

    /**
     * Returns the differences that become 1.
     *
     * @return one per feature, a new array
     */
    public double[] range() {
        return range.clone();
    }

    /**
     * Scales series.
     *
     * @param series {@code [N, features, time]}
     * @return scaled series in float64, a new array
     * @throws IllegalArgumentException if the shape does not fit, or a value is not finite
     */
    public INDArray scale(INDArray series) {
        requireFeatures(series);
        return series.castTo(DataType.DOUBLE).sub(column(minimum)).divi(column(range));
    }

    /**
     * Returns scaled series to the unit of the data.
     *
     * @param series {@code [N, features, time]}
     * @return series in float64, a new array
     * @throws IllegalArgumentException if the shape does not fit, or a value is not finite
     */
    public INDArray unscale(INDArray series) {
        requireFeatures(series);
        return unscaleDifference(series).addi(column(minimum));
    }

    /** Returns the difference of two scaled series to the unit of the data. */
    INDArray unscaleDifference(INDArray difference) {
        return difference.castTo(DataType.DOUBLE).mul(column(range));
    }

    private static INDArray column(double[] perFeature) {
        return Nd4j.createFromArray(perFeature).reshape(1, perFeature.length, 1);
    }

    @Override
    public String toString() {
        return "SeriesScaler(minimum " + Arrays.toString(minimum) + ", range " + Arrays.toString(range) + ")";
    }
}
