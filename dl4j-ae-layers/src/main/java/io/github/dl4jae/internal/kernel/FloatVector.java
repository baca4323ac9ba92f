package io.github.dl4jae.internal.kernel;

import java.util.Arrays;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** A vector of float32 values. */
final class FloatVector extends RowVector {

    private final float[] values;
    /** The products of {@link #dot}. */
    private float[] products = {};

    private @Nullable LargestValues selection;
    private int selected;

    FloatVector(int length) {
        values = new float[length];
    }

    private static float[] of(RowVector vector) {
        return ((FloatVector) vector).values;
    }

    @Override
    public int length() {
        return values.length;
    }

    @Override
    public double get(int i) {
        return values[i];
    }

    @Override
    public void set(int i, double value) {
        values[i] = (float) value;
    }

    @Override
    public void clear() {
        Arrays.fill(values, 0f);
    }

    @Override
    public void copy(RowVector from) {
        System.arraycopy(of(from), 0, values, 0, values.length);
    }

    @Override
    public void add(RowVector other) {
        add(values, of(other));
    }

    private static void add(float[] to, float[] from) {
        for (int i = 0; i < to.length; i++) {
            to[i] += from[i];
        }
    }

    @Override
    public void add(double factor, RowVector other) {
        add(values, (float) factor, of(other));
    }

    private static void add(float[] to, float factor, float[] from) {
        for (int i = 0; i < to.length; i++) {
            to[i] += factor * from[i];
        }
    }

    @Override
    public void scale(double factor) {
        float f = (float) factor;
        for (int i = 0; i < values.length; i++) {
            values[i] *= f;
        }
    }

    /** Adds the products in halves: HotSpot uses vector instructions for these loops, but not for a plain sum. */
    @Override
    public double dot(RowVector other) {
        if (products.length != values.length) {
            products = new float[values.length];
        }
        multiply(values, of(other), products);
        int n = values.length;
        while (n > 8) {
            int half = n / 2;
            addHalf(products, n - half, half);
            n -= half;
        }
        float sum = 0;
        for (int i = 0; i < n; i++) {
            sum += products[i];
        }
        return sum;
    }

    private static void multiply(float[] a, float[] b, float[] products) {
        for (int i = 0; i < products.length; i++) {
            products[i] = a[i] * b[i];
        }
    }

    private static void addHalf(float[] sums, int from, int count) {
        for (int i = 0; i < count; i++) {
            sums[i] += sums[from + i];
        }
    }

    @Override
    public int above(RowVector floors, int[] found) {
        float[] floor = of(floors);
        int count = 0;
        for (int i = 0; i < values.length; i++) {
            found[count] = i;
            count += values[i] <= floor[i] ? 0 : 1;
        }
        return count;
    }

    @Override
    public void largest(int k, int[] found) {
        if (selection == null || selected != k) {
            selection = new LargestValues(k);
            selected = k;
        }
        LargestValues largest = Objects.requireNonNull(selection);
        largest.select(values, values.length);
        for (int i = 0; i < k; i++) {
            found[i] = largest.column(i);
        }
    }

    @Override
    public void absolute() {
        for (int i = 0; i < values.length; i++) {
            values[i] = Math.abs(values[i]);
        }
    }

    @Override
    public void adamStep(
            RowVector m, RowVector v, double beta1, double beta2, double decay, double rate, double epsilon) {
        AdamLoop.step(values, of(m), of(v), values.length, beta1, beta2, decay, rate, epsilon);
    }

    @Override
    void read(RowMatrix matrix, int row) {
        matrix.readFloats(row, values);
    }

    @Override
    void write(RowMatrix matrix, int row) {
        matrix.writeFloats(row, values);
    }
}
