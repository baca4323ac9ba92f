package io.github.dl4jae.data;

import io.github.dl4jae.internal.layer.Require;
import java.awt.image.BufferedImage;
import java.awt.image.WritableRaster;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/**
 * Gray or RGB images of one size, stored as bytes, without classes.
 *
 * <pre>{@code
 * ImageSet faces = ImageSet.read(Path.of("faces"));              // a folder of PNG files, or an IDX file
 * INDArray x = faces.features();                                 // [N, c·h·w], in [0, 1]
 * PngFile.write(faces.picture(0), Path.of("first.png"));
 * }</pre>
 *
 * <p>An image is stored channel by channel, each row by row, as Deeplearning4j's convolutions expect it. {@link
 * ImageStream} reads sets that do not fit into memory.
 *
 * <p>Immutable.
 */
public final class ImageSet {

    private static final String SUBJECT = "ImageSet";

    private final PixelSize size;
    private final List<byte[]> images;
    private final List<String> names;

    /** Shares the arrays, which the caller must not change. */
    ImageSet(PixelSize size, List<byte[]> images, List<String> names) {
        this.size = size;
        this.images = List.copyOf(images);
        this.names = List.copyOf(names);
    }

    /**
     * Reads all images of an IDX file or of a folder of PNG files.
     *
     * @param source a file or folder as {@link ImageStream} describes them
     * @return the images
     * @throws IllegalArgumentException if it is refused, as by {@link ImageStream#of}
     * @throws java.io.UncheckedIOException if it cannot be read
     */
    public static ImageSet read(Path source) {
        try (ImageStream stream = ImageStream.of(source, Integer.MAX_VALUE)) {
            return stream.next();
        }
    }

    /**
     * Converts values to images, such as the output of a network.
     *
     * @param values numbers in [0, 1], {@code [N, c·h·w]}; those outside are clipped
     * @param height the number of rows of pixels
     * @param width the number of columns of pixels
     * @param channels 1 for gray, 3 for RGB
     * @return images without names, with each value rounded to one of 256 levels
     * @throws IllegalArgumentException if the values do not have this shape, one of them is NaN, or there are other
     *     numbers of channels
     */
    public static ImageSet of(INDArray values, int height, int width, int channels) {
        Require.given(SUBJECT, "values", values, "");
        PixelSize size = PixelSize.of(SUBJECT, height, width, channels);
        Require.that(
                values.rank() == 2 && values.size(0) > 0 && values.size(1) == size.values(),
                SUBJECT,
                "values must be [N, " + size.values() + "] for " + size,
                Arrays.toString(values.shape()),
                "");
        float[] numbers = values.castTo(DataType.FLOAT).dup('c').data().asFloat();
        List<byte[]> images = new ArrayList<>();
        for (int at = 0; at < numbers.length; at += size.values()) {
            images.add(pixels(numbers, at, size.values()));
        }
        return new ImageSet(size, images, List.of());
    }

    private static byte[] pixels(float[] numbers, int from, int count) {
        byte[] pixels = new byte[count];
        for (int i = 0; i < count; i++) {
            float number = numbers[from + i];
            Require.that(!Float.isNaN(number), SUBJECT, "values must be numbers", "NaN", "");
            pixels[i] = (byte) Math.round(255 * Math.min(Math.max(number, 0), 1));
        }
        return pixels;
    }

    /**
     * Returns the number of images.
     *
     * @return N
     */
    public int size() {
        return images.size();
    }

    /**
     * Returns the height of an image.
     *
     * @return pixels
     */
    public int height() {
        return size.height();
    }

    /**
     * Returns the width of an image.
     *
     * @return pixels
     */
    public int width() {
        return size.width();
    }

    /**
     * Returns the number of channels.
     *
     * @return 1 for gray, 3 for RGB
     */
    public int channels() {
        return size.channels();
    }

    /**
     * Returns the names of the files of the images.
     *
     * @return paths in the folder, with slashes; empty for images of an IDX file
     */
    public List<String> names() {
        return names;
    }

    /**
     * Returns all images as rows.
     *
     * @return float32 in [0, 1], {@code [N, c·h·w]}, in 'c' order; a new array
     */
    public INDArray features() {
        return features(IntStream.range(0, images.size()).toArray());
    }

    /**
     * Returns some images as rows.
     *
     * @param chosen indices of images
     * @return float32 in [0, 1], {@code [chosen, c·h·w]}, in 'c' order; a new array
     * @throws IndexOutOfBoundsException if there is no such image
     */
    public INDArray features(int... chosen) {
        float[] values = new float[Math.multiplyExact(chosen.length, size.values())];
        int at = 0;
        for (int image : chosen) {
            for (byte pixel : images.get(image)) {
                values[at++] = LabeledImages.GRAY[pixel & 0xff];
            }
        }
        return Nd4j.create(values, new long[] {chosen.length, size.values()}, 'c');
    }

    /**
     * Returns some images.
     *
     * @param chosen indices of images
     * @return these images, which share the bytes of this object
     * @throws IndexOutOfBoundsException if there is no such image
     */
    public ImageSet images(int... chosen) {
        return new ImageSet(
                size,
                IntStream.of(chosen).mapToObj(images::get).toList(),
                names.isEmpty()
                        ? names
                        : IntStream.of(chosen).mapToObj(names::get).toList());
    }

    /** Returns the bytes of an image, not a copy. */
    byte[] pixels(int image) {
        return images.get(image);
    }

    PixelSize pixelSize() {
        return size;
    }

    /**
     * Returns an image as a picture.
     *
     * @param image its index
     * @return a picture of 8 bits per channel; a new object
     * @throws IndexOutOfBoundsException if there is no such image
     */
    public BufferedImage picture(int image) {
        byte[] pixels = images.get(image);
        BufferedImage picture = new BufferedImage(
                width(), height(), channels() == 1 ? BufferedImage.TYPE_BYTE_GRAY : BufferedImage.TYPE_INT_RGB);
        WritableRaster raster = picture.getRaster();
        for (int i = 0; i < pixels.length; i++) {
            int inChannel = i % (height() * width());
            raster.setSample(inChannel % width(), inChannel / width(), i / (height() * width()), pixels[i] & 0xff);
        }
        return picture;
    }

    @Override
    public String toString() {
        return size() + " images of " + size;
    }
}
