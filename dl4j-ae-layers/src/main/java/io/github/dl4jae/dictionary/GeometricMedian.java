package io.github.dl4jae.dictionary;

import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * The point with the smallest sum of distances to the rows of a sample, by Weiszfeld's iteration.
 *
 * <pre>
 * m ← Σ_i w_i x_i / Σ_i w_i        w_i = 1 / max(‖x_i − m‖, ε)
 * </pre>
 *
 * <p>A few examples of extreme norm move the mean, but not this point.
 */
final class GeometricMedian {

    private static final int ITERATIONS = 100;
    private static final double TOLERANCE = 1e-6;
    private static final double CLOSE = 1e-10;

    private GeometricMedian() {}

    /** Returns the median of rows, {@code [1, width]} in float64. */
    static INDArray of(INDArray rows) {
        INDArray x = rows.castTo(DataType.DOUBLE);
        INDArray median = x.mean(true, 0);
        for (int i = 0; i < ITERATIONS; i++) {
            INDArray weights = x.subRowVector(median).norm2(true, 1); // [N,1]
            for (long row = 0; row < weights.size(0); row++) {
                weights.putScalar(row, 0, 1 / Math.max(weights.getDouble(row, 0), CLOSE));
            }
            INDArray next = weights.transpose().mmul(x).divi(weights.sumNumber().doubleValue());
            double step = next.distance2(median);
            median = next;
            if (step <= TOLERANCE * Math.max(median.norm2Number().doubleValue(), CLOSE)) {
                break;
            }
        }
        return median;
    }
}
