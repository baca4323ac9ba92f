package io.github.dl4jae.docs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Every {@code java} block of the README and of the pages in {@code docs} compiles. */
class SnippetsTest {

    private static final Path PAGE = Path.of("page.md");

    private static Map<Snippet, List<String>> messages;

    @BeforeAll
    static void compileAll() throws IOException {
        messages = SnippetCompiler.compile(snippets());
    }

    static List<Snippet> snippets() throws IOException {
        List<Snippet> snippets = new ArrayList<>();
        for (Path file : MarkdownFiles.forUsers()) {
            if (file.toString().endsWith(".md")) {
                snippets.addAll(Snippet.of(file, Files.readAllLines(file)));
            }
        }
        assertThat(snippets).as("java blocks").hasSizeGreaterThan(20);
        return snippets;
    }

    @ParameterizedTest
    @MethodSource("snippets")
    void snippet_asPrinted_compiles(Snippet snippet) {
        assertThat(messages.get(snippet)).isEmpty();
    }

    @Test
    void checker_onSnippetWithWrongMethod_namesFileLineAndMessage() throws IOException {
        assertThat(check("# A page", "", "```java", "int a = 1;", "String b = a.trim();", "```"))
                .singleElement()
                .asString()
                .startsWith("page.md:5: int cannot be dereferenced");
    }

    @Test
    void checker_onSnippetWithoutItsImport_names() throws IOException {
        assertThat(check(
                        "<!-- snippet: given INDArray images -->",
                        "```java",
                        "Autoencoder autoencoder = null;",
                        "autoencoder.encode(images);",
                        "```"))
                .singleElement()
                .asString()
                .startsWith("page.md:3: cannot find symbol")
                .contains("class Autoencoder");
    }

    @Test
    void checker_onUnusedImport_namesIt() throws IOException {
        assertThat(check("```java", "import java.util.List;", "int a = 1;", "```"))
                .containsExactly(
                        "page.md:2: the snippet must use what it imports, got an unused import java.util.List;");
    }

    @Test
    void checker_onSyntaxErrorInOneSnippet_stillChecksTheOthers() throws IOException {
        assertThat(check("```java", "int a = ;", "```", "text", "```java", "String b = 1;", "```"))
                .hasSize(2)
                .anyMatch(message -> message.startsWith("page.md:2: illegal start of expression"))
                .anyMatch(message -> message.startsWith("page.md:6: incompatible types"));
    }

    @Test
    void checker_onContinuation_knowsVariablesAndImportsOfTheSnippetBefore() throws IOException {
        assertThat(check(
                        "```java",
                        "import java.util.List;",
                        "List<String> a = List.of();",
                        "```",
                        "<!-- snippet: continues -->",
                        "```java",
                        "List<String> b = a;",
                        "```"))
                .isEmpty();
    }

    @Test
    void checker_onSnippetThatIsNoContinuation_doesNotKnowTheSnippetBefore() throws IOException {
        assertThat(check("```java", "int a = 1;", "```", "```java", "int b = a;", "```"))
                .singleElement()
                .asString()
                .startsWith("page.md:5: cannot find symbol");
    }

    @Test
    void checker_onLayers_callsTheBuilder() throws IOException {
        assertThat(check(
                        "<!-- snippet: layers -->",
                        "```java",
                        "import io.github.dl4jae.sparse.TopKLayer;",
                        ".layer(new TopKLayer.Builder().k(25).build())",
                        ".lawyer(1)",
                        "```"))
                .singleElement()
                .asString()
                .startsWith("page.md:5: cannot find symbol");
    }

    @Test
    void checker_onOtherLanguages_ignoresThem() throws IOException {
        assertThat(check("```bash", "mvn verify", "```", "```", "anything", "```"))
                .isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"continues", "give int a", ""})
    void page_withUnknownDirective_isRefused(String directive) {
        assertThatThrownBy(() -> check("<!-- snippet: " + directive + " -->", "```java", "int a = 1;", "```"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("page.md:3: a snippet's directive must be")
                .hasMessageContaining("got '" + directive + "'");
    }

    @Test
    void page_withDirectiveAboveText_isRefused() {
        assertThatThrownBy(() -> check("<!-- snippet: graph -->", "Some text."))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("page.md:2: a java block must follow <!-- snippet: graph -->");
    }

    private static List<String> check(String... page) throws IOException {
        return SnippetCompiler.compile(Snippet.of(PAGE, List.of(page))).values().stream()
                .flatMap(List::stream)
                .toList();
    }
}
