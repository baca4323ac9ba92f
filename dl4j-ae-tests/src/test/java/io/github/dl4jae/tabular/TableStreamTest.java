package io.github.dl4jae.tabular;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

class TableStreamTest {

    private static final String TABLE =
            "width,kind,height\n1.5,round,3\n2.5,,4\n3.5,flat,\n\n4.5,round,8\n5.5,square,16\n";

    @TempDir
    private Path directory;

    private Path file;
    private TableSchema schema;

    @BeforeEach
    void fit() throws IOException {
        file = Files.writeString(directory.resolve("table.csv"), TABLE);
        schema = new TableReader.Builder().build().fit(file);
    }

    private TableStream stream(String text, int batch) {
        return TableStream.of(bytes(text), "the stream", schema, batch);
    }

    private static InputStream bytes(String text) {
        return new ByteArrayInputStream(text.getBytes(StandardCharsets.UTF_8));
    }

    private static List<FeatureTable> all(TableStream stream) {
        List<FeatureTable> tables = new ArrayList<>();
        try (stream) {
            stream.forEachRemaining(tables::add);
        }
        return tables;
    }

    private static INDArray features(List<FeatureTable> tables) {
        return Nd4j.vstack(tables.stream().map(FeatureTable::features).toList());
    }

    private static INDArray present(List<FeatureTable> tables) {
        return Nd4j.vstack(tables.stream()
                .map(table -> table.present().orElse(Nd4j.onesLike(table.features())))
                .toList());
    }

    private void assertRowsOfTheFile(List<FeatureTable> tables) {
        FeatureTable whole = schema.read(file);
        assertThat(features(tables)).isEqualTo(whole.features());
        assertThat(present(tables)).isEqualTo(whole.present().orElseThrow());
    }

    @Test
    void unknownColumns_areThoseThatTheSchemaDoesNotHave() throws IOException {
        Path other = Files.writeString(
                directory.resolve("other.csv"), "width,age,kind,height,id\n1,2,round,3,4\n5,6,flat,7,8\n");
        TableSchema withoutId = new TableReader.Builder()
                .ignore("id")
                .label("kind")
                .build()
                .fit(Files.writeString(directory.resolve("id.csv"), "id,width,height,kind\n9,1,2,a\n7,3,5,b\n"));

        try (TableStream stream = TableStream.of(other, withoutId, 2)) {
            assertThat(stream.unknownColumns()).containsExactly("age");
        }
        try (TableStream stream = stream(TABLE, 2)) {
            assertThat(stream.unknownColumns()).isEmpty();
        }
    }

    @Test
    void stream_inMiniBatches_hasTheRowsOfTheFile() {
        List<FeatureTable> tables = all(stream(TABLE, 2));

        assertThat(tables).extracting(table -> table.features().size(0)).containsExactly(2L, 2L, 1L);
        assertThat(tables.get(2).present()).isEmpty();
        assertRowsOfTheFile(tables);
    }

    @Test
    void file_inMiniBatches_hasItsRows() {
        assertRowsOfTheFile(all(TableStream.of(file, schema, 3)));
    }

    @Test
    void stream_compressed_isDecompressed() throws IOException {
        ByteArrayOutputStream packed = new ByteArrayOutputStream();
        try (GZIPOutputStream gzip = new GZIPOutputStream(packed)) {
            gzip.write(TABLE.getBytes(StandardCharsets.UTF_8));
        }

        assertRowsOfTheFile(
                all(TableStream.of(new ByteArrayInputStream(packed.toByteArray()), "the stream", schema, 64)));
    }

    @Test
    void stream_withOtherOrderAndMoreColumns_hasTheSameRows() {
        String other = "height,id,width,kind\n3,a,1.5,round\n4,b,2.5,\n,c,3.5,flat\n8,d,4.5,round\n16,e,5.5,square\n";

        assertRowsOfTheFile(all(stream("\uFEFF" + other, 64)));
    }

    @Test
    void stream_withManyRows_isReadToTheEnd() {
        StringBuilder text = new StringBuilder("width,kind,height\n");
        for (int i = 0; i < 100_000; i++) {
            text.append(i).append(",round,3\n");
        }

        List<FeatureTable> tables = all(stream(text.toString(), 1000));

        assertThat(tables).hasSize(100);
        assertThat(tables.get(99).decode().get(999)).containsExactly("99999", "round", "3");
    }

    @Test
    void stream_withoutRows_isEmpty() {
        try (TableStream none = stream("width,kind,height\n", 2)) {
            assertThat(none.hasNext()).isFalse();
            assertThatThrownBy(none::next).isInstanceOf(NoSuchElementException.class);
        }
    }

    @Test
    void stream_withoutColumns_namesThem() {
        assertThatThrownBy(() -> stream("width,color\n1,red\n", 2))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("TableReader: the stream must have the columns 'kind', 'height', got [width, color];"
                        + " names are case-sensitive");
    }

    @Test
    void stream_withoutAnything_isRefused() {
        assertThatThrownBy(() -> stream("", 2))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("TableReader: the stream must have a row of values, got an empty file");
    }

    @Test
    void row_ofOtherLength_isRefusedWithItsNumber() {
        assertThatThrownBy(() -> all(stream("width,kind,height\n1,round,3\n1,round\n", 1)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageStartingWith("TableReader: the stream must have 3 values in every row, got 2 in row 2;"
                        + " rows must be in the format of the schema, UTF-8, ','");
    }

    @Test
    void value_thatDoesNotFit_isRefusedWithItsRow() {
        assertThatThrownBy(() -> all(stream("width,kind,height\n1,round,3\nwide,round,3\n", 1)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("the stream, row 2, must have numbers in column 'width', got 'wide'");
    }

    @Test
    void close_closesTheStream() {
        boolean[] closed = new boolean[1];
        InputStream in = new ByteArrayInputStream(TABLE.getBytes(StandardCharsets.UTF_8)) {
            @Override
            public void close() {
                closed[0] = true;
            }
        };

        TableStream stream = TableStream.of(in, "the stream", schema, 2);

        assertThat(closed[0]).isFalse();
        stream.close();
        assertThat(closed[0]).isTrue();
    }

    @Test
    void batch_ofNoRows_isRefused() {
        assertThatThrownBy(() -> stream(TABLE, 0))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("batch");
    }
}
