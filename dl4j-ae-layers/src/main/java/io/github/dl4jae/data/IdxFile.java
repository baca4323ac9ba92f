package io.github.dl4jae.data;

import io.github.dl4jae.internal.layer.Require;
import java.io.BufferedInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.DigestInputStream;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.Locale;
import java.util.zip.GZIPInputStream;
import java.util.zip.ZipException;
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

    /** Maximum number of bytes that a deflated byte can hold; bounds the memory that a false header can claim. */
    private static final long MAX_GZIP_RATIO = 1032;

    /** The length of the longest array of bytes. */
    private static final int MAX_BYTES = Integer.MAX_VALUE - 8;

    private static final String REPLACE = "; replace it by an intact copy";

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
        Require.given("IdxFile", "file", file, "");
        Require.that(
                rank >= 1 && rank <= 255,
                "IdxFile",
                "rank must be in [1, 255]",
                rank,
                "give 1 for labels, 3 for images");
        return read(file, file.getFileName().toString().endsWith(".gz"), rank, null);
    }

    /** Reads a file of known dimensions, and refuses others before it allocates memory for the values. */
    static IdxFile read(Path file, boolean gzipped, int rank, int @Nullable [] expected) {
        MessageDigest digest = newDigest();
        Position position = new Position();
        try (InputStream raw = new BufferedInputStream(Files.newInputStream(file), 1 << 16);
                InputStream in = new DigestInputStream(gzipped ? new GZIPInputStream(raw, 1 << 16) : raw, digest)) {
            IdxType type = readType(file, in, rank, position);
            int[] dimensions = readDimensions(file, in, rank, position);
            if (expected != null && !Arrays.equals(dimensions, expected)) {
                throw bad(
                        file,
                        "must hold " + Arrays.toString(expected) + " values, got " + Arrays.toString(dimensions)
                                + " in its header (bytes 4 to " + (3 + 4 * rank) + ")");
            }
            double count = Arrays.stream(dimensions).asDoubleStream().reduce(1, (a, b) -> a * b); // can exceed any long
            long possible = gzipped ? Files.size(file) * MAX_GZIP_RATIO : Files.size(file) - position.at;
            if (count * type.bytes() > possible) {
                throw bad(
                        file,
                        "must be complete, got at most " + possible / type.bytes() + " of the "
                                + String.format(Locale.ROOT, "%.0f", count)
                                + " values that its header declares, from byte " + position.at + " on");
            }
            Require.that(
                    count * type.bytes() <= MAX_BYTES,
                    "IdxFile",
                    file + " must hold values of at most " + MAX_BYTES + " bytes",
                    String.format(Locale.ROOT, "%.0f", count * type.bytes()),
                    "split the file");
            byte[] values = readFully(file, in, (int) (count * type.bytes()), position);
            if (in.read() >= 0) {
                throw bad(
                        file,
                        "must end at byte " + position.at
                                + ", after the values that its header declares, got more bytes");
            }
            return new IdxFile(file, type, dimensions, values, HexFormat.of().formatHex(digest.digest()));
        } catch (EOFException | ZipException e) {
            throw bad(
                    file,
                    "must be complete and intact, got an error at byte " + position.at
                            + " of its uncompressed contents (" + e.getMessage() + ")");
        } catch (IOException e) {
            throw new UncheckedIOException("IdxFile: " + file + " cannot be read at byte " + position.at, e);
        }
    }

    private static IdxType readType(Path file, InputStream in, int rank, Position position) throws IOException {
        ByteBuffer magic = ByteBuffer.wrap(readFully(file, in, 4, position));
        IdxType type = magic.getShort(0) == 0 ? IdxType.of(magic.get(2)) : null;
        if (type == null) {
            String found = HexFormat.ofDelimiter(" ").formatHex(magic.array());
            String remedy = found.startsWith("1f 8b") ? "; let the name of a gzipped file end in .gz" : REPLACE;
            throw new IllegalArgumentException(
                    "IdxFile: " + file + " must begin with the bytes 00 00, a type from 08 to"
                            + " 0e other than 0a, and the number of dimensions, got " + found + " at byte 0" + remedy);
        }
        int dimensions = magic.get(3) & 0xff;
        Require.that(
                dimensions == rank,
                "IdxFile",
                file + " must have " + rank + " dimensions (3 are images, 1 is labels)",
                dimensions + " of " + type + " at byte 3",
                "exchange the files of images and labels, or give the rank " + dimensions);
        return type;
    }

    private static int[] readDimensions(Path file, InputStream in, int rank, Position position) throws IOException {
        ByteBuffer sizes = ByteBuffer.wrap(readFully(file, in, 4 * rank, position));
        int[] dimensions = new int[rank];
        for (int i = 0; i < rank; i++) {
            dimensions[i] = sizes.getInt();
            if (dimensions[i] < 1) {
                throw bad(
                        file,
                        "must have dimensions of at least 1, got " + Integer.toUnsignedString(dimensions[i])
                                + " at byte " + (4 + 4 * i));
            }
        }
        return dimensions;
    }

    private static byte[] readFully(Path file, InputStream in, int count, Position position) throws IOException {
        byte[] bytes = new byte[count];
        for (int filled = 0; filled < count; ) {
            int read = in.read(bytes, filled, count - filled);
            if (read < 0) {
                throw bad(
                        file,
                        "must be complete, got its end at byte " + position.at + ", " + (count - filled)
                                + " bytes early");
            }
            filled += read;
            position.at += read;
        }
        return bytes;
    }

    private static IllegalArgumentException bad(Path file, String problem) {
        return new IllegalArgumentException("IdxFile: " + file + " " + problem + REPLACE);
    }

    private static MessageDigest newDigest() {
        try {
            return MessageDigest.getInstance("MD5"); // identifies the published files; not for security
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has MD5", e);
        }
    }

    /** The number of uncompressed bytes that were read, for messages. */
    private static final class Position {
        private long at;
    }
}
