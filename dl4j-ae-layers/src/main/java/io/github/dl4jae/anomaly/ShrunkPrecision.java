package io.github.dl4jae.anomaly;

import io.github.dl4jae.internal.layer.Require;
import org.apache.commons.math3.linear.Array2DRowRealMatrix;
import org.apache.commons.math3.linear.CholeskyDecomposition;

/**
 * The inverse of a covariance matrix that is shrunk toward the identity (Ledoit and Wolf 2004).
 *
 * <pre>
 * S = 1/n Σ_i z_i z_iᵀ,  m = tr S/d                  z standardized
 * δ² = ‖S − m·I‖²/d,  β² = min(δ², 1/(n²·d) Σ_i ‖z_i z_iᵀ − S‖²)        Frobenius norms
 * Σ = (1 − ρ)·S + ρ·m·I,  ρ = β²/δ²                   P = Σ⁻¹
 * </pre>
 */
final class ShrunkPrecision {

    /** Beyond it, the matrix and its inverse need gigabytes and minutes. */
    private static final int LARGEST = 4096;
    /** The smallest ρ: it keeps Σ invertible if values are copies of others. */
    private static final double LEAST_SHRINKAGE = 1e-3;

    private final double[][] precision;
    private final double shrinkage;

    private ShrunkPrecision(double[][] precision, double shrinkage) {
        this.precision = precision;
        this.shrinkage = shrinkage;
    }

    /** Estimates it from standardized rows, {@code [n][d]}. */
    static ShrunkPrecision of(String subject, double[][] z) {
        int d = z[0].length;
        Require.that(
                d <= LARGEST,
                subject,
                "examples must have at most " + LARGEST + " values for a covariance matrix",
                d,
                "use StandardizedErrorScore");
        double[][] s = secondMoments(z);
        double mean = 0;
        double squares = 0;
        for (int j = 0; j < d; j++) {
            mean += s[j][j] / d;
            for (int k = 0; k < d; k++) {
                squares += s[j][k] * s[j][k];
            }
        }
        double delta = (squares - d * mean * mean) / d;
        double beta = Math.min(delta, (sumOfFourthPowers(z) / z.length - squares) / z.length / d);
        double rho = delta <= 0 ? 1 : Math.min(1, Math.max(LEAST_SHRINKAGE, beta / delta));
        for (int j = 0; j < d; j++) {
            for (int k = 0; k < d; k++) {
                s[j][k] *= 1 - rho;
            }
            s[j][j] += mean > 0 ? rho * mean : 1; // only zeros, such as codes that never change: the identity
        }
        double[][] inverse = new CholeskyDecomposition(new Array2DRowRealMatrix(s, false), 1e-6, 1e-300)
                .getSolver()
                .getInverse()
                .getData();
        return new ShrunkPrecision(inverse, rho);
    }

    private static double[][] secondMoments(double[][] z) {
        int d = z[0].length;
        double[][] s = new double[d][d];
        for (double[] row : z) {
            for (int j = 0; j < d; j++) {
                double share = row[j] / z.length;
                double[] sums = s[j];
                for (int k = 0; k < d; k++) {
                    sums[k] += share * row[k];
                }
            }
        }
        return s;
    }

    private static double sumOfFourthPowers(double[][] z) {
        double sum = 0;
        for (double[] row : z) {
            double square = 0;
            for (double value : row) {
                square += value * value;
            }
            sum += square * square;
        }
        return sum;
    }

    double shrinkage() {
        return shrinkage;
    }

    /** Returns P·z, a new array. */
    double[] times(double[] z) {
        double[] product = new double[z.length];
        for (int j = 0; j < z.length; j++) {
            double factor = z[j];
            double[] row = precision[j];
            for (int k = 0; k < product.length; k++) {
                product[k] += factor * row[k];
            }
        }
        return product;
    }

    /** Returns zᵀ·P·z/d, which is about 1 for normal examples. */
    double meanSquare(double[] z) {
        double[] product = times(z);
        double sum = 0;
        for (int j = 0; j < z.length; j++) {
            sum += product[j] * z[j];
        }
        return Math.max(0, sum / z.length);
    }

    /** Returns (P·z)_j²/P_jj: the squared error of z_j given the other values, in units of its variance given them. */
    double[] conditionalSquares(double[] z) {
        double[] product = times(z);
        for (int j = 0; j < z.length; j++) {
            product[j] = product[j] * product[j] / precision[j][j];
        }
        return product;
    }

    void store(ScoreWriter out) {
        out.matrix("precision", precision);
        out.number("shrinkage", shrinkage);
    }

    static ShrunkPrecision read(ScoreReader in) {
        double[][] precision = in.matrix("precision");
        Require.that(
                precision.length == precision[0].length,
                "AnomalyDetector",
                "the file's precision must be a square matrix",
                precision.length + " rows of " + precision[0].length,
                "");
        return new ShrunkPrecision(precision, in.number("shrinkage"));
    }
}
