package io.github.dl4jae.convolutional;

import io.github.dl4jae.internal.kernel.ImageRows;
import org.deeplearning4j.nn.conf.CNN2DFormat;
import org.deeplearning4j.nn.conf.RNNFormat;
import org.deeplearning4j.nn.workspace.ArrayType;
import org.deeplearning4j.nn.workspace.LayerWorkspaceMgr;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * The dimensions of the arrays of a layer over images or sequences.
 *
 * @param sequences whether they are {@code [N, C, T]} instead of {@code [N, C, H, W]}
 * @param channelsFirst whether the channels are the second dimension instead of the last
 */
record PixelLayout(boolean sequences, boolean channelsFirst) {

    static PixelLayout of(CNN2DFormat format) {
        return new PixelLayout(false, format == CNN2DFormat.NCHW);
    }

    static PixelLayout of(RNNFormat format) {
        return new PixelLayout(true, format == RNNFormat.NCW);
    }

    /** Returns arrays as rows with channels last, without a copy if they lie in memory that way. */
    INDArray rows(INDArray arrays, ArrayType type, LayerWorkspaceMgr workspaces) {
        return ImageRows.of(arrays, channelsFirst, type, workspaces);
    }

    /** Returns a view of rows; a sequence has the height or the width 1. */
    INDArray arrays(INDArray rows, int height, int width) {
        return sequences
                ? ImageRows.asSequences(rows, (long) height * width, channelsFirst)
                : ImageRows.asImages(rows, height, width, channelsFirst);
    }

    /**
     * Returns sequences with zeros at their masked steps.
     *
     * @param arrays sequences
     * @param mask {@code [N, T]}, in any type
     */
    INDArray masked(INDArray arrays, INDArray mask) {
        INDArray steps = mask.castTo(arrays.dataType());
        long n = mask.size(0);
        long t = mask.size(1);
        return arrays.mul(channelsFirst ? steps.reshape(n, 1, t) : steps.reshape(n, t, 1));
    }
}
