package io.github.dl4jae.bundle;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Enumeration;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.zip.CRC32;
import java.util.zip.Deflater;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;
import org.nd4j.shade.jackson.databind.JsonNode;
import org.nd4j.shade.jackson.databind.ObjectMapper;
import org.nd4j.shade.jackson.databind.node.ObjectNode;

/** Writes ZIP files of which each field can be wrong. */
final class ZipForge {

    /** An entry with the values of its headers. */
    static final class Part {
        String name;
        String localName;
        byte[] data;
        int method = 8;
        int localMethod = 8;
        int flags;
        int localFlags;
        long crc;
        long compressed;
        long localSize;
        long size;
        byte[] gap = new byte[0];
        byte[] comment = new byte[0];
        boolean listed = true;
        boolean present = true;

        /** Sets another declared size in both headers. */
        void declare(long declared) {
            size = declared;
            localSize = declared;
        }

        void rename(String other) {
            name = other;
            localName = other;
        }
    }

    final List<Part> parts = new ArrayList<>();
    byte[] before = new byte[0];
    byte[] beforeDirectory = new byte[0];
    byte[] after = new byte[0];

    static Map<String, byte[]> entries(Path file) throws IOException {
        Map<String, byte[]> entries = new LinkedHashMap<>();
        try (ZipFile zip = new ZipFile(file.toFile())) {
            for (Enumeration<? extends ZipEntry> each = zip.entries(); each.hasMoreElements(); ) {
                ZipEntry entry = each.nextElement();
                entries.put(entry.getName(), zip.getInputStream(entry).readAllBytes());
            }
        }
        return entries;
    }

    static ZipForge of(Map<String, byte[]> entries) {
        ZipForge forge = new ZipForge();
        entries.forEach(forge::add);
        return forge;
    }

    /** Makes sizes and digests of the manifest those of the entries, as an attacker would. */
    static void sign(Map<String, byte[]> entries) throws IOException {
        ObjectMapper mapper = new ObjectMapper();
        JsonNode manifest = mapper.readTree(entries.get("manifest.json"));
        ObjectNode list = ((ObjectNode) manifest).putObject("entries");
        entries.forEach((name, data) -> {
            if (!name.equals("manifest.json")) {
                list.putObject(name)
                        .put("size", data.length)
                        .put(
                                "sha256",
                                HexFormat.of().formatHex(MemberStream.sha256().digest(data)));
            }
        });
        entries.put("manifest.json", mapper.writeValueAsBytes(manifest));
    }

    Part add(String name, byte[] contents) {
        Part part = new Part();
        part.rename(name);
        CRC32 crc = new CRC32();
        crc.update(contents);
        part.crc = crc.getValue();
        part.data = deflate(contents);
        part.compressed = part.data.length;
        part.declare(contents.length);
        parts.add(part);
        return part;
    }

    Part part(String name) {
        return parts.stream().filter(part -> part.name.equals(name)).findFirst().orElseThrow();
    }

    static byte[] deflate(byte[] contents) {
        Deflater deflater = new Deflater(Deflater.BEST_COMPRESSION, true);
        deflater.setInput(contents);
        deflater.finish();
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        byte[] buffer = new byte[1 << 12];
        while (!deflater.finished()) {
            out.write(buffer, 0, deflater.deflate(buffer));
        }
        deflater.end();
        return out.toByteArray();
    }

    byte[] bytes() {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        ByteArrayOutputStream directory = new ByteArrayOutputStream();
        out.writeBytes(before);
        int count = 0;
        for (Part part : parts) {
            int start = out.size();
            byte[] localName = part.localName.getBytes(StandardCharsets.ISO_8859_1);
            byte[] name = part.name.getBytes(StandardCharsets.ISO_8859_1);
            if (part.present) {
                out.writeBytes(little(30)
                        .putInt(0x04034b50)
                        .putShort((short) 20)
                        .putShort((short) part.localFlags)
                        .putShort((short) part.localMethod)
                        .putInt(0)
                        .putInt((int) part.crc)
                        .putInt((int) part.compressed)
                        .putInt((int) part.localSize)
                        .putShort((short) localName.length)
                        .putShort((short) 0)
                        .array());
                out.writeBytes(localName);
                out.writeBytes(part.data);
                out.writeBytes(part.gap);
            }
            if (part.listed) {
                count++;
                directory.writeBytes(little(46)
                        .putInt(0x02014b50)
                        .putShort((short) 20)
                        .putShort((short) 20)
                        .putShort((short) part.flags)
                        .putShort((short) part.method)
                        .putInt(0)
                        .putInt((int) part.crc)
                        .putInt((int) part.compressed)
                        .putInt((int) part.size)
                        .putShort((short) name.length)
                        .putShort((short) 0)
                        .putShort((short) part.comment.length)
                        .putShort((short) 0)
                        .putShort((short) 0)
                        .putInt(0)
                        .putInt(start)
                        .array());
                directory.writeBytes(name);
                directory.writeBytes(part.comment);
            }
        }
        out.writeBytes(beforeDirectory);
        int start = out.size();
        out.writeBytes(directory.toByteArray());
        out.writeBytes(little(22)
                .putInt(0x06054b50)
                .putInt(0)
                .putShort((short) count)
                .putShort((short) count)
                .putInt(directory.size())
                .putInt(start)
                .putShort((short) 0)
                .array());
        out.writeBytes(after);
        return out.toByteArray();
    }

    private static ByteBuffer little(int size) {
        return ByteBuffer.allocate(size).order(ByteOrder.LITTLE_ENDIAN);
    }

    Path write(Path file) throws IOException {
        return Files.write(file, bytes());
    }
}
