package io.github.dl4jae.internal.kernel;

import org.deeplearning4j.nn.workspace.ArrayType;
import org.deeplearning4j.nn.workspace.LayerWorkspaceMgr;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * Images as rows of a matrix, with channels last: {@code [N, H·W·C]}. A sequence is an image without a width: {@code
 * [N, T·C]}.
 *
 * <p>Fast layers keep images in this order. They return a permuted view of it where Deeplearning4j wants channels
 * first, so that the next fast layer reads the same memory without a copy.
 */
public final class ImageRows {

    private ImageRows() {}

    /**
     * Returns images as rows.
     *
     * @param images {@code [N, C, H, W]} or {@code [N, C, T]}; with channels last {@code [N, H, W, C]} or {@code [N, T,
     *     C]}
     * @param channelsFirst whether the channels are the second dimension
     * @param type the kind of array that receives a copy, where one is needed
     * @param workspaces of the pass
     * @return {@code [N, H·W·C]} in 'c' order: a view of the images if they lie in memory that way
     */
    public static INDArray of(INDArray images, boolean channelsFirst, ArrayType type, LayerWorkspaceMgr workspaces) {
        INDArray last = channelsFirst ? channelsLast(images) : images;
        long n = images.size(0);
        long values = images.size(1) * images.size(2) * (images.rank() == 3 ? 1 : images.size(3));
        if (isInOrder(last)) {
            return last.reshape('c', n, values);
        }
        long channels = last.size(-1);
        boolean contiguous = isInOrder(images);
        INDArray rows = workspaces.createUninitialized(type, images.dataType(), new long[] {n, values}, 'c');
        if (channelsFirst && contiguous && FloatRows.canView(rows)) {
            transpose(FloatRows.of(images.reshape('c', n, values)), FloatRows.of(rows), (int) channels);
        } else {
            rows.reshape('c', last.shape()).assign(last);
        }
        return rows;
    }

    /**
     * Returns whether values lie in memory in 'c' order without gaps. Strides of dimensions of size 1 do not matter,
     * but ND4J's own test compares them too.
     */
    private static boolean isInOrder(INDArray array) {
        long expected = 1;
        for (int d = array.rank() - 1; d >= 0; d--) {
            if (array.size(d) != 1 && array.stride(d) != expected) {
                return false;
            }
            expected *= array.size(d);
        }
        return true;
    }

    private static INDArray channelsLast(INDArray images) {
        return images.rank() == 3 ? images.permute(0, 2, 1) : images.permute(0, 2, 3, 1);
    }

    /**
     * Returns rows as images.
     *
     * @param rows {@code [N, H·W·C]}
     * @param height H
     * @param width W
     * @param channelsFirst whether the channels become the second dimension
     * @return a view of the rows, {@code [N, C, H, W]} or {@code [N, H, W, C]}
     */
    public static INDArray asImages(INDArray rows, long height, long width, boolean channelsFirst) {
        long n = rows.size(0);
        INDArray last = rows.reshape('c', n, height, width, rows.size(1) / (height * width));
        return channelsFirst ? last.permute(0, 3, 1, 2) : last;
    }

    /**
     * Returns rows as sequences.
     *
     * @param rows {@code [N, T·C]}
     * @param steps T
     * @param channelsFirst whether the channels become the second dimension
     * @return a view of the rows, {@code [N, C, T]} or {@code [N, T, C]}
     */
    public static INDArray asSequences(INDArray rows, long steps, boolean channelsFirst) {
        INDArray last = rows.reshape('c', rows.size(0), steps, rows.size(1) / steps);
        return channelsFirst ? last.permute(0, 2, 1) : last;
    }

    /** Transposes each image, [C,P] → [P,C]. */
    private static void transpose(FloatRows from, FloatRows to, int channels) {
        int values = from.columns();
        int pixels = values / channels;
        RowBlocks.of(from.rows(), values).forEach((block, first, end) -> {
            float[] image = new float[values];
            float[] transposed = new float[values];
            for (int n = first; n < end; n++) {
                from.read(n, image);
                for (int c = 0; c < channels; c++) {
                    scatter(image, c * pixels, transposed, c, channels, pixels);
                }
                to.write(n, transposed);
            }
        });
    }

    private static void scatter(float[] from, int start, float[] to, int at, int stride, int n) {
        for (int i = 0; i < n; i++) {
            to[at + i * stride] = from[start + i];
        }
    }
}
