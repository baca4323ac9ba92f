package io.github.dl4jae.anomaly;

import io.github.dl4jae.Autoencoder;

/**
 * The mean squared error of the reconstruction.
 *
 * <pre>
 * s(x) = 1/d Σ_j r_j²        a_j = r_j²        r = x − x̂, d the number of values
 * </pre>
 *
 * <p>It is a mean over values, so models of all widths have scores of one size. Values with a large noise dominate
 * it; {@link StandardizedErrorScore} weighs all values equally.
 */
public final class SquaredErrorScore extends ResidualScore implements StoredScore {

    static final String KIND = "squared-error";

    private SquaredErrorScore(Autoencoder autoencoder) {
        super("SquaredErrorScore", autoencoder);
    }

    /**
     * Returns the score of an autoencoder.
     *
     * @param autoencoder a trained autoencoder
     * @return the score
     * @throws IllegalArgumentException if it is null
     */
    public static SquaredErrorScore of(Autoencoder autoencoder) {
        return new SquaredErrorScore(autoencoder);
    }

    @Override
    public void store(ScoreWriter out) {
        out.kind(KIND);
        out.model(autoencoder);
    }

    @Override
    public String name() {
        return "mean squared error";
    }

    @Override
    double scoreOf(double[] residual) {
        double sum = 0;
        for (double r : residual) {
            sum += r * r;
        }
        return sum / residual.length;
    }

    @Override
    double[] attributionOf(double[] residual) {
        double[] parts = new double[residual.length];
        for (int j = 0; j < parts.length; j++) {
            parts[j] = residual[j] * residual[j];
        }
        return parts;
    }
}
