package io.github.dl4jae.examples;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Every notebook of the examples runs from top to bottom; the failure of a broken one names the cell. */
@Tag("slow")
class NotebookTest {

    private static final Path NOTEBOOKS = Path.of("..", "dl4j-ae-examples", "notebooks");

    @TempDir
    private Path directory;

    @ParameterizedTest
    @MethodSource("notebooks")
    void notebook_fromTopToBottom_showsPictures(Path notebook) throws IOException {
        List<Object> displayed = NotebookRunner.run(notebook);

        assertThat(displayed)
                .filteredOn(BufferedImage.class::isInstance)
                .as("pictures displayed by %s", notebook.getFileName())
                .hasSizeGreaterThanOrEqualTo(3);
    }

    @Test
    void notebook_whoseCellThrows_failsWithTheNumberOfTheCell() throws IOException {
        Path notebook = notebook("int a = 6;", "int b = a / (a - 6);");

        assertThatThrownBy(() -> NotebookRunner.run(notebook))
                .isInstanceOf(AssertionError.class)
                .hasMessageContaining("code cell 2 of 2 in broken.ipynb failed")
                .hasMessageContaining("ArithmeticException: / by zero")
                .hasMessageContaining("int b = a / (a - 6);");
    }

    @Test
    void notebook_whoseCellDoesNotCompile_failsWithTheNumberOfTheCell() throws IOException {
        Path notebook = notebook("int a = 6;", "int b = a;", "String c = missing(b);");

        assertThatThrownBy(() -> NotebookRunner.run(notebook))
                .isInstanceOf(AssertionError.class)
                .hasMessageContaining("code cell 3 of 3 in broken.ipynb failed")
                .hasMessageContaining("missing");
    }

    @Test
    void notebook_whoseCellIsIncomplete_failsWithTheNumberOfTheCell() throws IOException {
        Path notebook = notebook("for (int i = 0; i < 3; i++) {");

        assertThatThrownBy(() -> NotebookRunner.run(notebook))
                .isInstanceOf(AssertionError.class)
                .hasMessageContaining("code cell 1 of 1 in broken.ipynb failed: DEFINITELY_INCOMPLETE");
    }

    /** Creates a notebook of a text cell and these code cells, which contain no double quotes. */
    private Path notebook(String... codeCells) throws IOException {
        StringBuilder cells = new StringBuilder("{\"cell_type\": \"markdown\", \"source\": \"A broken notebook.\"}");
        for (String code : codeCells) {
            cells.append(", {\"cell_type\": \"code\", \"source\": [\"")
                    .append(code)
                    .append("\"]}");
        }
        return Files.writeString(directory.resolve("broken.ipynb"), "{\"nbformat\": 4, \"cells\": [" + cells + "]}");
    }

    private static List<Path> notebooks() throws IOException {
        try (Stream<Path> files = Files.list(NOTEBOOKS)) {
            List<Path> notebooks = files.filter(file -> file.toString().endsWith(".ipynb"))
                    .sorted()
                    .toList();
            assertThat(notebooks).as("notebooks in %s", NOTEBOOKS).isNotEmpty();
            return notebooks;
        }
    }
}
