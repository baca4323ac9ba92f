package io.github.dl4jae.selection;

import io.github.dl4jae.internal.layer.Require;
import java.util.Arrays;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/**
 * A linear regression from selected columns to all columns.
 *
 * <pre>
 * x̂ = m + (s − m_S)·W        W = argmin Σ_i ‖x_i − x̂_i‖²        s: the selected columns of x
 * MSE = 1/(N d) Σ_ij (x_ij − x̂_ij)²        R²_j = 1 − Σ_i (x_ij − x̂_ij)² / Σ_i (x_ij − x̄_j)²
 * </pre>
 *
 * <p>It is fitted in float64 with the pseudo-inverse of the correlation matrix of s, which tolerates constant and
 * redundant columns.
 *
 * <p>Immutable.
 */
public final class LinearReconstruction {

    /** Directions of the scaled s with less than this fraction of the largest variance are rounding errors. */
    private static final double NEGLIGIBLE = 1e-10;

    private final int[] columns;
    private final INDArray mean; // [1,d]
    private final INDArray W; // [k,d]

    private LinearReconstruction(int[] columns, INDArray mean, INDArray W) {
        this.columns = columns;
        this.mean = mean;
        this.W = W;
    }

    /**
     * Fits the regression.
     *
     * @param examples {@code [N, d]}, finite
     * @param columns the indices of the selected columns
     * @return the regression
     * @throws IllegalArgumentException if the examples are not a matrix or not finite, or a column does not exist
     */
    public static LinearReconstruction fit(INDArray examples, int... columns) {
        SelectionChecks.requireExamples("LinearReconstruction", examples);
        Require.that(
                columns.length > 0 && Arrays.stream(columns).allMatch(j -> j >= 0 && j < examples.size(1)),
                "LinearReconstruction",
                "columns must be one or more in [0, " + (examples.size(1) - 1) + "]",
                Arrays.toString(columns),
                "count them from 0");
        INDArray X = examples.castTo(DataType.DOUBLE);
        INDArray mean = X.mean(true, 0);
        X = X.subRowVector(mean);
        INDArray S = X.getColumns(columns).dup(); // [N,k]
        INDArray constant = S.max(true, 0).eq(S.min(true, 0)).castTo(DataType.DOUBLE);
        S.muliRowVector(constant.rsub(1)); // exactly 0, without a residue of rounding
        INDArray scale = S.norm2(true, 0).addi(constant); // makes the threshold independent of units
        S.diviRowVector(scale);
        INDArray W = pseudoInverse(S.transpose().mmul(S)) // [k,N]·[N,k] → [k,k]
                .mmul(S.transpose().mmul(X)) // [k,k]·([k,N]·[N,d]) → [k,d]
                .diviColumnVector(scale.reshape(-1, 1));
        return new LinearReconstruction(columns.clone(), mean, W);
    }

    /** Returns V·diag(1/λ)·Vᵀ over the λ that are not negligible. */
    private static INDArray pseudoInverse(INDArray correlation) {
        INDArray V = correlation.dup('f'); // syev overwrites it by the eigenvectors in columns, by ascending eigenvalue
        INDArray eigenvalues = Nd4j.create(DataType.DOUBLE, correlation.size(0));
        Nd4j.getBlasWrapper().lapack().syev('V', 'U', V, eigenvalues);
        double[] inverse = eigenvalues.toDoubleVector();
        double largest = inverse[inverse.length - 1];
        for (int i = 0; i < inverse.length; i++) {
            inverse[i] = inverse[i] > NEGLIGIBLE * largest ? 1 / inverse[i] : 0;
        }
        return V.mulRowVector(Nd4j.createFromArray(inverse)).mmul(V.transpose());
    }

    /**
     * Reconstructs all columns from the selected ones; the values of other columns are ignored.
     *
     * @param examples {@code [N, d]}
     * @return x̂, float64, {@code [N, d]}
     * @throws IllegalArgumentException if the width differs from that of the fit
     */
    public INDArray reconstruct(INDArray examples) {
        Require.that(
                examples.rank() == 2 && examples.size(1) == mean.length() && !examples.isEmpty(),
                "LinearReconstruction",
                "examples must be [N, " + mean.length() + "]",
                Arrays.toString(examples.shape()),
                examples.isEmpty() ? "give at least one row" : "the regression was fitted to that width");
        return decode(examples.getColumns(columns));
    }

    /**
     * Computes all columns from the values of the selected ones.
     *
     * @param selected the values of the k selected columns, in the order of the fit, {@code [N, k]}
     * @return x̂, float64, {@code [N, d]}
     * @throws IllegalArgumentException if the shape differs
     */
    public INDArray decode(INDArray selected) {
        Require.that(
                selected.rank() == 2 && selected.size(1) == columns.length && !selected.isEmpty(),
                "LinearReconstruction",
                "selected values must be [N, " + columns.length + "]",
                Arrays.toString(selected.shape()),
                selected.isEmpty()
                        ? "give at least one row"
                        : "give the values of the columns of the fit, in its order");
        return selected.castTo(DataType.DOUBLE)
                .subRowVector(mean.getColumns(columns))
                .mmul(W) // [N,k]·[k,d] → [N,d]
                .addiRowVector(mean);
    }

    /**
     * Returns the mean squared error over examples and columns.
     *
     * @param examples {@code [N, d]}
     * @return MSE
     * @throws IllegalArgumentException if the width differs from that of the fit
     */
    public double meanSquaredError(INDArray examples) {
        INDArray error = reconstruct(examples).rsub(examples.castTo(DataType.DOUBLE));
        return error.muli(error).meanNumber().doubleValue();
    }

    /**
     * Returns the explained fraction of each column's variance.
     *
     * @param examples {@code [N, d]}
     * @return R² by column, at most 1; NaN for a column that is constant among the examples
     * @throws IllegalArgumentException if the width differs from that of the fit
     */
    public double[] r2(INDArray examples) {
        INDArray reconstruction = reconstruct(examples);
        INDArray X = examples.castTo(DataType.DOUBLE);
        INDArray error = X.sub(reconstruction);
        double[] residual = error.muli(error).sum(0).toDoubleVector();
        INDArray centered = X.subRowVector(X.mean(true, 0));
        double[] variance = centered.muli(centered).sum(0).toDoubleVector();
        INDArray most = X.max(0);
        INDArray least = X.min(0);
        double[] r2 = new double[residual.length];
        for (int j = 0; j < r2.length; j++) {
            boolean constant = most.getDouble(j) == least.getDouble(j);
            r2[j] = constant ? Double.NaN : 1 - residual[j] / variance[j];
        }
        return r2;
    }
}
