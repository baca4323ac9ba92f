package io.github.dl4jae.data;

import io.github.dl4jae.internal.layer.Require;
import io.github.dl4jae.internal.math.RandomStreams;
import java.io.Serializable;
import java.util.Arrays;
import java.util.SplittableRandom;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/**
 * Gray images of one size with one class per image, stored as bytes.
 *
 * <p>Immutable. Parts ({@link #first}, {@link #range}) share the bytes of the whole.
 */
public final class LabeledImages implements Serializable {

    /** The value in [0, 1] of each byte. */
    static final float[] GRAY = new float[256];

    static {
        for (int pixel = 0; pixel < 256; pixel++) {
            GRAY[pixel] = pixel / 255f;
        }
    }

    private final String name;
    private final byte[] pixels;
    private final byte[] labels;
    private final int rows;
    private final int columns;
    private final int classes;
    private final int start;
    private final int size;

    private LabeledImages(
            String name, byte[] pixels, byte[] labels, int rows, int columns, int classes, int start, int size) {
        this.name = name;
        this.pixels = pixels;
        this.labels = labels;
        this.rows = rows;
        this.columns = columns;
        this.classes = classes;
        this.start = start;
        this.size = size;
    }

    /**
     * Returns images with labels that count from 0.
     *
     * @param name the name of the data set, for messages
     * @param pixels all images one after the other, row by row, as unsigned bytes from 0 (black) to 255; copied
     * @param labels one class per image, in [0, classes); copied
     * @param rows the height of an image in pixels
     * @param columns the width of an image in pixels
     * @param classes the number of classes
     * @return the images
     * @throws IllegalArgumentException if an argument is null, the lengths do not match, or a label is out of range
     */
    public static LabeledImages of(String name, byte[] pixels, byte[] labels, int rows, int columns, int classes) {
        return of(name, pixels, labels, rows, columns, classes, 0);
    }

    /**
     * Returns images with labels that count from another number, such as the letters of EMNIST, which count from 1.
     *
     * @param name the name of the data set, for messages
     * @param pixels all images one after the other, row by row, as unsigned bytes from 0 (black) to 255; copied
     * @param labels one label per image, an unsigned byte in [firstLabel, firstLabel + classes); copied
     * @param rows the height of an image in pixels
     * @param columns the width of an image in pixels
     * @param classes the number of classes
     * @param firstLabel the label of class 0, at least 0
     * @return the images, with classes that count from 0
     * @throws IllegalArgumentException if an argument is null, the lengths do not match, or a label is out of range
     */
    public static LabeledImages of(
            String name, byte[] pixels, byte[] labels, int rows, int columns, int classes, int firstLabel) {
        Require.given("LabeledImages", "name", name, "");
        Require.given(name, "pixels", pixels, "");
        Require.given(name, "labels", labels, "");
        requireLabels(name, labels, classes, firstLabel);
        byte[] numbered = new byte[labels.length];
        for (int i = 0; i < labels.length; i++) {
            numbered[i] = (byte) ((labels[i] & 0xff) - firstLabel);
        }
        return sharing(name, pixels.clone(), numbered, rows, columns, classes);
    }

    /** Returns images that share the arrays; the caller must not change them. */
    static LabeledImages sharing(String name, byte[] pixels, byte[] labels, int rows, int columns, int classes) {
        Require.that(
                rows >= 1 && columns >= 1 && (long) labels.length * rows * columns == pixels.length,
                name,
                "pixels must be labels · rows · columns = " + labels.length + " · " + rows + " · " + columns + " bytes",
                pixels.length,
                "take images and labels of one set");
        requireLabels(name, labels, classes, 0);
        return new LabeledImages(name, pixels, labels, rows, columns, classes, 0, labels.length);
    }

    private static void requireLabels(String name, byte[] labels, int classes, int firstLabel) {
        Require.atLeast(0, name, "firstLabel", firstLabel, "");
        int last = firstLabel + classes - 1;
        for (int i = 0; i < labels.length; i++) {
            int label = labels[i] & 0xff;
            if (label < firstLabel || label > last) {
                throw new IllegalArgumentException(name + ": label " + i + " must be in [" + firstLabel + ", " + last
                        + "], got " + label + "; " + rangeRemedy(labels, classes, firstLabel));
            }
        }
    }

    /** Returns arguments that fit the range of the labels, for the message. */
    private static String rangeRemedy(byte[] labels, int classes, int firstLabel) {
        int least = 255;
        int largest = 0;
        for (byte label : labels) {
            least = Math.min(least, label & 0xff);
            largest = Math.max(largest, label & 0xff);
        }
        String range = "the labels run from " + least + " to " + largest + ", so ";
        return largest - least < classes
                ? range + "give firstLabel = " + least
                : range + "give classes = " + (largest - Math.min(least, firstLabel) + 1);
    }

    /**
     * Returns the name of the data set.
     *
     * @return the name
     */
    public String name() {
        return name;
    }

    /**
     * Returns the number of images.
     *
     * @return N
     */
    public int size() {
        return size;
    }

    /**
     * Returns the height of an image.
     *
     * @return pixels
     */
    public int rows() {
        return rows;
    }

    /**
     * Returns the width of an image.
     *
     * @return pixels
     */
    public int columns() {
        return columns;
    }

    /**
     * Returns the number of classes.
     *
     * @return the exclusive upper bound of labels
     */
    public int classes() {
        return classes;
    }

    /**
     * Returns the class of an image.
     *
     * @param image the index of the image, in [0, N)
     * @return a class in [0, classes)
     * @throws IndexOutOfBoundsException if there is no such image
     */
    public int label(int image) {
        return labels[start + checkIndex(image)] & 0xff;
    }

    /**
     * Returns the classes of all images.
     *
     * @return N labels, a new array
     */
    public int[] labels() {
        int[] all = new int[size];
        for (int i = 0; i < size; i++) {
            all[i] = labels[start + i] & 0xff;
        }
        return all;
    }

    /**
     * Returns the images with rows and columns exchanged. The files of EMNIST have their images on the side.
     *
     * @return a copy, {@link #columns} pixels high and {@link #rows} wide
     */
    public LabeledImages transposed() {
        int each = rows * columns;
        byte[] turned = new byte[size * each];
        for (int image = 0; image < size; image++) {
            for (int row = 0; row < rows; row++) {
                for (int column = 0; column < columns; column++) {
                    turned[image * each + column * rows + row] =
                            pixels[(start + image) * each + row * columns + column];
                }
            }
        }
        byte[] own = Arrays.copyOfRange(labels, start, start + size);
        return new LabeledImages(name, turned, own, columns, rows, classes, 0, size);
    }

    /**
     * Returns the first images.
     *
     * @param count the number of images, in [1, N]
     * @return the images, which share the bytes of this object
     * @throws IllegalArgumentException if the count is out of range
     */
    public LabeledImages first(int count) {
        return range(0, count);
    }

    /**
     * Returns consecutive images.
     *
     * @param from the index of the first image
     * @param to the index after the last image
     * @return the images, which share the bytes of this object
     * @throws IllegalArgumentException unless 0 ≤ from &lt; to ≤ N
     */
    public LabeledImages range(int from, int to) {
        Require.that(
                from >= 0 && from < to && to <= size,
                name,
                "a range of images must satisfy 0 <= from < to <= " + size,
                "from " + from + " to " + to,
                "");
        return new LabeledImages(name, pixels, labels, rows, columns, classes, start + from, to - from);
    }

    /**
     * Returns images at equal distances. They stand for all where the order of a data set is not random: the first half
     * of the test images of MNIST is easier than the second.
     *
     * @param count the number of images n, in [1, N]
     * @return the images ⌊i·N/n⌋ for i = 0 … n − 1, a copy
     * @throws IllegalArgumentException if the count is out of range
     */
    public LabeledImages spread(int count) {
        Require.that(count >= 1 && count <= size, name, "count must be in [1, " + size + "]", count, "");
        int each = rows * columns;
        byte[] chosen = new byte[count * each];
        byte[] classesOfChosen = new byte[count];
        for (int i = 0; i < count; i++) {
            int image = start + (int) ((long) i * size / count);
            System.arraycopy(pixels, image * each, chosen, i * each, each);
            classesOfChosen[i] = labels[image];
        }
        return new LabeledImages(name, chosen, classesOfChosen, rows, columns, classes, 0, count);
    }

    /**
     * Returns all images as rows.
     *
     * @return float32 in [0, 1], {@code [N, rows·columns]}, in 'c' order; a new array
     */
    public INDArray features() {
        int[] all = new int[size];
        Arrays.setAll(all, i -> i);
        return features(all);
    }

    /**
     * Returns a builder of an iterator over mini-batches.
     *
     * @param batch the number of images in a mini-batch, at least 1; the last can have fewer
     * @return a builder whose defaults are flat features, equal targets, and the order of the data set
     * @throws IllegalArgumentException if {@code batch} is below 1
     */
    public ImageIterator.Builder iterator(int batch) {
        return new ImageIterator.Builder(this, batch);
    }

    /** Returns some images as {@code [chosen, rows·columns]}. */
    INDArray features(int[] chosen) {
        int length = rows * columns;
        float[] values = new float[Math.multiplyExact(chosen.length, length)];
        int at = 0;
        for (int index : chosen) {
            int offset = (start + index) * length;
            for (int pixel = offset; pixel < offset + length; pixel++) {
                values[at++] = GRAY[pixels[pixel] & 0xff];
            }
        }
        return Nd4j.create(values, new long[] {chosen.length, length}, 'c');
    }

    /** Returns some images with pixels of 0 and 1, sampled with the gray values as probabilities. */
    INDArray binarized(int[] chosen, long seed, int epoch) {
        int length = rows * columns;
        float[] values = new float[Math.multiplyExact(chosen.length, length)];
        int at = 0;
        for (int index : chosen) {
            int image = start + index;
            SplittableRandom random = RandomStreams.of(seed + epoch, image);
            for (int pixel = image * length; pixel < (image + 1) * length; pixel++) {
                // p/255 of 255 equally likely numbers are below p
                values[at++] = random.nextInt(255) < (pixels[pixel] & 0xff) ? 1 : 0;
            }
        }
        return Nd4j.create(values, new long[] {chosen.length, length}, 'c');
    }

    /** Returns the classes of some images, one-hot, {@code [chosen, classes]}. */
    INDArray oneHot(int[] chosen) {
        INDArray targets = Nd4j.zeros(DataType.FLOAT, chosen.length, classes);
        for (int i = 0; i < chosen.length; i++) {
            targets.putScalar(i, label(chosen[i]), 1);
        }
        return targets;
    }

    private int checkIndex(int image) {
        if (image < 0 || image >= size) {
            throw new IndexOutOfBoundsException(name + ": image must be in [0, " + (size - 1) + "], got " + image);
        }
        return image;
    }

    @Override
    public String toString() {
        return name + " (" + size + " images of " + rows + "×" + columns + ", " + classes + " classes)";
    }
}
