package io.github.dl4jae.bundle;

import io.github.dl4jae.internal.io.FoundText;
import io.github.dl4jae.internal.layer.Require;
import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Reads the entries of a ZIP file, and refuses files that two readers could understand differently.
 *
 * <p>The central directory and the headers before the data must agree in names and sizes. Headers, data and directory
 * must fill the file without gaps, overlaps or anything before and after. Names must be unique and no paths. There are
 * no comments, no encryption, no ZIP64 and no compression but deflate. {@code java.util.zip.ZipFile} reads the central
 * directory and {@code ZipInputStream} the headers, so a crafted file has different contents for each.
 */
final class ZipDirectory {

    private static final int END = 0x06054b50;
    private static final int END_BYTES = 22;
    private static final int CENTRAL = 0x02014b50;
    private static final int CENTRAL_BYTES = 46;
    private static final int LOCAL = 0x04034b50;
    private static final int LOCAL_BYTES = 30;
    private static final int DESCRIPTOR = 0x08074b50;
    private static final int DESCRIPTOR_BYTES = 16;
    private static final int MOST_ENTRIES = 64;
    private static final int LONGEST_NAME = 128;
    private static final int LONGEST_EXTRA = 64;
    private static final int DEFLATED = 8;
    /** A data descriptor follows, names in UTF-8, the level of compression. */
    private static final int KNOWN_FLAGS = 0x080e;

    private static final int DESCRIPTOR_FOLLOWS = 8;
    private static final String REMEDY = "the file is damaged or not a model; write it again";

    private final String subject;
    private final FileChannel file;

    private record Header(String name, int flags, int method, long crc, long compressed, long size, long start) {}

    private ZipDirectory(String subject, FileChannel file) {
        this.subject = subject;
        this.file = file;
    }

    /**
     * Reads all entries.
     *
     * @param subject the start of error messages
     * @param file an open file
     * @return the entries by name, in the order of their data
     * @throws IllegalArgumentException if the structure is not as above
     */
    static Map<String, ZipMember> read(String subject, FileChannel file) throws IOException {
        return new ZipDirectory(subject, file).read();
    }

    private void require(boolean holds, String requirement, Object got) {
        Require.that(holds, subject, requirement, got, REMEDY);
    }

    private ByteBuffer bytes(long offset, int count) throws IOException {
        ByteBuffer bytes = ByteBuffer.allocate(count).order(ByteOrder.LITTLE_ENDIAN);
        while (bytes.hasRemaining()) {
            if (file.read(bytes, offset + bytes.position()) < 0) {
                throw new EOFException("the file became shorter while it was read");
            }
        }
        return bytes.flip();
    }

    private Map<String, ZipMember> read() throws IOException {
        long length = file.size();
        require(length >= END_BYTES, "must be a ZIP file of at least " + END_BYTES + " bytes", length);
        ByteBuffer end = bytes(length - END_BYTES, END_BYTES);
        require(end.getInt(0) == END, "must end with the end record of a ZIP file", "other bytes");
        int count = unsigned(end, 10);
        long directoryBytes = unsignedInt(end, 12);
        long directory = unsignedInt(end, 16);
        require(
                end.getInt(4) == 0 && unsigned(end, 8) == count && end.getShort(20) == 0,
                "the ZIP file must have one part and no comment",
                "others");
        require(count >= 1 && count <= MOST_ENTRIES, "must have 1 to " + MOST_ENTRIES + " entries", count);
        require(
                directory + directoryBytes == length - END_BYTES,
                "the directory of the ZIP file must stand directly before its end",
                "an end at " + (directory + directoryBytes) + " of " + length);
        require(
                directoryBytes <= (long) count * (CENTRAL_BYTES + LONGEST_NAME + LONGEST_EXTRA),
                "the directory of the ZIP file must be short",
                directoryBytes + " bytes");
        return members(headers(bytes(directory, (int) directoryBytes), count), directory);
    }

    private List<Header> headers(ByteBuffer central, int count) {
        List<Header> headers = new ArrayList<>();
        int at = 0;
        for (int i = 0; i < count; i++) {
            require(at + CENTRAL_BYTES <= central.limit(), "the directory must have " + count + " entries", i);
            int nameBytes = unsigned(central, at + 28);
            int extraBytes = unsigned(central, at + 30);
            require(
                    central.getInt(at) == CENTRAL
                            && nameBytes <= LONGEST_NAME
                            && extraBytes <= LONGEST_EXTRA
                            && central.getShort(at + 32) == 0
                            && central.getShort(at + 34) == 0
                            && at + CENTRAL_BYTES + nameBytes + extraBytes <= central.limit(),
                    "the directory's entry " + i + " must be valid, without a comment",
                    "another");
            headers.add(new Header(
                    name(central, at + CENTRAL_BYTES, nameBytes),
                    unsigned(central, at + 8),
                    unsigned(central, at + 10),
                    unsignedInt(central, at + 16),
                    unsignedInt(central, at + 20),
                    unsignedInt(central, at + 24),
                    unsignedInt(central, at + 42)));
            at += CENTRAL_BYTES + nameBytes + extraBytes;
        }
        require(at == central.limit(), "the directory must end after its last entry", central.limit() - at);
        headers.sort(Comparator.comparingLong(Header::start));
        return headers;
    }

    private String name(ByteBuffer bytes, int at, int count) {
        String name = StandardCharsets.ISO_8859_1.decode(bytes.slice(at, count)).toString();
        boolean plain = !name.isEmpty()
                && name.chars().allMatch(c -> c > ' ' && c <= '~' && c != '\\' && c != '/' && c != ':')
                && !name.startsWith(".");
        require(plain, "names of entries must be plain, without a path", FoundText.quoted(name));
        return name;
    }

    private Map<String, ZipMember> members(List<Header> headers, long directory) throws IOException {
        Map<String, ZipMember> members = new LinkedHashMap<>();
        long at = 0;
        for (int i = 0; i < headers.size(); i++) {
            Header header = headers.get(i);
            String entry = "entry '" + header.name() + "' ";
            require(!members.containsKey(header.name()), entry + "must be there once", "it again");
            require(header.start() == at, entry + "must begin where the previous one ends, at " + at, header.start());
            long next = i + 1 < headers.size() ? headers.get(i + 1).start() : directory;
            ZipMember member = member(header, entry, next);
            members.put(header.name(), member);
            at = next;
        }
        return members;
    }

    private ZipMember member(Header header, String entry, long next) throws IOException {
        require(header.start() + LOCAL_BYTES <= next, entry + "must have a header", "too few bytes");
        ByteBuffer local = bytes(header.start(), LOCAL_BYTES);
        int nameBytes = unsigned(local, 26);
        int extraBytes = unsigned(local, 28);
        long data = header.start() + LOCAL_BYTES + nameBytes + extraBytes;
        require(
                local.getInt(0) == LOCAL && nameBytes <= LONGEST_NAME && extraBytes <= LONGEST_EXTRA && data <= next,
                entry + "must have a valid header",
                "another");
        String name = name(bytes(header.start() + LOCAL_BYTES, nameBytes), 0, nameBytes);
        require(
                name.equals(header.name()),
                entry + "must have the same name in header and directory",
                FoundText.quoted(name));
        require(
                unsigned(local, 6) == header.flags() && unsigned(local, 8) == header.method(),
                entry + "must have the same method in header and directory",
                "another");
        require(
                (header.flags() & ~KNOWN_FLAGS) == 0 && (header.method() == 0 || header.method() == DEFLATED),
                entry + "must be stored or deflated, without encryption",
                "method " + header.method() + ", flags " + header.flags());
        requireSizes(header, entry, local, data, next);
        return new ZipMember(
                header.name(), data, header.method() == DEFLATED, header.crc(), header.compressed(), header.size());
    }

    private void requireSizes(Header header, String entry, ByteBuffer local, long data, long next) throws IOException {
        boolean described = (header.flags() & DESCRIPTOR_FOLLOWS) != 0;
        boolean same = sizesAre(header, local, 14);
        boolean unset = unsignedInt(local, 14) == 0 && unsignedInt(local, 18) == 0 && unsignedInt(local, 22) == 0;
        require(same || (described && unset), entry + "must have the same sizes in header and directory", "others");
        long after = next - data - header.compressed();
        require(
                after == (described ? DESCRIPTOR_BYTES : 0),
                entry + "must be followed by the next one",
                after + " bytes in between");
        if (described) {
            ByteBuffer descriptor = bytes(next - DESCRIPTOR_BYTES, DESCRIPTOR_BYTES);
            require(
                    descriptor.getInt(0) == DESCRIPTOR && sizesAre(header, descriptor, 4),
                    entry + "must have the same sizes in descriptor and directory",
                    "others");
        }
        require(
                header.method() == DEFLATED || header.compressed() == header.size(),
                entry + "is stored, so it must have one size",
                header.compressed() + " and " + header.size());
    }

    private static boolean sizesAre(Header header, ByteBuffer bytes, int at) {
        return unsignedInt(bytes, at) == header.crc()
                && unsignedInt(bytes, at + 4) == header.compressed()
                && unsignedInt(bytes, at + 8) == header.size();
    }

    private static int unsigned(ByteBuffer bytes, int at) {
        return Short.toUnsignedInt(bytes.getShort(at));
    }

    private static long unsignedInt(ByteBuffer bytes, int at) {
        return Integer.toUnsignedLong(bytes.getInt(at));
    }
}
