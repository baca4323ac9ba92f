package io.github.dl4jae.disentanglement;

import java.util.Arrays;
import java.util.Comparator;
import java.util.stream.IntStream;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * Separated attribute predictability (SAP): the difference between the two single latents that predict each factor
 * best.
 *
 * <pre>
 * SAP = 1/K Σ_k S_j1,k − S_j2,k        j1, j2: the latents with the highest scores for factor k
 * S_jk = Cov(z_j, v_k)²/(Var z_j · Var v_k)        for ordered factors
 * S_jk = mean over classes c of 2·(balanced accuracy of the best threshold on z_j for c) − 1    for categorical ones
 * </pre>
 *
 * <p>It lies between 0 and 1. Latents with a variance below 0.01 have S_jk = 0.
 *
 * @see <a href="https://arxiv.org/abs/1711.00848">Kumar, Sattigeri and Balakrishnan 2018</a>
 */
public final class SeparatedAttributePredictability {

    private static final double CONSTANT = 0.01;

    private SeparatedAttributePredictability() {}

    /**
     * Computes the score.
     *
     * @param codes {@code [N, n]}, usually posterior means
     * @param factors the factors of the same N examples
     * @return SAP
     * @throws IllegalArgumentException if there is not one code per example, or a code is not finite
     */
    public static double compute(INDArray codes, Factors factors) {
        double[][] rows = factors.requireCodes("SeparatedAttributePredictability", codes);
        int n = rows[0].length;
        double[][] scores = new double[factors.count()][Math.max(n, 2)];
        for (int j = 0; j < n; j++) {
            double[] z = Statistics.column(rows, j);
            if (Statistics.variance(z) < CONSTANT) {
                continue;
            }
            Integer[] order = IntStream.range(0, z.length).boxed().toArray(Integer[]::new);
            Arrays.sort(order, Comparator.comparingDouble(i -> z[i]));
            for (int k = 0; k < factors.count(); k++) {
                int[] v = factors.column(k);
                scores[k][j] = factors.isCategorical(k)
                        ? separation(z, v, order, factors.distinct(k))
                        : squaredCorrelation(z, v);
            }
        }
        return Arrays.stream(scores).mapToDouble(Statistics::gap).average().orElseThrow();
    }

    private static double squaredCorrelation(double[] z, int[] v) {
        double[] values = Arrays.stream(v).asDoubleStream().toArray();
        double meanZ = Statistics.mean(z);
        double meanV = Statistics.mean(values);
        double covariance = 0;
        for (int i = 0; i < z.length; i++) {
            covariance += (z[i] - meanZ) * (values[i] - meanV) / z.length;
        }
        return covariance * covariance / (Statistics.variance(z) * Statistics.variance(values));
    }

    private static double separation(double[] z, int[] v, Integer[] order, int[] classes) {
        return Arrays.stream(classes)
                .mapToDouble(c -> separation(z, v, order, c))
                .average()
                .orElseThrow();
    }

    /**
     * Returns 2·(balanced accuracy) − 1 of the best threshold: the largest |P(z below threshold | class c) − P(z below
     * threshold | other classes)|.
     */
    private static double separation(double[] z, int[] v, Integer[] order, int c) {
        double members = Arrays.stream(v).filter(value -> value == c).count();
        double others = v.length - members;
        double difference = 0;
        double largest = 0;
        for (int at = 0; at < order.length; at++) {
            int i = order[at];
            difference += v[i] == c ? 1 / members : -1 / others;
            boolean threshold = at + 1 == order.length || z[order[at + 1]] > z[i];
            if (threshold) {
                largest = Math.max(largest, Math.abs(difference));
            }
        }
        return largest;
    }
}
