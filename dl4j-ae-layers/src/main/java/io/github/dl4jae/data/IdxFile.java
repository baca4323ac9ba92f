package io.github.dl4jae.data;

import io.github.dl4jae.internal.io.AtomicFile;
import io.github.dl4jae.internal.layer.Require;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Iterator;
import java.util.Locale;
import org.jspecify.annotations.Nullable;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * The contents of an IDX file, plain or gzipped.
 *
 * <pre>
 * 00 00 t d     two zero bytes, the type t of the values, the number of dimensions d
 * d times       a dimension, four bytes, big-endian
 * the values    big-endian, the last dimension varying fastest
 *
 * t: 08 unsigned byte, 09 signed byte, 0b short, 0c int, 0d float, 0e double
 * </pre>
 *
 * <p>Images and labels are unsigned bytes, which {@link #values} returns. {@link #toArray} returns values of any type.
 *
 * <p>Reading verifies header, sizes and the end of the file. It never changes or deletes the file.
 *
 * <p>Immutable.
 */
public final class IdxFile {

    private static final String SUBJECT = "IdxFile";

    /** The length of the longest array of bytes. */
    private static final int MAX_BYTES = Integer.MAX_VALUE - 8;

    private final Path file;
    private final IdxType type;
    private final int[] dimensions;
    private final byte[] values;
    private final String md5;

    private IdxFile(Path file, IdxType type, int[] dimensions, byte[] values, String md5) {
        this.file = file;
        this.type = type;
        this.dimensions = dimensions;
        this.values = values;
        this.md5 = md5;
    }

    /**
     * Returns the sizes that the header declares.
     *
     * @return one size per dimension, for images count, rows and columns; a new array
     */
    public int[] dimensions() {
        return dimensions.clone();
    }

    /**
     * Returns all values of a file of unsigned bytes. A byte b stands for the number {@code b & 0xff}.
     *
     * @return the values in order, for images pixel by pixel and row by row; a new array
     * @throws IllegalStateException if the file holds values of another type
     */
    public byte[] values() {
        return sharedValues().clone();
    }

    /** Returns the values without a copy. */
    byte[] sharedValues() {
        if (type != IdxType.UNSIGNED_BYTE) {
            throw new IllegalStateException("IdxFile: " + file + " must hold unsigned bytes (type 0x08), got " + type
                    + "; call toArray() for numbers of other types");
        }
        return values;
    }

    /**
     * Returns all values as an array.
     *
     * @return a new array with the shape of {@link #dimensions}, in 'c' order: {@code FLOAT} or {@code DOUBLE} for
     *     these types, {@code INT32} for all integers; unsigned bytes are numbers from 0 to 255
     */
    public INDArray toArray() {
        long[] shape = Arrays.stream(dimensions).asLongStream().toArray();
        return type.array(ByteBuffer.wrap(values)).reshape('c', shape);
    }

    /**
     * Returns the MD5 sum of the uncompressed file.
     *
     * @return lower-case hexadecimal digits
     */
    public String md5() {
        return md5;
    }

    /**
     * Reads a file, and decompresses it if its name ends in .gz.
     *
     * @param file an IDX file
     * @param rank the number of dimensions that it must have: 1 for labels, 3 for images
     * @return its contents
     * @throws IllegalArgumentException if the rank is below 1 or above 255, or the file is not an IDX file of this
     *     rank, truncated, too long or corrupt; the message gives the file and the position of the error
     * @throws UncheckedIOException if the file cannot be read
     */
    public static IdxFile read(Path file, int rank) {
        Require.given(SUBJECT, "file", file, "");
        Require.that(
                rank >= 1 && rank <= 255, SUBJECT, "rank must be in [1, 255]", rank, "give 1 for labels, 3 for images");
        return read(file, file.getFileName().toString().endsWith(".gz"), rank, null);
    }

    /** Reads a file of known dimensions, and refuses others before it allocates memory for the values. */
    static IdxFile read(Path file, boolean gzipped, int rank, int @Nullable [] expected) {
        try (IdxInput in = IdxInput.open(file, gzipped)) {
            Require.that(
                    in.rank() == rank,
                    SUBJECT,
                    file + " must have " + rank + " dimensions (3 are images, 1 is labels)",
                    in.rank() + " of " + in.type() + " at byte 3",
                    "exchange the files of images and labels, or give the rank " + in.rank());
            int[] dimensions = in.readDimensions();
            if (expected != null && !Arrays.equals(dimensions, expected)) {
                throw in.bad("must hold " + Arrays.toString(expected) + " values, got " + Arrays.toString(dimensions)
                        + " in its header (bytes 4 to " + (3 + 4 * rank) + ")");
            }
            double bytes = in.requireValues(dimensions);
            Require.that(
                    bytes <= MAX_BYTES,
                    SUBJECT,
                    file + " must hold values of at most " + MAX_BYTES + " bytes",
                    String.format(Locale.ROOT, "%.0f", bytes),
                    "split the file");
            byte[] values = in.read((int) bytes);
            in.requireEnd();
            return new IdxFile(file, in.type(), dimensions, values, in.md5());
        }
    }

    /**
     * Writes images as unsigned bytes, {@code [N, height, width]} for gray images and {@code [N, height, width, 3]} for
     * RGB, and compresses them if the name ends in .gz. An existing file is replaced once the new one is complete.
     *
     * @param file the file to write; missing directories are created
     * @param count N, the number of all images
     * @param images N images of one size in one or several parts, which are in memory one at a time
     * @return the file
     * @throws IllegalArgumentException if an argument is null, there are other numbers of images, or they differ in
     *     size
     * @throws UncheckedIOException if the file cannot be written
     */
    public static Path writeImages(Path file, int count, Iterator<ImageSet> images) {
        Require.given(SUBJECT, "file", file, "");
        Require.atLeast(1, SUBJECT, "count", count, "");
        Require.given(SUBJECT, "images", images, "");
        Require.that(images.hasNext(), SUBJECT, "images must be " + count, 0, "");
        return AtomicFile.write(file, part -> {
            try (IdxOutput out = new IdxOutput(part, IdxName.isGzipped(file), count, images.next())) {
                images.forEachRemaining(out::write);
                out.requireAll();
            }
        });
    }
}
