package io.github.dl4jae.examples.support;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RunIndexTest {

    @TempDir
    private Path temporary;

    private Path out;

    @BeforeEach
    void createOut() throws IOException {
        out = Files.createDirectory(temporary.resolve("out"));
    }

    private Path report(String directory, String title, String written, String... figures) throws IOException {
        Path run = Files.createDirectories(out.resolve(directory));
        String properties =
                RunIndex.properties(title, Instant.parse(written), Stream.of(figures), Optional.of("a picture.png"));
        Files.writeString(run.resolve("report.html"), HtmlPage.of(title, properties, "<p>…</p>\n"));
        return run;
    }

    private String update(Path report) throws IOException {
        Path index = RunIndex.update(report, out).orElseThrow();
        assertThat(index).isEqualTo(out.toAbsolutePath().resolve("index.html"));
        return Files.readString(index);
    }

    @Test
    void index_listsTheRunsFromNewToOld() throws IOException {
        report("old", "The first", "2026-01-01T10:00:00Z");
        report("new", "The third", "2026-03-01T10:00:00Z");
        Path last = report("middle", "The second", "2026-02-01T10:00:00Z", "error: 1.5", "seed: 42");
        Files.createDirectory(out.resolve("no report"));

        String html = update(last);

        assertThat(html)
                .containsSubsequence("3 reports", "The third", "The second", "error: 1.5<br>seed: 42", "The first")
                .contains("<a href=\"middle/report.html\">The second</a>", "src=\"middle/a%20picture.png\"")
                .doesNotContain("<script", "no report", "http");
    }

    @Test
    void index_afterARunWasDeleted_listsTheOthers() throws IOException {
        Path deleted = report("a", "Deleted run", "2026-01-01T10:00:00Z");
        Path kept = report("b", "Kept run", "2026-02-01T10:00:00Z");
        assertThat(update(kept)).contains("Deleted run", "Kept run");

        Files.delete(deleted.resolve("report.html"));

        assertThat(update(kept)).contains("Kept run").doesNotContain("Deleted run");
    }

    @Test
    void index_escapesNamesAndProperties() throws IOException {
        Path run = report("a b&c", "1 < 2 & \"3\"", "2026-01-01T10:00:00Z", "<script>: \"1\"");

        assertThat(update(run))
                .contains("href=\"a%20b%26c/report.html\"", ", in a b&amp;c<")
                .contains("1 &lt; 2 &amp; &quot;3&quot;</a>", "&lt;script&gt;: &quot;1&quot;");
    }

    @Test
    void reportsOfOtherOrigin_areNotListed() throws IOException {
        Path run = report("a", "Ours", "2026-01-01T10:00:00Z");
        Files.writeString(Files.createDirectory(out.resolve("b")).resolve("report.html"), "<title>Foreign</title>");
        report("c", "Undated", "2026-01-01T10:00:00Z");
        Path undated = out.resolve("c/report.html");
        Files.writeString(undated, Files.readString(undated).replace("2026-01-01T10:00:00Z", "yesterday"));

        assertThat(update(run)).contains("1 report,", "Ours").doesNotContain("Foreign", "Undated");
    }

    @Test
    void indexOfOtherOrigin_isLeft() throws IOException {
        Path run = report("a", "A run", "2026-01-01T10:00:00Z");
        Path index = Files.writeString(out.resolve("index.html"), "<h1>My page, with dl4j-ae examples, index</h1>");

        assertThat(RunIndex.update(run, out)).isEmpty();
        assertThat(index).content().startsWith("<h1>My page");
    }

    @Test
    void directoryNamedLikeTheIndex_isLeft() throws IOException {
        Path run = report("a", "A run", "2026-01-01T10:00:00Z");
        Files.createDirectory(out.resolve("index.html"));

        assertThat(RunIndex.update(run, out)).isEmpty();
        assertThat(out.resolve("index.html")).isEmptyDirectory();
    }

    @Test
    void otherDirectory_getsNoIndexUnlessItHasOne() throws IOException {
        Path run = report("a", "A run", "2026-01-01T10:00:00Z");

        assertThat(RunIndex.update(run, temporary)).isEmpty();
        assertThat(out.resolve("index.html")).doesNotExist();

        update(run);
        report("b", "Another run", "2026-02-01T10:00:00Z");
        assertThat(RunIndex.update(run, temporary)).isPresent();
        assertThat(out.resolve("index.html")).content().contains("Another run");
        assertThat(out).isDirectoryNotContaining("glob:**.part");
    }
}
