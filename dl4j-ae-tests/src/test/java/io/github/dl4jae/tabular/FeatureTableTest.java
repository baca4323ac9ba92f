package io.github.dl4jae.tabular;

import static io.github.dl4jae.testing.StockLayers.dense;
import static io.github.dl4jae.testing.StockLayers.output;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.github.dl4jae.data.SyntheticTable;
import io.github.dl4jae.selection.FeatureSelector;
import io.github.dl4jae.selection.GreedyColumnSelection;
import io.github.dl4jae.selection.SelectedFeatures;
import io.github.dl4jae.selection.SupervisedHead;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import org.datavec.api.transform.TransformProcess;
import org.datavec.api.writable.Text;
import org.datavec.api.writable.Writable;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.nd4j.linalg.activations.Activation;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.learning.config.Adam;
import org.nd4j.linalg.lossfunctions.impl.LossMCXENT;

class FeatureTableTest {

    private static final String FLOWERS = """
            id,length,width,color,constant,species
            1,1.0,10,red,5,oak
            2,3.0,20,blue,5,elm
            3,5.0,60,red,5,oak
            4,7.0,30,"green, dark",5,ash
            """;

    @TempDir
    private Path directory;

    private Path file(String content) throws IOException {
        return Files.writeString(directory.resolve("table.csv"), content);
    }

    private static TableReader.Builder reader() {
        return new TableReader.Builder().ignore("id").label("species");
    }

    private static FeatureSelector chosen(int... columns) {
        return (x, k) -> columns;
    }

    @Test
    void table_hasNames_standardizedNumbers_andOneHotCategories() throws IOException {
        FeatureTable table = reader().build().read(file(FLOWERS));

        assertThat(table.names()).containsExactly("length", "width", "color[blue]", "color[green, dark]", "color[red]");
        // mean 4, variance (9 + 1 + 1 + 9)/4 = 5
        assertThat(table.features().getColumn(0).toDoubleVector())
                .containsExactly(
                        new double[] {-3 / Math.sqrt(5), -1 / Math.sqrt(5), 1 / Math.sqrt(5), 3 / Math.sqrt(5)},
                        within(1e-6));
        assertThat(table.features().getColumn(4).toDoubleVector()).containsExactly(1, 0, 1, 0);
        assertThat(table.classes()).containsExactly("ash", "elm", "oak");
        assertThat(table.labels().toFloatMatrix())
                .isDeepEqualTo(new float[][] {{0, 0, 1}, {0, 1, 0}, {0, 0, 1}, {1, 0, 0}});
        assertThat(table.rows(3, 0).labels().toFloatMatrix()).isDeepEqualTo(new float[][] {{1, 0, 0}, {0, 0, 1}});
    }

    @Test
    void table_withMissingValues_isRefused_unlessAnImputationIsNamed() throws IOException {
        Path file = file(FLOWERS.replace("3.0", "NA").replace("blue", "").replace("60", "?"));

        assertThatThrownBy(() -> reader().imputation(Imputation.NONE).build().read(file))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining(
                        "table.csv must have no missing values, got one in column 'length', row 2; set an imputation");
        FeatureTable mean = reader().imputation(Imputation.MEAN).build().read(file);
        FeatureTable median = reader().imputation(Imputation.MEDIAN).build().read(file);
        // of 1, 5, 7 the mean is 13/3, the median 5; both tables are scaled by the mean and variance of what is there
        double deviation =
                Math.sqrt((Math.pow(1 - 13 / 3.0, 2) + Math.pow(5 - 13 / 3.0, 2) + Math.pow(7 - 13 / 3.0, 2)) / 3);
        assertThat(mean.features().getDouble(1, 0)).isCloseTo(0, within(1e-6));
        assertThat(median.features().getDouble(1, 0)).isCloseTo((5 - 13 / 3.0) / deviation, within(1e-6));
        assertThat(mean.names()).doesNotContain("color[blue]");
        assertThat(mean.features().getDouble(1, mean.names().indexOf("color[red]")))
                .isEqualTo(1);
    }

    @Test
    void transformProcess_makesOfRecordsWhatTheTableHolds() throws IOException {
        String content = FLOWERS.replace("3.0", "NA");
        FeatureTable table = reader().imputation(Imputation.MEDIAN)
                .unseenLevel(UnseenLevel.MOST_FREQUENT)
                .build()
                .read(file(content));
        SelectedFeatures selected = chosen(4, 0, 1).select(table, 3);
        TransformProcess process =
                TransformProcess.fromJson(selected.transformProcess().toJson());

        List<String> names = List.of("color[blue]", "color[green, dark]", "color[red]", "length", "width");
        assertThat(selected.columnNames()).containsExactly("color", "length", "width");
        assertThat(selected.names()).isEqualTo(names);
        assertThat(process.getFinalSchema().getColumnNames()).isEqualTo(names);
        List<String> lines = content.lines().skip(1).toList();
        for (int i = 0; i < 3; i++) { // the fourth has a quoted comma
            List<Writable> fields = new ArrayList<>();
            Arrays.stream(lines.get(i).split(",")).forEach(value -> fields.add(new Text(value)));
            double[] values = process.execute(fields).stream()
                    .mapToDouble(Writable::toDouble)
                    .toArray();
            assertThat(values)
                    .containsExactly(selected.features(table).getRow(i).toDoubleVector(), within(1e-6));
        }
        List<Writable> unknown = new ArrayList<>();
        List.of("9", "", "20", "purple", "5", "oak").forEach(value -> unknown.add(new Text(value)));
        assertThat(process.execute(unknown).get(2).toInt())
                .as("the most frequent category")
                .isEqualTo(1);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "30 | thirty | numbers in column 'width', where 3 values are numbers, got 'thirty' in row 4",
                "30 | Infinity | finite numbers in column 'width', got an infinite one in row 4",
                "oak | NA | must have a label in every row, got none in column 'species', row 1",
                "2,3.0 | 3.0 | must have 6 values in every row, got 5 in row 2",
                "species | kind | must have the column 'species', got [id, length, width, color, constant, kind]"
            })
    void table_withAMistake_isRefused(String from, String to, String message) throws IOException {
        Path file = file(FLOWERS.replace(from, to));
        assertThatThrownBy(() -> reader().build().read(file))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("table.csv")
                .hasMessageContaining(message);
    }

    @Test
    void files_thatAreNoTables_areRefused() throws IOException {
        TableReader reader = new TableReader.Builder().build();
        assertThatThrownBy(() -> reader.read(directory.resolve("none.csv")))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("must be a file, got nothing there");
        assertThatThrownBy(() -> reader.read(directory))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("must be a file, got a directory");
        Path empty = file("");
        assertThatThrownBy(() -> reader.read(empty))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("must have a row of values, got an empty file");
        Path header = file("a,b\n");
        assertThatThrownBy(() -> reader.read(header))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("must have at least one row of values, got none");
        Path nothing = file("a,b\n1,\n2,\n");
        assertThat(reader.read(nothing).schema().notes()).contains("b: left out, because it has no values");
        Path labels = file("a\n1\n2\n");
        assertThatThrownBy(() -> new TableReader.Builder().label("a").build().read(labels))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("must have a column besides the label");
        assertThatThrownBy(() -> reader.read(labels).labels())
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("labels need a label column");
    }

    @Test
    void columns_declaredCategorical_areSo_whateverTheirValues() throws IOException {
        FeatureTable table = new TableReader.Builder()
                .delimiter(';')
                .categorical("zip")
                .build()
                .read(file("\uFEFFzip;x\n\n10115;1\n20095;2\n10115;3\n"));
        assertThat(table.names()).containsExactly("zip[20095]", "x");
    }

    @Test
    void quotesAndSpaces_areReadAsMeant() throws IOException {
        FeatureTable table = new TableReader.Builder()
                .imputation(Imputation.MEAN)
                .build()
                .read(file("\"color\",\"x\"\n\"red\", 5\n\"\",6\n\"dark\nblue\",7\n red ,1e1\n"));
        assertThat(table.names()).containsExactly("color[red]", "x");
        assertThat(table.features().getColumn(0).toDoubleVector()).containsExactly(1, 1, 0, 1);
        TransformProcess process = chosen(0).select(table, 1).transformProcess();
        assertThat(process.execute(List.of(new Text(" red "), new Text("5")))
                        .get(0)
                        .toInt())
                .isEqualTo(1);
        assertThat(process.execute(List.of(new Text("dark\nblue"), new Text("5")))
                        .get(0)
                        .toInt())
                .isZero();

        Path open = file("a,b\n1,\"x\n");
        assertThatThrownBy(() -> new TableReader.Builder().build().read(open))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("must close every quote");
        Path floors = file("floor\n1F\n2F\n");
        assertThat(new TableReader.Builder().build().read(floors).names()).containsExactly("floor[2F]");
    }

    @Test
    void anotherTable_isRefused() throws IOException {
        FeatureTable table = new TableReader.Builder().build().read(file("c,x\nred,1\nblue,2\n"));
        FeatureTable other = new TableReader.Builder().build().read(file("c,x\nred,1\ngreen,2\n"));
        SelectedFeatures selected = new GreedyColumnSelection().select(table, 1);
        assertThatThrownBy(() -> selected.features(other))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("split it with rows");
        assertThatThrownBy(() -> selected.r2(other))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("scales and categories");
        assertThat(selected.features(table.rows(1, 0)).shape()).containsExactly(2, 1);
    }

    @Test
    void selection_fromATable_namesColumns_andExplainsTheOthers() throws IOException {
        SyntheticTable synthetic = SyntheticTable.generate(600, 3, 6, 4, 5);
        FeatureTable table =
                new TableReader.Builder().label("class").build().read(synthetic.save(directory.resolve("t.csv")));
        SelectedFeatures selected = new GreedyColumnSelection().select(table, 3);
        int[] expected = synthetic.informativeColumns();

        assertThat(selected.names())
                .containsExactlyInAnyOrder(
                        Arrays.stream(expected).mapToObj(synthetic.names()::get).toArray(String[]::new));
        assertThat(selected.r2().keySet()).containsExactlyElementsOf(table.names());
        assertThat(selected.r2().get(selected.names().get(0))).isCloseTo(1, within(1e-6));
        assertThat(selected.meanSquaredError(table))
                .isCloseTo(
                        selected.r2().values().stream()
                                .mapToDouble(r2 -> 1 - r2)
                                .average()
                                .orElseThrow(),
                        within(1e-5));
        assertThat(selected.toString()).contains("* " + selected.names().get(0) + " R² = 1.000");
    }

    @Tag("slow")
    @Test
    void supervisedHead_onInformativeColumns_classifies_onNoiseItCannot() throws IOException {
        SyntheticTable synthetic = SyntheticTable.generate(1200, 3, 0, 3, 5);
        FeatureTable table =
                new TableReader.Builder().label("class").build().read(synthetic.save(directory.resolve("t.csv")));
        FeatureTable train = table.rows(IntStream.range(0, 900).toArray());
        FeatureTable test = table.rows(IntStream.range(900, 1200).toArray());
        SupervisedHead head = new SupervisedHead(
                new NeuralNetConfiguration.Builder()
                        .seed(1)
                        .updater(new Adam(0.01))
                        .list()
                        .layer(dense(3, 16, Activation.TANH))
                        .layer(output(new LossMCXENT(), 16, 3, Activation.SOFTMAX))
                        .build(),
                20,
                50,
                1);
        int[] informative = synthetic.informativeColumns();
        int[] noise = IntStream.range(0, 6)
                .filter(j -> Arrays.stream(informative).noneMatch(i -> i == j))
                .toArray();

        assertThat(accuracy(head, train, test, informative)).isGreaterThan(0.9);
        assertThat(accuracy(head, train, test, noise)).isLessThan(0.6);
        INDArray x = train.features();
        assertThatThrownBy(() -> head.classify(x, train.labels(), x, test.labels()))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("must fit together, got [900, 6] with [900, 3] and [900, 6] with [300, 3]");
        assertThatThrownBy(() -> new SupervisedHead(head.configuration(), 0, 1, 1))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("epochs and batch must be at least 1, got 0 and 1");
    }

    private static double accuracy(SupervisedHead head, FeatureTable train, FeatureTable test, int[] columns) {
        return head.classify(
                        train.features().getColumns(columns),
                        train.labels(),
                        test.features().getColumns(columns),
                        test.labels())
                .evaluation()
                .accuracy();
    }
}
