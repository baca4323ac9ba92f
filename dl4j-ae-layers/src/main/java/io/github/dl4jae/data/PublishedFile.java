package io.github.dl4jae.data;

import java.nio.file.Path;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * A published IDX file with known contents.
 *
 * @param name the file name without .gz
 * @param dimensions the sizes of its values
 * @param md5 the MD5 sum of the uncompressed file
 */
@SuppressWarnings("ArrayRecordComponent") // never compared
record PublishedFile(String name, int[] dimensions, String md5) {

    IdxName idxName() {
        return new IdxName(name);
    }

    String gzippedName() {
        return idxName().gzipped();
    }

    /** Returns the file in a folder under one of its names, or null if there is none. */
    @Nullable
    Path find(Path folder) {
        return idxName().find(folder);
    }

    IdxFile read(Path folder) {
        Path file = Objects.requireNonNull(find(folder), name);
        return verify(file, IdxName.isGzipped(file));
    }

    /** Reads a file and verifies that it is the published one. */
    IdxFile verify(Path file, boolean gzipped) {
        IdxFile contents = IdxFile.read(file, gzipped, dimensions.length, dimensions);
        if (!contents.md5().equals(md5)) {
            throw new IllegalArgumentException(
                    "IdxFile: " + file + " must be the published " + name + " (MD5 of the uncompressed bytes " + md5
                            + "), got MD5 " + contents.md5() + "; replace it by an intact copy");
        }
        return contents;
    }
}
