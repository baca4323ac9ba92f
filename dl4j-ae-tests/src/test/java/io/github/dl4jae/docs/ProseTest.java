package io.github.dl4jae.docs;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Phrases and spellings that this project's prose does not use, in pages, notebooks and sources. */
class ProseTest {

    private static final Pattern AVOIDED =
            Pattern.compile("\\b(nobody|somebody|as ever|so many|is to be|may not|by default|lonely|unless set)\\b"
                    + "|unless the builder|foretel|goes behind|uses it up|those who|taken at its word|By persuasion"
                    + "|lets itself|initialis|normalis|regularis|binaris|labell|\\bcolour");

    private static List<String> avoided(Path file, String text) {
        List<String> found = new ArrayList<>();
        String[] lines = text.split("\n", -1);
        for (int i = 0; i < lines.length; i++) {
            if (AVOIDED.matcher(lines[i]).find()) {
                found.add(file + ":" + (i + 1) + ": " + lines[i].strip());
            }
        }
        return found;
    }

    private static List<String> avoided(List<Path> files) throws IOException {
        List<String> found = new ArrayList<>();
        for (Path file : files) {
            found.addAll(avoided(file, Files.readString(file)));
        }
        return found;
    }

    @Test
    void pagesAndNotebooks_useNoneOfThem() throws IOException {
        assertThat(avoided(MarkdownFiles.all())).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"dl4j-ae-layers", "dl4j-ae-cli", "dl4j-ae-examples", "dl4j-ae-tests"})
    void sources_useNoneOfThem(String module) throws IOException {
        try (Stream<Path> all = Files.walk(Path.of("..", module, "src"))) {
            List<Path> sources = all.filter(file -> file.toString().endsWith(".java"))
                    .filter(file -> !file.endsWith("ProseTest.java"))
                    .toList();
            assertThat(sources).hasSizeGreaterThan(10);
            assertThat(avoided(sources)).isEmpty();
        }
    }

    @Test
    void phrase_isFoundWithItsLine() {
        String text = "A line.\nRead by nobody.\nInitialized.";

        assertThat(avoided(Path.of("page.md"), text)).containsExactly("page.md:2: Read by nobody.");
        assertThat(avoided(Path.of("page.md"), "initialised")).hasSize(1);
    }
}
