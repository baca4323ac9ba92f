package io.github.dl4jae.examples.support;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;

/** The checkpoint of a run in its output directory. */
public final class CheckpointFile {

    static final String NAME = "checkpoint.zip";

    private CheckpointFile() {}

    /**
     * Returns the checkpoint of a run. One that a new run would overwrite is renamed.
     *
     * @param out the output directory
     * @param resume whether the run continues the checkpoint
     * @return the file, which need not exist
     */
    public static Path of(Path out, boolean resume) {
        Path checkpoint = out.resolve(NAME);
        if (!resume && Files.exists(checkpoint)) {
            setAside(checkpoint);
        }
        return checkpoint;
    }

    /** Renames a checkpoint of an earlier run. */
    static void setAside(Path checkpoint) {
        Path aside =
                checkpoint.resolveSibling(checkpoint.getFileName().toString().replace(".zip", ".previous.zip"));
        try {
            Files.move(checkpoint, aside, StandardCopyOption.REPLACE_EXISTING);
        } catch (IOException e) {
            throw new UncheckedIOException(checkpoint + " cannot be moved to " + aside, e);
        }
        System.out.println(
                "Starting a new run. The previous checkpoint is now " + aside + ". To continue a run, use --resume.");
    }
}
