package io.github.dl4jae.internal.kernel;

import java.util.Arrays;

/**
 * The activations of the four parts of a gated layer's products.
 *
 * <p>For tanh and the sigmoid they take one loop: σ(z) = ½ + ½·tanh(z/2).
 */
final class GateActivations {

    private final ElementwiseActivation[] activations;
    private final int units;
    private final int values;
    /** One part of a row. */
    private final float[] part;
    /** 1 for tanh, ½ for the sigmoid; empty for other activations. */
    private final float[] scale;
    /** 0 for tanh, ½ for the sigmoid. */
    private final float[] shift;

    /**
     * Prepares activations.
     *
     * @param units the number of units per part
     * @param rows the number of rows
     * @param activations one per part
     */
    GateActivations(int units, int rows, ElementwiseActivation... activations) {
        this.activations = activations;
        this.units = units;
        this.values = rows * activations.length * units;
        boolean rational = Arrays.stream(activations)
                .allMatch(a -> a == ElementwiseActivation.TANH || a == ElementwiseActivation.SIGMOID);
        part = new float[units];
        scale = new float[rational ? values : 0];
        shift = new float[rational ? values : 0];
        for (int at = 0; at < scale.length; at++) {
            boolean tanh = activations[at / units % activations.length] == ElementwiseActivation.TANH;
            scale[at] = tanh ? 1f : 0.5f;
            shift[at] = tanh ? 0f : 0.5f;
        }
    }

    /** Replaces z by act(z + b), both {@code [rows, parts·units]}. */
    void activate(float[] z, float[] b) {
        if (scale.length > 0) {
            FloatFunctions.gates(z, b, scale, shift, values);
            return;
        }
        GatedCell.add(z, b, values);
        for (int at = 0; at < values; at += units) {
            System.arraycopy(z, at, part, 0, units);
            activations[at / units % activations.length].activate(part, units);
            System.arraycopy(part, 0, z, at, units);
        }
    }
}
