package io.github.dl4jae.dictionary;

import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Objects;
import java.util.stream.Stream;

/** The dictionaries of {@code saelens.py}. */
final class SaeLensDirectories {

    private SaeLensDirectories() {}

    static Path original(String name) {
        try {
            return Path.of(Objects.requireNonNull(SaeLensDirectories.class.getResource("/saelens/" + name))
                    .toURI());
        } catch (URISyntaxException e) {
            throw new IllegalStateException(e);
        }
    }

    /** Returns the names of all dictionaries. */
    static Stream<String> names() {
        try (Stream<Path> found = Files.list(original(""))) {
            return found
                    .filter(Files::isDirectory)
                    .map(each -> each.getFileName().toString())
                    .sorted()
                    .toList()
                    .stream();
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }

    /** Copies the files of a dictionary, without the expected results. */
    static Path copy(String name, Path to) throws IOException {
        Files.createDirectories(to);
        try (Stream<Path> files = Files.list(original(name))) {
            for (Path file : files.toList()) {
                if (!file.endsWith("expected.safetensors")) {
                    Files.copy(file, to.resolve(file.getFileName().toString()));
                }
            }
        }
        return to;
    }

    /** Reads a dictionary, with the scale of the inputs where it has one. */
    static SaeLensDictionary read(String name, Path directory) {
        return name.equals("scaled") ? SaeLensDictionary.read(directory, 1.75) : SaeLensDictionary.read(directory);
    }
}
