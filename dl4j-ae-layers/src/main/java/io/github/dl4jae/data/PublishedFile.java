package io.github.dl4jae.data;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;

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

    /**
     * The file in a folder, plain or gzipped, also as {@code train-images.idx3-ubyte}, which is what some tools make of
     * its name; null if there is none.
     */
    Path find(Path folder) {
        String dotted = name.replaceFirst("-idx(\\d)-", ".idx$1-");
        return Stream.of(name, gzippedName(), dotted, dotted + ".gz")
                .map(folder::resolve)
                .filter(Files::exists)
                .findFirst()
                .orElse(null);
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
