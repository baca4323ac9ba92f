package io.github.dl4jae.bundle;

import io.github.dl4jae.internal.io.FoundText;
import io.github.dl4jae.internal.io.JsonObject;
import io.github.dl4jae.internal.io.JsonText;
import io.github.dl4jae.internal.layer.Require;
import java.util.LinkedHashMap;
import java.util.Map;
import org.nd4j.shade.jackson.databind.ObjectMapper;
import org.nd4j.shade.jackson.databind.node.ObjectNode;

/**
 * The list of a bundle's entries.
 *
 * @param library the version of the library that wrote it
 * @param entries sizes and digests by name, without the manifest itself
 */
record Manifest(String library, Map<String, Entry> entries) {

    /** The name of its entry. */
    static final String NAME = "manifest.json";

    /** The version of the format that this library writes. */
    static final int VERSION = 1;

    private static final String FORMAT = "dl4j-ae model bundle";

    /**
     * What an entry must be.
     *
     * @param size uncompressed bytes
     * @param sha256 of the uncompressed bytes, in hexadecimal
     */
    record Entry(long size, String sha256) {}

    ObjectNode toJson() {
        ObjectNode root = new ObjectMapper().createObjectNode();
        root.put("format", FORMAT).put("version", VERSION).put("library", library);
        ObjectNode list = root.putObject("entries");
        entries.forEach(
                (name, entry) -> list.putObject(name).put("size", entry.size()).put("sha256", entry.sha256()));
        return root;
    }

    static Manifest read(String subject, JsonText json) {
        JsonObject root = new JsonObject(subject, json.root());
        String format = root.text("format");
        Require.that(format.equals(FORMAT), subject, "format must be '" + FORMAT + "'", FoundText.quoted(format), "");
        int version = root.integer("version");
        Require.that(
                version == VERSION,
                subject,
                "version must be " + VERSION,
                version,
                version > VERSION ? "read the file with a newer version of the library" : "");
        String library = root.text("library");
        JsonObject list = root.object("entries");
        Map<String, Entry> entries = new LinkedHashMap<>();
        for (String name : list.names()) {
            JsonObject entry = list.object(name);
            entries.put(name, new Entry(entry.size("size"), entry.text("sha256")));
            entry.requireAllRead();
        }
        root.requireAllRead();
        return new Manifest(library, entries);
    }

    /** Requires that the file has the listed entries and no others, with the listed sizes. */
    void requireEntries(String subject, Map<String, ZipMember> members) {
        entries.forEach((name, entry) -> {
            ZipMember member = members.get(name);
            Require.that(member != null, subject, "must have the entry " + FoundText.quoted(name), "none", "");
            Require.that(
                    member != null && member.size() == entry.size(),
                    subject,
                    "entry " + FoundText.quoted(name) + " must have " + entry.size() + " bytes",
                    member == null ? 0 : member.size(),
                    "the file is damaged; write it again");
        });
        members.keySet()
                .forEach(name -> Require.that(
                        name.equals(NAME) || entries.containsKey(name),
                        subject,
                        "must list all entries",
                        FoundText.quoted(name),
                        ""));
    }
}
