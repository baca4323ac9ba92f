package io.github.dl4jae.quantized;

import io.github.dl4jae.internal.kernel.RowBlocks;

/**
 * Search for the nearest vector of a codebook: argmin_k ½‖e_k‖² − z·e_k.
 *
 * <p>It computes in float64 row by row, so the index of a vector depends neither on the mini-batch around it nor on the
 * number of threads. Among equally near codes the lowest index wins.
 */
final class NearestCodes {

    private final int codes;
    private final int width;
    /** The codebook with a code per column: the inner loop runs over adjacent memory. */
    private final double[] columns;

    private final double[] halfNorms;

    /**
     * Prepares a search.
     *
     * @param codebook {@code [≥ codes·width]}
     * @param offset the index of the first value
     * @param codes the number of codes to choose from
     * @param width of a code
     */
    NearestCodes(double[] codebook, int offset, int codes, int width) {
        this.codes = codes;
        this.width = width;
        this.columns = new double[codes * width];
        this.halfNorms = new double[codes];
        for (int k = 0; k < codes; k++) {
            for (int j = 0; j < width; j++) {
                double value = codebook[offset + k * width + j];
                columns[j * codes + k] = value;
                halfNorms[k] += value * value / 2;
            }
        }
    }

    /** Returns the index of the nearest code of each row, {@code [rows.length / width]}; 0 for rows with NaN. */
    int[] of(double[] rows) {
        int[] nearest = new int[rows.length / width];
        RowBlocks.of(nearest.length, columns.length).forEach((block, from, to) -> {
            double[] distances = new double[codes];
            for (int row = from; row < to; row++) {
                nearest[row] = nearest(rows, row * width, distances);
            }
        });
        return nearest;
    }

    private int nearest(double[] rows, int at, double[] distances) {
        System.arraycopy(halfNorms, 0, distances, 0, codes);
        for (int j = 0; j < width; j++) {
            double value = rows[at + j];
            int column = j * codes;
            for (int k = 0; k < codes; k++) {
                distances[k] -= value * columns[column + k];
            }
        }
        int best = 0;
        for (int k = 1; k < codes; k++) {
            if (distances[k] < distances[best]) {
                best = k;
            }
        }
        return best;
    }
}
