package io.github.dl4jae.data;

import io.github.dl4jae.internal.layer.Require;

/**
 * The size of images.
 *
 * @param height the number of rows of pixels
 * @param width the number of columns of pixels
 * @param channels 1 for gray, 3 for RGB
 */
record PixelSize(int height, int width, int channels) {

    /** Returns a size, and refuses one with other channels, or with more values than an array has. */
    static PixelSize of(String subject, int height, int width, int channels) {
        Require.atLeast(1, subject, "height", height, "");
        Require.atLeast(1, subject, "width", width, "");
        Require.that(channels == 1 || channels == 3, subject, "channels must be 1 for gray or 3 for RGB", channels, "");
        long most = Integer.MAX_VALUE - 8L;
        Require.that(
                (double) height * width * channels <= most,
                subject,
                "an image must have at most " + most + " values",
                height + " × " + width + " × " + channels,
                "");
        return new PixelSize(height, width, channels);
    }

    /** Returns the number of values of an image. */
    int values() {
        return height * width * channels;
    }

    /** Returns the size as in {@code 28×28 pixels, gray}. */
    @Override
    public String toString() {
        return height + "×" + width + " pixels, " + (channels == 1 ? "gray" : "RGB");
    }
}
