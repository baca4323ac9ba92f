package io.github.dl4jae.cli;

import io.github.dl4jae.compression.ImageCompressor;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Iterator;
import javax.imageio.ImageIO;
import javax.imageio.ImageReader;
import javax.imageio.stream.ImageInputStream;
import org.jspecify.annotations.Nullable;

/** A picture in a PNG or JPEG file. */
final class PictureFile {

    private PictureFile() {}

    /** Returns whether a name, in lower case, is one of a picture. */
    static boolean isPicture(String name) {
        return name.endsWith(".png") || name.endsWith(".jpg") || name.endsWith(".jpeg");
    }

    /**
     * Reads a picture.
     *
     * @throws IllegalArgumentException if it is damaged, or too large to compress
     * @throws IOException if the file cannot be read
     */
    static BufferedImage read(Path file) throws IOException {
        try (ImageInputStream input = ImageIO.createImageInputStream(file.toFile())) {
            if (input == null) {
                throw new IOException(file + " cannot be read");
            }
            Iterator<ImageReader> readers = ImageIO.getImageReaders(input);
            if (!readers.hasNext()) {
                throw damaged(file, "another format", null);
            }
            ImageReader reader = readers.next();
            try {
                reader.setInput(input, true, true);
                long pixels = (long) reader.getWidth(0) * reader.getHeight(0);
                if (pixels > ImageCompressor.MOST_PIXELS) {
                    throw new IllegalArgumentException(file + " must have at most " + ImageCompressor.MOST_PIXELS
                            + " pixels, got " + reader.getWidth(0) + "×" + reader.getHeight(0)
                            + "; scale it or cut it into tiles");
                }
                return reader.read(0);
            } catch (IllegalArgumentException e) {
                throw e;
            } catch (IOException | RuntimeException e) { // decoders throw all kinds for damaged files
                throw damaged(file, "an error: " + e.getMessage(), e);
            } finally {
                reader.dispose();
            }
        }
    }

    private static IllegalArgumentException damaged(Path file, String found, @Nullable Exception cause) {
        return new IllegalArgumentException(
                file + " must be an intact PNG or JPEG file, got " + found + "; replace it or leave it out", cause);
    }
}
