package io.github.dl4jae.internal.kernel;

import java.util.Arrays;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/**
 * The three kernels of a convolution in float32 on the CPU, on images with channels last.
 *
 * <pre>
 * forward            y = P(x)·W          P(x): patches as rows, [N·H′·W′, k]   W: [k, O]   k = kernel height·width·C
 * input gradient     ∂x = Pᵀ(δ·Wᵀ)       Pᵀ adds each value of a patch to the pixel it was copied from
 * weight gradient    ∂W = P(x)ᵀ·δ
 * </pre>
 *
 * <p>A transposed convolution uses the same kernels: its forward pass is the input gradient, its input gradient the
 * forward pass, and x and δ change places in its weight gradient.
 *
 * <p>How it works: patches are copied into a buffer of at most 256 KB, which the second-level cache holds, and
 * multiplied from there. Blocks of images run in parallel; each product takes one thread. The sums of the blocks are
 * added in a fixed order, so results do not depend on the number of cores.
 *
 * @see <a href="https://arxiv.org/abs/1410.0759">Chetlur et al. 2014, cuDNN: efficient primitives for deep learning</a>
 */
public final class Convolution {

    /** The largest number of values of patches that are multiplied at once. */
    private static final int CHUNK = 1 << 16;
    /** The largest number of values of all partial weight gradients. */
    private static final int MOST_PARTIAL = 1 << 22;
    /** A loop is faster than arraycopy for fewer values. */
    private static final int SHORT_RUN = 8;

    private final ConvolutionShape shape;
    private final int patch;
    private final int line;
    private final int paddedRow;
    private final int padded;
    private final int chunkLines;

    /**
     * Creates the kernels.
     *
     * @param shape the sizes
     */
    public Convolution(ConvolutionShape shape) {
        this.shape = shape;
        this.patch = shape.patch();
        this.line = shape.outputWidth() * shape.filters();
        this.paddedRow = shape.paddedWidth() * shape.channels();
        this.padded = shape.paddedHeight() * paddedRow;
        this.chunkLines = Math.max(1, CHUNK / (shape.outputWidth() * patch));
    }

    /** Multiplies the patches of some lines of output pixels. */
    @FunctionalInterface
    private interface Lines {
        /** Lines are counted over all images; {@code first} is true for the first lines of a block. */
        void multiply(int block, int from, int count, FloatRows patches, boolean first);
    }

    /**
     * Computes y = P(x)·W.
     *
     * @param x {@code [N, H·W·C]}
     * @param W {@code [k, O]}
     * @param y {@code [N, H′·W′·O]}: receives the product
     */
    public void forward(FloatRows x, FloatRows W, FloatRows y) {
        int pixels = shape.outputWidth();
        int filters = shape.filters();
        lines(
                x,
                blocks(x.rows(), Integer.MAX_VALUE),
                (block, from, count, patches, first) -> Blas.multiply(
                        false,
                        false,
                        count * pixels,
                        filters,
                        patch,
                        patches.pointer(block, 0),
                        patch,
                        W.pointer(0, 0),
                        filters,
                        0f,
                        y.pointer(0, (long) from * line),
                        filters));
    }

    /**
     * Computes ∂W = P(x)ᵀ·δ.
     *
     * @param x {@code [N, H·W·C]}
     * @param delta δ, {@code [N, H′·W′·O]}
     * @param G {@code [k, O]}: receives ∂W
     */
    public void weightGradient(FloatRows x, FloatRows delta, FloatRows G) {
        int pixels = shape.outputWidth();
        int filters = shape.filters();
        int size = patch * filters;
        RowBlocks blocks = blocks(x.rows(), Math.max(2, MOST_PARTIAL / size));
        FloatRows partial = work(blocks.count(), size);
        lines(
                x,
                blocks,
                (block, from, count, patches, first) -> Blas.multiply(
                        true,
                        false,
                        patch,
                        filters,
                        count * pixels,
                        patches.pointer(block, 0),
                        patch,
                        delta.pointer(0, (long) from * line),
                        filters,
                        first ? 0f : 1f,
                        partial.pointer(block, 0),
                        filters));
        float[] sum = new float[size];
        float[] part = new float[size];
        partial.read(0, sum);
        for (int block = 1; block < blocks.count(); block++) {
            partial.read(block, part);
            add(sum, 0, part, 0, size);
        }
        G.write(0, 0, sum, 0, size);
    }

    /**
     * Computes ∂x = Pᵀ(δ·Wᵀ).
     *
     * @param delta δ, {@code [N, H′·W′·O]}
     * @param W {@code [k, O]}
     * @param dx {@code [N, H·W·C]}: receives ∂x
     */
    public void inputGradient(FloatRows delta, FloatRows W, FloatRows dx) {
        RowBlocks blocks = blocks(dx.rows(), Integer.MAX_VALUE);
        FloatRows patches = work(blocks.count(), chunkLines * shape.outputWidth() * patch);
        run(blocks, (block, from, to) -> {
            float[] values = new float[patches.columns()];
            float[] image = new float[padded];
            int end = to * shape.outputHeight();
            for (int at = from * shape.outputHeight(); at < end; at += chunkLines) {
                int count = Math.min(chunkLines, end - at);
                int pixels = count * shape.outputWidth();
                Blas.multiply(
                        false,
                        true,
                        pixels,
                        patch,
                        shape.filters(),
                        delta.pointer(0, (long) at * line),
                        shape.filters(),
                        W.pointer(0, 0),
                        shape.filters(),
                        0f,
                        patches.pointer(block, 0),
                        patch);
                patches.read(block, 0, values, 0, pixels * patch);
                for (int i = 0; i < count; i++) {
                    int y = (at + i) % shape.outputHeight();
                    if (y == 0) {
                        Arrays.fill(image, 0f);
                    }
                    addPatches(values, i * shape.outputWidth() * patch, image, y);
                    if (y == shape.outputHeight() - 1) {
                        store(image, dx, (at + i) / shape.outputHeight());
                    }
                }
            }
        });
    }

    private void lines(FloatRows x, RowBlocks blocks, Lines lines) {
        FloatRows patches = work(blocks.count(), chunkLines * shape.outputWidth() * patch);
        run(blocks, (block, from, to) -> {
            float[] values = new float[patches.columns()];
            float[] image = new float[padded];
            int loaded = -1;
            int begin = from * shape.outputHeight();
            int end = to * shape.outputHeight();
            for (int at = begin; at < end; at += chunkLines) {
                int count = Math.min(chunkLines, end - at);
                for (int i = 0; i < count; i++) {
                    int n = (at + i) / shape.outputHeight();
                    if (n != loaded) {
                        load(x, n, image);
                        loaded = n;
                    }
                    copyPatches(image, (at + i) % shape.outputHeight(), values, i * shape.outputWidth() * patch);
                }
                patches.write(block, 0, values, 0, count * shape.outputWidth() * patch);
                lines.multiply(block, at, count, patches, at == begin);
            }
        });
    }

    private RowBlocks blocks(int images, int most) {
        return RowBlocks.of(images, (long) shape.outputHeight() * shape.outputWidth() * patch, most);
    }

    private static void run(RowBlocks blocks, RowBlocks.Work work) {
        if (blocks.count() == 1) {
            blocks.forEach(work);
        } else {
            Blas.onCallingThreads(() -> blocks.forEach(work));
        }
    }

    private static FloatRows work(int rows, int columns) {
        INDArray memory = Nd4j.createUninitialized(DataType.FLOAT, rows, columns);
        return FloatRows.of(memory);
    }

    /** Copies an image into the padded one, whose border stays 0. */
    private void load(FloatRows x, int n, float[] image) {
        int row = shape.width() * shape.channels();
        for (int y = 0; y < shape.height(); y++) {
            x.read(n, y * row, image, inside(y), row);
        }
    }

    private void store(float[] image, FloatRows dx, int n) {
        int row = shape.width() * shape.channels();
        for (int y = 0; y < shape.height(); y++) {
            dx.write(n, y * row, image, inside(y), row);
        }
    }

    private int inside(int y) {
        return (y + shape.top()) * paddedRow + shape.left() * shape.channels();
    }

    private void copyPatches(float[] image, int y, float[] patches, int at) {
        int run = run();
        int step = shape.dilationWidth() * shape.channels();
        int runs = patch / shape.kernelHeight() / run;
        for (int x = 0; x < shape.outputWidth(); x++) {
            int corner = corner(x, y);
            for (int ky = 0; ky < shape.kernelHeight(); ky++) {
                int from = corner + ky * shape.dilationHeight() * paddedRow;
                for (int kx = 0; kx < runs; kx++) {
                    copy(image, from + kx * step, patches, at, run);
                    at += run;
                }
            }
        }
    }

    private void addPatches(float[] patches, int at, float[] image, int y) {
        int run = run();
        int step = shape.dilationWidth() * shape.channels();
        int runs = patch / shape.kernelHeight() / run;
        for (int x = 0; x < shape.outputWidth(); x++) {
            int corner = corner(x, y);
            for (int ky = 0; ky < shape.kernelHeight(); ky++) {
                int to = corner + ky * shape.dilationHeight() * paddedRow;
                for (int kx = 0; kx < runs; kx++) {
                    add(image, to + kx * step, patches, at, run);
                    at += run;
                }
            }
        }
    }

    /** Returns the number of adjacent values of a kernel row. */
    private int run() {
        return shape.dilationWidth() == 1 ? shape.kernelWidth() * shape.channels() : shape.channels();
    }

    private int corner(int x, int y) {
        return y * shape.strideHeight() * paddedRow + x * shape.strideWidth() * shape.channels();
    }

    private static void copy(float[] from, int source, float[] to, int at, int n) {
        if (n >= SHORT_RUN) {
            System.arraycopy(from, source, to, at, n);
            return;
        }
        for (int j = 0; j < n; j++) {
            to[at + j] = from[source + j];
        }
    }

    private static void add(float[] sum, int at, float[] values, int from, int n) {
        for (int j = 0; j < n; j++) {
            sum[at + j] += values[from + j];
        }
    }
}
