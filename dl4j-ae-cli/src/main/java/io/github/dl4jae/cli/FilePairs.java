package io.github.dl4jae.cli;

import io.github.dl4jae.internal.io.AtomicFile;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.Set;
import java.util.function.Predicate;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;

/**
 * Files to read, each with the file to write for it: one file, or those of a folder and of its subfolders in the order
 * of their names.
 *
 * @param all at least one pair
 */
record FilePairs(List<FilePairs.Pair> all) {

    /** A file and the one that is written for it. */
    record Pair(Path from, Path to) {}

    /**
     * Finds files, and checks before any work that their results can be written.
     *
     * @param source a file, or a folder
     * @param fits whether the name of a file, in lower case, is one to read
     * @param kind what such files are, for messages
     * @param renamed the name of a result
     * @param out the folder of results
     * @param overwrite whether results replace existing files
     * @throws IllegalArgumentException if there are no files, or results would replace files or each other
     */
    static FilePairs of(
            Path source,
            Predicate<String> fits,
            String kind,
            UnaryOperator<String> renamed,
            Path out,
            boolean overwrite) {
        List<Pair> pairs = new ArrayList<>();
        Set<Path> results = new HashSet<>();
        boolean isFolder = Files.isDirectory(source);
        for (Path file : isFolder ? files(source) : List.of(source)) {
            String name = (isFolder ? source.relativize(file) : Objects.requireNonNull(file.getFileName())).toString();
            if (fits.test(name.toLowerCase(Locale.ROOT))) {
                Path to = out.resolve(renamed.apply(name));
                if (!overwrite && Files.exists(to)) {
                    throw new IllegalArgumentException(
                            "--out must not have the results yet, got " + to + "; name another folder, or --overwrite");
                }
                if (!results.add(to)) {
                    throw new IllegalArgumentException(
                            source + " must have different names of results, got " + to + " twice; rename a file");
                }
                pairs.add(new Pair(file, to));
            }
        }
        if (pairs.isEmpty()) {
            throw new IllegalArgumentException(source + " must be or have " + kind + ", got none");
        }
        try {
            AtomicFile.checkDirectory(out);
        } catch (IOException e) {
            throw new IllegalArgumentException(
                    "--out must be a folder that can be written, got " + out + "; name another one: " + e, e);
        }
        return new FilePairs(pairs);
    }

    private static List<Path> files(Path folder) {
        try (Stream<Path> files = Files.walk(folder)) {
            return files.filter(Files::isRegularFile).sorted().toList();
        } catch (IOException e) {
            throw new UncheckedIOException(folder + " cannot be listed", e);
        }
    }
}
