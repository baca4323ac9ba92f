package io.github.dl4jae.examples.support;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;

/** A file written to a temporary name and then moved, so that a killed run leaves the old file or the new one. */
final class AtomicFile {

    /** Writes the new contents to a path. */
    @FunctionalInterface
    interface Contents {
        void writeTo(Path part) throws IOException;
    }

    private AtomicFile() {}

    /** Creates missing directories and replaces an existing file. */
    static void write(Path file, Contents contents) throws IOException {
        Path absolute = file.toAbsolutePath();
        Path part = absolute.resolveSibling(absolute.getFileName() + ".part");
        Files.createDirectories(absolute.getParent());
        contents.writeTo(part);
        Files.move(part, absolute, StandardCopyOption.REPLACE_EXISTING, StandardCopyOption.ATOMIC_MOVE);
    }
}
