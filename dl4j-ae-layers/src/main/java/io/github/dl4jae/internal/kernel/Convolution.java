package io.github.dl4jae.internal.kernel;

import java.util.Arrays;
import org.bytedeco.javacpp.FloatPointer;
import org.jspecify.annotations.Nullable;

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
 * <p>How it works: patches are copied into a buffer, usually of at most 256 KB, which the second-level cache holds, and
 * multiplied from there. Blocks of images run in parallel; each product takes one thread. The sums of the blocks are
 * added in a fixed order, so results do not depend on the number of cores.
 *
 * <p>Two shapes take another way. A convolution of single pixels with stride 1 needs no patches: {@link SplitProduct}
 * multiplies the pixels where they lie. The input gradient of a convolution with stride 1 and few filters for its
 * channels is the forward pass of a {@link TurnedConvolution}; all others add the patches of ∂x to the image.
 *
 * <p>An instance serves one thread at a time, because it keeps memory for the next mini-batch.
 *
 * @see <a href="https://arxiv.org/abs/1410.0759">Chetlur et al. 2014, cuDNN: efficient primitives for deep learning</a>
 */
public final class Convolution {

    // longer than 300 lines: three kernels over the same patches

    /** The number of values of patches and outputs that are multiplied at once: they stay in the cache. */
    private static final int CHUNK = 1 << 15;
    /** The largest number of values of all partial weight gradients. */
    private static final int MOST_PARTIAL = 1 << 22;
    /** For shorter runs of adjacent values, a table of indices is faster than a copy per run. */
    private static final int LONG_RUN = 16;

    private final ConvolutionShape shape;
    private final int patch;
    private final int line;
    private final int paddedRow;
    private final int padded;
    private final int chunkLines;
    /** The number of adjacent values of a patch. */
    private final int run;
    /** The indices of a line of patches in an image, relative to the first; null for long runs. */
    private final int @Nullable [] indices;

    /** Whether every patch is a pixel of the input, so that pixels are multiplied where they are. */
    private final boolean pointwise;

    private @Nullable FloatRows partial;
    private @Nullable TurnedConvolution turned;

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
        this.chunkLines = Math.max(1, CHUNK / (shape.outputWidth() * (patch + shape.filters())));
        this.run = shape.dilationWidth() == 1 ? shape.kernelWidth() * shape.channels() : shape.channels();
        this.indices = run < LONG_RUN ? indices() : null;
        this.pointwise = patch == shape.channels()
                && shape.strideHeight() == 1
                && shape.strideWidth() == 1
                && shape.input() / shape.channels() == shape.output() / shape.filters()
                && shape.top() == 0
                && shape.left() == 0;
    }

    private int[] indices() {
        int[] indices = new int[shape.outputWidth() * patch];
        int at = 0;
        for (int x = 0; x < shape.outputWidth(); x++) {
            for (int ky = 0; ky < shape.kernelHeight(); ky++) {
                for (int kx = 0; kx < shape.kernelWidth(); kx++) {
                    int first = ky * shape.dilationHeight() * paddedRow
                            + (x * shape.strideWidth() + kx * shape.dilationWidth()) * shape.channels();
                    for (int c = 0; c < shape.channels(); c++) {
                        indices[at++] = first + c;
                    }
                }
            }
        }
        return indices;
    }

    /** Multiplies the patches of some lines of output pixels. */
    @FunctionalInterface
    private interface Lines {
        /** Lines are counted over all images; {@code first} is true for the first lines of a block. */
        void multiply(int block, int from, int count, FloatPointer patches, boolean first);
    }

    /**
     * Computes y = P(x)·W.
     *
     * @param x {@code [N, H·W·C]}
     * @param W {@code [k, O]}
     * @param y {@code [N, H′·W′·O]}: receives the product
     */
    public void forward(FloatRows x, FloatRows W, FloatRows y) {
        if (pointwise) {
            SplitProduct.multiply(false, false, x.ofLength(patch), W, y.ofLength(shape.filters()));
            return;
        }
        lines(x, blocks(x.rows()), (block, from, count, patches, first) -> multiply(patches, from, count, W, y));
        FloatRows.keepReachable(W, y);
    }

    /**
     * Computes ∂W = P(x)ᵀ·δ.
     *
     * @param x {@code [N, H·W·C]}
     * @param delta δ, {@code [N, H′·W′·O]}
     * @return ∂W, {@code [k, O]}
     */
    public float[] weightGradient(FloatRows x, FloatRows delta) {
        if (pointwise) {
            return weightGradientOfPixels(x.ofLength(patch), delta.ofLength(shape.filters()));
        }
        RowBlocks blocks = blocks(x.rows());
        FloatRows partial = partial(blocks);
        lines(
                x,
                blocks,
                (block, from, count, patches, first) ->
                        addProduct(patches, from, count, delta, partial.pointer(block, 0), first));
        FloatRows.keepReachable(delta);
        return partial.sumOfRows();
    }

    /**
     * Computes y = P(x)·W and ∂W = P(x)ᵀ·δ, with patches copied once. A transposed convolution needs both in backprop:
     * its x is the error of the output, its δ the input.
     *
     * @param x {@code [N, H·W·C]}
     * @param W {@code [k, O]}
     * @param y {@code [N, H′·W′·O]}: receives the product
     * @param delta δ, {@code [N, H′·W′·O]}
     * @return ∂W, {@code [k, O]}
     */
    public float[] forwardAndWeightGradient(FloatRows x, FloatRows W, FloatRows y, FloatRows delta) {
        if (pointwise) {
            forward(x, W, y);
            return weightGradient(x, delta);
        }
        RowBlocks blocks = blocks(x.rows());
        FloatRows partial = partial(blocks);
        lines(x, blocks, (block, from, count, patches, first) -> {
            multiply(patches, from, count, W, y);
            addProduct(patches, from, count, delta, partial.pointer(block, 0), first);
        });
        FloatRows.keepReachable(W, y, delta);
        return partial.sumOfRows();
    }

    private void multiply(FloatPointer patches, int from, int count, FloatRows W, FloatRows y) {
        int filters = shape.filters();
        Blas.multiply(
                false,
                false,
                count * shape.outputWidth(),
                filters,
                patch,
                patches,
                patch,
                W.pointer(0, 0),
                filters,
                0f,
                y.pointer(0, (long) from * line),
                filters);
    }

    private void addProduct(
            FloatPointer patches, int from, int count, FloatRows delta, FloatPointer sum, boolean first) {
        int filters = shape.filters();
        Blas.multiply(
                true,
                false,
                patch,
                filters,
                count * shape.outputWidth(),
                patches,
                patch,
                delta.pointer(0, (long) from * line),
                filters,
                first ? 0f : 1f,
                sum,
                filters);
    }

    /** Returns the memory of partial weight gradients, which every mini-batch of a size reuses. */
    private FloatRows partial(RowBlocks blocks) {
        if (partial == null || partial.rows() != blocks.count()) {
            partial = FloatRows.allocate(blocks.count(), (long) patch * shape.filters());
        }
        return partial;
    }

    private float[] weightGradientOfPixels(FloatRows x, FloatRows delta) {
        RowBlocks blocks = RowBlocks.of(x.rows(), (long) patch * shape.filters() / 8 + patch, most());
        FloatRows partial = partial(blocks);
        blocks.onOneThreadEach((block, from, to) -> Blas.multiply(
                true,
                false,
                patch,
                shape.filters(),
                to - from,
                x.pointer(from, 0),
                patch,
                delta.pointer(from, 0),
                shape.filters(),
                0f,
                partial.pointer(block, 0),
                shape.filters()));
        FloatRows.keepReachable(x, delta);
        return partial.sumOfRows();
    }

    /**
     * Computes ∂x = Pᵀ(δ·Wᵀ).
     *
     * @param delta δ, {@code [N, H′·W′·O]}
     * @param W {@code [k, O]}
     * @param dx {@code [N, H·W·C]}: receives ∂x
     */
    public void inputGradient(FloatRows delta, FloatRows W, FloatRows dx) {
        if (pointwise) {
            SplitProduct.multiply(false, true, delta.ofLength(shape.filters()), W, dx.ofLength(patch));
        } else if (TurnedConvolution.isFaster(shape)) {
            if (turned == null) {
                turned = new TurnedConvolution(shape);
            }
            turned.inputGradient(delta, W, dx);
        } else {
            addPatchesOf(delta, W, dx);
        }
    }

    /** Computes the input gradient at any stride. */
    void addPatchesOf(FloatRows delta, FloatRows W, FloatRows dx) {
        RowBlocks blocks = blocks(dx.rows());
        blocks.onOneThreadEach((block, from, to) -> {
            PatchBuffer buffer = buffer();
            float[] values = buffer.values;
            float[] image = buffer.image;
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
                        buffer.patches,
                        patch);
                buffer.read(pixels * patch);
                for (int i = 0; i < count; i++) {
                    int y = (at + i) % shape.outputHeight();
                    if (y == 0) {
                        Arrays.fill(image, 0, padded, 0f);
                    }
                    addPatches(values, i * shape.outputWidth() * patch, image, y);
                    if (y == shape.outputHeight() - 1) {
                        store(buffer, dx, (at + i) / shape.outputHeight());
                    }
                }
            }
        });
        FloatRows.keepReachable(delta, W);
    }

    private void lines(FloatRows x, RowBlocks blocks, Lines lines) {
        blocks.onOneThreadEach((block, from, to) -> {
            PatchBuffer buffer = buffer();
            float[] values = buffer.values;
            float[] image = buffer.image;
            Arrays.fill(image, 0, padded, 0f);
            int loaded = -1;
            int begin = from * shape.outputHeight();
            int end = to * shape.outputHeight();
            for (int at = begin; at < end; at += chunkLines) {
                int count = Math.min(chunkLines, end - at);
                for (int i = 0; i < count; i++) {
                    int n = (at + i) / shape.outputHeight();
                    if (n != loaded) {
                        load(x, n, buffer);
                        loaded = n;
                    }
                    copyPatches(image, (at + i) % shape.outputHeight(), values, i * shape.outputWidth() * patch);
                }
                buffer.write(count * shape.outputWidth() * patch);
                lines.multiply(block, at, count, buffer.patches, at == begin);
            }
        });
    }

    /** Returns blocks of images, few enough that partial weight gradients stay small. */
    private RowBlocks blocks(int images) {
        return RowBlocks.of(images, (long) shape.outputHeight() * shape.outputWidth() * patch, most());
    }

    private int most() {
        return Math.max(2, MOST_PARTIAL / (patch * shape.filters()));
    }

    private PatchBuffer buffer() {
        return PatchBuffer.ofThread(chunkLines * shape.outputWidth() * patch, padded, shape.input());
    }

    /** Copies an image into the padded one, whose border stays 0. */
    private void load(FloatRows x, int n, PatchBuffer buffer) {
        x.read(n, buffer.unpadded);
        for (int y = Math.max(0, -shape.top()); y < shape.height(); y++) {
            System.arraycopy(buffer.unpadded, firstRead(y), buffer.image, inside(y), rowRead());
        }
    }

    private void store(PatchBuffer buffer, FloatRows dx, int n) {
        if (shape.top() < 0 || shape.left() < 0) {
            Arrays.fill(buffer.unpadded, 0, shape.input(), 0f);
        }
        for (int y = Math.max(0, -shape.top()); y < shape.height(); y++) {
            System.arraycopy(buffer.image, inside(y), buffer.unpadded, firstRead(y), rowRead());
        }
        dx.write(n, buffer.unpadded);
    }

    /** Returns the index in an image of the first value of a row that patches can reach. */
    private int firstRead(int y) {
        return (y * shape.width() + Math.max(0, -shape.left())) * shape.channels();
    }

    private int rowRead() {
        return (shape.width() + Math.min(0, shape.left())) * shape.channels();
    }

    private int inside(int y) {
        return (y + shape.top()) * paddedRow + Math.max(0, shape.left()) * shape.channels();
    }

    private void copyPatches(float[] image, int y, float[] patches, int at) {
        int corner = y * shape.strideHeight() * paddedRow;
        if (indices != null) {
            gather(image, corner, indices, patches, at);
            return;
        }
        int kernelRows = shape.kernelHeight();
        int rowStep = shape.dilationHeight() * paddedRow;
        int runs = patch / kernelRows / run;
        int runStep = shape.dilationWidth() * shape.channels();
        int pixelStep = shape.strideWidth() * shape.channels();
        int end = corner + shape.outputWidth() * pixelStep;
        for (int pixel = corner; pixel < end; pixel += pixelStep) {
            for (int ky = 0; ky < kernelRows; ky++) {
                for (int kx = 0; kx < runs; kx++) {
                    System.arraycopy(image, pixel + ky * rowStep + kx * runStep, patches, at, run);
                    at += run;
                }
            }
        }
    }

    private void addPatches(float[] patches, int at, float[] image, int y) {
        int corner = y * shape.strideHeight() * paddedRow;
        if (indices != null) {
            scatter(patches, at, indices, image, corner);
            return;
        }
        int kernelRows = shape.kernelHeight();
        int rowStep = shape.dilationHeight() * paddedRow;
        int runs = patch / kernelRows / run;
        int runStep = shape.dilationWidth() * shape.channels();
        int pixelStep = shape.strideWidth() * shape.channels();
        int end = corner + shape.outputWidth() * pixelStep;
        for (int pixel = corner; pixel < end; pixel += pixelStep) {
            for (int ky = 0; ky < kernelRows; ky++) {
                for (int kx = 0; kx < runs; kx++) {
                    add(image, pixel + ky * rowStep + kx * runStep, patches, at, run);
                    at += run;
                }
            }
        }
    }

    private static void gather(float[] image, int corner, int[] indices, float[] patches, int at) {
        for (int j = 0; j < indices.length; j++) {
            patches[at + j] = image[corner + indices[j]];
        }
    }

    private static void scatter(float[] patches, int at, int[] indices, float[] image, int corner) {
        for (int j = 0; j < indices.length; j++) {
            image[corner + indices[j]] += patches[at + j];
        }
    }

    private static void add(float[] sum, int at, float[] values, int from, int n) {
        for (int j = 0; j < n; j++) {
            sum[at + j] += values[from + j];
        }
    }
}
