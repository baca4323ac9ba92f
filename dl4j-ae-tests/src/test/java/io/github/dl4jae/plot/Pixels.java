package io.github.dl4jae.plot;

import java.awt.image.BufferedImage;
import java.util.stream.IntStream;

/** The pixels of a picture, and the colors of its first curves. */
final class Pixels {

    static final int BLUE = 0xff1f77b4;
    static final int ORANGE = 0xffff7f0e;

    private Pixels() {}

    /** Returns the number of pixels of a color. */
    static long colored(BufferedImage picture, int rgb) {
        return IntStream.range(0, picture.getWidth() * picture.getHeight())
                .filter(i -> picture.getRGB(i % picture.getWidth(), i / picture.getWidth()) == rgb)
                .count();
    }
}
