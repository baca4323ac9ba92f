package io.github.dl4jae.data;

import io.github.dl4jae.internal.layer.Require;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;

/** The images of an IDX file, {@code [N, height, width]} or {@code [N, height, width, 3]}. */
final class IdxImages implements ImageSource {

    private static final String SUBJECT = "ImageStream";

    private final IdxInput in;
    private final int count;
    private final PixelSize size;

    static IdxImages open(Path file) {
        Require.that(
                !file.toString().toLowerCase(Locale.ROOT).endsWith(PngFolder.SUFFIX),
                SUBJECT,
                file + " must be an IDX file or a folder of PNG files",
                "a PNG file",
                "give its folder");
        IdxInput in = IdxInput.open(file, IdxName.isGzipped(file));
        try {
            return new IdxImages(in, file);
        } catch (RuntimeException e) {
            in.close();
            throw e;
        }
    }

    private IdxImages(IdxInput in, Path file) {
        Require.that(
                in.rank() == 3 || in.rank() == 4,
                SUBJECT,
                file + " must have 3 dimensions (gray images) or 4 (RGB images)",
                in.rank() == 1 ? "1 (labels)" : in.rank(),
                "give the file of the images");
        Require.that(
                in.type() == IdxType.UNSIGNED_BYTE,
                SUBJECT,
                file + " must hold unsigned bytes (type 0x08)",
                in.type(),
                "scale the values to 0 … 255");
        int[] dimensions = in.readDimensions();
        Require.that(
                in.rank() == 3 || dimensions[3] == 1 || dimensions[3] == 3,
                SUBJECT,
                file + " must have 1 or 3 channels as the last of 4 dimensions",
                in.rank() == 3 ? 1 : dimensions[3],
                "write the values of a pixel one after the other");
        in.requireValues(dimensions);
        this.in = in;
        this.count = dimensions[0];
        this.size =
                PixelSize.of(SUBJECT + ": " + file, dimensions[1], dimensions[2], in.rank() == 3 ? 1 : dimensions[3]);
    }

    @Override
    public int count() {
        return count;
    }

    @Override
    public PixelSize size() {
        return size;
    }

    @Override
    public byte[] read(int image) {
        byte[] pixels = channelByChannel(in.read(size.values()));
        if (image == count - 1) {
            in.requireEnd();
        }
        return pixels;
    }

    private byte[] channelByChannel(byte[] pixelByPixel) {
        if (size.channels() == 1) {
            return pixelByPixel;
        }
        byte[] pixels = new byte[pixelByPixel.length];
        int area = size.height() * size.width();
        for (int i = 0; i < pixels.length; i++) {
            pixels[i % size.channels() * area + i / size.channels()] = pixelByPixel[i];
        }
        return pixels;
    }

    @Override
    public boolean isNamed() {
        return false;
    }

    @Override
    public String name(int image) {
        throw new IllegalStateException("images of an IDX file have no names");
    }

    @Override
    public List<String> leftOut() {
        return List.of();
    }

    @Override
    public void close() {
        in.close();
    }
}
