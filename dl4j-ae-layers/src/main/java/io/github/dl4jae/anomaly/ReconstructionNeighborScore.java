package io.github.dl4jae.anomaly;

import io.github.dl4jae.Autoencoder;
import io.github.dl4jae.internal.layer.Require;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * The mean distance to the k nearest normal examples, by reconstruction and residual.
 *
 * <pre>
 * u = (x̂, x − x̂)        ‖u − u′‖² = ‖x̂ − x̂′‖² + ‖r − r′‖²
 * s(x) = 1/k Σ_{i ∈ N_k(u)} ‖u − u_i‖        a_j = 1/k Σ_{i ∈ N_k(u)} (x̂_j − x̂_ij)² + (r_j − r_ij)²
 * </pre>
 *
 * <p>The reconstruction tells where an example lies along the structure that the autoencoder learned, the residual how
 * far it lies beside it. The score finds examples that are unusual in either, whatever the shape of the normal ones.
 * One normal example at distance 0 is not counted: an example that is among the normal ones is not its own neighbor.
 *
 * <p>The search compares all normal examples, which are kept in memory: a score costs 2·N·d operations.
 */
public final class ReconstructionNeighborScore extends BlockScore implements StoredScore {

    static final String KIND = "reconstruction-neighbors";

    private static final String NAME = "ReconstructionNeighborScore";

    private final NeighborDistances neighbors;

    private ReconstructionNeighborScore(Autoencoder autoencoder, NeighborDistances neighbors) {
        super(NAME, autoencoder);
        this.neighbors = neighbors;
    }

    /**
     * Reconstructs normal examples.
     *
     * @param autoencoder a trained autoencoder
     * @param normal normal examples, {@code [N, …]}; those of the training are allowed
     * @param k the number of neighbors, in [1, N − 1]
     * @return the score
     * @throws IllegalArgumentException if an argument is null, or k is out of range
     */
    public static ReconstructionNeighborScore fit(Autoencoder autoencoder, INDArray normal, int k) {
        Require.given(NAME, "autoencoder", autoencoder, "Autoencoders.of(network, code) makes one of a network");
        List<double[]> points = new ArrayList<>();
        ExampleBlocks.forEach(
                ExampleBlocks.require(NAME, normal),
                (block, from, count) -> points.addAll(Arrays.asList(points(autoencoder, block, count))));
        Require.that(
                k >= 1 && k < points.size(),
                NAME,
                "k must be in [1, " + (points.size() - 1) + "], below the number of examples",
                k,
                "");
        return new ReconstructionNeighborScore(autoencoder, NeighborDistances.of(points.toArray(double[][]::new), k));
    }

    /** Returns (x̂, r) of the first examples of a block. */
    private static double[][] points(Autoencoder autoencoder, INDArray block, int count) {
        double[][] residuals = ResidualScore.residuals(autoencoder, block, count);
        double[][] x = ExampleBlocks.rows(block, count);
        double[][] points = new double[count][];
        for (int i = 0; i < count; i++) {
            int d = x[i].length;
            points[i] = Arrays.copyOf(x[i], 2 * d);
            for (int j = 0; j < d; j++) {
                points[i][j] -= residuals[i][j];
                points[i][d + j] = residuals[i][j];
            }
        }
        return points;
    }

    @Override
    public void store(ScoreWriter out) {
        out.kind(KIND);
        out.model(autoencoder);
        neighbors.store(out);
    }

    static ReconstructionNeighborScore read(ScoreReader in) {
        return new ReconstructionNeighborScore(in.model().autoencoder(), NeighborDistances.read(in));
    }

    @Override
    public String name() {
        return "mean distance to the " + neighbors.k() + " nearest reconstructions and residuals";
    }

    @Override
    double[] scoreBlock(INDArray block, int count) {
        return Arrays.stream(points(autoencoder, block, count))
                .mapToDouble(neighbors::meanDistanceToOthers)
                .toArray();
    }

    @Override
    double[][] attributeBlock(INDArray block, int count) {
        return Arrays.stream(points(autoencoder, block, count))
                .map(point -> {
                    double[] squares = neighbors.meanSquaresToOthers(point);
                    double[] parts = new double[squares.length / 2];
                    for (int j = 0; j < parts.length; j++) {
                        parts[j] = squares[j] + squares[parts.length + j];
                    }
                    return parts;
                })
                .toArray(double[][]::new);
    }
}
