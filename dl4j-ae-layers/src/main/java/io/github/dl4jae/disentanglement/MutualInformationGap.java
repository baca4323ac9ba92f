package io.github.dl4jae.disentanglement;

import java.util.Arrays;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * The mutual information gap (MIG): the difference between the two latents with the most information about each factor.
 *
 * <pre>
 * MIG = 1/K Σ_k (I(z_j1; v_k) − I(z_j2; v_k)) / H(v_k)        j1, j2: the latents with the largest I(z_j; v_k)
 * </pre>
 *
 * <p>It lies between 0 and 1, and is 1 if one latent alone determines each factor. The estimate of the mutual
 * information divides each latent into 20 bins of equal width.
 *
 * @see <a href="https://arxiv.org/abs/1802.04942">Chen et al. 2018, Isolating sources of disentanglement in VAEs</a>
 */
public final class MutualInformationGap {

    private static final int BINS = 20;

    private MutualInformationGap() {}

    /**
     * Computes the gap.
     *
     * @param codes {@code [N, n]}, usually posterior means
     * @param factors the factors of the same N examples
     * @return MIG
     * @throws IllegalArgumentException if there is not one code per example, or a code is not finite
     */
    public static double compute(INDArray codes, Factors factors) {
        double[][] rows = factors.requireCodes("MutualInformationGap", codes);
        int n = rows[0].length;
        double sum = 0;
        for (int k = 0; k < factors.count(); k++) {
            int[] values = indices(factors.column(k), factors.distinct(k));
            int count = factors.distinct(k).length;
            double[] information = new double[Math.max(n, 2)];
            for (int j = 0; j < n; j++) {
                information[j] = mutualInformation(bins(Statistics.column(rows, j)), BINS, values, count);
            }
            sum += Statistics.gap(information) / mutualInformation(values, count, values, count); // I(v; v) = H(v)
        }
        return sum / factors.count();
    }

    private static int[] indices(int[] values, int[] distinct) {
        return Arrays.stream(values)
                .map(value -> Arrays.binarySearch(distinct, value))
                .toArray();
    }

    private static int[] bins(double[] values) {
        double least = Arrays.stream(values).min().orElseThrow();
        double range = Arrays.stream(values).max().orElseThrow() - least;
        return Arrays.stream(values)
                .mapToInt(x -> range > 0 ? (int) Math.min(BINS - 1, (x - least) / range * BINS) : 0)
                .toArray();
    }

    /** Returns the mutual information of the relative frequencies, in nats. */
    static double mutualInformation(int[] a, int sizeOfA, int[] b, int sizeOfB) {
        double[][] joint = new double[sizeOfA][sizeOfB];
        double[] ofA = new double[sizeOfA];
        double[] ofB = new double[sizeOfB];
        double weight = 1.0 / a.length;
        for (int i = 0; i < a.length; i++) {
            joint[a[i]][b[i]] += weight;
            ofA[a[i]] += weight;
            ofB[b[i]] += weight;
        }
        double information = 0;
        for (int i = 0; i < sizeOfA; i++) {
            for (int j = 0; j < sizeOfB; j++) {
                if (joint[i][j] > 0) {
                    information += joint[i][j] * Math.log(joint[i][j] / (ofA[i] * ofB[j]));
                }
            }
        }
        return information;
    }
}
