package io.github.dl4jae.internal.io;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class AtomicFileTest {

    @TempDir
    private Path folder;

    @Test
    void write_makesDirectories_andReplaces() throws IOException {
        Path file = folder.resolve("deep/er/text");
        assertThat(AtomicFile.write(file, part -> Files.writeString(part, "old")))
                .isEqualTo(file);
        AtomicFile.write(file, part -> {
            assertThat(file).as("in the meantime").hasContent("old");
            Files.writeString(part, "new");
        });
        assertThat(file).hasContent("new");
        assertThat(file.getParent()).isDirectoryContaining("glob:**/text").isDirectoryNotContaining("glob:**.part");
    }

    @Test
    void failure_leavesWhatWasThere() throws IOException {
        Path file = Files.writeString(folder.resolve("text"), "old");
        assertThatThrownBy(() -> AtomicFile.write(file, part -> {
                    Files.writeString(part, "ne");
                    throw new IOException("the disk is full");
                }))
                .isInstanceOf(UncheckedIOException.class)
                .hasMessage(file + " can't be written")
                .rootCause()
                .hasMessage("the disk is full");
        assertThat(file).hasContent("old");
        assertThat(folder).isDirectoryNotContaining("glob:**.part");
    }
}
