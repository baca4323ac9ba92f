package io.github.dl4jae.quantized;

import io.github.dl4jae.internal.math.RandomStreams;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import org.apache.commons.math3.ml.clustering.CentroidCluster;
import org.apache.commons.math3.ml.clustering.DoublePoint;
import org.apache.commons.math3.ml.clustering.KMeansPlusPlusClusterer;
import org.apache.commons.math3.ml.distance.EuclideanDistance;
import org.apache.commons.math3.random.JDKRandomGenerator;

/** The first codes: centers of k-means++ over vectors of a mini-batch. */
final class KMeansStart {

    private static final int ITERATIONS = 10;

    /** Vectors per code that clustering sees. More of them take seconds and change little. */
    private static final int PER_CODE = 16;

    private KMeansStart() {}

    /**
     * Clusters vectors.
     *
     * @param rows finite vectors, {@code [N·width]}
     * @param width of a vector
     * @param codes the number of centers wanted
     * @param seed of k-means++
     * @return at most {@code codes} centers, {@code [m·width]}; the vectors themselves where there are no more than
     *     that
     */
    static double[] centers(double[] rows, int width, int codes, long seed) {
        int count = rows.length / width;
        if (count <= codes) {
            return rows.clone();
        }
        SplittableRandom random = RandomStreams.of(seed, 0);
        int[] chosen = IntStream.range(0, count).toArray();
        int sample = Math.min(count, PER_CODE * codes);
        for (int i = 0; i < sample; i++) {
            int other = random.nextInt(i, count);
            int swapped = chosen[i];
            chosen[i] = chosen[other];
            chosen[other] = swapped;
        }
        List<DoublePoint> points = Arrays.stream(chosen, 0, sample)
                .mapToObj(row -> new DoublePoint(Arrays.copyOfRange(rows, row * width, (row + 1) * width)))
                .toList();
        JDKRandomGenerator generator = new JDKRandomGenerator();
        generator.setSeed(random.nextLong());
        List<CentroidCluster<DoublePoint>> clusters = new KMeansPlusPlusClusterer<DoublePoint>(
                        codes, ITERATIONS, new EuclideanDistance(), generator)
                .cluster(points);
        return clusters.stream()
                .flatMapToDouble(cluster -> Arrays.stream(cluster.getCenter().getPoint()))
                .toArray();
    }
}
