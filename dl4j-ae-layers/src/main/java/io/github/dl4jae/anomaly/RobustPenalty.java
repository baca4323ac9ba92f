package io.github.dl4jae.anomaly;

import io.github.dl4jae.internal.layer.Require;
import java.util.Arrays;
import java.util.function.DoubleUnaryOperator;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/**
 * A penalty that makes the outliers of a {@link RobustAutoencoder} sparse: single values, rows or columns.
 *
 * <pre>
 * VALUES    ‖S‖₁     = Σ_ij |S_ij|
 * ROWS      ‖Sᵀ‖₂,₁  = Σ_i √(Σ_j S_ij²)
 * COLUMNS   ‖S‖₂,₁   = Σ_j √(Σ_i S_ij²)
 * </pre>
 */
public enum RobustPenalty {
    /** Single values, such as wrong entries and noisy pixels; the ℓ1 norm. */
    VALUES {
        @Override
        INDArray shrunk(INDArray r, double lambda) {
            float[] values = r.data().asFloat();
            for (int i = 0; i < values.length; i++) {
                double v = values[i];
                values[i] = (float) (Math.signum(v) * Math.max(0, Math.abs(v) - lambda));
            }
            return Nd4j.create(values, r.shape(), 'c');
        }
    },
    /** Whole examples, the anomalies; the ℓ2,1 norm of the transpose. */
    ROWS {
        @Override
        INDArray shrunk(INDArray r, double lambda) {
            return r.mulColumnVector(factors(r, 1, lambda));
        }
    },
    /** Whole features, such as defective sensors; the ℓ2,1 norm. */
    COLUMNS {
        @Override
        INDArray shrunk(INDArray r, double lambda) {
            return r.mulRowVector(factors(r, 0, lambda));
        }
    };

    abstract INDArray shrunk(INDArray r, double lambda);

    /**
     * Applies the proximal operator of the penalty.
     *
     * <pre>
     * prox(R) = argmin_S ½‖R − S‖² + λ·penalty(S)
     * VALUES          S_ij = sign(R_ij)·max(0, |R_ij| − λ)
     * ROWS, COLUMNS   S_g = R_g·max(0, 1 − λ/‖R_g‖₂)            for each row or column g
     * </pre>
     *
     * @param residuals R, {@code [N, d]}; not changed
     * @param lambda λ, at least 0, in the unit of the residuals
     * @return S, float32 {@code [N, d]}, a new array
     * @throws IllegalArgumentException if the residuals are not a matrix, or λ is negative or not finite
     */
    public INDArray shrink(INDArray residuals, double lambda) {
        Require.given("RobustPenalty", "residuals", residuals, "");
        Require.that(
                residuals.rank() == 2,
                "RobustPenalty",
                "residuals must be a matrix [N, d]",
                Arrays.toString(residuals.shape()),
                "");
        Require.nonNegative("RobustPenalty", "lambda", lambda, "");
        return shrunk(residuals.castTo(DataType.FLOAT).dup('c'), lambda);
    }

    private static INDArray factors(INDArray r, int axis, double lambda) {
        DoubleUnaryOperator factor = norm -> norm > lambda ? 1 - lambda / norm : 0;
        double[] norms = r.castTo(DataType.DOUBLE).norm2(axis).toDoubleVector();
        return Nd4j.createFromArray(Arrays.stream(norms).map(factor).toArray()).castTo(r.dataType());
    }
}
