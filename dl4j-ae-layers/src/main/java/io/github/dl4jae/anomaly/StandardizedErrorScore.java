package io.github.dl4jae.anomaly;

import io.github.dl4jae.Autoencoder;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * The mean squared error in units of the errors of held-out normal examples.
 *
 * <pre>
 * z_j = (r_j − m_j)/σ_j        s(x) = 1/d Σ_j z_j²        a_j = z_j²
 * </pre>
 *
 * <p>m and σ are mean and standard deviation of the residuals of the held-out examples. On normal examples the score is
 * about 1. A σ_j below a hundredth of their root mean square is raised to it: otherwise the rounding of values that are
 * always reconstructed, such as a black border, would decide.
 */
public final class StandardizedErrorScore extends ResidualScore implements StoredScore {

    static final String KIND = "standardized-error";
    private final ResidualScale scale;

    private StandardizedErrorScore(Autoencoder autoencoder, ResidualScale scale) {
        super("StandardizedErrorScore", autoencoder);
        this.scale = scale;
    }

    /**
     * Measures the residuals of normal examples.
     *
     * @param autoencoder a trained autoencoder
     * @param heldOut normal examples that it was not trained on, {@code [N, …]}, at least 2
     * @return the score
     * @throws IllegalArgumentException if an argument is null, or there are fewer examples
     */
    public static StandardizedErrorScore fit(Autoencoder autoencoder, INDArray heldOut) {
        String subject = "StandardizedErrorScore";
        return new StandardizedErrorScore(
                autoencoder, ResidualScale.of(subject, ResidualScore.residuals(subject, autoencoder, heldOut)));
    }

    @Override
    public void store(ScoreWriter out) {
        out.kind(KIND);
        out.model(autoencoder);
        out.scale(scale);
    }

    static StandardizedErrorScore read(ScoreReader in) {
        return new StandardizedErrorScore(in.model().autoencoder(), in.scale());
    }

    @Override
    public String name() {
        return "standardized squared error";
    }

    @Override
    double scoreOf(double[] residual) {
        double sum = 0;
        for (double z : scale.standardized(residual)) {
            sum += z * z;
        }
        return sum / residual.length;
    }

    @Override
    double[] attributionOf(double[] residual) {
        double[] parts = scale.standardized(residual);
        for (int j = 0; j < parts.length; j++) {
            parts[j] *= parts[j];
        }
        return parts;
    }
}
