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

/**
 * One IDX file of unsigned bytes, plain or gzipped.
 *
 * <pre>
 * 00 00 08 d    two zero bytes, the type (08: unsigned byte), the number of dimensions d
 * d times       a dimension, four bytes, big-endian
 * the values    one byte each, the last dimension varying fastest
 * </pre>
 *
 * Everything is checked: header, sizes, and that the file ends where its header says. Nothing is ever changed or deleted.
 *
 * @param dimensions the sizes that the header declares; for images: count, rows, columns
 * @param values all of them, in order; for images, pixels row by row
 * @param md5 the MD5 sum of the uncompressed file, in lower-case hexadecimal
 */
@SuppressWarnings("ArrayRecordComponent") // a carrier of bytes, never compared
public record IdxFile(int[] dimensions, byte[] values, String md5) {

    /** A deflated byte holds at most this many: a header that claims more lies, and is not given the memory. */
    private static final long MAX_GZIP_RATIO = 1032;

    /**
     * Reads a file; a name that ends in .gz is gunzipped on the way.
     *
     * @param file an IDX file
     * @param rank how many dimensions it must have: 1 for labels, 3 for images
     * @return its contents
     * @throws IllegalArgumentException if the file is no such IDX file, truncated, too long or corrupt; the message names the
     *     file and the byte
     * @throws UncheckedIOException if it can't be read
     */
    public static IdxFile read(Path file, int rank) {
        return read(file, file.getFileName().toString().endsWith(".gz"), rank, null);
    }

    /** Reads a file whose dimensions are known beforehand, and refuses others before giving memory to them. */
    static IdxFile read(Path file, boolean gzipped, int rank, int[] expected) {
        MessageDigest digest = newDigest();
        Position position = new Position();
        try (InputStream raw = new BufferedInputStream(Files.newInputStream(file), 1 << 16);
                InputStream in = new DigestInputStream(gzipped ? new GZIPInputStream(raw, 1 << 16) : raw, digest)) {
            int[] dimensions = readHeader(file, in, rank, position);
            if (expected != null && !Arrays.equals(dimensions, expected)) {
                throw bad(
                        file,
                        "must hold " + Arrays.toString(expected) + " values, its header says "
                                + Arrays.toString(dimensions) + " (bytes 4 to " + (3 + 4 * rank) + ")");
            }
            double count =
                    Arrays.stream(dimensions).asDoubleStream().reduce(1, (a, b) -> a * b); // may be beyond any long
            long possible = gzipped ? Files.size(file) * MAX_GZIP_RATIO : Files.size(file) - position.at;
            if (count > Integer.MAX_VALUE - 8 || count > possible) {
                throw bad(
                        file,
                        "is truncated: its header says " + String.format(Locale.ROOT, "%.0f", count)
                                + " values, but from byte " + position.at + " on there can be only " + possible);
            }
            byte[] values = readFully(file, in, (int) count, position);
            if (in.read() >= 0) {
                throw bad(
                        file,
                        "must end at byte " + position.at
                                + ", where the values that its header declares end, but goes on");
            }
            return new IdxFile(dimensions, values, HexFormat.of().formatHex(digest.digest()));
        } catch (EOFException | ZipException e) {
            throw bad(
                    file,
                    "is truncated or corrupt at byte " + position.at + " of its uncompressed contents ("
                            + e.getMessage() + ")");
        } catch (IOException e) {
            throw new UncheckedIOException("IDX file " + file + " can't be read at byte " + position.at, e);
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
                        "is truncated: it ends at byte " + position.at + ", " + (count - filled) + " bytes early");
            }
            filled += read;
            position.at += read;
        }
        return bytes;
    }

    private static IllegalArgumentException bad(Path file, String problem) {
        return new IllegalArgumentException(
                "IDX file " + file + " " + problem + "; replace it by an intact copy (it was left as it is)");
    }

    private static MessageDigest newDigest() {
        try {
            return MessageDigest.getInstance("MD5"); // names the published files; no protection against forgery
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has MD5", e);
        }
    }

    /** How many uncompressed bytes were read, for messages. */
    private static final class Position {
        private long at;
    }
}
