package io.github.dl4jae.tabular;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/** The rows of a mini-batch, up to a number. */
final class EncodedRows {

    private final int width;
    private final float[] features;
    private final float[] present;
    private final double[] targets;
    private boolean complete = true;
    private int count;

    EncodedRows(int most, int width) {
        this.width = width;
        this.features = new float[most * width];
        this.present = new float[most * width];
        this.targets = new double[most];
    }

    boolean isFull() {
        return count == targets.length;
    }

    void add(EncodedRow row) {
        System.arraycopy(row.features(), 0, features, count * width, width);
        System.arraycopy(row.present(), 0, present, count * width, width);
        targets[count++] = row.target();
        complete &= row.isComplete();
    }

    /** Returns the features of the rows so far, {@code [N, d]}. */
    INDArray features() {
        return matrix(features);
    }

    /** Returns 1 for features of values that are there, else 0, {@code [N, d]}; null if none is missing. */
    @Nullable
    INDArray present() {
        return complete ? null : matrix(present);
    }

    /** Returns the labels of the rows: quantities, or indices of classes. */
    double[] targets() {
        return Arrays.copyOf(targets, count);
    }

    private INDArray matrix(float[] values) {
        return Nd4j.create(Arrays.copyOf(values, count * width), new long[] {count, width}, 'c');
    }
}
