package io.github.dl4jae.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

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
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
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
}
