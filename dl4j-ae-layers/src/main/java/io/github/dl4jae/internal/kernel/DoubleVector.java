package io.github.dl4jae.internal.kernel;

import java.util.Arrays;
import java.util.Comparator;
import java.util.stream.IntStream;

/** A vector of float64 values, for gradient checks: it favors short code over speed. */
final class DoubleVector extends RowVector {

    private final double[] values;

    DoubleVector(int length) {
        values = new double[length];
    }

    private static double[] of(RowVector vector) {
        return ((DoubleVector) vector).values;
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
        values[i] = value;
    }

    @Override
    public void clear() {
        Arrays.fill(values, 0);
    }

    @Override
    public void copy(RowVector from) {
        System.arraycopy(of(from), 0, values, 0, values.length);
    }

    @Override
    public void add(RowVector other) {
        add(1, other);
    }

    @Override
    public void add(double factor, RowVector other) {
        double[] from = of(other);
        for (int i = 0; i < values.length; i++) {
            values[i] += factor * from[i];
        }
    }

    @Override
    public void scale(double factor) {
        for (int i = 0; i < values.length; i++) {
            values[i] *= factor;
        }
    }

    @Override
    public double dot(RowVector other) {
        double[] by = of(other);
        double sum = 0;
        for (int i = 0; i < values.length; i++) {
            sum += values[i] * by[i];
        }
        return sum;
    }

    @Override
    public int above(RowVector floors, int[] found) {
        double[] floor = of(floors);
        int count = 0;
        for (int i = 0; i < values.length; i++) {
            if (!(values[i] <= floor[i])) {
                found[count++] = i;
            }
        }
        return count;
    }

    @Override
    public void largest(int k, int[] found) {
        int[] order = IntStream.range(0, values.length)
                .boxed()
                .sorted(Comparator.comparingDouble((Integer i) -> values[i]).reversed())
                .mapToInt(Integer::intValue)
                .toArray();
        System.arraycopy(order, 0, found, 0, k);
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
        double[] mean = of(m);
        double[] square = of(v);
        for (int i = 0; i < values.length; i++) {
            double g = values[i];
            mean[i] = beta1 * mean[i] + (1 - beta1) * g;
            square[i] = decay * square[i] + (1 - beta2) * g * g;
            values[i] = rate * mean[i] / (Math.sqrt(square[i]) + epsilon);
        }
    }

    @Override
    void read(RowMatrix matrix, int row) {
        matrix.readDoubles(row, values);
    }

    @Override
    void write(RowMatrix matrix, int row) {
        matrix.writeDoubles(row, values);
    }
}
