package io.github.dl4jae.data;

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

/**
 * The contents of an IDX file of unsigned bytes, plain or gzipped.
 *
 * <pre>
 * 00 00 08 d    two zero bytes, the type (08: unsigned byte), the number of dimensions d
 * d times       a dimension, four bytes, big-endian
 * the values    one byte each, the last dimension varying fastest
 * </pre>
 *
 * <p>Reading verifies header, sizes and the end of the file. It never changes or deletes the file.
 *
 * <p>Immutable.
 */
public final class IdxFile {

    /** Maximum number of bytes that a deflated byte can hold; bounds the memory that a false header can claim. */
    private static final long MAX_GZIP_RATIO = 1032;

    private final int[] dimensions;
    private final byte[] values;
    private final String md5;

    private IdxFile(int[] dimensions, byte[] values, String md5) {
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
     * Returns all values.
     *
     * @return the values in order, for images pixel by pixel and row by row; a new array
     */
    public byte[] values() {
        return values.clone();
    }

    /** The values without a copy. */
    byte[] sharedValues() {
        return values;
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
     * @throws IllegalArgumentException if the file is not an IDX file of this rank, truncated, too long or corrupt; the
     *     message gives the file and the position of the error
     * @throws UncheckedIOException if the file cannot be read
     */
    public static IdxFile read(Path file, int rank) {
        return read(file, file.getFileName().toString().endsWith(".gz"), rank, null);
    }

    /** Reads a file of known dimensions, and refuses others before it allocates memory for the values. */
    static IdxFile read(Path file, boolean gzipped, int rank, int @Nullable [] expected) {
        MessageDigest digest = newDigest();
        Position position = new Position();
        try (InputStream raw = new BufferedInputStream(Files.newInputStream(file), 1 << 16);
                InputStream in = new DigestInputStream(gzipped ? new GZIPInputStream(raw, 1 << 16) : raw, digest)) {
            int[] dimensions = readHeader(file, in, rank, position);
            if (expected != null && !Arrays.equals(dimensions, expected)) {
                throw bad(
                        file,
                        "must hold " + Arrays.toString(expected) + " values, got " + Arrays.toString(dimensions)
                                + " in its header (bytes 4 to " + (3 + 4 * rank) + ")");
            }
            double count = Arrays.stream(dimensions).asDoubleStream().reduce(1, (a, b) -> a * b); // can exceed any long
            long possible = gzipped ? Files.size(file) * MAX_GZIP_RATIO : Files.size(file) - position.at;
            if (count > Integer.MAX_VALUE - 8 || count > possible) {
                throw bad(
                        file,
                        "must be complete, got at most " + possible + " of the "
                                + String.format(Locale.ROOT, "%.0f", count)
                                + " values that its header declares, from byte " + position.at + " on");
            }
            byte[] values = readFully(file, in, (int) count, position);
            if (in.read() >= 0) {
                throw bad(
                        file,
                        "must end at byte " + position.at
                                + ", after the values that its header declares, got more bytes");
            }
            return new IdxFile(dimensions, values, HexFormat.of().formatHex(digest.digest()));
        } catch (EOFException | ZipException e) {
            throw bad(
                    file,
                    "must be complete and intact, got an error at byte " + position.at
                            + " of its uncompressed contents (" + e.getMessage() + ")");
        } catch (IOException e) {
            throw new UncheckedIOException("IdxFile: " + file + " cannot be read at byte " + position.at, e);
        }
    }

    private static int[] readHeader(Path file, InputStream in, int rank, Position position) throws IOException {
        ByteBuffer magic = ByteBuffer.wrap(readFully(file, in, 4, position));
        int found = magic.getInt(0);
        if (found != (0x0800 | rank)) {
            throw bad(
                    file,
                    String.format(
                            "must begin with the bytes 00 00 08 %02x (%d dimensions of unsigned bytes), got %02x %02x"
                                    + " %02x %02x at byte 0",
                            rank, rank, magic.get(0), magic.get(1), magic.get(2), magic.get(3)));
        }
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
        return new IllegalArgumentException("IdxFile: " + file + " " + problem + "; replace it by an intact copy");
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
