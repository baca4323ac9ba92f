package io.github.dl4jae.mdl;

import java.util.Arrays;

/** The parameters of a {@link FactorialVectorQuantizer}, and the posterior that minimizes the free energy of a row. */
final class FactorialModel {

    private static final int MOST_SWEEPS = 30;
    private static final double SETTLED = 1e-8;
    private static final double LOG_2 = Math.log(2);

    /** The vectors v, {@code [G][m][d]}. */
    private final double[][][] vectors;
    /** ln π, {@code [G][m]}. */
    private final double[][] logPrior;

    private final double quantum;
    private double variance;

    /** Takes ownership of the vectors; all are equally likely. */
    FactorialModel(double[][][] vectors, double quantum, double variance) {
        this.vectors = vectors;
        this.logPrior = new double[vectors.length][vectors[0].length];
        for (double[] group : logPrior) {
            Arrays.fill(group, -Math.log(group.length));
        }
        this.quantum = quantum;
        setVariance(variance);
    }

    int features() {
        return vectors[0][0].length;
    }

    /** Returns the vectors themselves. */
    double[][][] vectors() {
        return vectors;
    }

    double quantum() {
        return quantum;
    }

    /** Returns π, {@code [G][m]}. */
    double[][] prior() {
        return Arrays.stream(logPrior)
                .map(group -> Arrays.stream(group).map(StrictMath::exp).toArray())
                .toArray(double[][]::new);
    }

    double variance() {
        return variance;
    }

    /** Sets σ², at least that of the rounding to the quantum. */
    void setVariance(double value) {
        variance = Math.max(value, quantum * quantum / 12);
    }

    /** Sets π of a group from expected counts, one more for each so that none is impossible. */
    void setPrior(int group, double[] counts) {
        double sum = Arrays.stream(counts).sum() + counts.length;
        for (int i = 0; i < counts.length; i++) {
            logPrior[group][i] = Math.log((counts[i] + 1) / sum);
        }
    }

    double[][] uniform() {
        double[][] q = new double[vectors.length][vectors[0].length];
        for (double[] group : q) {
            Arrays.fill(group, 1.0 / group.length);
        }
        return q;
    }

    /** Returns q(s|x) from the uniform start. */
    double[][] posterior(double[] x) {
        double[][] q = uniform();
        improve(x, q);
        return q;
    }

    /** Minimizes the free energy over one group after the other, until it settles. */
    void improve(double[] x, double[][] q) {
        double[] rest = residual(x, q);
        for (int sweep = 0; sweep < MOST_SWEEPS; sweep++) {
            double change = 0;
            for (int g = 0; g < q.length; g++) {
                add(rest, g, q[g], 1);
                double[] updated = softmax(energies(rest, g));
                for (int i = 0; i < updated.length; i++) {
                    change = Math.max(change, Math.abs(updated[i] - q[g][i]));
                }
                System.arraycopy(updated, 0, q[g], 0, updated.length);
                add(rest, g, q[g], -1);
            }
            if (change < SETTLED) {
                return;
            }
        }
    }

    /** Returns the code that no change of a single group makes cheaper, as one-hot q; it starts at the likeliest. */
    double[][] bestCode(double[] x) {
        double[][] q = posterior(x);
        for (double[] group : q) {
            choose(group, group.clone());
        }
        double[] rest = residual(x, q);
        boolean changed = true;
        for (int sweep = 0; sweep < MOST_SWEEPS && changed; sweep++) {
            changed = false;
            for (int g = 0; g < q.length; g++) {
                add(rest, g, q[g], 1);
                changed |= choose(q[g], energies(rest, g));
                add(rest, g, q[g], -1);
            }
        }
        return q;
    }

    /** Makes a group one-hot at the largest score; reports a change. */
    private static boolean choose(double[] group, double[] scores) {
        int best = 0;
        for (int i = 1; i < scores.length; i++) {
            best = scores[i] > scores[best] ? i : best;
        }
        boolean changed = group[best] != 1;
        Arrays.fill(group, 0);
        group[best] = 1;
        return changed;
    }

    /** Returns ln π_i + v_i·r/σ² − |v_i|²/2σ², for what the other groups leave. */
    private double[] energies(double[] rest, int group) {
        double[] scores = new double[vectors[group].length];
        for (int i = 0; i < scores.length; i++) {
            double[] v = vectors[group][i];
            double sum = 0;
            for (int j = 0; j < v.length; j++) {
                sum += v[j] * (rest[j] - 0.5 * v[j]);
            }
            scores[i] = logPrior[group][i] + sum / variance;
        }
        return scores;
    }

    private static double[] softmax(double[] scores) {
        double max = Arrays.stream(scores).max().orElseThrow();
        double[] q =
                Arrays.stream(scores).map(score -> StrictMath.exp(score - max)).toArray();
        double sum = Arrays.stream(q).sum();
        Arrays.setAll(q, i -> q[i] / sum);
        return q;
    }

    private void add(double[] to, int group, double[] q, double sign) {
        for (int i = 0; i < q.length; i++) {
            if (q[i] != 0) {
                double[] v = vectors[group][i];
                for (int j = 0; j < to.length; j++) {
                    to[j] += sign * q[i] * v[j];
                }
            }
        }
    }

    private double[] residual(double[] x, double[][] q) {
        double[] rest = x.clone();
        for (int g = 0; g < q.length; g++) {
            add(rest, g, q[g], -1);
        }
        return rest;
    }

    /** Returns Σ_g m_g. */
    double[] mean(double[][] q) {
        double[] mean = new double[features()];
        for (int g = 0; g < q.length; g++) {
            add(mean, g, q[g], 1);
        }
        return mean;
    }

    /** Returns E_q|x − Σ_g v_g|². */
    double squaredError(double[] x, double[][] q) {
        double error = 0;
        for (double value : residual(x, q)) {
            error += value * value;
        }
        for (int g = 0; g < q.length; g++) {
            double[] m = new double[features()];
            add(m, g, q[g], 1);
            for (double value : m) {
                error -= value * value;
            }
            for (int i = 0; i < q[g].length; i++) {
                if (q[g][i] != 0) {
                    for (double value : vectors[g][i]) {
                        error += q[g][i] * value * value;
                    }
                }
            }
        }
        return error;
    }

    /** Returns the free energy of a row under any q, in bits. */
    DescriptionLength describe(double[] x, double[][] q) {
        double codes = 0;
        double entropy = 0;
        for (int g = 0; g < q.length; g++) {
            for (int i = 0; i < q[g].length; i++) {
                if (q[g][i] > 0) {
                    codes -= q[g][i] * logPrior[g][i];
                    entropy -= q[g][i] * Math.log(q[g][i]);
                }
            }
        }
        double residuals = squaredError(x, q) / (2 * variance)
                + features() * (0.5 * Math.log(2 * Math.PI * variance) - Math.log(quantum));
        return new DescriptionLength(codes / LOG_2, residuals / LOG_2, entropy / LOG_2, 0, 0);
    }
}
