package io.github.dl4jae.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** The examples that a command passes through a model: one of two options. */
final class Source {

    @Option(
            names = "--csv",
            paramLabel = "FILE",
            required = true,
            description = "Rows with the columns of the model, in any order. - reads standard input, in the format of"
                    + " the table that the model was fitted to.")
    private @Nullable Path csv;

    @Option(
            names = "--images",
            paramLabel = "PATH",
            required = true,
            description = "Images of the size of the model: an IDX file, also gzipped, or a folder of PNG files.")
    private @Nullable Path images;

    /** Returns the table, or null if there are images. */
    @Nullable
    Path csv() {
        return csv;
    }

    /** Returns the images, or null if there is a table. */
    @Nullable
    Path images() {
        return images;
    }

    /**
     * Requires that results do not replace the images.
     *
     * @param out the value of {@code --out}
     * @throws IllegalArgumentException if it is the file or folder of the images, or in this folder
     */
    void requireKept(Path out) throws IOException {
        if (images == null || !Files.exists(images)) {
            return;
        }
        Path kept = images.toRealPath();
        for (Path path = out.toAbsolutePath().normalize(); path != null; path = path.getParent()) {
            if (Files.exists(path) && path.toRealPath().startsWith(kept)) {
                throw new IllegalArgumentException("--out must be outside of --images, got " + out + " for " + images
                        + "; name another directory or file");
            }
        }
    }
}
