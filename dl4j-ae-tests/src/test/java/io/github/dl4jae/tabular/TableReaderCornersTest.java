package io.github.dl4jae.tabular;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TableReaderCornersTest {

    @TempDir
    private Path directory;

    private Path file(String content) throws IOException {
        return Files.writeString(directory.resolve("table.csv"), content);
    }

    @Test
    void ignoredColumns_addUp() throws IOException {
        FeatureTable table =
                new TableReader.Builder().ignore("a").ignore("b").build().read(file("a,b,c,d\n1,5,2,3\n2,7,4,1\n"));

        assertThat(table.names()).containsExactly("c", "d");
    }

    @Test
    void categoricalColumns_addUp() throws IOException {
        FeatureTable table = new TableReader.Builder()
                .categorical("a")
                .categorical("b", "c")
                .build()
                .read(file("a,b,c,d\n1,5,2,3\n2,7,4,1\n"));

        assertThat(table.names()).containsExactly("a[2]", "b[7]", "c[4]", "d");
    }

    /** Later calls on a builder do not change a reader that it has built. */
    @Test
    void reader_keepsTheSettingsThatItWasBuiltWith() throws IOException {
        Path file = file("a,b,c\n1,5,2\n2,7,4\n");
        TableReader.Builder builder = new TableReader.Builder().ignore("a");
        TableReader reader = builder.build();
        builder.ignore("b").build();

        assertThat(reader.read(file).names()).containsExactly("b", "c");
        assertThat(builder.build().read(file).names()).containsExactly("c");
    }
}
