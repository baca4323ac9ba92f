package io.github.dl4jae.plot;

import io.github.dl4jae.internal.io.AtomicFile;
import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import javax.imageio.ImageIO;

/** Writes pictures as PNG. */
public final class PngFile {

    private PngFile() {}

    /**
     * Writes a picture to a temporary name beside the file, then moves it there.
     *
     * @param picture what to write
     * @param file where to; directories that are missing are made, an existing file is replaced
     * @return the file
     * @throws UncheckedIOException if it can't be written
     */
    public static Path write(BufferedImage picture, Path file) {
        return AtomicFile.write(file, part -> Files.write(part, bytes(picture)));
    }

    /**
     * The contents of a PNG file.
     *
     * @param picture what to encode
     * @return the bytes
     */
    public static byte[] bytes(BufferedImage picture) {
        try {
            ByteArrayOutputStream out = new ByteArrayOutputStream();
            if (!ImageIO.write(picture, "png", out)) {
                throw new IllegalArgumentException(
                        "PngFile: the picture's type must be one that PNG can hold, got type " + picture.getType()
                                + "; draw it into a TYPE_INT_RGB image");
            }
            return out.toByteArray();
        } catch (IOException e) {
            throw new UncheckedIOException("PngFile: the picture can't be encoded", e);
        }
    }
}
