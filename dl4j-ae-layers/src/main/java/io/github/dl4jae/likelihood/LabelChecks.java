package io.github.dl4jae.likelihood;

import io.github.dl4jae.internal.kernel.FloatFunctions;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;

/** Checks of labels that several likelihoods share. */
final class LabelChecks {

    /** Tolerance for rounding in a conversion of bytes or a resampling. */
    static final double SLACK = 1e-3;

    private LabelChecks() {}

    static void requireFinite(String loss, INDArray labels) {
        double sum = labels.castTo(DataType.DOUBLE).sumNumber().doubleValue();
        if (Double.isNaN(sum) || Double.isInfinite(sum)) {
            throw new IllegalArgumentException(loss + ": labels must be finite, got a sum of " + sum
                    + "; check the data for missing values and divisions by 0");
        }
    }

    /** Returns whether a row has neither NaN nor infinity; {@code scratch} is overwritten. */
    static boolean areFinite(float[] x, float[] scratch, int n) {
        System.arraycopy(x, 0, scratch, 0, n);
        return Float.isFinite(FloatFunctions.sum(scratch, n));
    }

    /** Requires labels in a range, up to a tolerance; the upper bound may be infinite. */
    static void requireRange(String loss, INDArray labels, double least, double largest, double slack, String remedy) {
        double min = labels.minNumber().doubleValue();
        double max = labels.maxNumber().doubleValue();
        boolean nan = Double.isNaN(labels.sumNumber().doubleValue());
        if (nan || !(min >= least - slack && max <= largest + slack)) {
            throw new IllegalArgumentException(loss + ": labels must be "
                    + (largest == Double.POSITIVE_INFINITY
                            ? "at least " + format(least)
                            : "in [" + format(least) + ", " + format(largest) + "]")
                    + ", got " + (nan ? "NaN among them" : "values from " + min + " to " + max) + "; " + remedy);
        }
    }

    private static String format(double bound) {
        return bound == Math.rint(bound) ? Long.toString((long) bound) : Double.toString(bound);
    }
}
