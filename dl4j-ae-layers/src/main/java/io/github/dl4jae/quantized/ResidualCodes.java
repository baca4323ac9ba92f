package io.github.dl4jae.quantized;

/**
 * Quantized vectors of a mini-batch: the indices of all stages and what each stage leaves.
 *
 * @param width of a vector
 * @param stages S
 * @param indices {@code [N·S]}
 * @param vectors q = Σ_s q_s, {@code [N·width]}; NaN where z is not finite
 * @param residuals z_{s+1} = z_s − q_s for each stage, {@code [S][N·width]}
 * @param rows z, {@code [N·width]}
 */
@SuppressWarnings("ArrayRecordComponent") // package-private, and never compared
record ResidualCodes(int width, int stages, int[] indices, double[] vectors, double[][] residuals, double[] rows) {

    /** Returns the surrogate at other vectors z: the codes stay, the residuals move with z. */
    ResidualCodes movedTo(double[] z) {
        double[] moved = vectors.clone();
        double[][] left = new double[stages][];
        for (int s = 0; s < stages; s++) {
            left[s] = residuals[s].clone();
        }
        for (int i = 0; i < z.length; i++) {
            double step = z[i] - rows[i];
            moved[i] += step;
            for (double[] each : left) {
                each[i] += step;
            }
        }
        return new ResidualCodes(width, stages, indices, moved, left, z);
    }

    /** Returns Σ_s ‖z_s − q_s‖² over all rows. */
    double squaredDistance() {
        double sum = 0;
        for (double[] stage : residuals) {
            for (double each : stage) {
                sum += each * each;
            }
        }
        return sum;
    }

    /** Returns Σ_s (z_s − q_s), half the gradient of the squared distance. */
    double[] residualSum() {
        double[] sum = new double[rows.length];
        for (double[] stage : residuals) {
            for (int i = 0; i < sum.length; i++) {
                sum[i] += stage[i];
            }
        }
        return sum;
    }

    int count() {
        return rows.length / width;
    }

    /** Returns the vectors that enter a stage. */
    double[] entering(int stage) {
        return stage == 0 ? rows : residuals[stage - 1];
    }
}
