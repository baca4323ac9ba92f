package io.github.dl4jae.internal.kernel;

import org.deeplearning4j.nn.conf.layers.PoolingType;

/**
 * The windows of a pooling layer, and what it computes from each.
 *
 * @param images the sizes of images and windows; filters are channels
 * @param type maximum, average, sum or p-norm
 * @param p the exponent of the p-norm
 * @param paddingCounts whether the average divides by the size of the window instead of the number of pixels in it
 */
public record PoolingShape(ConvolutionShape images, PoolingType type, int p, boolean paddingCounts) {

    /**
     * Returns whether every window contains a pixel. Far padding and large dilation can leave some without.
     *
     * @return whether pooling is defined
     */
    public boolean isDefined() {
        for (int y = 0; y < images.outputHeight(); y++) {
            if (rowsInside(y) == 0) {
                return false;
            }
        }
        for (int x = 0; x < images.outputWidth(); x++) {
            if (columnsInside(x) == 0) {
                return false;
            }
        }
        return true;
    }

    /** Returns the row of the image that a row of the kernel covers, which can lie outside the image. */
    int row(int outputRow, int kernelRow) {
        return outputRow * images.strideHeight() - images.top() + kernelRow * images.dilationHeight();
    }

    /** Returns the column of the image that a column of the kernel covers, which can lie outside the image. */
    int column(int outputColumn, int kernelColumn) {
        return outputColumn * images.strideWidth() - images.left() + kernelColumn * images.dilationWidth();
    }

    boolean isRowInside(int row) {
        return row >= 0 && row < images.height();
    }

    boolean isColumnInside(int column) {
        return column >= 0 && column < images.width();
    }

    private int rowsInside(int outputRow) {
        int inside = 0;
        for (int k = 0; k < images.kernelHeight(); k++) {
            inside += isRowInside(row(outputRow, k)) ? 1 : 0;
        }
        return inside;
    }

    private int columnsInside(int outputColumn) {
        int inside = 0;
        for (int k = 0; k < images.kernelWidth(); k++) {
            inside += isColumnInside(column(outputColumn, k)) ? 1 : 0;
        }
        return inside;
    }

    /** Returns what the average of a window divides by: the number of its pixels, or 1 for another type. */
    int divisor(int outputRow, int outputColumn) {
        return type == PoolingType.AVG ? rows(outputRow) * columns(outputColumn) : 1;
    }

    /** Returns the number of rows of a window that its average counts. */
    int rows(int outputRow) {
        return paddingCounts ? images.kernelHeight() : rowsInside(outputRow);
    }

    /** Returns the number of columns of a window that its average counts. */
    int columns(int outputColumn) {
        return paddingCounts ? images.kernelWidth() : columnsInside(outputColumn);
    }
}
