package io.github.dl4jae.coding;

import io.github.dl4jae.internal.io.AtomicFile;
import io.github.dl4jae.internal.layer.Require;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.zip.CRC32C;
import org.deeplearning4j.exception.DL4JInvalidInputException;

/**
 * A container of coded bytes: magic number, version, kind, sections with their lengths, and a checksum of everything.
 *
 * <pre>
 * "DLAE"  version (1 byte)  length of kind (1 byte)  kind (ASCII)
 * number of sections (1 byte)  { length (4 bytes)  bytes } per section
 * CRC-32C of all the bytes before it (4 bytes)                                     numbers are big-endian
 * </pre>
 *
 * <p>Reading allocates nothing that the bytes do not contain. Whatever is not exactly such a stream is refused with a
 * {@link DL4JInvalidInputException}: truncated or with bytes after its end, of another version or kind, or damaged. The
 * checksum detects accidents, and not an attacker, who can write a valid one: readers still check the sections.
 * Immutable.
 */
public final class CodedStream {

    /** The version that this library writes, and the only one that it reads. */
    public static final int VERSION = 1;

    private static final String SUBJECT = "CodedStream";
    private static final byte[] MAGIC = "DLAE".getBytes(StandardCharsets.US_ASCII);
    private static final int MOST_SECTIONS = 255;
    private static final int MOST_BYTES = 1 << 30;

    private final String kind;
    private final List<byte[]> sections;

    private CodedStream(String kind, List<byte[]> sections) {
        this.kind = kind;
        this.sections = sections;
    }

    /**
     * Returns a stream.
     *
     * @param kind names the format of the sections: 1 to 32 letters, digits, dots or hyphens
     * @param sections the contents, up to 255 and 2^30 bytes; copied
     * @return the stream
     */
    public static CodedStream of(String kind, byte[]... sections) {
        checkKind(kind);
        Require.given(SUBJECT, "sections", sections, "pass byte arrays");
        Require.that(
                sections.length <= MOST_SECTIONS,
                SUBJECT,
                "there must be at most 255 sections",
                sections.length,
                "join some");
        List<byte[]> copies = new ArrayList<>();
        long sum = 0;
        for (byte[] section : sections) {
            copies.add(Require.given(SUBJECT, "section", section, "pass an empty array for none")
                    .clone());
            sum += section.length;
        }
        Require.that(sum <= MOST_BYTES, SUBJECT, "sections must have at most 2^30 bytes", sum, "write several streams");
        return new CodedStream(kind, copies);
    }

    /**
     * Returns words as the bytes of a section, big-endian.
     *
     * @param words the words, such as {@link AnsStack#toWords()}
     * @return four bytes per word
     */
    public static byte[] bytes(int[] words) {
        Require.given(SUBJECT, "words", words, "pass the words of a stack");
        ByteBuffer buffer = ByteBuffer.allocate(Math.multiplyExact(4, words.length));
        buffer.asIntBuffer().put(words);
        return buffer.array();
    }

    /**
     * Parses a stream.
     *
     * @param bytes all bytes of the stream
     * @param kind the expected kind
     * @return the stream
     * @throws DL4JInvalidInputException if the bytes are not a valid stream of this kind
     */
    public static CodedStream parse(byte[] bytes, String kind) {
        Require.given(SUBJECT, "bytes", bytes, "pass the bytes of a stream");
        checkKind(kind);
        int least = MAGIC.length + 3 + Integer.BYTES;
        check(bytes.length >= least, "a stream has at least " + least + " bytes", bytes.length);
        int body = bytes.length - Integer.BYTES;
        ByteBuffer buffer = ByteBuffer.wrap(bytes, 0, body);
        check(
                MAGIC[0] == buffer.get()
                        && MAGIC[1] == buffer.get()
                        && MAGIC[2] == buffer.get()
                        && MAGIC[3] == buffer.get(),
                "a stream starts with DLAE",
                "other bytes");
        int version = buffer.get() & 0xFF;
        check(version == VERSION, "the version must be " + VERSION, version);
        int checksum = ByteBuffer.wrap(bytes).getInt(body);
        check(checksum == checksum(bytes, body), "the checksum must match", Integer.toHexString(checksum));
        String found = new String(section(buffer, buffer.get() & 0xFF), StandardCharsets.US_ASCII);
        check(found.equals(kind), "the kind must be " + kind, printable(found));
        check(buffer.hasRemaining(), "the number of sections follows the kind", "the end");
        int count = buffer.get() & 0xFF;
        List<byte[]> sections = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            check(buffer.remaining() >= Integer.BYTES, "a section starts with its length", "the end");
            sections.add(section(buffer, buffer.getInt()));
        }
        check(!buffer.hasRemaining(), "a stream ends after its sections", buffer.remaining() + " more bytes");
        return new CodedStream(kind, sections);
    }

    /**
     * Reads a stream from a file.
     *
     * @param file the file
     * @param kind the expected kind
     * @param limit maximum size of the file in bytes; larger files are refused unread
     * @return the stream
     * @throws DL4JInvalidInputException if the file is not a valid stream of this kind
     * @throws UncheckedIOException if the file cannot be read
     */
    public static CodedStream read(Path file, String kind, int limit) {
        Require.given(SUBJECT, "file", file, "pass the path of a stream");
        Require.atLeast(1, SUBJECT, "limit", limit, "allow at least the size of the file");
        try (var input = Files.newInputStream(file)) {
            byte[] bytes = input.readNBytes(limit);
            check(input.read() < 0, "the file must have at most " + limit + " bytes", "more");
            return parse(bytes, kind);
        } catch (IOException e) {
            throw new UncheckedIOException(file + " can't be read", e);
        }
    }

    /**
     * Writes the stream to a file, completely or not at all.
     *
     * @param file the file; an existing one is replaced
     * @return the file
     * @throws UncheckedIOException if writing fails
     */
    public Path write(Path file) {
        Require.given(SUBJECT, "file", file, "pass the path to write");
        return AtomicFile.write(file, part -> Files.write(part, toBytes()));
    }

    /**
     * Returns the bytes of the stream.
     *
     * @return header, sections and checksum
     */
    public byte[] toBytes() {
        int size = MAGIC.length + 3 + kind.length() + Integer.BYTES;
        for (byte[] section : sections) {
            size += Integer.BYTES + section.length;
        }
        ByteBuffer buffer = ByteBuffer.allocate(size);
        buffer.put(MAGIC).put((byte) VERSION).put((byte) kind.length());
        buffer.put(kind.getBytes(StandardCharsets.US_ASCII)).put((byte) sections.size());
        for (byte[] section : sections) {
            buffer.putInt(section.length).put(section);
        }
        buffer.putInt(checksum(buffer.array(), buffer.position()));
        return buffer.array();
    }

    /**
     * Returns the number of sections.
     *
     * @return 0 to 255
     */
    public int size() {
        return sections.size();
    }

    /**
     * Returns a section.
     *
     * @param index 0 to size − 1
     * @return a copy of its bytes, as a big-endian buffer at position 0
     * @throws DL4JInvalidInputException if the stream has fewer sections
     */
    public ByteBuffer section(int index) {
        Require.atLeast(0, SUBJECT, "index", index, "count from 0");
        check(index < sections.size(), "the stream must have section " + index, sections.size() + " sections");
        return ByteBuffer.wrap(sections.get(index).clone());
    }

    /**
     * Returns a section as words.
     *
     * @param index 0 to size − 1
     * @return the words, such as {@link AnsStack#of} accepts
     * @throws DL4JInvalidInputException if the stream has fewer sections, or the section isn't made of whole words
     */
    public int[] words(int index) {
        ByteBuffer bytes = section(index);
        check(bytes.remaining() % Integer.BYTES == 0, "a section of words has 4 bytes per word", bytes.remaining());
        int[] words = new int[bytes.remaining() / Integer.BYTES];
        bytes.asIntBuffer().get(words);
        return words;
    }

    private static byte[] section(ByteBuffer buffer, int length) {
        check(length >= 0 && length <= buffer.remaining(), "a length must fit in the stream", length);
        byte[] section = new byte[length];
        buffer.get(section);
        return section;
    }

    private static int checksum(byte[] bytes, int length) {
        CRC32C crc = new CRC32C();
        crc.update(bytes, 0, length);
        return (int) crc.getValue();
    }

    private static String printable(String text) {
        return text.matches("[A-Za-z0-9.-]+") ? text : "unprintable text";
    }

    private static void check(boolean holds, String requirement, Object got) {
        if (!holds) {
            throw new DL4JInvalidInputException(SUBJECT + ": " + requirement + ", got " + got);
        }
    }

    private static void checkKind(String kind) {
        Require.given(SUBJECT, "kind", kind, "name the format of the sections");
        Require.that(
                kind.matches("[A-Za-z0-9.-]{1,32}"),
                SUBJECT,
                "kind must be 1 to 32 letters, digits, dots or hyphens",
                printable(kind),
                "choose a short name");
    }
}
