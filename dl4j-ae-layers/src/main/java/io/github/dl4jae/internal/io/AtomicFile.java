package io.github.dl4jae.internal.io;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;

/**
 * A file that is there whole, or as it was before: it is written to a temporary name beside it ({@code .part} is appended), then moved to its place.
 */
public final class AtomicFile {

    /** Writes what is to be in the file. */
    @FunctionalInterface
    public interface Contents {

        /**
         * Writes all of it.
         *
         * @param part where to, for now
         * @throws IOException if it can't be written; what was in place of the file stays there then
         */
        void writeTo(Path part) throws IOException;
    }

    private AtomicFile() {}

    /**
     * Writes a file.
     *
     * @param file where to; directories that are missing are made, an existing file is replaced
     * @param contents what
     * @return the file
     * @throws UncheckedIOException if it can't be written
     */
    public static Path write(Path file, Contents contents) {
        Path absolute = file.toAbsolutePath();
        Path part = absolute.resolveSibling(absolute.getFileName() + ".part");
        try {
            Files.createDirectories(absolute.getParent());
            contents.writeTo(part);
            Files.move(part, absolute, StandardCopyOption.REPLACE_EXISTING, StandardCopyOption.ATOMIC_MOVE);
            return file;
        } catch (IOException e) {
            throw new UncheckedIOException(file + " can't be written", e);
        }
    }
}
