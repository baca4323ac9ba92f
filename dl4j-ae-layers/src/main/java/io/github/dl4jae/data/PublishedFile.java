package io.github.dl4jae.data;

import java.nio.file.Files;
import java.nio.file.Path;

/**
 * An IDX file whose contents are known beforehand.
 *
 * @param name without .gz
 * @param dimensions of its values
 * @param md5 of the uncompressed file
 */
@SuppressWarnings("ArrayRecordComponent") // never compared
record PublishedFile(String name, int[] dimensions, String md5) {

    String gzippedName() {
        return name + ".gz";
    }

    /** The file in a folder, plain or gzipped; null if there is neither. */
    Path find(Path folder) {
        Path plain = folder.resolve(name);
        Path gzipped = folder.resolve(gzippedName());
        return Files.exists(plain) ? plain : Files.exists(gzipped) ? gzipped : null;
    }

    IdxFile read(Path folder) {
        Path file = find(folder);
        return verify(file, file.toString().endsWith(".gz"));
    }

    /** Reads a file and checks that it is the published one. */
    IdxFile verify(Path file, boolean gzipped) {
        IdxFile contents = IdxFile.read(file, gzipped, dimensions.length, dimensions);
        if (!contents.md5().equals(md5)) {
            throw new IllegalArgumentException(
                    "IDX file " + file + " must be the published " + name
                            + " (MD5 of the uncompressed bytes " + md5 + "), got MD5 " + contents.md5()
                            + ": some of the bytes after its header differ; replace it by an intact copy (it was left as it is)");
        }
        return contents;
    }
}
