package io.github.dl4jae.data;

import java.io.Serializable;
import java.util.Arrays;
import java.util.SplittableRandom;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/**
 * Gray images of one size with a class each, kept as bytes.
 *
 * <p>Parts of it ({@link #first}, {@link #range}) share the bytes. Immutable.
 */
public final class LabeledImages implements Serializable {

    /** A pixel's value in [0, 1], by its byte. */
    private static final float[] GRAY = new float[256];

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
     * Takes over pixels and labels; both must not be changed afterwards.
     *
     * @param name what to call them, in messages
     * @param pixels all images one after the other, row by row, 0 (black) to 255 as unsigned bytes
     * @param labels one class per image, in [0, classes)
     * @param rows the height of an image in pixels
     * @param columns the width of an image in pixels
     * @param classes how many classes there are
     * @return the images
     * @throws IllegalArgumentException if the lengths do not fit together or a label is not a class
     */
    public static LabeledImages of(String name, byte[] pixels, byte[] labels, int rows, int columns, int classes) {
        return of(name, pixels, labels, rows, columns, classes, 0);
    }

    /**
     * Takes over pixels and labels that are counted from another number than 0, as the letters of EMNIST from 1; both
     * must not be changed afterwards.
     *
     * @param name what to call them, in messages
     * @param pixels all images one after the other, row by row, 0 (black) to 255 as unsigned bytes
     * @param labels one label per image, an unsigned byte in [firstLabel, firstLabel + classes)
     * @param rows the height of an image in pixels
     * @param columns the width of an image in pixels
     * @param classes how many classes there are
     * @param firstLabel the label of class 0
     * @return the images, whose classes count from 0
     * @throws IllegalArgumentException if the lengths do not fit together or a label is not a class
     */
    public static LabeledImages of(
            String name, byte[] pixels, byte[] labels, int rows, int columns, int classes, int firstLabel) {
        if (rows < 1 || columns < 1 || (long) labels.length * rows * columns != pixels.length) {
            throw new IllegalArgumentException(name + ": pixels must be labels · rows · columns = " + labels.length
                    + " · " + rows + " · " + columns + " bytes, got " + pixels.length
                    + "; images and labels belong to different sets");
        }
        if (firstLabel < 0) {
            throw new IllegalArgumentException(name + ": firstLabel must be at least 0, got " + firstLabel);
        }
        byte[] numbered = labels;
        int last = firstLabel + classes - 1;
        for (int i = 0; i < labels.length; i++) {
            int label = labels[i] & 0xff;
            if (label < firstLabel || label > last) {
                throw new IllegalArgumentException(name + ": label " + i + " must be in [" + firstLabel + ", " + last
                        + "], got " + label + "; " + rangeRemedy(labels, classes, firstLabel));
            }
        }
        if (firstLabel != 0) {
            numbered = new byte[labels.length];
            for (int i = 0; i < labels.length; i++) {
                numbered[i] = (byte) ((labels[i] & 0xff) - firstLabel);
            }
        }
        return new LabeledImages(name, pixels, numbered, rows, columns, classes, 0, labels.length);
    }

    /** Names the arguments that fit, if the labels are a range of the right length. */
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
     * What they are called.
     *
     * @return the name
     */
    public String name() {
        return name;
    }

    /**
     * How many images there are.
     *
     * @return N
     */
    public int size() {
        return size;
    }

    /**
     * The height of an image.
     *
     * @return pixels
     */
    public int rows() {
        return rows;
    }

    /**
     * The width of an image.
     *
     * @return pixels
     */
    public int columns() {
        return columns;
    }

    /**
     * How many classes there are.
     *
     * @return labels are in [0, classes)
     */
    public int classes() {
        return classes;
    }

    /**
     * The class of an image.
     *
     * @param image its index, in [0, N)
     * @return in [0, classes)
     */
    public int label(int image) {
        return labels[start + checkIndex(image)] & 0xff;
    }

    /**
     * The classes of all images.
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
     * The first images.
     *
     * @param count how many, in [1, N]
     * @return a view on them
     */
    public LabeledImages first(int count) {
        return range(0, count);
    }

    /**
     * Some images in a row.
     *
     * @param from the first
     * @param to one after the last
     * @return a view on them
     * @throws IllegalArgumentException unless 0 ≤ from &lt; to ≤ N
     */
    public LabeledImages range(int from, int to) {
        if (from < 0 || from >= to || to > size) {
            throw new IllegalArgumentException(name + ": a range of images must satisfy 0 <= from < to <= " + size
                    + ", got from " + from + " to " + to + "; there are " + size + " images");
        }
        return new LabeledImages(name, pixels, labels, rows, columns, classes, start + from, to - from);
    }

    /**
     * All images as rows.
     *
     * @return {@code [N, rows·columns]}, float32 in [0, 1], 'c' order
     */
    public INDArray features() {
        int[] all = new int[size];
        Arrays.setAll(all, i -> i);
        return features(all, 0, size);
    }

    /**
     * Begins an iterator over minibatches.
     *
     * @param batch how many images a minibatch has, at least 1; the last may have fewer
     * @return a builder; {@code build()} gives features = targets, flat, in order
     */
    public ImageIterator.Builder iterator(int batch) {
        return new ImageIterator.Builder(this, batch);
    }

    /** The images order[from … to) as {@code [to − from, rows·columns]}. */
    INDArray features(int[] order, int from, int to) {
        int length = rows * columns;
        float[] values = new float[Math.multiplyExact(to - from, length)];
        for (int i = from, at = 0; i < to; i++) {
            int offset = (start + order[i]) * length;
            for (int pixel = offset; pixel < offset + length; pixel++) {
                values[at++] = GRAY[pixels[pixel] & 0xff];
            }
        }
        return Nd4j.create(values, new long[] {to - from, length}, 'c');
    }

    /** The same with pixels of 0 and 1, drawn with the gray values as probabilities. */
    INDArray binarized(int[] order, int from, int to, long seed, int epoch) {
        int length = rows * columns;
        float[] values = new float[Math.multiplyExact(to - from, length)];
        for (int i = from, at = 0; i < to; i++) {
            int image = start + order[i];
            SplittableRandom random = RandomStreams.of(seed + epoch, image);
            for (int pixel = image * length; pixel < (image + 1) * length; pixel++) {
                // of 255 equally likely numbers, as many as the byte says are below it
                values[at++] = random.nextInt(255) < (pixels[pixel] & 0xff) ? 1 : 0;
            }
        }
        return Nd4j.create(values, new long[] {to - from, length}, 'c');
    }

    /** The classes of the images order[from … to), one-hot, {@code [to − from, classes]}. */
    INDArray oneHot(int[] order, int from, int to) {
        INDArray targets = Nd4j.zeros(DataType.FLOAT, to - from, classes);
        for (int i = from; i < to; i++) {
            targets.putScalar(i - from, label(order[i]), 1);
        }
        return targets;
    }

    private int checkIndex(int image) {
        if (image < 0 || image >= size) {
            throw new IndexOutOfBoundsException(name + ": image must be in [0, " + (size - 1) + "], got " + image
                    + "; there are " + size + " images");
        }
        return image;
    }

    @Override
    public String toString() {
        return name + " (" + size + " images of " + rows + "×" + columns + ", " + classes + " classes)";
    }
}
