package io.github.dl4jae.quantized;

import java.util.Arrays;

/**
 * The grid of a finite scalar quantizer. The levels of a feature are the integers from −⌊L/2⌋ on, divided by ⌊L/2⌋. The
 * index of a vector counts them with the first feature changing fastest.
 */
final class LevelTable implements CodeTable {

    /** How far tanh reaches beyond the last levels, so that these can be reached. */
    private static final double MARGIN = 1e-3;

    private final int[] levels;
    private final double[] half;
    private final double[] offset;
    private final double[] shift;

    LevelTable(int[] levels) {
        this.levels = levels;
        this.half = new double[levels.length];
        this.offset = new double[levels.length];
        this.shift = new double[levels.length];
        for (int j = 0; j < levels.length; j++) {
            half[j] = (levels[j] - 1) * (1 + MARGIN) / 2;
            offset[j] = levels[j] % 2 == 0 ? 0.5 : 0;
            double ratio = offset[j] / half[j];
            shift[j] = Math.log((1 + ratio) / (1 - ratio)) / 2; // artanh
        }
    }

    @Override
    public int width() {
        return levels.length;
    }

    @Override
    public int stages() {
        return 1;
    }

    @Override
    public int codes() {
        return Arrays.stream(levels).reduce(1, Math::multiplyExact);
    }

    /** Returns b(z)/⌊L/2⌋ with b(z) = tanh(z + shift)·half − offset. */
    double[] bounded(double[] z) {
        double[] bounded = new double[z.length];
        for (int i = 0; i < z.length; i++) {
            int j = i % levels.length;
            bounded[i] = (Math.tanh(z[i] + shift[j]) * half[j] - offset[j]) / unit(j);
        }
        return bounded;
    }

    /** Returns the derivative of {@link #bounded}. */
    double[] derivative(double[] bounded) {
        double[] derivative = new double[bounded.length];
        for (int i = 0; i < bounded.length; i++) {
            int j = i % levels.length;
            double tanh = (bounded[i] * unit(j) + offset[j]) / half[j];
            derivative[i] = (1 - tanh * tanh) * half[j] / unit(j);
        }
        return derivative;
    }

    /** Returns ⌊L/2⌋. */
    private int unit(int feature) {
        return levels[feature] / 2;
    }

    /** Rounds bounded values to levels. */
    double[] rounded(double[] bounded) {
        double[] rounded = new double[bounded.length];
        for (int i = 0; i < bounded.length; i++) {
            int unit = unit(i % levels.length);
            rounded[i] = Math.rint(bounded[i] * unit) / unit;
        }
        return rounded;
    }

    @Override
    public int[] indices(double[] rows) {
        return indicesOf(rounded(bounded(rows)));
    }

    /** Returns the indices of rounded vectors. */
    int[] indicesOf(double[] rounded) {
        int[] indices = new int[rounded.length / levels.length];
        for (int row = 0; row < indices.length; row++) {
            int factor = 1;
            for (int j = 0; j < levels.length; j++) {
                int level = (int) Math.rint(rounded[row * levels.length + j] * unit(j)) + unit(j);
                indices[row] += level * factor;
                factor *= levels[j];
            }
        }
        return indices;
    }

    @Override
    public double[] vectors(int[] indices) {
        double[] vectors = new double[indices.length * levels.length];
        for (int row = 0; row < indices.length; row++) {
            int rest = indices[row];
            for (int j = 0; j < levels.length; j++) {
                vectors[row * levels.length + j] = (double) (rest % levels[j] - unit(j)) / unit(j);
                rest /= levels[j];
            }
        }
        return vectors;
    }
}
