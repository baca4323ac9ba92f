package io.github.dl4jae.internal.kernel;

/**
 * The sizes of a convolution of images. A sequence is an image of width 1.
 *
 * @param channels the number of input channels, C
 * @param height the height of the input, H
 * @param width the width of the input, W
 * @param filters the number of output channels, O
 * @param outputHeight the height of the output, H′
 * @param outputWidth the width of the output, W′
 * @param kernelHeight the height of the kernel
 * @param kernelWidth the width of the kernel
 * @param strideHeight the vertical distance of patches
 * @param strideWidth the horizontal distance of patches
 * @param top the number of rows of zeros above the input; if negative, of rows that are left out
 * @param left the number of columns of zeros left of the input; if negative, of columns that are left out
 * @param dilationHeight the vertical distance of kernel rows
 * @param dilationWidth the horizontal distance of kernel columns
 */
public record ConvolutionShape(
        int channels,
        int height,
        int width,
        int filters,
        int outputHeight,
        int outputWidth,
        int kernelHeight,
        int kernelWidth,
        int strideHeight,
        int strideWidth,
        int top,
        int left,
        int dilationHeight,
        int dilationWidth) {

    /**
     * Returns the number of values per patch.
     *
     * @return kernel height · kernel width · C
     */
    public int patch() {
        return kernelHeight * kernelWidth * channels;
    }

    /**
     * Returns the number of values per input image.
     *
     * @return H·W·C
     */
    public int input() {
        return height * width * channels;
    }

    /**
     * Returns the number of values per output image.
     *
     * @return H′·W′·O
     */
    public int output() {
        return outputHeight * outputWidth * filters;
    }

    /** Returns the height of an image with its padding, as far as patches reach. */
    int paddedHeight() {
        return Math.max(height + top, (outputHeight - 1) * strideHeight + (kernelHeight - 1) * dilationHeight + 1);
    }

    /** Returns the width of an image with its padding, as far as patches reach. */
    int paddedWidth() {
        return Math.max(width + left, (outputWidth - 1) * strideWidth + (kernelWidth - 1) * dilationWidth + 1);
    }
}
