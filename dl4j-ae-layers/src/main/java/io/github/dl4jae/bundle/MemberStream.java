package io.github.dl4jae.bundle;

import io.github.dl4jae.internal.layer.Require;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.zip.CRC32;
import java.util.zip.DataFormatException;
import java.util.zip.Inflater;

/**
 * The uncompressed data of an entry. Never returns more than the declared size, whatever the compressed data inflate
 * to, and computes CRC-32 and SHA-256 on the way. {@link #finish} checks what only the end can tell.
 */
final class MemberStream extends InputStream {

    private static final int CHUNK = 1 << 16;
    private static final String REMEDY = "the file is damaged; write it again";

    private final String subject;
    private final FileChannel file;
    private final ZipMember member;
    private final Inflater inflater = new Inflater(true);
    private final CRC32 crc = new CRC32();
    private final MessageDigest sha = sha256();
    private final ByteBuffer chunk = ByteBuffer.allocate(CHUNK);
    private long taken;
    private long given;

    MemberStream(String subject, FileChannel file, ZipMember member) {
        this.subject = subject + ": entry '" + member.name() + "'";
        this.file = file;
        this.member = member;
        this.chunk.limit(0);
    }

    static MessageDigest sha256() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every JDK has SHA-256", e);
        }
    }

    @Override
    public int read() throws IOException {
        byte[] one = new byte[1];
        return read(one, 0, 1) < 0 ? -1 : Byte.toUnsignedInt(one[0]);
    }

    @Override
    public int read(byte[] bytes, int offset, int length) throws IOException {
        int wanted = (int) Math.min(length, member.size() - given);
        if (wanted == 0) {
            return length == 0 ? 0 : -1;
        }
        int count = member.deflated() ? inflate(bytes, offset, wanted) : copy(bytes, offset, wanted);
        given += count;
        crc.update(bytes, offset, count);
        sha.update(bytes, offset, count);
        return count;
    }

    private int copy(byte[] bytes, int offset, int wanted) throws IOException {
        fill();
        int count = Math.min(wanted, chunk.remaining());
        chunk.get(bytes, offset, count);
        return count;
    }

    private int inflate(byte[] bytes, int offset, int wanted) throws IOException {
        try {
            int count = inflater.inflate(bytes, offset, wanted);
            while (count == 0) {
                Require.that(
                        !inflater.finished() && !inflater.needsDictionary(),
                        subject,
                        "must inflate to " + member.size() + " bytes",
                        given,
                        REMEDY);
                fill();
                inflater.setInput(chunk.array(), chunk.position(), chunk.remaining());
                chunk.position(chunk.limit());
                count = inflater.inflate(bytes, offset, wanted);
            }
            return count;
        } catch (DataFormatException e) {
            throw new IllegalArgumentException(subject + ": must be deflated data, got others; " + REMEDY, e);
        }
    }

    /** Reads further bytes from the file if none are left. */
    private void fill() throws IOException {
        if (chunk.hasRemaining()) {
            return;
        }
        chunk.clear().limit((int) Math.min(CHUNK, member.compressed() - taken));
        boolean more = chunk.hasRemaining() && file.read(chunk, member.offset() + taken) > 0;
        chunk.flip();
        Require.that(more, subject, "must have " + member.size() + " bytes", given, REMEDY);
        taken += chunk.limit();
    }

    /**
     * Checks the end: all bytes were read, nothing is left in the file, and the CRC-32 is right.
     *
     * @return the SHA-256 of the uncompressed data, in hexadecimal
     */
    String finish() throws IOException {
        Require.that(given == member.size(), subject, "must be read completely", given + " of " + member.size(), "");
        if (member.deflated()) {
            endInflating();
        }
        Require.that(
                crc.getValue() == member.crc(),
                subject,
                "must have the CRC-32 " + Long.toHexString(member.crc()),
                Long.toHexString(crc.getValue()),
                REMEDY);
        return HexFormat.of().formatHex(sha.digest());
    }

    private void endInflating() throws IOException {
        try {
            byte[] more = new byte[1];
            while (!inflater.finished()) {
                if (inflater.needsInput() && taken < member.compressed()) {
                    chunk.position(chunk.limit());
                    fill();
                    inflater.setInput(chunk.array(), chunk.position(), chunk.remaining());
                    chunk.position(chunk.limit());
                }
                boolean inflated = inflater.inflate(more) > 0;
                boolean starved = inflater.needsInput() && taken == member.compressed() && !inflater.finished();
                Require.that(
                        !inflated && !starved && !inflater.needsDictionary(),
                        subject,
                        "must inflate to " + member.size() + " bytes",
                        inflated ? "more" : "unfinished data",
                        REMEDY);
            }
        } catch (DataFormatException e) {
            throw new IllegalArgumentException(subject + ": must be deflated data, got others; " + REMEDY, e);
        }
        Require.that(
                inflater.getBytesRead() == member.compressed(),
                subject,
                "must have " + member.compressed() + " compressed bytes",
                inflater.getBytesRead(),
                REMEDY);
    }

    @Override
    public void close() {
        inflater.end();
    }
}
