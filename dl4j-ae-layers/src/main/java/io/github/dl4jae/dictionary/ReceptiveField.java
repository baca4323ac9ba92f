package io.github.dl4jae.dictionary;

import io.github.dl4jae.internal.layer.Require;
import java.util.Map;

/**
 * The square of pixels that a position of a convolutional layer depends on. Position {@code y·across + x} depends on
 * the rows {@code [start + y·stride, start + y·stride + size)} and the columns {@code [start + x·stride, start +
 * x·stride + size)}, as far as they are in the picture.
 *
 * @param across the number of positions in a row of the layer's activations
 * @param size the side of the square in pixels
 * @param stride the distance of neighboring positions in pixels
 * @param start the first pixel of position 0; negative with padding
 */
public record ReceptiveField(int across, int size, int stride, int start) {

    /**
     * Checks the numbers.
     *
     * @param across the number of positions in a row of the layer's activations
     * @param size the side of the square in pixels
     * @param stride the distance of neighboring positions in pixels
     * @param start the first pixel of position 0; negative with padding
     * @throws IllegalArgumentException if across, size or stride is below 1
     */
    public ReceptiveField {
        Require.atLeast(1, "ReceptiveField", "across", across, "");
        Require.atLeast(1, "ReceptiveField", "size", size, "");
        Require.atLeast(1, "ReceptiveField", "stride", stride, "");
    }

    /**
     * Returns the receptive field of single pixels.
     *
     * @param width of the picture
     * @return the field before any layer
     * @throws IllegalArgumentException if the width is below 1
     */
    public static ReceptiveField ofPixels(int width) {
        return new ReceptiveField(width, 1, 1, 0);
    }

    /**
     * Returns the receptive field of a convolution or pooling that follows.
     *
     * @param kernel its size
     * @param step its stride
     * @param padding on the left and at the top
     * @param positions the number of its positions in a row
     * @return the field of its positions
     * @throws IllegalArgumentException if a number is out of range
     */
    public ReceptiveField then(int kernel, int step, int padding, int positions) {
        Require.atLeast(1, "ReceptiveField", "kernel", kernel, "");
        Require.atLeast(0, "ReceptiveField", "padding", padding, "");
        return new ReceptiveField(positions, size + (kernel - 1) * stride, stride * step, start - padding * stride);
    }

    Map<String, Object> asMap() {
        return Map.of("across", across, "size", size, "stride", stride, "start", start);
    }
}
