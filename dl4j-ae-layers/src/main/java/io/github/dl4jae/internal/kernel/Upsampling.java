package io.github.dl4jae.internal.kernel;

/**
 * Nearest-neighbor upsampling of images in float32 on the CPU, with channels last.
 *
 * <pre>
 * y_{i,j} = x_{⌊i/h⌋, ⌊j/w⌋}        ∂x_{i,j} = Σ_{k&lt;h, l&lt;w} ε_{i·h+k, j·w+l}
 * </pre>
 */
public final class Upsampling {

    /** For fewer channels, a table of indices is faster than a copy per pixel. */
    private static final int MANY_CHANNELS = 16;

    private final int channels;
    private final int line;
    private final int height;
    private final int timesHeight;
    private final int timesWidth;
    /** For each value of a wide line, the index of the value that it repeats. */
    private final int[] sources;
    /** For each value of a line, the index of its first copy in a wide line. */
    private final int[] copies;

    /**
     * Prepares upsampling for images of one size.
     *
     * @param height H
     * @param width W
     * @param channels C
     * @param timesHeight h, the number of copies of a row
     * @param timesWidth w, the number of copies of a column
     */
    public Upsampling(int height, int width, int channels, int timesHeight, int timesWidth) {
        this.channels = channels;
        this.line = width * channels;
        this.height = height;
        this.timesHeight = timesHeight;
        this.timesWidth = timesWidth;
        this.sources = new int[line * timesWidth];
        this.copies = new int[line];
        for (int i = 0; i < sources.length; i++) {
            sources[i] = i / channels / timesWidth * channels + i % channels;
        }
        for (int i = 0; i < line; i++) {
            copies[i] = i / channels * timesWidth * channels + i % channels;
        }
    }

    /**
     * Computes the output.
     *
     * @param x {@code [N, H·W·C]}
     * @param y {@code [N, hH·wW·C]}: receives the output
     */
    public void forward(FloatRows x, FloatRows y) {
        int wide = line * timesWidth;
        RowBlocks.of(x.rows(), y.columns()).forEach((block, from, to) -> {
            float[] in = new float[line];
            float[] out = new float[wide];
            for (int n = from; n < to; n++) {
                for (int row = 0; row < height; row++) {
                    x.read(n, row * line, in, 0, line);
                    widen(in, out);
                    for (int k = 0; k < timesHeight; k++) {
                        y.write(n, (row * timesHeight + k) * wide, out, 0, wide);
                    }
                }
            }
        });
    }

    /**
     * Computes the gradient with respect to the input.
     *
     * @param epsilon ε, {@code [N, hH·wW·C]}
     * @param dx {@code [N, H·W·C]}: receives the gradient
     */
    public void backprop(FloatRows epsilon, FloatRows dx) {
        int wide = line * timesWidth;
        RowBlocks.of(dx.rows(), epsilon.columns()).forEach((block, from, to) -> {
            float[] sum = new float[wide];
            float[] next = new float[wide];
            float[] out = new float[line];
            for (int n = from; n < to; n++) {
                for (int row = 0; row < height; row++) {
                    epsilon.read(n, row * timesHeight * wide, sum, 0, wide);
                    for (int k = 1; k < timesHeight; k++) {
                        epsilon.read(n, (row * timesHeight + k) * wide, next, 0, wide);
                        add(sum, 0, next, 0, wide);
                    }
                    narrow(sum, out);
                    dx.write(n, row * line, out, 0, line);
                }
            }
        });
    }

    private void widen(float[] in, float[] out) {
        if (channels < MANY_CHANNELS) {
            for (int j = 0; j < sources.length; j++) {
                out[j] = in[sources[j]];
            }
            return;
        }
        for (int from = 0, to = 0; from < line; from += channels) {
            for (int k = 0; k < timesWidth; k++, to += channels) {
                System.arraycopy(in, from, out, to, channels);
            }
        }
    }

    private void narrow(float[] in, float[] out) {
        if (channels < MANY_CHANNELS) {
            narrowByTable(in, out);
            return;
        }
        for (int to = 0, from = 0; to < line; to += channels) {
            System.arraycopy(in, from, out, to, channels);
            from += channels;
            for (int k = 1; k < timesWidth; k++, from += channels) {
                add(out, to, in, from, channels);
            }
        }
    }

    private void narrowByTable(float[] in, float[] out) {
        for (int j = 0; j < line; j++) {
            out[j] = in[copies[j]];
        }
        for (int k = 1; k < timesWidth; k++) {
            int start = k * channels;
            for (int j = 0; j < line; j++) {
                out[j] += in[start + copies[j]];
            }
        }
    }

    private static void add(float[] sum, int to, float[] values, int from, int n) {
        for (int j = 0; j < n; j++) {
            sum[to + j] += values[from + j];
        }
    }
}
