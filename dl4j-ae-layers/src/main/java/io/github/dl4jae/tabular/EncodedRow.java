package io.github.dl4jae.tabular;

import java.util.Arrays;

/** A row of a matrix, and the label of the row. A pass over a file uses one object for many rows. */
final class EncodedRow {

    private final float[] features;
    /** 1 for features of a value that is there, 0 for those of a missing value. */
    private final float[] present;

    private boolean complete = true;
    private double target;

    EncodedRow(int width) {
        features = new float[width];
        present = new float[width];
        Arrays.fill(present, 1f);
    }

    /** Makes all values those of a new row, none of them missing. */
    void begin() {
        if (!complete) {
            Arrays.fill(present, 1f);
            complete = true;
        }
    }

    /** Returns the features, for reading and writing. */
    float[] features() {
        return features;
    }

    float[] present() {
        return present;
    }

    /** Returns whether no value is missing. */
    boolean isComplete() {
        return complete;
    }

    void setMissing(int from, int to) {
        Arrays.fill(present, from, to, 0f);
        complete = false;
    }

    /** Returns the quantity to predict, or the index of the class. */
    double target() {
        return target;
    }

    void setTarget(double target) {
        this.target = target;
    }
}
