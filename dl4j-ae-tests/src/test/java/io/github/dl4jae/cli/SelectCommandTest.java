package io.github.dl4jae.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.github.dl4jae.data.IdxFile;
import io.github.dl4jae.data.ImageSet;
import io.github.dl4jae.selection.GreedyColumnSelection;
import io.github.dl4jae.selection.SelectedFeatures;
import io.github.dl4jae.tabular.TableReader;
import io.github.dl4jae.tabular.TableSplit;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Random;
import org.datavec.api.transform.TransformProcess;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.shade.jackson.databind.JsonNode;
import org.nd4j.shade.jackson.databind.ObjectMapper;

class SelectCommandTest {

    @TempDir
    private Path directory;

    private Path table;

    /** Depth and load determine all columns but noise, which is two decimals of its own. */
    @BeforeEach
    void write() throws IOException {
        Random random = new Random(5);
        List<String> lines = new ArrayList<>(List.of("noise,a,b,depth,c,load,d"));
        for (int i = 0; i < 400; i++) {
            double depth = random.nextGaussian();
            double load = random.nextGaussian();
            lines.add(String.format(
                    Locale.ROOT,
                    "%.2f,%.4f,%.4f,%.4f,%.4f,%.4f,%.4f",
                    random.nextDouble(),
                    depth + 0.3 * random.nextGaussian(),
                    depth + 0.3 * random.nextGaussian(),
                    depth,
                    load + 0.3 * random.nextGaussian(),
                    load,
                    load + 0.3 * random.nextGaussian()));
        }
        table = Files.write(directory.resolve("table.csv"), lines);
    }

    @Test
    void select_writesColumnsByImportance_withWhatTheyExplain() throws IOException {
        Path out = directory.resolve("columns.csv");

        CommandRun run = CommandRun.of("select", "--csv", table, "--k", 2, "--out", out, "--json");

        assertThat(run.status()).as(run.err()).isZero();
        TableSplit split = new TableReader.Builder().build().split(table, 0.8, 42);
        SelectedFeatures selected = new GreedyColumnSelection().select(split.train(), 2);
        assertThat(selected.columnNames()).containsExactlyInAnyOrder("depth", "load");
        assertThat(out).hasContent("""
                rank,column,r2
                1,%s,%s
                2,%s,%s
                """.formatted(
                        selected.columnNames().get(0),
                        Main.shown(selected.first(1).meanR2(split.test())),
                        selected.columnNames().get(1),
                        Main.shown(selected.meanR2(split.test()))));
        JsonNode json = new ObjectMapper().readTree(run.out());
        assertThat(json.get("of columns").asInt()).isEqualTo(7);
        assertThat(json.get("r2").asDouble())
                .isCloseTo(selected.meanR2(split.test()), within(1e-9))
                .isGreaterThan(0.7)
                .isGreaterThan(json.get("r2 of random columns").asDouble());
    }

    @Tag("slow")
    @ParameterizedTest
    @EnumSource(value = SelectionMethod.class, names = "CONCRETE", mode = EnumSource.Mode.EXCLUDE)
    void select_byEachMethod_writesThatManyColumns(SelectionMethod method) {
        CommandRun run = CommandRun.of("select", "--csv", table, "--k", 3, "--method", method);

        assertThat(run.out().lines()).hasSize(4);
        assertThat(run.err()).contains(method.toString(), "r2");
        assertThat(run.status()).isZero();
    }

    @Test
    void select_withTransform_writesOneForRecordsOfTheTable() throws IOException {
        Path transform = directory.resolve("transform.json");

        CommandRun run = CommandRun.of(
                "select", "--csv", table, "--k", 1, "--ignore", "depth,a,b", "--transform", transform, "--out", "-");

        assertThat(run.status()).as(run.err()).isZero();
        assertThat(TransformProcess.fromJson(Files.readString(transform))
                        .getFinalSchema()
                        .getColumnNames())
                .containsExactly("load");
    }

    @Test
    void select_ofMoreColumnsThanThereAre_isRefusedBeforeAFileIsWritten() throws IOException {
        Path out = Files.writeString(directory.resolve("columns.csv"), "old");

        CommandRun run = CommandRun.of("select", "--csv", table, "--k", 8, "--out", out);

        assertThat(run.err()).contains("--k must be at most 7, the number of columns with features, got 8");
        assertThat(run.status()).isEqualTo(1);
        assertThat(out).hasContent("old");
    }

    /** The pixel in row 1 and column 2 is the brightness of an image; all others but one are a multiple of it. */
    private Path images() {
        Random random = new Random(7);
        INDArray values = Nd4j.zeros(DataType.FLOAT, 60, 12);
        for (int i = 0; i < 60; i++) {
            double brightness = random.nextDouble();
            for (int j = 0; j < 12; j++) {
                values.putScalar(i, j, j == 6 ? brightness : brightness * j / 12);
            }
            values.putScalar(i, 11, random.nextDouble() / 4);
        }
        return IdxFile.writeImages(
                directory.resolve("images.idx"),
                60,
                List.of(ImageSet.of(values, 3, 4, 1)).iterator());
    }

    @Test
    void select_ofImages_writesPlacesOfPixels() {
        CommandRun run = CommandRun.of("select", "--images", images(), "--k", 2);

        assertThat(run.status()).as(run.err()).isZero();
        List<String> lines = run.out().lines().toList();
        assertThat(lines).hasSize(3);
        assertThat(lines.get(0)).isEqualTo("rank,row,column,r2");
        assertThat(lines.get(1)).startsWith("1,1,2,0.9");
        assertThat(lines.get(2)).startsWith("2,2,3,");
        assertThat(run.err()).contains("of pixels", "12");
    }

    @Test
    void select_ofImagesWithOptionsOfTables_isRefused() {
        CommandRun run = CommandRun.of("select", "--images", images(), "--k", 2, "--transform", "t.json");

        assertThat(run.err()).contains("--transform needs --csv, got --images");
        assertThat(run.status()).isEqualTo(2);
        assertThat(CommandRun.of("select", "--images", images(), "--k", 13).err())
                .contains("--k must be at most 12, the values of an image of 3×4×1, got 13");
    }
}
