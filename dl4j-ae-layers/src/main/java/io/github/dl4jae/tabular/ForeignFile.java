package io.github.dl4jae.tabular;

import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** Files that are no text, by the bytes with which they begin. */
final class ForeignFile {

    private static final Map<String, String> BEGINNINGS = new TreeMap<>(Map.ofEntries(
            Map.entry("PK\u0003\u0004", "a zip archive or a workbook (xlsx, ods)"),
            Map.entry("\u00D0\u00CF\u0011\u00E0", "an old workbook (xls)"),
            Map.entry("PAR1", "a Parquet file"),
            Map.entry("ARROW1", "an Arrow file"),
            Map.entry("FEA1", "a Feather file"),
            Map.entry("ORC", "an ORC file"),
            Map.entry("SQLite format 3", "an SQLite database"),
            Map.entry("\u0089HDF", "an HDF5 file"),
            Map.entry("\u0093NUMPY", "a NumPy array"),
            Map.entry("\u0089PNG", "a PNG image"),
            Map.entry("\u00FF\u00D8\u00FF", "a JPEG image"),
            Map.entry("%PDF", "a PDF document"),
            Map.entry("BZh", "a bzip2 archive"),
            Map.entry("\u00FD7zXZ", "an xz archive"),
            Map.entry("(\u00B5/\u00FD", "a zstd archive")));

    private static final int LONGEST = 16;

    private ForeignFile() {}

    /** Returns what a file is that is no text, or nothing. */
    static Optional<String> kind(byte[] beginning) {
        String text = new String(beginning, 0, Math.min(LONGEST, beginning.length), StandardCharsets.ISO_8859_1);
        return BEGINNINGS.entrySet().stream()
                .filter(each -> text.startsWith(each.getKey()) && hasControlCharacters(beginning))
                .map(Map.Entry::getValue)
                .findFirst();
    }

    /** A table can begin with a heading such as ORC or PAR1, but texts have no control characters. */
    private static boolean hasControlCharacters(byte[] bytes) {
        for (byte each : bytes) {
            if (each >= 0 && each < ' ' && each != '\t' && each != '\n' && each != '\r') {
                return true;
            }
        }
        return false;
    }
}
