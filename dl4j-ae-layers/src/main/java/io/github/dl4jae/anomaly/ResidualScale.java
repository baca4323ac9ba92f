package io.github.dl4jae.anomaly;

import java.util.Arrays;
import java.util.List;
import org.apache.commons.math3.linear.CholeskyDecomposition;
import org.apache.commons.math3.linear.MatrixUtils;
import org.jspecify.annotations.Nullable;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/** The scales of the residuals of held-out steps, and the score of a step relative to them. */
final class ResidualScale {

    private final SeriesScore.Combination combination;
    private final double[] meanSquares;
    private final double[] center;
    private final double @Nullable [][] precision;

    private ResidualScale(
            SeriesScore.Combination combination,
            double[] meanSquares,
            double[] center,
            double @Nullable [][] precision) {
        this.combination = combination;
        this.meanSquares = meanSquares;
        this.center = center;
        this.precision = precision;
    }

    /**
     * Fits the scales.
     *
     * @param squares the mean of r² per held-out step and channel
     * @param means the mean of r per held-out step and channel
     */
    static ResidualScale fit(SeriesScore.Combination combination, List<double[]> squares, List<double[]> means) {
        double[] meanSquares = mean(squares);
        // a channel that is always reconstructed exactly: any residual is unusual, but no score is infinite
        Arrays.setAll(meanSquares, c -> Math.max(meanSquares[c], 1e-12));
        double[] center = mean(means);
        if (combination != SeriesScore.Combination.MAHALANOBIS) {
            return new ResidualScale(combination, meanSquares, center, null);
        }
        double[][] rows =
                means.stream().map(row -> scaled(row, center, meanSquares)).toArray(double[][]::new);
        return new ResidualScale(combination, meanSquares, center, inverse(shrunk(Nd4j.createFromArray(rows))));
    }

    private static double[] mean(List<double[]> rows) {
        double[] mean = new double[rows.get(0).length];
        for (double[] row : rows) {
            for (int c = 0; c < mean.length; c++) {
                mean[c] += row[c] / rows.size();
            }
        }
        return mean;
    }

    private static double[] scaled(double[] row, double[] center, double[] meanSquares) {
        double[] scaled = new double[row.length];
        Arrays.setAll(scaled, c -> (row[c] - center[c]) / Math.sqrt(meanSquares[c]));
        return scaled;
    }

    /** Returns the covariance of centered rows, shrunk towards a multiple of I (Ledoit and Wolf 2004). */
    private static INDArray shrunk(INDArray rows) {
        double n = rows.size(0);
        int p = (int) rows.size(1);
        INDArray S = rows.transpose().mmul(rows).divi(n); // [p,n]·[n,p] → [p,p]
        INDArray identity = Nd4j.eye(p).castTo(DataType.DOUBLE);
        double mu = S.mul(identity).sumNumber().doubleValue() / p;
        double toIdentity = squaredNorm(S.sub(identity.mul(mu)));
        // Σ_i ‖x_i·x_iᵀ − S‖² = Σ_i ‖x_i‖⁴ − n·‖S‖²
        INDArray norms = rows.mul(rows).sum(1);
        double noise = (norms.mul(norms).sumNumber().doubleValue() - n * squaredNorm(S)) / (n * n);
        double share = toIdentity == 0 ? 1 : Math.min(1, noise / toIdentity);
        // at least 10⁻⁶ of it, so that the inverse exists for channels that are copies of each other
        return S.muli(1 - share).addi(identity.muli(Math.max(share * mu, 1e-6 * mu + 1e-12)));
    }

    /** Inverts by Cholesky. ND4J's matrix_inverse fails for the covariances of correlated channels. */
    private static double[][] inverse(INDArray covariance) {
        INDArray symmetric = covariance.add(covariance.transpose()).divi(2);
        return new CholeskyDecomposition(MatrixUtils.createRealMatrix(symmetric.toDoubleMatrix()), 1e-9, 0)
                .getSolver()
                .getInverse()
                .getData();
    }

    private static double squaredNorm(INDArray matrix) {
        return matrix.mul(matrix).sumNumber().doubleValue();
    }

    /** Returns the squares relative to held-out ones, 1 on average. */
    double[] relative(double[] squares) {
        double[] relative = new double[squares.length];
        Arrays.setAll(relative, c -> finite(squares[c] / meanSquares[c]));
        return relative;
    }

    /** Returns the score of a step. */
    double score(double[] squares, double[] means) {
        return switch (combination) {
            case MEAN -> Arrays.stream(relative(squares)).average().orElseThrow();
            case MAXIMUM -> Arrays.stream(relative(squares)).max().orElseThrow();
            case MAHALANOBIS -> finite(distance(scaled(means, center, meanSquares)));
        };
    }

    private double distance(double[] z) {
        double sum = 0;
        if (precision != null) {
            for (int a = 0; a < z.length; a++) {
                for (int b = 0; b < z.length; b++) {
                    sum += z[a] * precision[a][b] * z[b];
                }
            }
        }
        return sum / z.length;
    }

    private static double finite(double value) {
        return Double.isFinite(value) ? value : Double.POSITIVE_INFINITY;
    }
}
