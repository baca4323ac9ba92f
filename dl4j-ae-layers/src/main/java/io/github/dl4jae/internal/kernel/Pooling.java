package io.github.dl4jae.internal.kernel;

import java.util.Arrays;
import org.deeplearning4j.nn.conf.layers.PoolingType;

/**
 * Pooling of images in float32 on the CPU, with channels last.
 *
 * <pre>
 * maximum   y = max_w x                   ∂x = ε at the first maximum of each window w
 * average   y = 1/|w| · Σ_w x             ∂x = Σ_w ε/|w|
 * sum       y = Σ_w x                     ∂x = Σ_w ε
 * p-norm    y = (Σ_w |x|ᵖ)^(1/p)          ∂x = sign(x)·|x|ᵖ⁻¹ · Σ_w ε·y¹⁻ᵖ, 0 where y = 0
 * </pre>
 *
 * <p>The first maximum is that of the first row of the window, and there that of the first column. NaN anywhere in a
 * window gives NaN.
 *
 * <p>How it works: the loops run over whole lines of pixels with their channels, which HotSpot compiles to vector
 * instructions. A line of outputs first combines the rows of its windows, then their columns. Blocks of images run in
 * parallel.
 */
public final class Pooling {

    // longer than 300 lines: four kinds of pooling over the same windows

    /** Scales the smallest difference of two floats to more than 1 when applied twice. */
    private static final float LARGE = 0x1p100f;
    /** For fewer channels, a table of indices is faster than a copy per pixel. */
    private static final int MANY_CHANNELS = 16;

    private final PoolingShape windows;
    private final ConvolutionShape shape;
    private final PoolingType type;
    private final int p;
    private final boolean max;
    private final float padding;
    private final int imageLine;
    private final int outputLine;
    private final int paddedLine;
    private final int inside;
    /** For each value of a line of outputs, the index of the first value of its window in a padded line. */
    private final int[] corners;
    /** For each value of a line of outputs, the number of columns that the average of its window counts. */
    private final float[] columns;

    /**
     * Prepares pooling for images of one size.
     *
     * @param windows the windows; every one must contain a pixel
     */
    public Pooling(PoolingShape windows) {
        this.windows = windows;
        this.shape = windows.images();
        this.type = windows.type();
        this.p = windows.p();
        this.max = type == PoolingType.MAX;
        this.padding = max ? Float.NEGATIVE_INFINITY : 0f;
        int channels = shape.channels();
        this.imageLine = shape.width() * channels;
        this.outputLine = shape.outputWidth() * channels;
        this.paddedLine = shape.paddedWidth() * channels;
        this.inside = shape.left() * channels;
        this.corners = new int[outputLine];
        this.columns = new float[outputLine];
        for (int i = 0; i < outputLine; i++) {
            columns[i] = windows.columns(i / channels);
            corners[i] = i / channels * shape.strideWidth() * channels + i % channels;
        }
    }

    /** The arrays of a thread. A padded line has the padding around a line of the image. */
    private final class Lines {
        final float[] rows = line(padding);
        final float[] row = line(padding);
        final float[] result = new float[outputLine];
        final float[] tap = new float[outputLine];

        private float[] line(float value) {
            float[] line = new float[paddedLine];
            Arrays.fill(line, value);
            return line;
        }
    }

    private RowBlocks blocks(FloatRows images) {
        long taps = (long) shape.outputHeight() * shape.kernelHeight() * imageLine;
        return RowBlocks.of(images.rows(), shape.input() + taps);
    }

    /**
     * Computes the output.
     *
     * @param x {@code [N, H·W·C]}
     * @param y {@code [N, H′·W′·C]}: receives the output
     */
    public void forward(FloatRows x, FloatRows y) {
        blocks(x).forEach((block, from, to) -> {
            Lines lines = new Lines();
            for (int n = from; n < to; n++) {
                for (int out = 0; out < shape.outputHeight(); out++) {
                    pool(x, n, out, lines);
                    y.write(n, out * outputLine, lines.result, 0, outputLine);
                }
            }
        });
    }

    /** Computes a line of outputs into {@code lines.result}. */
    private void pool(FloatRows x, int n, int out, Lines lines) {
        Arrays.fill(lines.rows, inside, inside + imageLine, padding);
        for (int k = 0; k < shape.kernelHeight(); k++) {
            int y = windows.row(out, k);
            if (windows.isRowInside(y)) {
                x.read(n, y * imageLine, lines.row, inside, imageLine);
                if (max) {
                    maximum(lines.rows, lines.row, paddedLine);
                } else {
                    if (type == PoolingType.PNORM) {
                        powers(lines.row, p, paddedLine);
                    }
                    add(lines.rows, lines.row, paddedLine);
                }
            }
        }
        gather(lines.rows, 0, lines.result);
        for (int k = 1; k < shape.kernelWidth(); k++) {
            gather(lines.rows, k, lines.tap);
            if (max) {
                maximum(lines.result, lines.tap, outputLine);
            } else {
                add(lines.result, lines.tap, outputLine);
            }
        }
        if (type == PoolingType.PNORM) {
            roots(lines.result, p, outputLine);
        }
        divide(out, lines.result);
    }

    /** Divides a line of outputs by the sizes of their windows, if the pooling is an average. */
    private void divide(int out, float[] line) {
        if (type == PoolingType.AVG) {
            divide(line, windows.rows(out), columns, outputLine);
        }
    }

    /** Copies the values that a column of the kernel covers from a padded line. */
    private void gather(float[] line, int kernelColumn, float[] tap) {
        int channels = shape.channels();
        int start = kernelColumn * shape.dilationWidth() * channels;
        int step = shape.strideWidth() * channels;
        if (step == channels) {
            System.arraycopy(line, start, tap, 0, outputLine);
        } else if (channels < MANY_CHANNELS) {
            gather(line, start, corners, tap);
        } else {
            for (int to = 0, from = start; to < outputLine; to += channels, from += step) {
                System.arraycopy(line, from, tap, to, channels);
            }
        }
    }

    /** Adds a line to the values that a column of the kernel covers. */
    private void scatter(float[] tap, int kernelColumn, float[] lines, int line) {
        int channels = shape.channels();
        int start = line + kernelColumn * shape.dilationWidth() * channels;
        int step = shape.strideWidth() * channels;
        if (step == channels) {
            add(lines, start, tap, 0, outputLine);
        } else if (channels < MANY_CHANNELS) {
            scatter(tap, corners, lines, start);
        } else {
            for (int from = 0, to = start; from < outputLine; from += channels, to += step) {
                add(lines, to, tap, from, channels);
            }
        }
    }

    /**
     * Computes the gradient with respect to the input.
     *
     * @param x {@code [N, H·W·C]}
     * @param epsilon ε, {@code [N, H′·W′·C]}
     * @param dx {@code [N, H·W·C]}: receives the gradient
     */
    public void backprop(FloatRows x, FloatRows epsilon, FloatRows dx) {
        blocks(x).forEach((block, from, to) -> {
            Lines lines = new Lines();
            float[] error = new float[outputLine];
            float[] open = new float[outputLine];
            float[] sums = new float[paddedLine];
            float[] image = new float[shape.height() * paddedLine];
            for (int n = from; n < to; n++) {
                Arrays.fill(image, 0f);
                for (int out = 0; out < shape.outputHeight(); out++) {
                    epsilon.read(n, out * outputLine, error, 0, outputLine);
                    if (max || type == PoolingType.PNORM) {
                        pool(x, n, out, lines);
                        Arrays.fill(open, 1f);
                        addByValue(x, n, out, lines, error, open, image);
                    } else {
                        divide(out, error);
                        addToAll(out, error, sums, image);
                    }
                }
                for (int y = 0; y < shape.height(); y++) {
                    dx.write(n, y * imageLine, image, y * paddedLine + inside, imageLine);
                }
            }
        });
    }

    /** Adds errors to the pixels of their windows, as the value of each pixel demands. */
    private void addByValue(FloatRows x, int n, int out, Lines lines, float[] error, float[] open, float[] image) {
        for (int ky = 0; ky < shape.kernelHeight(); ky++) {
            int y = windows.row(out, ky);
            if (windows.isRowInside(y)) {
                x.read(n, y * imageLine, lines.row, inside, imageLine);
                for (int kx = 0; kx < shape.kernelWidth(); kx++) {
                    gather(lines.row, kx, lines.tap);
                    if (max) {
                        select(lines.tap, lines.result, error, open, outputLine);
                    } else {
                        normDerivative(lines.tap, lines.result, error, p, outputLine);
                    }
                    scatter(lines.tap, kx, image, y * paddedLine);
                }
            }
        }
    }

    /** Adds errors to all pixels of their windows. */
    private void addToAll(int out, float[] error, float[] sums, float[] image) {
        Arrays.fill(sums, 0f);
        for (int k = 0; k < shape.kernelWidth(); k++) {
            scatter(error, k, sums, 0);
        }
        for (int k = 0; k < shape.kernelHeight(); k++) {
            int y = windows.row(out, k);
            if (windows.isRowInside(y)) {
                add(image, y * paddedLine, sums, 0, paddedLine);
            }
        }
    }

    /**
     * Replaces x by ε where x is the maximum and no earlier value was, else by 0.
     *
     * @param open 1 for each window whose maximum was not found yet, else 0
     */
    private static void select(float[] x, float[] maximum, float[] epsilon, float[] open, int n) {
        for (int j = 0; j < n; j++) {
            float smaller = Math.min((maximum[j] - x[j]) * LARGE * LARGE, 1f); // 0 or 1: a comparison without branches
            float found = (1f - smaller) * open[j];
            x[j] = found * epsilon[j];
            open[j] -= found;
        }
    }

    private static void maximum(float[] maximum, float[] values, int n) {
        for (int j = 0; j < n; j++) {
            maximum[j] = Math.max(maximum[j], values[j]);
        }
    }

    private static void add(float[] sum, float[] values, int n) {
        for (int j = 0; j < n; j++) {
            sum[j] += values[j];
        }
    }

    private static void add(float[] sum, int to, float[] values, int from, int n) {
        for (int j = 0; j < n; j++) {
            sum[to + j] += values[from + j];
        }
    }

    private static void gather(float[] line, int start, int[] indices, float[] tap) {
        for (int j = 0; j < indices.length; j++) {
            tap[j] = line[start + indices[j]];
        }
    }

    private static void scatter(float[] tap, int[] indices, float[] line, int start) {
        for (int j = 0; j < indices.length; j++) {
            line[start + indices[j]] += tap[j];
        }
    }

    private static void divide(float[] line, float rows, float[] columns, int n) {
        for (int j = 0; j < n; j++) {
            line[j] /= rows * columns[j];
        }
    }

    /** Computes |x|ᵖ. */
    private static void powers(float[] x, int p, int n) {
        for (int j = 0; j < n; j++) {
            x[j] = (float) power(Math.abs(x[j]), p);
        }
    }

    private static void roots(float[] sums, int p, int n) {
        for (int j = 0; j < n; j++) {
            sums[j] = (float) (p == 1 ? sums[j] : p == 2 ? Math.sqrt(sums[j]) : Math.pow(sums[j], 1.0 / p));
        }
    }

    /** Replaces x by ε·sign(x)·(|x|/y)ᵖ⁻¹, or by 0 where y is 0. */
    private static void normDerivative(float[] x, float[] y, float[] epsilon, int p, int n) {
        for (int j = 0; j < n; j++) {
            x[j] = y[j] == 0 ? 0f : (float) (epsilon[j] * normDerivative(x[j], y[j], p));
        }
    }

    /** Returns the derivative of y, the p-norm of some numbers, with respect to one of them, x. */
    static double normDerivative(double x, double y, int p) {
        return Math.signum(x) * power(Math.abs(x) / y, p - 1);
    }

    /** Returns xᵖ. */
    static double power(double x, int p) {
        return switch (p) {
            case 0 -> 1;
            case 1 -> x;
            case 2 -> x * x;
            default -> Math.pow(x, p);
        };
    }
}
