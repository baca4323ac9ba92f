package io.github.dl4jae.likelihood;

import io.github.dl4jae.internal.kernel.FloatFunctions;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;

/** What several likelihoods ask of labels. */
final class LabelChecks {

    private LabelChecks() {}

    static void requireFinite(String loss, INDArray labels) {
        double sum = labels.castTo(DataType.DOUBLE).sumNumber().doubleValue();
        if (Double.isNaN(sum) || Double.isInfinite(sum)) {
            throw new IllegalArgumentException(loss + ": labels must be finite, got a sum of " + sum
                    + "; look for missing values and divisions by 0 in the data");
        }
    }

    /** Whether a row has neither NaN nor infinity; {@code scratch} is overwritten. */
    static boolean areFinite(float[] x, float[] scratch, int n) {
        System.arraycopy(x, 0, scratch, 0, n);
        return Float.isFinite(FloatFunctions.sum(scratch, n));
    }

    /** How far the values of a row lie outside [0, 1], together; NaN if one is NaN. */
    static float outsideUnitInterval(float[] x, float[] scratch, int n) {
        for (int i = 0; i < n; i++) {
            scratch[i] = Math.max(Math.max(x[i] - 1f, -x[i]), 0f);
        }
        return FloatFunctions.sum(scratch, n);
    }

    /** Within rounding: that of a conversion of bytes or a resampling stays below {@code slack}. */
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
