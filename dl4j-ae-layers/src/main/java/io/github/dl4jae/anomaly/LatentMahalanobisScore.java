package io.github.dl4jae.anomaly;

import io.github.dl4jae.Autoencoder;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * The Mahalanobis distance of the code from the codes of normal examples.
 *
 * <pre>
 * z_j = (h_j − m_j)/σ_j        s(x) = 1/k zᵀ·P·z        a_j = s(x) − s(x with x_j replaced by x̂_j)
 * </pre>
 *
 * <p>P is the inverse of the covariance of z with Ledoit and Wolf's shrinkage, k the length of the code. It finds
 * examples that are well reconstructed but unusual, which an error cannot. When not to use it: if the codes of normal
 * examples form several groups, use {@link LatentNeighborScore}.
 */
public final class LatentMahalanobisScore extends LatentScore implements StoredScore {

    static final String KIND = "latent-mahalanobis";
    private static final String NAME = "LatentMahalanobisScore";

    private final ResidualScale scale;
    private final ShrunkPrecision precision;

    private LatentMahalanobisScore(Autoencoder autoencoder, ResidualScale scale, ShrunkPrecision precision) {
        super(NAME, autoencoder);
        this.scale = scale;
        this.precision = precision;
    }

    /**
     * Measures the codes of normal examples.
     *
     * @param autoencoder a trained autoencoder
     * @param normal normal examples, {@code [N, …]}, at least 2; those of the training are allowed
     * @return the score
     * @throws IllegalArgumentException if an argument is null, there are fewer examples, or a code has more than 4096
     *     values
     */
    public static LatentMahalanobisScore fit(Autoencoder autoencoder, INDArray normal) {
        double[][] codes = LatentScore.codes(NAME, autoencoder, normal);
        ResidualScale scale = ResidualScale.of(NAME, codes);
        return new LatentMahalanobisScore(autoencoder, scale, ShrunkPrecision.of(NAME, scale.standardizedAll(codes)));
    }

    @Override
    public void store(ScoreWriter out) {
        out.kind(KIND);
        out.model(autoencoder);
        out.scale(scale);
        precision.store(out);
    }

    static LatentMahalanobisScore read(ScoreReader in) {
        return new LatentMahalanobisScore(in.model().autoencoder(), in.scale(), ShrunkPrecision.read(in));
    }

    @Override
    public String name() {
        return "Mahalanobis distance of codes";
    }

    @Override
    double scoreOf(double[] code) {
        return precision.meanSquare(scale.standardized(code));
    }
}
