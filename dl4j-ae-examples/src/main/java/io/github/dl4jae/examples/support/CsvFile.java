package io.github.dl4jae.examples.support;

import de.siegmar.fastcsv.writer.CsvWriter;
import de.siegmar.fastcsv.writer.LineDelimiter;
import io.github.dl4jae.internal.io.AtomicFile;
import java.nio.file.Path;
import java.util.List;

/** Writes tables of results. */
public final class CsvFile {

    private CsvFile() {}

    /**
     * Writes a table in UTF-8, with commas. An existing file is replaced once the new one is complete.
     *
     * @param file the file
     * @param rows the rows, the headings first
     * @return the file
     * @throws java.io.UncheckedIOException if it cannot be written
     */
    public static Path write(Path file, List<List<String>> rows) {
        return AtomicFile.write(file, part -> {
            try (CsvWriter writer =
                    CsvWriter.builder().lineDelimiter(LineDelimiter.LF).build(part)) {
                rows.forEach(writer::writeRecord);
            }
        });
    }
}
