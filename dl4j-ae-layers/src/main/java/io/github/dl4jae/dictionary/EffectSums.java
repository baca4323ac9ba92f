package io.github.dl4jae.dictionary;

import java.util.Arrays;

/** Sums over examples and rows of outputs, for the network as it is, spliced and ablated. */
final class EffectSums {

    static final int CLEAN = 0;
    static final int SPLICED = 1;
    static final int ABLATED = 2;
    static final int RUNS = 3;

    private final double[] losses = new double[RUNS];
    private final double[] agreements = new double[RUNS];
    private final double[] divergences = new double[RUNS];
    private long examples;
    private long rows;

    void addExample(double[] loss) {
        examples++;
        Arrays.setAll(losses, run -> losses[run] + loss[run]);
    }

    void addRow(double[] agreement, double[] divergence) {
        rows++;
        Arrays.setAll(agreements, run -> agreements[run] + agreement[run]);
        Arrays.setAll(divergences, run -> divergences[run] + divergence[run]);
    }

    SpliceEffect effect() {
        return new SpliceEffect(
                examples,
                losses[CLEAN] / examples,
                losses[SPLICED] / examples,
                losses[ABLATED] / examples,
                agreements[CLEAN] / rows,
                agreements[SPLICED] / rows,
                agreements[ABLATED] / rows,
                divergences[SPLICED] / rows,
                divergences[ABLATED] / rows);
    }
}
