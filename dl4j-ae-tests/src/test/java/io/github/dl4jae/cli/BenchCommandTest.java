package io.github.dl4jae.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.nd4j.shade.jackson.databind.JsonNode;
import org.nd4j.shade.jackson.databind.ObjectMapper;

class BenchCommandTest {

    private static final double SECONDS = 0.01;

    @TempDir
    private Path directory;

    @Tag("slow")
    @Test
    void bench_ofNumbers_hasALineForEachKindAndStock() {
        CommandRun run = CommandRun.of("bench", "--columns", 5, "--batch", 8, "--seconds", SECONDS);

        assertThat(run.status()).as(run.err()).isZero();
        List<String> lines = run.out().lines().toList();
        assertThat(lines.get(0).strip().split(" {2,}"))
                .containsExactly("parameters", "trained rows/s", "scored rows/s");
        assertThat(lines.subList(1, lines.size()))
                .extracting(line -> line.substring(0, line.indexOf(' ')))
                .containsExactly("stock", "undercomplete", "denoising", "k-sparse", "kl-sparse", "contractive", "vae");
    }

    @Test
    void bench_ofTable_measuresReadingAndEqualNetworks() throws IOException {
        Path table = Sensors.write(directory.resolve("t.csv"), Sensors.rows(50, 1), new int[] {0, 1, 2, 3, 4, 5});

        CommandRun run =
                CommandRun.of("bench", "--csv", table, "--kind", "undercomplete", "--seconds", SECONDS, "--json");

        assertThat(run.status()).as(run.err()).isZero();
        JsonNode json = new ObjectMapper().readTree(run.out());
        assertThat(json.get("read rows/s").asLong()).isPositive();
        assertThat(json).hasSize(3);
        assertThat(json.at("/stock/parameters")).isEqualTo(json.at("/undercomplete/parameters"));
        assertThat(json.get("stock").get("trained rows/s").asLong()).isPositive();
        assertThat(json.get("undercomplete").get("scored rows/s").asLong()).isPositive();
    }
}
