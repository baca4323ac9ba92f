package io.github.dl4jae.anomaly;

import io.github.dl4jae.Autoencoder;
import io.github.dl4jae.internal.layer.Require;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * The mean distance of the code to the k nearest codes of normal examples.
 *
 * <pre>
 * s(x) = 1/k Σ_{i ∈ N_k(h)} ‖h − h_i‖        a_j = s(x) − s(x with x_j replaced by x̂_j)
 * </pre>
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

    private LatentNeighborScore(Autoencoder autoencoder, NeighborDistances neighbors, int k) {
        super(NAME, autoencoder);
        this.neighbors = neighbors;
        this.k = k;
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
        double[][] codes = LatentScore.codes(NAME, autoencoder, normal);
        Require.that(
                k >= 1 && k <= codes.length,
                NAME,
                "k must be in [1, " + codes.length + "], the number of examples",
                k,
                "");
        return new LatentNeighborScore(autoencoder, NeighborDistances.of(codes), k);
    }

    @Override
    public void store(ScoreWriter out) {
        out.kind(KIND);
        out.model(autoencoder);
        out.integer("neighbors", k);
        neighbors.store(out);
    }

    static LatentNeighborScore read(ScoreReader in) {
        NeighborDistances neighbors = NeighborDistances.read(in);
        return new LatentNeighborScore(
                in.model().autoencoder(), neighbors, in.integer("neighbors", 1, neighbors.size()));
    }

    @Override
    public String name() {
        return "mean distance to the " + k + " nearest codes";
    }

    @Override
    double scoreOf(double[] code) {
        return neighbors.meanDistance(code, k);
    }
}
