package io.github.dl4jae.anomaly;

import io.github.dl4jae.Autoencoder;
import io.github.dl4jae.internal.layer.Require;
import java.util.Arrays;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * The mean distance of the code to the k nearest codes of normal examples.
 *
 * <pre>
 * s(x) = 1/k Σ_{i ∈ N_k(h)} ‖h − h_i‖        a_j = s(x) − s(x with x_j replaced by x̂_j)
 * normalized: h/‖h‖ and h_i/‖h_i‖ in the place of h and h_i
 * </pre>
 *
 * <p>Normalized codes have directions only. The squared distance of two is 2 − 2·cos of the angle between them, so
 * the strength of an image, such as the width of its strokes, counts less.
 *
 * <p>Codes of normal examples may form groups of any shape. The search compares all codes: a score costs N times the
 * length of a code. The codes are kept in memory. An example that is among the normal ones finds itself at distance 0,
 * so thresholds need held-out examples.
 */
public final class LatentNeighborScore extends LatentScore implements StoredScore {

    static final String KIND = "latent-neighbors";
    private static final String NAME = "LatentNeighborScore";

    private final NeighborDistances neighbors;
    private final int k;
    private final boolean normalized;

    private LatentNeighborScore(Autoencoder autoencoder, NeighborDistances neighbors, int k, boolean normalized) {
        super(NAME, autoencoder);
        this.neighbors = neighbors;
        this.k = k;
        this.normalized = normalized;
    }

    /**
     * Encodes normal examples.
     *
     * @param autoencoder a trained autoencoder
     * @param normal normal examples, {@code [N, …]}; those of the training are allowed
     * @param k the number of neighbors, in [1, N]
     * @return the score
     * @throws IllegalArgumentException if an argument is null, or k is out of range
     */
    public static LatentNeighborScore fit(Autoencoder autoencoder, INDArray normal, int k) {
        return fit(autoencoder, normal, k, false);
    }

    /**
     * Encodes normal examples, and divides each code by its Euclidean norm. A code of zeros stays as it is.
     *
     * @param autoencoder a trained autoencoder
     * @param normal normal examples, {@code [N, …]}; those of the training are allowed
     * @param k the number of neighbors, in [1, N]
     * @return the score
     * @throws IllegalArgumentException if an argument is null, or k is out of range
     */
    public static LatentNeighborScore fitNormalized(Autoencoder autoencoder, INDArray normal, int k) {
        return fit(autoencoder, normal, k, true);
    }

    private static LatentNeighborScore fit(Autoencoder autoencoder, INDArray normal, int k, boolean normalized) {
        double[][] codes = LatentScore.codes(NAME, autoencoder, normal);
        Require.that(
                k >= 1 && k <= codes.length,
                NAME,
                "k must be in [1, " + codes.length + "], the number of examples",
                k,
                "");
        if (normalized) {
            codes = Arrays.stream(codes).map(LatentNeighborScore::unit).toArray(double[][]::new);
        }
        return new LatentNeighborScore(autoencoder, NeighborDistances.of(codes), k, normalized);
    }

    @Override
    public void store(ScoreWriter out) {
        out.kind(KIND);
        out.model(autoencoder);
        out.integer("neighbors", k);
        out.flag("normalized", normalized);
        neighbors.store(out);
    }

    static LatentNeighborScore read(ScoreReader in) {
        NeighborDistances neighbors = NeighborDistances.read(in);
        return new LatentNeighborScore(
                in.model().autoencoder(),
                neighbors,
                in.integer("neighbors", 1, neighbors.size()),
                in.flag("normalized"));
    }

    @Override
    public String name() {
        return "mean distance to the " + k + " nearest " + (normalized ? "normalized codes" : "codes");
    }

    @Override
    double scoreOf(double[] code) {
        return neighbors.meanDistance(normalized ? unit(code) : code, k);
    }

    private static double[] unit(double[] code) {
        double squares = 0;
        for (double value : code) {
            squares += value * value;
        }
        double norm = Math.sqrt(squares);
        return norm == 0 ? code : Arrays.stream(code).map(value -> value / norm).toArray();
    }
}
