package io.github.dl4jae.examples.support;

import io.github.dl4jae.internal.io.AtomicFile;
import java.io.IOException;
import java.nio.file.Path;

/** The check of an output directory before the work whose results it gets. */
public final class OutputDirectory {

    private OutputDirectory() {}

    /**
     * Creates a directory if needed, and refuses one that cannot be written.
     *
     * @param directory the value of {@code --out}
     * @throws IllegalArgumentException if it cannot be written
     */
    public static void require(Path directory) {
        try {
            AtomicFile.checkDirectory(directory);
        } catch (IOException e) {
            throw refused(directory, e);
        }
    }

    /** Returns the refusal of a directory. */
    static IllegalArgumentException refused(Path directory, Exception cause) {
        return new IllegalArgumentException(
                "--out must be a directory that can be written, got " + directory + " (" + cause
                        + "); name another directory",
                cause);
    }
}
