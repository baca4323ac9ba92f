package io.github.dl4jae.examples.reproduce;

import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import javax.imageio.ImageIO;
import org.apache.commons.compress.compressors.bzip2.BZip2CompressorOutputStream;
import org.apache.commons.compress.compressors.gzip.GzipCompressorOutputStream;
import org.apache.commons.compress.compressors.gzip.GzipParameters;
import org.apache.commons.compress.compressors.xz.XZCompressorOutputStream;
import org.tukaani.xz.LZMA2Options;

/** A general compressor of bytes, at its strongest setting. */
enum Compressor {
    /** Deflate, level 9. */
    GZIP("gzip", "0.33", "1.64") {
        @Override
        OutputStream open(OutputStream to) throws IOException {
            GzipParameters strongest = new GzipParameters();
            strongest.setCompressionLevel(9);
            return new GzipCompressorOutputStream(to, strongest);
        }
    },
    /** Blocks of 900 kB. */
    BZIP2("bzip2", "0.25", "1.42") {
        @Override
        OutputStream open(OutputStream to) throws IOException {
            return new BZip2CompressorOutputStream(to, 9);
        }
    },
    /** LZMA2, preset 9. */
    XZ("xz", "", "") {
        @Override
        OutputStream open(OutputStream to) throws IOException {
            return XZCompressorOutputStream.builder()
                    .setOutputStream(to)
                    .setLzma2Options(new LZMA2Options(9))
                    .get();
        }
    };

    private final String title;
    private final String publishedBinary;
    private final String publishedGray;

    Compressor(String title, String publishedBinary, String publishedGray) {
        this.title = title;
        this.publishedBinary = publishedBinary;
        this.publishedGray = publishedGray;
    }

    /** Returns the stream that compresses. */
    abstract OutputStream open(OutputStream to) throws IOException;

    /** Returns the published bits per pixel, or an empty text. */
    String published(boolean binary) {
        return binary ? publishedBinary : publishedGray;
    }

    /** Returns the length of the compressed bytes in bits. */
    long bits(byte[] bytes) {
        ByteArrayOutputStream compressed = new ByteArrayOutputStream();
        try (OutputStream compressor = open(compressed)) {
            compressor.write(bytes);
        } catch (IOException e) {
            throw new UncheckedIOException(title + " cannot compress", e);
        }
        return 8L * compressed.size();
    }

    /** Returns the length of one PNG file for each image of 28×28 pixels, in bits. */
    static long pngBits(float[][] images, boolean binary) {
        long bits = 0;
        for (float[] image : images) {
            BufferedImage picture =
                    new BufferedImage(28, 28, binary ? BufferedImage.TYPE_BYTE_BINARY : BufferedImage.TYPE_BYTE_GRAY);
            for (int i = 0; i < image.length; i++) {
                picture.getRaster().setSample(i % 28, i / 28, 0, Math.round(image[i] * (binary ? 1 : 255)));
            }
            ByteArrayOutputStream file = new ByteArrayOutputStream();
            try {
                ImageIO.write(picture, "png", file);
            } catch (IOException e) {
                throw new UncheckedIOException("PNG cannot be written", e);
            }
            bits += 8L * file.size();
        }
        return bits;
    }

    @Override
    public String toString() {
        return title;
    }
}
