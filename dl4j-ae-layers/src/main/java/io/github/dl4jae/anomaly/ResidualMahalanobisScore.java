package io.github.dl4jae.anomaly;

import io.github.dl4jae.Autoencoder;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * The Mahalanobis distance of the residual from the residuals of held-out normal examples.
 *
 * <pre>
 * z_j = (r_j − m_j)/σ_j        s(x) = 1/d zᵀ·P·z        a_j = (P·z)_j²/P_jj
 * </pre>
 *
 * <p>P is the inverse of the covariance of z, shrunk toward the identity by the share that Ledoit and Wolf derive. It
 * finds errors that are small in each value, but whose combination is unusual. The attribution a_j is the squared error
 * of z_j given the errors of all other values, so a corrupted value does not blame the values that it is correlated
 * with.
 *
 * <p>When not to use it: with fewer held-out examples than values the shrinkage leaves little of the correlations, and
 * the score is nearly that of {@link StandardizedErrorScore}. Examples must have at most 4096 values.
 *
 * @see <a href="https://doi.org/10.1016/S0047-259X(03)00096-4">Ledoit and Wolf 2004, A well-conditioned estimator for
 *     large-dimensional covariance matrices</a>
 */
public final class ResidualMahalanobisScore extends ResidualScore implements StoredScore {

    static final String KIND = "residual-mahalanobis";
    private static final String NAME = "ResidualMahalanobisScore";

    private final ResidualScale scale;
    private final ShrunkPrecision precision;

    private ResidualMahalanobisScore(Autoencoder autoencoder, ResidualScale scale, ShrunkPrecision precision) {
        super(NAME, autoencoder);
        this.scale = scale;
        this.precision = precision;
    }

    /**
     * Measures the residuals of normal examples.
     *
     * @param autoencoder a trained autoencoder
     * @param heldOut normal examples that it was not trained on, {@code [N, …]}, at least 2
     * @return the score
     * @throws IllegalArgumentException if an argument is null, there are fewer examples, or an example has more than
     *     4096 values
     */
    public static ResidualMahalanobisScore fit(Autoencoder autoencoder, INDArray heldOut) {
        double[][] residuals = ResidualScore.residuals(NAME, autoencoder, heldOut);
        ResidualScale scale = ResidualScale.of(NAME, residuals);
        return new ResidualMahalanobisScore(
                autoencoder, scale, ShrunkPrecision.of(NAME, scale.standardizedAll(residuals)));
    }

    /**
     * Returns the share of the identity in the covariance.
     *
     * @return ρ in [0.001, 1]
     */
    public double shrinkage() {
        return precision.shrinkage();
    }

    @Override
    public void store(ScoreWriter out) {
        out.kind(KIND);
        out.model(autoencoder);
        out.scale(scale);
        precision.store(out);
    }

    static ResidualMahalanobisScore read(ScoreReader in) {
        return new ResidualMahalanobisScore(in.model().autoencoder(), in.scale(), ShrunkPrecision.read(in));
    }

    @Override
    public String name() {
        return "Mahalanobis distance of residuals";
    }

    @Override
    double scoreOf(double[] residual) {
        return precision.meanSquare(scale.standardized(residual));
    }

    @Override
    double[] attributionOf(double[] residual) {
        return precision.conditionalSquares(scale.standardized(residual));
    }
}
