package io.github.dl4jae.examples.compression;

import java.awt.image.BufferedImage;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import javax.imageio.IIOImage;
import javax.imageio.ImageIO;
import javax.imageio.ImageWriteParam;
import javax.imageio.ImageWriter;
import javax.imageio.plugins.jpeg.JPEGImageWriteParam;
import javax.imageio.stream.MemoryCacheImageOutputStream;

/** JPEG of the JDK at one quality, with Huffman tables that are optimized for each image. */
record JpegCodec(float quality) implements Codec {

    private static final int START_OF_SCAN = 0xDA;
    private static final int MARKER = 2;

    @Override
    public byte[] compress(BufferedImage image) {
        ImageWriter writer = ImageIO.getImageWritersByFormatName("jpeg").next();
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (MemoryCacheImageOutputStream output = new MemoryCacheImageOutputStream(bytes)) {
            JPEGImageWriteParam options = (JPEGImageWriteParam) writer.getDefaultWriteParam();
            options.setCompressionMode(ImageWriteParam.MODE_EXPLICIT);
            options.setCompressionQuality(quality);
            options.setOptimizeHuffmanTables(true);
            writer.setOutput(output);
            writer.write(null, new IIOImage(image, null, null), options);
        } catch (IOException e) {
            throw new UncheckedIOException("JPEG cannot be written", e);
        } finally {
            writer.dispose();
        }
        return bytes.toByteArray();
    }

    @Override
    public BufferedImage decompress(byte[] stream) {
        try {
            return ImageIO.read(new ByteArrayInputStream(stream));
        } catch (IOException e) {
            throw new UncheckedIOException("JPEG cannot be read", e);
        }
    }

    /** Returns the number of bytes after the header of the scan, without the end marker. */
    @Override
    public int payload(byte[] stream) {
        int at = MARKER;
        while (true) {
            int length = ((stream[at + 2] & 0xFF) << 8) | (stream[at + 3] & 0xFF);
            boolean isScan = (stream[at + 1] & 0xFF) == START_OF_SCAN;
            at += MARKER + length;
            if (isScan) {
                return stream.length - at - MARKER;
            }
        }
    }
}
