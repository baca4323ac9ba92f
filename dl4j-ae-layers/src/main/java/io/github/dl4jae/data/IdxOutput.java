package io.github.dl4jae.data;

import io.github.dl4jae.internal.layer.Require;
import java.io.BufferedOutputStream;
import java.io.Closeable;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.zip.GZIPOutputStream;

/** An IDX file of images that is written from the beginning to the end. */
final class IdxOutput implements Closeable {

    private static final String SUBJECT = "IdxFile";

    private final OutputStream out;
    private final int count;
    private final PixelSize size;
    private int written;

    /** Writes the header and the first images, which determine the size. */
    IdxOutput(Path file, boolean gzipped, int count, ImageSet first) throws IOException {
        this.count = count;
        this.size = first.pixelSize();
        OutputStream raw = Files.newOutputStream(file);
        try {
            this.out = new BufferedOutputStream(gzipped ? new GZIPOutputStream(raw, 1 << 16) : raw, 1 << 16);
            out.write(header());
            write(first);
        } catch (IOException | RuntimeException e) {
            raw.close();
            throw e;
        }
    }

    private byte[] header() {
        boolean gray = size.channels() == 1;
        ByteBuffer header = ByteBuffer.allocate(gray ? 16 : 20)
                .putInt(gray ? 0x803 : 0x804)
                .putInt(count)
                .putInt(size.height())
                .putInt(size.width());
        if (!gray) {
            header.putInt(size.channels());
        }
        return header.array();
    }

    void write(ImageSet images) {
        Require.that(images.pixelSize().equals(size), SUBJECT, "images must be of " + size, images.pixelSize(), "");
        written += images.size();
        Require.that(written <= count, SUBJECT, "images must be " + count, "more", "give their number as count");
        try {
            for (int i = 0; i < images.size(); i++) {
                out.write(pixelByPixel(images.pixels(i)));
            }
        } catch (IOException e) {
            throw new UncheckedIOException(SUBJECT + ": images cannot be written", e);
        }
    }

    private byte[] pixelByPixel(byte[] channelByChannel) {
        if (size.channels() == 1) {
            return channelByChannel;
        }
        byte[] pixels = new byte[channelByChannel.length];
        int area = size.height() * size.width();
        for (int i = 0; i < pixels.length; i++) {
            pixels[i] = channelByChannel[i % size.channels() * area + i / size.channels()];
        }
        return pixels;
    }

    /** Requires that all images are written. */
    void requireAll() {
        Require.that(written == count, SUBJECT, "images must be " + count, written, "give their number as count");
    }

    @Override
    public void close() throws IOException {
        out.close();
    }
}
