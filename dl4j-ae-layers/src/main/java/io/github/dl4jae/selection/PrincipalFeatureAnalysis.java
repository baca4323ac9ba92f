package io.github.dl4jae.selection;

import io.github.dl4jae.baseline.PcaAutoencoder;
import io.github.dl4jae.internal.math.GramMemory;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.stream.IntStream;
import org.apache.commons.math3.ml.clustering.CentroidCluster;
import org.apache.commons.math3.ml.clustering.Clusterable;
import org.apache.commons.math3.ml.clustering.KMeansPlusPlusClusterer;
import org.apache.commons.math3.ml.distance.EuclideanDistance;
import org.apache.commons.math3.random.Well19937c;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * A selector by principal feature analysis. It clusters the loadings of columns on the principal components by k-means,
 * and selects the column nearest to the center of each of k clusters.
 *
 * <pre>
 * row j of V_q: the loadings of column j on the first q components, which explain 90 % of the variance, q ≤ k
 * clusters C_1, …, C_k of the rows, centers c_m        j(m) = argmin over j in C_m of ‖V_j: − c_m‖
 * </pre>
 *
 * <p>Columns are ordered by variance. If fewer than k rows differ, as with constant columns, the remaining columns are
 * those with the largest variance.
 *
 * <p>Of groups of columns, it selects those of the central columns, from more clusters as long as these belong to too
 * few groups.
 *
 * <p>Errors: more rows and more columns than the memory for a covariance matrix admits.
 *
 * @param seed the seed of k-means++
 * @see <a href="https://doi.org/10.1145/1291233.1291297">Lu et al. 2007, Feature selection using principal feature
 *     analysis</a>
 */
public record PrincipalFeatureAnalysis(long seed) implements FeatureSelector {

    private static final double EXPLAINED = 0.9;
    private static final int MOST_ITERATIONS = 300;

    /** The loadings of a column. */
    private static final class Column implements Clusterable {
        private final int index;
        private final double[] loadings;

        private Column(int index, double[] loadings) {
            this.index = index;
            this.loadings = loadings;
        }

        @Override
        public double[] getPoint() {
            return loadings;
        }
    }

    @Override
    public int[] select(INDArray examples, int k) {
        SelectionChecks.require("PrincipalFeatureAnalysis", examples, k);
        GramMemory.require("PrincipalFeatureAnalysis", examples.size(0), examples.size(1));
        PcaAutoencoder pca = PcaAutoencoder.fit(examples, k);
        int q = components(pca.variances(), k);
        double[][] loadings = pca.components().castTo(DataType.DOUBLE).toDoubleMatrix(); // [d,k]
        List<Column> columns = IntStream.range(0, loadings.length)
                .mapToObj(j -> new Column(j, Arrays.copyOf(loadings[j], q)))
                .toList();
        KMeansPlusPlusClusterer<Column> kMeans =
                new KMeansPlusPlusClusterer<>(k, MOST_ITERATIONS, new EuclideanDistance(), new Well19937c(seed));
        boolean[] central = new boolean[loadings.length];
        for (CentroidCluster<Column> cluster : kMeans.cluster(columns)) {
            nearestToCenter(cluster, central);
        }
        return inOrder(examples, central, k);
    }

    @Override
    public int[] select(INDArray examples, int[] groups, int k) {
        return FeatureGroups.require("PrincipalFeatureAnalysis", examples, groups, k)
                .ofFirstFeatures(this, examples, k);
    }

    private static int components(double[] variances, int k) {
        double all = Arrays.stream(variances).sum();
        double explained = 0;
        int q = 0;
        while (q < k && (q == 0 || explained < EXPLAINED * all)) {
            explained += variances[q++];
        }
        return q;
    }

    private static void nearestToCenter(CentroidCluster<Column> cluster, boolean[] central) {
        EuclideanDistance distance = new EuclideanDistance();
        double[] center = cluster.getCenter().getPoint();
        cluster.getPoints().stream()
                .min(Comparator.comparingDouble(column -> distance.compute(column.loadings, center)))
                .ifPresent(column -> central[column.index] = true);
    }

    /** Returns the central columns followed by the others, each by variance. */
    private static int[] inOrder(INDArray examples, boolean[] central, int k) {
        List<Integer> order = new ArrayList<>();
        int[] byVariance = new VarianceSelection().select(examples, central.length);
        Arrays.stream(byVariance).filter(j -> central[j]).forEach(order::add);
        Arrays.stream(byVariance).filter(j -> !central[j]).forEach(order::add);
        return order.stream().limit(k).mapToInt(j -> j).toArray();
    }
}
