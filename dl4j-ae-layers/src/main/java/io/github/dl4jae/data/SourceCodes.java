package io.github.dl4jae.data;

import java.util.Arrays;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/** The sources that fire in an example, and their magnitudes, ascending by source. Filled example by example. */
final class SourceCodes {

    private int[] sources = new int[64];
    private float[] magnitudes = new float[64];
    private int count;

    void clear() {
        count = 0;
    }

    void add(int source, float magnitude) {
        if (count == sources.length) {
            sources = Arrays.copyOf(sources, 2 * count);
            magnitudes = Arrays.copyOf(magnitudes, 2 * count);
        }
        sources[count] = source;
        magnitudes[count++] = magnitude;
    }

    int count() {
        return count;
    }

    int source(int index) {
        return sources[index];
    }

    float magnitude(int index) {
        return magnitudes[index];
    }

    /** Adds Σ_i a_i·d_i to a row of values. */
    void mix(float[] directions, int d, float[] values, int row) {
        for (int i = 0; i < count; i++) {
            float a = magnitudes[i];
            int from = sources[i] * d;
            int to = row * d;
            for (int j = 0; j < d; j++) {
                values[to + j] += a * directions[from + j];
            }
        }
    }

    /** Writes the magnitudes to a row of a dense matrix. */
    void write(float[] values, int n, int row) {
        for (int i = 0; i < count; i++) {
            values[row * n + sources[i]] = magnitudes[i];
        }
    }

    static INDArray matrix(float[] values, int rows) {
        return Nd4j.createFromArray(values).reshape('c', rows, values.length / rows);
    }
}
