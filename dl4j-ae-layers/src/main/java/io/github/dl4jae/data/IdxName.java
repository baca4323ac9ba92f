package io.github.dl4jae.data;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The name of an IDX file, and the other names under which copies of it are distributed.
 *
 * <pre>
 * train-images-idx3-ubyte.gz                        as published
 * train-images-idx3-ubyte                           decompressed
 * train-images.idx3-ubyte, train-images.idx3-ubyte.gz
 * train-images-idx3-ubyte/train-images-idx3-ubyte   in a folder with one of these names
 * </pre>
 *
 * @param plain the published name without .gz
 */
record IdxName(String plain) {

    /** Maximum number of file names in a message. */
    private static final int LISTED = 10;

    private static final String GZ = ".gz";

    String gzipped() {
        return plain + GZ;
    }

    /** Returns the names of the file, the published one last. */
    private List<String> names() {
        String dotted = plain.replaceFirst("-idx(\\d)-", ".idx$1-");
        return List.of(plain, dotted, dotted + GZ, gzipped());
    }

    /** Returns the names other than the published one, for messages. */
    List<String> otherNames() {
        return names().subList(0, 3);
    }

    /** Returns the file in a folder, or in a folder there with one of its names; null if there is none. */
    @Nullable
    Path find(Path folder) {
        return Stream.concat(
                        names().stream().map(folder::resolve), names().stream().flatMap(outer -> names().stream()
                                .map(inner -> folder.resolve(outer).resolve(inner))))
                .filter(Files::isRegularFile)
                .findFirst()
                .orElse(null);
    }

    /** Returns whether a file with one of the names is gzipped. */
    static boolean isGzipped(Path file) {
        return file.toString().endsWith(GZ);
    }

    /** Describes the contents of a folder for a message, since files often have unexpected names. */
    static String contents(Path folder) {
        if (Files.isDirectory(folder)) {
            return list(folder) + " there";
        }
        Path parent = folder.getParent();
        return "no such directory"
                + (parent != null && Files.isDirectory(parent) ? ", but " + list(parent) + " in " + parent : "");
    }

    private static String list(Path folder) {
        try (Stream<Path> files = Files.list(folder)) {
            List<String> names = files.map(file -> file.getFileName() + (Files.isDirectory(file) ? "/" : ""))
                    .sorted()
                    .limit(LISTED + 1L)
                    .toList();
            return names.isEmpty()
                    ? "nothing"
                    : String.join(", ", names.subList(0, Math.min(LISTED, names.size())))
                            + (names.size() > LISTED ? ", …" : "");
        } catch (IOException e) {
            return "a directory that cannot be listed (" + e.getMessage() + ")";
        }
    }
}
