package io.github.dl4jae.tabular;

import static io.github.dl4jae.testing.NdArrayAssert.assertThatArray;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.datavec.api.transform.TransformProcess;
import org.datavec.api.writable.Text;
import org.datavec.api.writable.Writable;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/** A schema that was fitted to one file, and applied to others. */
class TableSchemaTest {

    private static final String SHOPS = """
            shop;opened;price;open;stars;note;visits
            A;2024-01-01;1,50;yes;3;n1;0
            B;2024-01-02;2,25;no;;n2;1
            C;2024-01-05;0,75;yes;5;n3;1
            A;2024-01-09;1,50;yes;4;n4;0
            """;

    @TempDir
    private Path directory;

    private Path file(String content) throws IOException {
        return Files.writeString(directory.resolve("table.csv"), content);
    }

    private static TableReader.Builder reader() {
        return new TableReader.Builder().dates("opened").ignore("note");
    }

    private TableSchema schema() throws IOException {
        return reader().build().fit(file(SHOPS));
    }

    @Test
    void json_keepsEverything() throws IOException {
        TableSchema schema = reader().missingIndicator(true)
                .missing("-", "x")
                .infinityIsMissing(true)
                .unseenLevel(UnseenLevel.ZEROS)
                .label("shop")
                .build()
                .fit(file(SHOPS));

        TableSchema restored = TableSchema.load(schema.save(directory.resolve("schema.json")));

        assertThat(restored).isEqualTo(schema).hasSameHashCodeAs(schema).hasToString(schema.toString());
        assertThat(restored.notes()).isEqualTo(schema.notes());
        assertThat(restored.toJson()).isEqualTo(schema.toJson());
        Path file = file(SHOPS);
        assertThatArray(restored.read(file).features())
                .isEqualTo(schema.read(file).features());
        assertThatArray(restored.read(file).labels())
                .isEqualTo(schema.read(file).labels());
        assertThat(reader().target("stars").build().fit(file(SHOPS.replace("no;;", "no;2;"))))
                .satisfies(regression -> assertThat(TableSchema.fromJson(regression.toJson()))
                        .isEqualTo(regression)
                        .isNotEqualTo(schema));
    }

    @Test
    void jsonOfAnotherKind_isRefused() throws IOException {
        assertThatThrownBy(() -> TableSchema.fromJson("no"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("the text must be JSON");
        assertThatThrownBy(() -> TableSchema.fromJson("{\"format\": \"other\"}"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("must have the format 'dl4j-ae table schema 1', got 'other'");
        String json = schema().toJson();
        assertThatThrownBy(() -> TableSchema.fromJson(json.replace("\"mean\"", "\"middle\"")))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("must be complete, got one that was changed");
    }

    @Test
    void decode_givesTheValuesOfTheFile() throws IOException {
        TableSchema schema = schema();
        FeatureTable table = schema.read(file(SHOPS));
        assertThat(schema.columnNames()).containsExactly("shop", "opened", "price", "open", "stars", "visits");
        assertThat(table.decode())
                .containsExactly(
                        List.of("A", "2024-01-01", "1,5", "yes", "3", "0"),
                        List.of("B", "2024-01-02", "2,25", "no", "4", "1"), // the median of 3, 4, 5
                        List.of("C", "2024-01-05", "0,75", "yes", "5", "1"),
                        List.of("A", "2024-01-09", "1,5", "yes", "4", "0"));
        INDArray likeliest = Nd4j.zeros(DataType.FLOAT, 1, table.names().size());
        likeliest.putScalar(0, 1, 0.4f);
        likeliest.putScalar(0, 2, 0.3f);
        likeliest.putScalar(0, table.names().indexOf("open[yes]"), 0.6f);
        assertThat(schema.decode(likeliest).get(0)).startsWith("B").contains("yes");
        assertThatThrownBy(() -> schema.decode(Nd4j.ones(1, 2)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("features must have the shape [N, 12], got [1, 2]");
    }

    @Test
    void columnsOfFeatures_areGroups() throws IOException {
        assertThat(schema().columnOfFeature()).containsExactly(0, 0, 0, 1, 1, 1, 1, 1, 2, 3, 4, 5);
    }

    /** Other order, other delimiter, another column, no label. */
    @Test
    void otherFile_isReadByTheNamesOfColumns() throws IOException {
        TableSchema schema = reader().label("shop").build().fit(file(SHOPS));
        FeatureTable original = schema.read(directory.resolve("table.csv"));
        Path other = Files.writeString(directory.resolve("other.csv"), """
                visits,more,stars,open,price,opened
                1,z,,no,2.25,2024-01-02
                """);

        FeatureTable table = schema.read(other);

        assertThatArray(table.features()).isCloseTo(original.rows(1).features(), 1e-6);
        assertThatThrownBy(table::labels)
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("labels need a label column");
        Path lacking = Files.writeString(directory.resolve("lacking.csv"), "visits,open\n1,no\n");
        assertThatThrownBy(() -> schema.read(lacking))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining(
                        "lacking.csv must have the columns 'opened', 'price', 'stars', got [visits, open]");
    }

    @Test
    void rowsInMemory_areEncodedLikeThoseOfTheFile() throws IOException {
        TableSchema schema = schema();
        Map<String, @Nullable String> row = new java.util.HashMap<>(
                Map.of("shop", "B", "opened", "2024-01-02", "price", "2,25", "open", " no ", "visits", "1"));
        assertThatArray(schema.encode(List.of(row)).features())
                .isEqualTo(schema.read(file(SHOPS)).rows(1).features());
        List<List<String>> decoded = schema.read(directory.resolve("table.csv")).decode();
        Path written = schema.write(schema.read(file(SHOPS)).features(), directory.resolve("written.csv"));
        assertThat(schema.read(written).decode()).isEqualTo(decoded);
        row.put("price", "cheap");
        assertThatThrownBy(() -> schema.encode(List.of(row)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("row 1, must have numbers in column 'price', got 'cheap'");
    }

    @ParameterizedTest
    @EnumSource(UnseenLevel.class)
    void unseenLevel_isTreatedAsChosen_alsoByDataVec(UnseenLevel unseen) throws IOException {
        TableSchema schema =
                new TableReader.Builder().unseenLevel(unseen).build().fit(file("c,f,x\nA,y,1\nB,n,2\nC,y,3\nC,y,4\n"));
        Path other = Files.writeString(directory.resolve("other.csv"), "c,f,x\nD,maybe,1\n");
        List<String> names = List.of("c[A]", "c[B]", "c[C]", "f[y]", "x");
        List<Writable> record = List.of(new Text("D"), new Text("maybe"), new Text("1"));
        TransformProcess process =
                TransformProcess.fromJson(schema.transformProcess(names).toJson());
        if (unseen == UnseenLevel.ERROR) {
            assertThatThrownBy(() -> schema.read(other))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining(
                            "other.csv, row 1, must have known categories in column 'c', [A, B, C], got 'D';"
                                    + " set unseenLevel(…)");
            return;
        }
        double[] expected = unseen == UnseenLevel.ZEROS ? new double[] {0, 0, 0, 0} : new double[] {0, 0, 1, 1};

        assertThat(Arrays.copyOf(schema.read(other).features().getRow(0).toDoubleVector(), 4))
                .containsExactly(expected);
        double[] byDataVec =
                process.execute(record).stream().mapToDouble(Writable::toDouble).toArray();
        assertThat(Arrays.copyOf(byDataVec, 4)).containsExactly(expected);
    }

    /** Otherwise its value would be replaced like a missing one. */
    @Test
    void misspeltName_ofARowInMemory_isRefused() throws IOException {
        TableSchema schema = new TableReader.Builder().build().fit(file("length,color\n1,red\n2,blue\n4,red\n"));

        assertThatThrownBy(() -> schema.encode(List.of(Map.of("length", "2"), Map.of("lenght", "2"))))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("TableSchema: rows must have columns of the schema, [length, color], got 'lenght' in row 2;"
                        + " correct the name, or leave the value out");
    }

    @Test
    void missingIndicator_isComputedByDataVec() throws IOException {
        TableSchema schema = new TableReader.Builder()
                .missingIndicator(true)
                .missing("none")
                .build()
                .fit(file("n,c\n1,A\n,B\n3,none\n4,A\nNA,C\n"));
        List<String> names = schema.names();
        TransformProcess process =
                TransformProcess.fromJson(schema.transformProcess(names).toJson());

        assertThat(names).containsExactly("n", "n[missing]", "c[A]", "c[B]", "c[C]", "c[missing]");
        for (List<String> row : List.of(List.of("2", "B"), List.of("na", "none"), List.of(" ", ""))) {
            Map<String, String> values = Map.of("n", row.get(0), "c", row.get(1));
            double[] byDataVec = process.execute(List.of(new Text(row.get(0)), new Text(row.get(1)))).stream()
                    .mapToDouble(Writable::toDouble)
                    .toArray();
            assertThat(byDataVec)
                    .as(row.toString())
                    .containsExactly(
                            schema.encode(List.of(values)).features().getRow(0).toDoubleVector(), within(1e-6));
        }
    }

    @Test
    void transformProcess_givesTheFeaturesOfEachRecord() throws IOException {
        String content = SHOPS.replace("opened", "note2");
        TableSchema schema =
                new TableReader.Builder().ignore("note", "note2").build().fit(file(content));
        FeatureTable table = schema.read(directory.resolve("table.csv"));
        List<String> selected = List.of("price", "shop[B]", "open[yes]", "stars", "visits");
        TransformProcess process =
                TransformProcess.fromJson(schema.transformProcess(selected).toJson());

        assertThat(process.getFinalSchema().getColumnNames()).containsExactlyElementsOf(selected);
        List<String> lines = content.lines().skip(1).toList();
        for (int i = 0; i < lines.size(); i++) {
            List<Writable> fields = new ArrayList<>();
            Arrays.stream(lines.get(i).split(";", -1)).forEach(value -> fields.add(new Text(value)));
            double[] values = process.execute(fields).stream()
                    .mapToDouble(Writable::toDouble)
                    .toArray();
            for (int j = 0; j < values.length; j++) {
                assertThat(values[j])
                        .as("%s of row %d", selected.get(j), i)
                        .isCloseTo(table.features().getDouble(i, table.names().indexOf(selected.get(j))), within(1e-6));
            }
        }
        assertThatThrownBy(() -> schema.transformProcess(List.of("none")))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("selected features must be among")
                .hasMessageContaining("got 'none'");
        TableSchema withDates = schema();
        assertThatThrownBy(() -> withDates.transformProcess(List.of("opened[trend]")))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("DataVec can encode numbers and categories, got the column 'opened', of dates");
    }
}
