package io.github.dl4jae.data;

import java.util.random.RandomGenerator;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/** Random unit vectors. */
final class SourceDirections {

    /** The part of the way to a tight frame that a step goes. */
    private static final double STEP = 0.5;

    private SourceDirections() {}

    /** Returns n directions of d dimensions from a uniform distribution. */
    static INDArray random(int n, int d, RandomGenerator random) {
        float[][] rows = new float[n][d];
        for (float[] row : rows) {
            double squares = 0;
            for (int j = 0; j < d; j++) {
                row[j] = (float) random.nextGaussian();
                squares += (double) row[j] * row[j];
            }
            double norm = Math.sqrt(squares);
            for (int j = 0; j < d; j++) {
                row[j] = (float) (row[j] / norm);
            }
        }
        return Nd4j.createFromArray(rows);
    }

    /**
     * Decreases Σ_(i≠j) (d_i·d_j)² by projected gradient steps, in place. For unit vectors this sum is ‖DᵀD‖² − n, so
     * that a step needs no n×n matrix.
     */
    static void spread(INDArray directions, int steps) {
        double scale = Math.max(1, (double) directions.size(0) / directions.size(1)); // of DᵀD in a tight frame
        for (int i = 0; i < steps; i++) {
            INDArray gram = directions.transpose().mmul(directions).divi(scale); // [d,n]·[n,d] → [d,d]
            INDArray moved = directions.mmul(gram).muli(-STEP); // [n,d]·[d,d] → [n,d]
            directions.muli(1 + STEP).addi(moved);
            directions.diviColumnVector(directions.norm2(true, 1));
        }
    }
}
