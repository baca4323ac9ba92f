package io.github.dl4jae.data;

import java.io.BufferedInputStream;
import java.io.Closeable;
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
 * An IDX file that is read from the beginning to the end, plain or gzipped. Errors are {@code
 * IllegalArgumentException}s with the file and the position, or {@code UncheckedIOException}s if it cannot be read.
 */
final class IdxInput implements Closeable {

    /** Maximum number of bytes that a deflated byte can hold; bounds the memory that a false header can claim. */
    private static final long MAX_GZIP_RATIO = 1032;

    private static final String REPLACE = "; replace it by an intact copy";

    private final Path file;
    private final boolean gzipped;
    private final MessageDigest digest = newDigest();
    private final InputStream in;
    private final IdxType type;
    private final int rank;
    private long position;

    private IdxInput(Path file, boolean gzipped) {
        this.file = file;
        this.gzipped = gzipped;
        this.in = open();
        try {
            byte[] magic = read(4);
            this.type = type(magic);
            this.rank = magic[3] & 0xff;
        } catch (RuntimeException e) {
            close();
            throw e;
        }
    }

    /** Opens a file and reads its type and its number of dimensions. */
    static IdxInput open(Path file, boolean gzipped) {
        return new IdxInput(file, gzipped);
    }

    private InputStream open() {
        try {
            InputStream raw = new BufferedInputStream(Files.newInputStream(file), 1 << 16);
            try {
                return new DigestInputStream(gzipped ? new GZIPInputStream(raw, 1 << 16) : raw, digest);
            } catch (IOException e) {
                raw.close();
                throw e;
            }
        } catch (IOException e) {
            throw failure(e);
        }
    }

    private IdxType type(byte[] magic) {
        IdxType found = magic[0] == 0 && magic[1] == 0 ? IdxType.of(magic[2]) : null;
        if (found == null) {
            String bytes = HexFormat.ofDelimiter(" ").formatHex(magic);
            String remedy = bytes.startsWith("1f 8b") ? "; let the name of a gzipped file end in .gz" : REPLACE;
            throw new IllegalArgumentException(
                    "IdxFile: " + file + " must begin with the bytes 00 00, a type from 08 to"
                            + " 0e other than 0a, and the number of dimensions, got " + bytes + " at byte 0" + remedy);
        }
        return found;
    }

    IdxType type() {
        return type;
    }

    /** Returns the number of dimensions. */
    int rank() {
        return rank;
    }

    /** Reads the sizes of the dimensions, the second part of the file. */
    int[] readDimensions() {
        ByteBuffer sizes = ByteBuffer.wrap(read(4 * rank));
        int[] dimensions = new int[rank];
        for (int i = 0; i < rank; i++) {
            dimensions[i] = sizes.getInt();
            if (dimensions[i] < 1) {
                throw bad("must have dimensions of at least 1, got " + Integer.toUnsignedString(dimensions[i])
                        + " at byte " + (4 + 4 * i));
            }
        }
        return dimensions;
    }

    /**
     * Requires that the file is long enough for the values that its header declares.
     *
     * @return the number of their bytes, which can exceed any long
     */
    double requireValues(int[] dimensions) {
        double count = Arrays.stream(dimensions).asDoubleStream().reduce(1, (a, b) -> a * b);
        long possible = gzipped ? fileSize() * MAX_GZIP_RATIO : fileSize() - position;
        if (count * type.bytes() > possible) {
            throw bad("must be complete, got at most " + possible / type.bytes() + " of the "
                    + String.format(Locale.ROOT, "%.0f", count)
                    + " values that its header declares, from byte " + position + " on");
        }
        return count * type.bytes();
    }

    private long fileSize() {
        try {
            return Files.size(file);
        } catch (IOException e) {
            throw failure(e);
        }
    }

    /** Reads the next bytes. */
    byte[] read(int count) {
        byte[] bytes = new byte[count];
        for (int filled = 0; filled < count; ) {
            int read = read(bytes, filled);
            if (read < 0) {
                throw bad(
                        "must be complete, got its end at byte " + position + ", " + (count - filled) + " bytes early");
            }
            filled += read;
            position += read;
        }
        return bytes;
    }

    private int read(byte[] bytes, int from) {
        try {
            return in.read(bytes, from, bytes.length - from);
        } catch (IOException e) {
            throw failure(e);
        }
    }

    /** Requires that all bytes are read. */
    void requireEnd() {
        if (read(new byte[1], 0) >= 0) {
            throw bad("must end at byte " + position + ", after the values that its header declares, got more bytes");
        }
    }

    /** Returns the MD5 sum of the uncompressed bytes that were read. */
    String md5() {
        return HexFormat.of().formatHex(digest.digest());
    }

    IllegalArgumentException bad(String problem) {
        return new IllegalArgumentException("IdxFile: " + file + " " + problem + REPLACE);
    }

    private RuntimeException failure(IOException e) {
        return e instanceof EOFException || e instanceof ZipException
                ? bad("must be complete and intact, got an error at byte " + position
                        + " of its uncompressed contents (" + e.getMessage() + ")")
                : new UncheckedIOException("IdxFile: " + file + " cannot be read at byte " + position, e);
    }

    @Override
    public void close() {
        try {
            in.close();
        } catch (IOException e) {
            throw failure(e);
        }
    }

    private static MessageDigest newDigest() {
        try {
            return MessageDigest.getInstance("MD5"); // identifies the published files; not for security
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has MD5", e);
        }
    }
}
