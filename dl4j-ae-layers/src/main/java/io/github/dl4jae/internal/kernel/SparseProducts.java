package io.github.dl4jae.internal.kernel;

import java.util.Arrays;

/**
 * Products with a matrix of which few values differ from zero, given as {@link SparseRows}.
 *
 * <p>A dense factor lies in memory in one of two ways. If the values of an index lie together, whole rows are added or
 * multiplied ({@link #addRows}, {@link #sampleRows}): that is fast. If they lie far apart, as in weights in
 * Deeplearning4j's 'f' order, loops take groups of outputs whose weights fit the cache, and access them by index
 * ({@link #gather}, {@link #sample}, {@link #scatter}). To copy the weights into the other order would take as long.
 */
final class SparseProducts {

    /** The number of outputs per group: the number of floats in a cache line. */
    private static final int LINE = 16;

    private SparseProducts() {}

    /** Computes out_i = Σ_p value_p · row_{index_p} for every line i, row by row. */
    static void addRows(SparseRows lines, FloatRows rows, FloatRows out) {
        int width = rows.columns();
        RowBlocks.of(out.rows(), width).forEach((block, from, to) -> {
            float[] sum = new float[width];
            float[] row = new float[width];
            for (int i = from; i < to; i++) {
                Arrays.fill(sum, 0f);
                for (int p = lines.start[i]; p < lines.start[i + 1]; p++) {
                    rows.read(lines.index[p], row);
                    addScaled(sum, lines.values[p], row, width);
                }
                out.write(i, sum);
            }
        });
    }

    private static void addScaled(float[] sum, float factor, float[] row, int n) {
        for (int j = 0; j < n; j++) {
            sum[j] += factor * row[j];
        }
    }

    /**
     * Computes out_{i,o} = Σ_p value_p · weight_{o,index_p}. A row of weights stays in the cache while all lines read
     * it.
     */
    static void gather(SparseRows lines, FloatRows weights, FloatRows out) {
        RowBlocks.of(groups(weights.rows()), LINE * (long) weights.columns()).forEach((block, from, to) -> {
            float[][] rows = new float[LINE][weights.columns()];
            float[] sums = new float[LINE];
            for (int group = from; group < to; group++) {
                int first = group * LINE;
                int count = Math.min(LINE, weights.rows() - first);
                for (int o = 0; o < count; o++) {
                    weights.read(first + o, rows[o]);
                }
                for (int i = 0; i < lines.lines(); i++) {
                    for (int o = 0; o < count; o += 4) {
                        dots(lines, i, rows, o, sums);
                    }
                    out.write(i, first, sums, 0, count);
                }
            }
        });
    }

    /** Computes four sums in parallel, because each addition waits for the previous one of its sum. */
    private static void dots(SparseRows lines, int line, float[][] rows, int o, float[] sums) {
        float[] row0 = rows[o];
        float[] row1 = rows[o + 1];
        float[] row2 = rows[o + 2];
        float[] row3 = rows[o + 3];
        float sum0 = 0;
        float sum1 = 0;
        float sum2 = 0;
        float sum3 = 0;
        for (int p = lines.start[line]; p < lines.start[line + 1]; p++) {
            int j = lines.index[p];
            float value = lines.values[p];
            sum0 += value * row0[j];
            sum1 += value * row1[j];
            sum2 += value * row2[j];
            sum3 += value * row3[j];
        }
        sums[o] = sum0;
        sums[o + 1] = sum1;
        sums[o + 2] = sum2;
        sums[o + 3] = sum3;
    }

    /** Computes out_{i,j} = Σ_o delta_{i,o} · row_{j,o} for the indices j of line i, and 0 elsewhere. */
    static void sampleRows(SparseRows lines, FloatRows delta, FloatRows rows, FloatRows out) {
        int width = rows.columns();
        RowBlocks.of(out.rows(), out.columns()).forEach((block, from, to) -> {
            float[] factors = new float[width];
            float[] row = new float[width];
            float[] values = new float[out.columns()];
            for (int i = from; i < to; i++) {
                delta.read(i, factors);
                Arrays.fill(values, 0f);
                for (int p = lines.start[i]; p < lines.start[i + 1]; p++) {
                    rows.read(lines.index[p], row);
                    multiply(row, factors, width);
                    values[lines.index[p]] = FloatFunctions.sum(row, width);
                }
                out.write(i, values);
            }
        });
    }

    private static void multiply(float[] values, float[] factors, int n) {
        for (int j = 0; j < n; j++) {
            values[j] *= factors[j];
        }
    }

    /** Computes out_{i,j} = Σ_o delta_{i,o} · weight_{o,j} for the indices j of line i, in the order of gather. */
    static void sample(SparseRows lines, FloatRows delta, FloatRows weights, FloatRows out) {
        RowBlocks blocks = RowBlocks.of(groups(weights.rows()), LINE * (long) weights.columns());
        float[][] sums = new float[blocks.count()][lines.values.length];
        blocks.forEach((block, from, to) -> {
            float[][] rows = new float[LINE][weights.columns()];
            float[] factors = new float[LINE];
            for (int group = from; group < to; group++) {
                int first = group * LINE;
                int count = Math.min(LINE, weights.rows() - first);
                Arrays.fill(factors, 0f);
                for (int o = 0; o < count; o++) {
                    weights.read(first + o, rows[o]);
                }
                for (int i = 0; i < lines.lines(); i++) {
                    delta.read(i, first, factors, 0, count);
                    for (int o = 0; o < count; o += 4) {
                        addDots(rows, o, factors, lines, i, sums[block]);
                    }
                }
            }
        });
        RowBlocks.of(out.rows(), out.columns()).forEach((block, from, to) -> {
            float[] row = new float[out.columns()];
            for (int i = from; i < to; i++) {
                Arrays.fill(row, 0f);
                for (float[] sum : sums) {
                    for (int p = lines.start[i]; p < lines.start[i + 1]; p++) {
                        row[lines.index[p]] += sum[p];
                    }
                }
                out.write(i, row);
            }
        });
    }

    private static void addDots(float[][] rows, int o, float[] factors, SparseRows lines, int line, float[] sums) {
        float[] row0 = rows[o];
        float[] row1 = rows[o + 1];
        float[] row2 = rows[o + 2];
        float[] row3 = rows[o + 3];
        float factor0 = factors[o];
        float factor1 = factors[o + 1];
        float factor2 = factors[o + 2];
        float factor3 = factors[o + 3];
        for (int p = lines.start[line]; p < lines.start[line + 1]; p++) {
            int j = lines.index[p];
            sums[p] += factor0 * row0[j] + factor1 * row1[j] + factor2 * row2[j] + factor3 * row3[j];
        }
    }

    /** Computes G_{o,j} = Σ_i delta_{i,o} · x_{i,j} in the order of gather, with the rows as the sums. */
    static void scatter(SparseRows x, FloatRows delta, FloatRows G) {
        RowBlocks.of(groups(G.rows()), LINE * (long) G.columns()).forEach((block, from, to) -> {
            float[][] rows = new float[LINE][G.columns()];
            float[] factors = new float[LINE];
            for (int group = from; group < to; group++) {
                int first = group * LINE;
                int count = Math.min(LINE, G.rows() - first);
                for (int o = 0; o < count; o++) {
                    Arrays.fill(rows[o], 0f);
                }
                for (int i = 0; i < x.lines(); i++) {
                    delta.read(i, first, factors, 0, count);
                    for (int o = 0; o < count; o += 4) {
                        addTo(rows, o, factors, x, i);
                    }
                }
                for (int o = 0; o < count; o++) {
                    G.write(first + o, rows[o]);
                }
            }
        });
    }

    private static void addTo(float[][] rows, int o, float[] factors, SparseRows x, int line) {
        float[] row0 = rows[o];
        float[] row1 = rows[o + 1];
        float[] row2 = rows[o + 2];
        float[] row3 = rows[o + 3];
        float factor0 = factors[o];
        float factor1 = factors[o + 1];
        float factor2 = factors[o + 2];
        float factor3 = factors[o + 3];
        for (int p = x.start[line]; p < x.start[line + 1]; p++) {
            int j = x.index[p];
            float value = x.values[p];
            row0[j] += factor0 * value;
            row1[j] += factor1 * value;
            row2[j] += factor2 * value;
            row3[j] += factor3 * value;
        }
    }

    private static int groups(int rows) {
        return (rows + LINE - 1) / LINE;
    }
}
