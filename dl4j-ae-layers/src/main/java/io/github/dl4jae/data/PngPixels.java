package io.github.dl4jae.data;

import java.awt.image.BufferedImage;
import java.awt.image.IndexColorModel;
import java.awt.image.Raster;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import javax.imageio.ImageIO;
import javax.imageio.stream.MemoryCacheImageInputStream;
import org.jspecify.annotations.Nullable;

/**
 * A PNG file: its size, from the header, and its pixels as they are stored, without the conversion of color spaces that
 * Java's pictures have.
 */
final class PngPixels {

    private static final long SIGNATURE = 0x89504e470d0a1a0aL;
    private static final int IHDR = 0x49484452;
    private static final int HEADER_BYTES = 26;

    private static final int GRAY = 0;
    private static final int PALETTE = 3;
    private static final int GRAY_WITH_ALPHA = 4;

    private final Path file;
    private final byte[] contents;
    private final int colorType;
    private final PixelSize size;

    private PngPixels(Path file, byte[] contents) {
        this.file = file;
        this.contents = contents;
        ByteBuffer header = ByteBuffer.wrap(contents);
        if (contents.length < HEADER_BYTES || header.getLong(0) != SIGNATURE || header.getInt(12) != IHDR) {
            throw bad("another beginning", null);
        }
        this.colorType = header.get(HEADER_BYTES - 1);
        int channels = colorType == GRAY || colorType == GRAY_WITH_ALPHA ? 1 : 3;
        this.size = PixelSize.of("ImageStream: " + file, header.getInt(20), header.getInt(16), channels);
    }

    /** Reads a file, and the size from its header. */
    static PngPixels open(Path file) {
        try {
            return new PngPixels(file, Files.readAllBytes(file));
        } catch (IOException e) {
            throw new UncheckedIOException("ImageStream: " + file + " cannot be read", e);
        }
    }

    PixelSize size() {
        return size;
    }

    /** Returns the pixels, channel by channel. */
    byte[] pixels() {
        BufferedImage picture = decoded();
        Raster raster = picture.getRaster();
        byte[] pixels = new byte[size.values()];
        int[] samples = new int[size.width()];
        int at = 0;
        for (int channel = 0; channel < size.channels(); channel++) {
            int band = colorType == PALETTE ? 0 : channel;
            int largest = (1 << raster.getSampleModel().getSampleSize(band)) - 1;
            for (int row = 0; row < size.height(); row++) {
                raster.getSamples(0, row, size.width(), 1, band, samples);
                for (int sample : samples) {
                    pixels[at++] = (byte)
                            (colorType == PALETTE
                                    ? color((IndexColorModel) picture.getColorModel(), sample, channel)
                                    : (sample * 255 + largest / 2) / largest);
                }
            }
        }
        return pixels;
    }

    private static int color(IndexColorModel palette, int index, int channel) {
        return switch (channel) {
            case 0 -> palette.getRed(index);
            case 1 -> palette.getGreen(index);
            default -> palette.getBlue(index);
        };
    }

    private BufferedImage decoded() {
        try {
            BufferedImage picture = ImageIO.read(new MemoryCacheImageInputStream(new ByteArrayInputStream(contents)));
            if (picture != null) {
                return picture;
            }
        } catch (IOException | RuntimeException e) { // the decoder throws all kinds for damaged files
            throw bad("an error: " + e.getMessage(), e);
        }
        throw bad("another format", null);
    }

    private IllegalArgumentException bad(String found, @Nullable Exception cause) {
        return new IllegalArgumentException(
                "ImageStream: " + file + " must be an intact PNG file, got " + found + "; replace it or leave it out",
                cause);
    }
}
