package io.github.dl4jae.internal.io;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;

/**
 * A file write that is either complete or leaves the old file. It writes to a temporary file in the same directory,
 * whose name ends in {@code .part}, then renames it atomically. A failure in between removes the temporary file; a
 * crash leaves it.
 */
public final class AtomicFile {

    /** A function that writes the contents of the file. */
    @FunctionalInterface
    public interface Contents {

        /**
         * Writes the complete contents and closes the file.
         *
         * @param part the temporary file
         * @throws IOException if writing fails; the old file is then unchanged
         */
        void writeTo(Path part) throws IOException;
    }

    private AtomicFile() {}

    /**
     * Writes a file.
     *
     * @param file the file to write; missing directories are created, an existing file is replaced
     * @param contents writes the contents
     * @return the file
     * @throws UncheckedIOException if writing fails
     */
    public static Path write(Path file, Contents contents) {
        Path absolute = file.toAbsolutePath();
        Path part = absolute.resolveSibling(absolute.getFileName() + ".part");
        try {
            Files.createDirectories(absolute.getParent());
            try {
                contents.writeTo(part);
                Files.move(part, absolute, StandardCopyOption.REPLACE_EXISTING, StandardCopyOption.ATOMIC_MOVE);
            } finally {
                remove(part);
            }
            return file;
        } catch (IOException e) {
            throw new UncheckedIOException(file + " can't be written", e);
        }
    }

    /** Removes what a failure has left. */
    private static void remove(Path part) throws IOException {
        if (Files.isRegularFile(part, LinkOption.NOFOLLOW_LINKS)) {
            Files.delete(part);
        }
    }

    /**
     * Creates a directory if needed, and checks that files can be written there.
     *
     * @param directory the directory of results
     * @throws IOException if they cannot
     */
    public static void checkDirectory(Path directory) throws IOException {
        Files.createDirectories(directory);
        Files.delete(Files.createTempFile(directory, "check", ".part"));
    }
}
