package io.github.dl4jae.plot;

import io.github.dl4jae.internal.io.AtomicFile;
import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import javax.imageio.ImageIO;

/** Output of images as PNG. */
public final class PngFile {

    private PngFile() {}

    /**
     * Writes an image. The file is replaced only when the new one is complete.
     *
     * @param picture the image
     * @param file the file; missing directories are created, an existing file is replaced
     * @return the file
     * @throws IllegalArgumentException if PNG cannot hold the type of the image
     * @throws UncheckedIOException if the file cannot be written
     */
    public static Path write(BufferedImage picture, Path file) {
        return AtomicFile.write(file, part -> Files.write(part, bytes(picture)));
    }

    /**
     * Returns an image as the contents of a PNG file.
     *
     * @param picture the image
     * @return the bytes
     * @throws IllegalArgumentException if PNG cannot hold the type of the image
     */
    public static byte[] bytes(BufferedImage picture) {
        try {
            ByteArrayOutputStream out = new ByteArrayOutputStream();
            if (!ImageIO.write(picture, "png", out)) {
                throw new IllegalArgumentException(
                        "PngFile: the type of the image must be one that PNG can hold, got type " + picture.getType()
                                + "; draw it into a TYPE_INT_RGB image");
            }
            return out.toByteArray();
        } catch (IOException e) {
            throw new UncheckedIOException("PngFile: the image cannot be encoded", e);
        }
    }
}
