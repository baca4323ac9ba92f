package io.github.dl4jae.mdl;

import java.util.Arrays;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import org.apache.commons.math3.linear.Array2DRowRealMatrix;
import org.apache.commons.math3.linear.LUDecomposition;
import org.apache.commons.math3.linear.RealMatrix;

/** Minimizes the description length of rows over posteriors, vectors, priors and the deviation, in turn. */
final class FactorialFit {

    /** The relative gain at which fitting ends. */
    private static final double GAIN = 1e-6;
    /** The weight of the old vectors in the least squares, for directions that the data leave open. */
    private static final double PROXIMITY = 1e-3;

    private final double[][] x;
    private final double[][][] q;
    private final FactorialModel model;

    FactorialFit(double[][] x, int groups, int units, double quantum, long seed) {
        this.x = x;
        SplittableRandom random = new SplittableRandom(seed);
        int d = x[0].length;
        double[] mean = new double[d];
        for (double[] row : x) {
            for (int j = 0; j < d; j++) {
                mean[j] += row[j] / x.length;
            }
        }
        double variance = Arrays.stream(x)
                        .mapToDouble(row -> IntStream.range(0, d)
                                .mapToDouble(j -> (row[j] - mean[j]) * (row[j] - mean[j]))
                                .sum())
                        .sum()
                / (x.length * (double) d);
        double[][][] vectors = new double[groups][units][d];
        for (double[][] group : vectors) {
            for (double[] v : group) {
                double[] row = x[random.nextInt(x.length)];
                for (int j = 0; j < d; j++) {
                    v[j] = (mean[j] + (row[j] - mean[j]) * (0.5 + random.nextDouble())) / groups;
                }
            }
        }
        model = new FactorialModel(vectors, quantum, variance);
        q = new double[x.length][][];
        Arrays.setAll(q, i -> model.uniform());
    }

    FactorialModel model() {
        return model;
    }

    /** Runs iterations, and returns the bits after each posterior step. */
    double[] run(int iterations) {
        double[] lengths = new double[iterations];
        for (int t = 0; t < iterations; t++) {
            IntStream.range(0, x.length).parallel().forEach(i -> model.improve(x[i], q[i]));
            lengths[t] = IntStream.range(0, x.length)
                    .mapToDouble(i -> model.describe(x[i], q[i]).total())
                    .sum();
            if (t > 0 && lengths[t - 1] - lengths[t] < GAIN * Math.abs(lengths[t - 1])) {
                return Arrays.copyOf(lengths, t + 1);
            }
            if (t < iterations - 1) { // the last posteriors belong to the model that is returned
                fitVectors();
                fitPriors();
                model.setVariance(IntStream.range(0, x.length)
                                .mapToDouble(i -> model.squaredError(x[i], q[i]))
                                .sum()
                        / (x.length * (double) x[0].length));
            }
        }
        return lengths;
    }

    private void fitPriors() {
        for (int g = 0; g < q[0].length; g++) {
            double[] counts = new double[q[0][g].length];
            for (double[][] row : q) {
                for (int i = 0; i < counts.length; i++) {
                    counts[i] += row[g][i];
                }
            }
            model.setPrior(g, counts);
        }
    }

    /** Solves (E[s·sᵀ] + ε·I)·Δ = E[s·xᵀ] − E[s·sᵀ]·V: least squares that keep V in directions without data. */
    private void fitVectors() {
        int groups = q[0].length;
        int units = q[0][0].length;
        int k = groups * units;
        int d = x[0].length;
        double[][] second = new double[k][k];
        double[][] first = new double[k][d];
        for (int row = 0; row < x.length; row++) {
            double[] s = Arrays.stream(q[row]).flatMapToDouble(Arrays::stream).toArray();
            for (int a = 0; a < k; a++) {
                for (int b = 0; b < k; b++) {
                    // within a group only one vector is chosen
                    second[a][b] += a / units == b / units ? (a == b ? s[a] : 0) : s[a] * s[b];
                }
                for (int j = 0; j < d; j++) {
                    first[a][j] += s[a] * x[row][j];
                }
            }
        }
        double[][] current =
                Arrays.stream(model.vectors()).flatMap(Arrays::stream).toArray(double[][]::new);
        RealMatrix moments = new Array2DRowRealMatrix(second, false);
        RealMatrix old = new Array2DRowRealMatrix(current);
        RealMatrix gap = new Array2DRowRealMatrix(first, false).subtract(moments.multiply(old));
        for (int a = 0; a < k; a++) {
            moments.addToEntry(a, a, PROXIMITY);
        }
        RealMatrix solved = old.add(new LUDecomposition(moments).getSolver().solve(gap));
        for (int a = 0; a < k; a++) {
            System.arraycopy(solved.getRow(a), 0, model.vectors()[a / units][a % units], 0, d);
        }
    }
}
