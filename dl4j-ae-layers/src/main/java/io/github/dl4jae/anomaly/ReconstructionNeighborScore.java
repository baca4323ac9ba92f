package io.github.dl4jae.anomaly;

import io.github.dl4jae.Autoencoder;
import io.github.dl4jae.internal.layer.Require;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * The distance to the nearest normal examples, by reconstruction and residual, for one or several autoencoders and
 * numbers of neighbors.
 *
 * <pre>
 * u = (x̂, x − x̂)        ‖u − u′‖² = ‖x̂ − x̂′‖² + ‖r − r′‖²
 * D_k(x) = 1/M Σ_m 1/k Σ_{i ∈ N_k(u_m)} ‖u_m − u_mi‖            over M autoencoders
 * s(x) = 1/|K| Σ_{k ∈ K} D_k(x)/D̄_k                             D̄_k the mean over normal examples
 * a_j = D_k(x) − D_k(x without x̂_j and r_j), for the smallest k
 * </pre>
 *
 * <p>The reconstruction tells where an example lies along the structure that the autoencoder learned, the residual how
 * far it lies beside it. The score finds examples that are unusual in either, whatever the shape of the normal ones.
 * Few neighbors find examples that are alone; many neighbors also find small groups of anomalies among the normal
 * examples. On normal examples the score is about 1.
 *
 * <p>One normal example at distance 0 is not counted, so an example that is among the normal ones is not its own
 * neighbor.
 *
 * <p>The search compares all normal examples, which are kept in memory: a score costs 2·M·N·d operations.
 */
public final class ReconstructionNeighborScore implements StoredScore {

    static final String KIND = "reconstruction-neighbors";

    private static final String NAME = "ReconstructionNeighborScore";
    /** The number of normal examples for the means D̄. */
    private static final int MOST_FOR_MEANS = 2000;

    private final List<Autoencoder> autoencoders;
    private final List<NeighborDistances> neighbors;
    private final int[] counts;
    private final double[] scales;

    private ReconstructionNeighborScore(
            List<Autoencoder> autoencoders, List<NeighborDistances> neighbors, int[] counts, double[] scales) {
        this.autoencoders = List.copyOf(autoencoders);
        this.neighbors = List.copyOf(neighbors);
        this.counts = counts;
        this.scales = scales;
    }

    /**
     * Reconstructs normal examples by one autoencoder.
     *
     * @param autoencoder a trained autoencoder
     * @param normal normal examples, {@code [N, …]}; those of the training are allowed
     * @param counts numbers of neighbors, ascending, in [1, N − 1]; such as 5 and 50
     * @return the score
     * @throws IllegalArgumentException if an argument is null, or a number of neighbors is out of range
     */
    public static ReconstructionNeighborScore fit(Autoencoder autoencoder, INDArray normal, int... counts) {
        Require.given(NAME, "autoencoder", autoencoder, "Autoencoders.of(network, code) makes one of a network");
        return fit(List.of(autoencoder), normal, counts);
    }

    /**
     * Reconstructs normal examples by several autoencoders, such as those of different seeds.
     *
     * @param autoencoders trained autoencoders, at least one
     * @param normal normal examples, {@code [N, …]}; those of the training are allowed
     * @param counts numbers of neighbors, ascending, in [1, N − 1]; such as 5 and 50
     * @return the score
     * @throws IllegalArgumentException if an argument is null or empty, or a number of neighbors is out of range
     */
    public static ReconstructionNeighborScore fit(List<Autoencoder> autoencoders, INDArray normal, int... counts) {
        Require.given(NAME, "autoencoders", autoencoders, "");
        Require.given(NAME, "counts", counts, "");
        Require.that(!autoencoders.isEmpty(), NAME, "autoencoders must have at least one", "none", "");
        long most = ExampleBlocks.require(NAME, normal).size(0) - 1;
        boolean ascend = counts.length > 0;
        for (int i = 0; i < counts.length; i++) {
            ascend &= counts[i] >= (i == 0 ? 1 : counts[i - 1] + 1) && counts[i] <= most;
        }
        Require.that(
                ascend,
                NAME,
                "numbers of neighbors must ascend in [1, " + most + "], below the number of examples",
                Arrays.toString(counts),
                "");
        List<NeighborDistances> neighbors = autoencoders.stream()
                .map(each -> NeighborDistances.of(points(each, normal)))
                .toList();
        double[] ones = new double[counts.length];
        Arrays.fill(ones, 1);
        ReconstructionNeighborScore raw = new ReconstructionNeighborScore(autoencoders, neighbors, counts, ones);
        return new ReconstructionNeighborScore(autoencoders, neighbors, counts.clone(), raw.meanDistances(normal));
    }

    private double[] meanDistances(INDArray normal) {
        List<double[]> distances = new ArrayList<>();
        long step = Math.max(1, normal.size(0) / MOST_FOR_MEANS);
        ExampleBlocks.forEach(normal, (block, from, count) -> {
            if (from / ExampleBlocks.SIZE % step == 0) {
                distances.addAll(Arrays.asList(distances(block, count)));
            }
        });
        double[] means = new double[counts.length];
        for (double[] each : distances) {
            for (int k = 0; k < means.length; k++) {
                means[k] += each[k] / distances.size();
            }
        }
        // many copies of the same examples would make the mean distance to few neighbors 0
        double least = Math.max(means[means.length - 1] / 10, 1e-6);
        return Arrays.stream(means).map(mean -> Math.max(mean, least)).toArray();
    }

    private static double[][] points(Autoencoder autoencoder, INDArray examples) {
        return ExampleBlocks.map(examples, (block, count) -> points(autoencoder, block, count));
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

    /** Returns D_k of the first examples of a block, {@code [count][|K|]}. */
    private double[][] distances(INDArray block, int count) {
        double[][] sums = new double[count][counts.length];
        for (int m = 0; m < autoencoders.size(); m++) {
            double[][] distances =
                    neighbors.get(m).meanDistancesToOthers(points(autoencoders.get(m), block, count), counts);
            for (int i = 0; i < count; i++) {
                for (int k = 0; k < counts.length; k++) {
                    sums[i][k] += distances[i][k] / autoencoders.size();
                }
            }
        }
        return sums;
    }

    @Override
    public void store(ScoreWriter out) {
        out.kind(KIND);
        out.array("counts", Arrays.stream(counts).asDoubleStream().toArray());
        out.array("scales", scales);
        out.members("members", autoencoders, neighbors);
    }

    static ReconstructionNeighborScore read(ScoreReader in) {
        List<ScoreReader> members = in.objects("members");
        List<NeighborDistances> neighbors =
                members.stream().map(NeighborDistances::read).toList();
        int[] counts = Arrays.stream(in.array("counts")).mapToInt(k -> (int) k).toArray();
        double[] scales = in.array("scales");
        boolean fits = counts.length > 0 && counts.length == scales.length;
        for (int k = 0; fits && k < counts.length; k++) {
            int place = k;
            fits = counts[k] >= 1 && scales[k] > 0 && neighbors.stream().allMatch(each -> counts[place] < each.size());
        }
        Require.that(fits, NAME, "the file must have numbers of neighbors that fit its points", "others", "");
        return new ReconstructionNeighborScore(
                members.stream().map(each -> each.model().autoencoder()).toList(), neighbors, counts, scales);
    }

    @Override
    public String name() {
        return "distance to the " + Arrays.toString(counts) + " nearest reconstructions and residuals";
    }

    @Override
    public double[] score(INDArray examples) {
        double[] scores = new double[(int) ExampleBlocks.require(NAME, examples).size(0)];
        ExampleBlocks.forEach(examples, (block, from, count) -> {
            double[][] distances = distances(block, count);
            for (int i = 0; i < count; i++) {
                for (int k = 0; k < counts.length; k++) {
                    scores[from + i] += distances[i][k] / scales[k] / counts.length;
                }
                scores[from + i] = Double.isNaN(scores[from + i]) ? Double.POSITIVE_INFINITY : scores[from + i];
            }
        });
        return scores;
    }

    @Override
    public INDArray attribution(INDArray examples) {
        return Attributions.inBlocks(ExampleBlocks.require(NAME, examples), (block, count) -> {
            double[][] parts = new double[count][ExampleBlocks.values(block)];
            for (int m = 0; m < autoencoders.size(); m++) {
                double[][] points = points(autoencoders.get(m), block, count);
                for (int i = 0; i < count; i++) {
                    double[] drops = neighbors.get(m).drops(points[i], counts[0]);
                    for (int j = 0; j < parts[i].length; j++) {
                        parts[i][j] += drops[j] / autoencoders.size();
                    }
                }
            }
            return parts;
        });
    }

    @Override
    public String toString() {
        return name() + " of " + autoencoders;
    }
}
