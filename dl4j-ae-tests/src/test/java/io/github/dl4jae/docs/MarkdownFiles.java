package io.github.dl4jae.docs;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/** The Markdown pages and notebooks of this project, found relative to the directory of the module. */
final class MarkdownFiles {

    private static final Path ROOT = Path.of("..");

    private MarkdownFiles() {}

    /** Returns the pages and notebooks for users, without the changelog and the decision records. */
    static List<Path> forUsers() {
        return all().stream()
                .filter(file -> !file.endsWith("CHANGELOG.md") && !file.startsWith(ROOT.resolve("docs/adr")))
                .toList();
    }

    /** Returns all pages and notebooks. */
    static List<Path> all() {
        List<Path> files = Stream.of(
                        ".", "docs", "docs/adr", ".github", "dl4j-ae-examples/notebooks", "dl4j-ae-examples/sample")
                .map(ROOT::resolve)
                .filter(Files::isDirectory)
                .flatMap(MarkdownFiles::list)
                .filter(file ->
                        file.toString().endsWith(".md") || file.toString().endsWith(".ipynb"))
                .map(Path::normalize)
                .sorted()
                .toList();
        assertThat(files)
                .contains(ROOT.resolve("README.md"), ROOT.resolve("docs/README.md"), ROOT.resolve("CHANGELOG.md"));
        return files;
    }

    private static Stream<Path> list(Path directory) {
        try (Stream<Path> files = Files.list(directory)) {
            return files.toList().stream();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
