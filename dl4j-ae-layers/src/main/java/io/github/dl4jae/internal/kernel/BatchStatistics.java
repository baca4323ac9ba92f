package io.github.dl4jae.internal.kernel;

import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/**
 * Batch normalization. A row holds the values of one or several pixels, each with all channels.
 *
 * <pre>
 * μ = 1/M · Σ x      v = 1/M · Σ (x − μ)²        M values per channel
 * y = γ·(x − μ)/σ + β
 * ∂β = Σ ε           ∂γ = Σ ε·(x − μ)/σ          ∂x = γ/σ · (ε − ∂β/M − (x − μ)/σ · ∂γ/M)
 * </pre>
 *
 * <p>A block of rows computes its own mean and variance. Those of the blocks are combined in a fixed order (Chan, Golub
 * and LeVeque 1983), so results do not depend on the number of cores. Types other than float32, and backends other than
 * the CPU, take ND4J's operations in float64.
 *
 * @see <a href="https://arxiv.org/abs/1502.03167">Ioffe and Szegedy 2015, Batch normalization</a>
 */
public final class BatchStatistics {

    private final double[] mean;
    private final double[] variance;

    /**
     * Takes given statistics.
     *
     * @param mean μ, {@code [C]}; not copied
     * @param variance v, {@code [C]}; not copied
     */
    public BatchStatistics(double[] mean, double[] variance) {
        this.mean = mean;
        this.variance = variance;
    }

    /**
     * Computes mean and variance of every channel.
     *
     * @param x {@code [M, C]} in 'c' order, or with several such rows per row
     * @param channels C
     * @return the statistics; the variance has the divisor M
     */
    public static BatchStatistics of(INDArray x, int channels) {
        if (!FloatRows.canView(x)) {
            INDArray pixels = pixels(x, channels);
            return new BatchStatistics(values(pixels.mean(0)), values(pixels.var(false, 0)));
        }
        FloatRows rows = FloatRows.of(WideRows.of(x, channels));
        int width = rows.columns();
        RowBlocks blocks = RowBlocks.of(rows.rows(), width);
        double[][] means = new double[blocks.count()][];
        double[][] squares = new double[blocks.count()][];
        long[] counts = new long[blocks.count()];
        blocks.forEach((block, from, to) -> {
            float[] row = new float[width];
            float[] sums = new float[width];
            for (int i = from; i < to; i++) {
                rows.read(i, row);
                add(sums, row, width);
            }
            long count = (long) (to - from) * (width / channels);
            counts[block] = count;
            means[block] = fold(sums, channels);
            divide(means[block], count);
            float[] mean = repeat(means[block], width);
            float[] differences = new float[width];
            float[] deviations = new float[width];
            for (int i = from; i < to; i++) {
                rows.read(i, row);
                addDeviations(differences, deviations, row, mean, width);
            }
            squares[block] = fold(deviations, channels);
            correct(means[block], mean, squares[block], fold(differences, channels), count);
        });
        long count = counts[0];
        for (int block = 1; block < blocks.count(); block++) {
            combine(means[0], squares[0], count, means[block], squares[block], counts[block]);
            count += counts[block];
        }
        divide(squares[0], count);
        return new BatchStatistics(means[0], squares[0]);
    }

    /** Corrects a mean that was rounded, and the sum of squared deviations from it. */
    private static void correct(double[] mean, float[] rounded, double[] squares, double[] differences, long count) {
        for (int c = 0; c < mean.length; c++) {
            double error = differences[c] / count;
            mean[c] = rounded[c] + error;
            squares[c] = Math.max(0, squares[c] - error * differences[c]);
        }
    }

    /** Adds mean and sum of squared deviations of a part to those of another one. */
    private static void combine(
            double[] mean, double[] squares, long count, double[] otherMean, double[] otherSquares, long otherCount) {
        double share = (double) otherCount / (count + otherCount);
        for (int c = 0; c < mean.length; c++) {
            double difference = otherMean[c] - mean[c];
            mean[c] += difference * share;
            squares[c] += otherSquares[c] + difference * difference * count * share;
        }
    }

    /**
     * Returns the mean of a channel.
     *
     * @param channel its index
     * @return μ
     */
    public double mean(int channel) {
        return mean[channel];
    }

    /**
     * Returns the variance of a channel.
     *
     * @param channel its index
     * @return v
     */
    public double variance(int channel) {
        return variance[channel];
    }

    /**
     * Computes y = (x − μ)·scale + shift.
     *
     * @param x {@code [M, C]} in 'c' order, or with several such rows per row
     * @param scale {@code [C]}
     * @param shift {@code [C]}
     * @param y receives the result; of the shape of x
     */
    public void normalize(INDArray x, double[] scale, double[] shift, INDArray y) {
        if (!FloatRows.canView(x, y)) {
            INDArray centered = pixels(x, mean.length).subRowVector(vector(mean));
            y.assign(centered.muliRowVector(vector(scale))
                    .addiRowVector(vector(shift))
                    .reshape('c', y.shape()));
            return;
        }
        FloatRows in = FloatRows.of(WideRows.of(x, mean.length));
        FloatRows out = FloatRows.of(WideRows.of(y, mean.length));
        int width = in.columns();
        float[] means = repeat(mean, width);
        float[] scales = repeat(scale, width);
        float[] shifts = repeat(shift, width);
        RowBlocks.of(in.rows(), width).forEach((block, from, to) -> {
            float[] row = new float[width];
            for (int i = from; i < to; i++) {
                in.read(i, row);
                normalize(row, means, scales, shifts, width);
                out.write(i, row);
            }
        });
    }

    /**
     * Computes the sums that the gradients consist of.
     *
     * @param x {@code [M, C]} in 'c' order, or with several such rows per row
     * @param epsilon ε, of the shape of x
     * @return Σ ε and Σ ε·(x − μ), each {@code [C]}
     */
    public double[][] errorSums(INDArray x, INDArray epsilon) {
        int channels = mean.length;
        if (!FloatRows.canView(x, epsilon)) {
            INDArray centered = pixels(x, channels).subRowVector(vector(mean));
            INDArray error = pixels(epsilon, channels);
            return new double[][] {
                values(error.sum(0)), values(centered.muli(error).sum(0))
            };
        }
        FloatRows in = FloatRows.of(WideRows.of(x, channels));
        FloatRows errors = FloatRows.of(WideRows.of(epsilon, channels));
        int width = in.columns();
        float[] means = repeat(mean, width);
        RowBlocks blocks = RowBlocks.of(in.rows(), 2L * width);
        float[][] sums = new float[blocks.count()][width];
        float[][] products = new float[blocks.count()][width];
        blocks.forEach((block, from, to) -> {
            float[] row = new float[width];
            float[] error = new float[width];
            for (int i = from; i < to; i++) {
                in.read(i, row);
                errors.read(i, error);
                add(sums[block], error, width);
                addProducts(products[block], error, row, means, width);
            }
        });
        return new double[][] {foldAll(sums, channels), foldAll(products, channels)};
    }

    /**
     * Computes ∂x = a·ε + b·(x − μ) + c, where a, b and c belong to a channel.
     *
     * @param x {@code [M, C]} in 'c' order, or with several such rows per row
     * @param epsilon ε, of the shape of x
     * @param a {@code [C]}
     * @param b {@code [C]}
     * @param c {@code [C]}
     * @param dx receives the result; of the shape of x
     */
    public void backprop(INDArray x, INDArray epsilon, double[] a, double[] b, double[] c, INDArray dx) {
        if (!FloatRows.canView(x, epsilon, dx)) {
            INDArray centered = pixels(x, mean.length).subRowVector(vector(mean));
            INDArray error = pixels(epsilon, mean.length).mulRowVector(vector(a));
            dx.assign(error.addi(centered.muliRowVector(vector(b)))
                    .addiRowVector(vector(c))
                    .reshape('c', dx.shape()));
            return;
        }
        FloatRows in = FloatRows.of(WideRows.of(x, mean.length));
        FloatRows errors = FloatRows.of(WideRows.of(epsilon, mean.length));
        FloatRows out = FloatRows.of(WideRows.of(dx, mean.length));
        int width = in.columns();
        float[] means = repeat(mean, width);
        float[] ofError = repeat(a, width);
        float[] ofValue = repeat(b, width);
        float[] constant = repeat(c, width);
        RowBlocks.of(in.rows(), 2L * width).forEach((block, from, to) -> {
            float[] row = new float[width];
            float[] error = new float[width];
            for (int i = from; i < to; i++) {
                in.read(i, row);
                errors.read(i, error);
                combine(error, ofError, row, means, ofValue, constant, width);
                out.write(i, error);
            }
        });
    }

    /** Returns a row per pixel, in float64. */
    private static INDArray pixels(INDArray rows, int channels) {
        return rows.castTo(DataType.DOUBLE).reshape('c', rows.length() / channels, channels);
    }

    private static INDArray vector(double[] values) {
        return Nd4j.createFromArray(values).reshape(1, values.length);
    }

    private static double[] values(INDArray vector) {
        return vector.dup('c').data().asDouble();
    }

    private static float[] repeat(double[] values, int length) {
        float[] all = new float[length];
        for (int at = 0; at < length; at += values.length) {
            for (int c = 0; c < values.length; c++) {
                all[at + c] = (float) values[c];
            }
        }
        return all;
    }

    private static void divide(double[] sums, long count) {
        for (int c = 0; c < sums.length; c++) {
            sums[c] /= count;
        }
    }

    private static double[] fold(float[] values, int channels) {
        double[] sums = new double[channels];
        addPixels(sums, values, channels);
        return sums;
    }

    private static double[] foldAll(float[][] blocks, int channels) {
        double[] sums = new double[channels];
        for (float[] values : blocks) {
            addPixels(sums, values, channels);
        }
        return sums;
    }

    private static void addPixels(double[] sums, float[] values, int channels) {
        for (int at = 0; at < values.length; at += channels) {
            for (int c = 0; c < channels; c++) {
                sums[c] += values[at + c];
            }
        }
    }

    private static void add(float[] sum, float[] row, int n) {
        for (int j = 0; j < n; j++) {
            sum[j] += row[j];
        }
    }

    private static void addDeviations(float[] sum, float[] squares, float[] row, float[] mean, int n) {
        for (int j = 0; j < n; j++) {
            float difference = row[j] - mean[j];
            sum[j] += difference;
            squares[j] += difference * difference;
        }
    }

    private static void addProducts(float[] sum, float[] error, float[] row, float[] mean, int n) {
        for (int j = 0; j < n; j++) {
            sum[j] += error[j] * (row[j] - mean[j]);
        }
    }

    private static void normalize(float[] row, float[] mean, float[] scale, float[] shift, int n) {
        for (int j = 0; j < n; j++) {
            row[j] = (row[j] - mean[j]) * scale[j] + shift[j];
        }
    }

    private static void combine(float[] error, float[] a, float[] row, float[] mean, float[] b, float[] c, int n) {
        for (int j = 0; j < n; j++) {
            error[j] = error[j] * a[j] + (row[j] - mean[j]) * b[j] + c[j];
        }
    }
}
