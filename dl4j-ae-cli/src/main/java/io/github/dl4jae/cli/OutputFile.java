package io.github.dl4jae.cli;

import de.siegmar.fastcsv.writer.CsvWriter;
import de.siegmar.fastcsv.writer.LineDelimiter;
import io.github.dl4jae.internal.io.AtomicFile;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.OutputStreamWriter;
import java.nio.charset.Charset;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Objects;

/**
 * A file that a command writes, or standard output. The file gets its name when it is complete, so that a command that
 * fails or is killed leaves an older one as it is.
 */
final class OutputFile {

    private static final int BUFFER = 1 << 16;

    private final Console console;
    private final Path file;

    /**
     * Checks that a file can be written.
     *
     * @param file the value of {@code --out}; "-" is standard output
     * @throws IllegalArgumentException if it cannot
     */
    OutputFile(Console console, Path file) {
        this.console = console;
        this.file = file;
        if (!isStandardOutput()) {
            require("--out", file);
        }
    }

    /** Checks likewise, for a file that is not standard output. */
    static void require(String option, Path file) {
        if (Files.isDirectory(file) || file.getFileName() == null) {
            throw new IllegalArgumentException(option + " must be a file, got the directory " + file + "; name a file");
        }
        if (isDevice(file)) {
            return;
        }
        try {
            AtomicFile.checkDirectory(
                    Objects.requireNonNull(file.toAbsolutePath().getParent()));
        } catch (IOException e) {
            throw new IllegalArgumentException(
                    option + " must be in a directory that can be written, got " + file + "; name another one: " + e,
                    e);
        }
    }

    /** Returns whether the file is something like /dev/null or a named pipe. */
    private static boolean isDevice(Path file) {
        return Files.exists(file) && !Files.isRegularFile(file);
    }

    boolean isStandardOutput() {
        return file.toString().equals("-");
    }

    /** A function that writes rows. */
    @FunctionalInterface
    interface Rows {
        void writeTo(CsvWriter csv) throws IOException;
    }

    /** Writes a table. */
    void write(Charset charset, char delimiter, Rows rows) throws IOException {
        if (isStandardOutput()) {
            write(console.out(), charset, delimiter, rows);
        } else if (isDevice(file)) {
            write(file, charset, delimiter, rows);
        } else {
            AtomicFile.write(file, part -> write(part, charset, delimiter, rows));
        }
    }

    private static void write(Path path, Charset charset, char delimiter, Rows rows) throws IOException {
        try (OutputStream out = Files.newOutputStream(path)) {
            write(out, charset, delimiter, rows);
        }
    }

    /** Writes rows to a stream, which stays open. */
    private static void write(OutputStream out, Charset charset, char delimiter, Rows rows) throws IOException {
        OutputStreamWriter text = new OutputStreamWriter(new BufferedOutputStream(out, BUFFER), charset);
        CsvWriter csv = CsvWriter.builder()
                .fieldSeparator(delimiter)
                .lineDelimiter(LineDelimiter.LF)
                .build(text);
        rows.writeTo(csv);
        csv.flush();
    }
}
