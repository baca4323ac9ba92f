package io.github.dl4jae.dictionary;

import java.util.Arrays;

/** The pairs of one unit in a mini-batch, and what backprop finds out about them. One instance serves a thread. */
final class UnitGradient {

    /** The index of the unit. */
    int unit;
    /** The number of pairs. */
    int count;

    double[] pre = {};
    double[] value = {};
    /** In: ∂L/∂f. Out: ∂L/∂z. */
    double[] gradient = {};
    /** ∂L/∂relu(z) of the reconstruction from the gate. */
    double[] gateGradient = {};
    /** ‖d‖, if the rule charges it. */
    double norm;

    /** Out: the penalty of the unit, summed over examples. */
    double penalty;
    /** Out: the gradient of the penalty with respect to ‖d‖. */
    double normGradient;
    /** Out: the gradient of the bias. */
    double biasGradient;

    void start(int unit, int count) {
        this.unit = unit;
        this.count = count;
        if (pre.length < count) {
            int capacity = Math.max(count, 2 * pre.length);
            pre = new double[capacity];
            value = new double[capacity];
            gradient = new double[capacity];
            gateGradient = new double[capacity];
        }
        Arrays.fill(gateGradient, 0, count, 0);
        penalty = 0;
        normGradient = 0;
        biasGradient = 0;
    }

    /** Sets the gradient of the bias to the sum of ∂L/∂z. */
    void sumBias() {
        biasGradient = 0;
        for (int i = 0; i < count; i++) {
            biasGradient += gradient[i];
        }
    }
}
