package io.github.dl4jae.examples.bench;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.nd4j.shade.jackson.databind.JsonNode;
import org.nd4j.shade.jackson.databind.ObjectMapper;

class BenchReportTest {

    private static void add(CaseMeasurements measurements, Contender contender, String... lines) {
        Stream.of(lines).map(Measurement::parse).forEach(each -> measurements.add(contender, each, List.of()));
    }

    /** Medians 3 and 4, so 3.5, against 6 and 5: ratios 0.5 and 0.8, so 0.65. */
    private static CaseMeasurements dense() {
        CaseMeasurements dense = new CaseMeasurements(BenchCase.MLP_B128);
        add(dense, Contender.OURS, "measured 300.5 3 1 3.5", "measured 310 4 2 4.5");
        add(dense, Contender.TORCH, "measured 200 6 6 6", "measured 190 5 5 5");
        return dense;
    }

    private static CaseMeasurements latency() {
        CaseMeasurements latency = new CaseMeasurements(BenchCase.ENCODE_1);
        add(latency, Contender.OURS, "measured 250 0.05 0.04 0.06");
        add(latency, Contender.TORCH, "measured NaN 1 0.5 1.1");
        return latency;
    }

    @Test
    void table_hasTimesRatiosIntervalsAndMemory() {
        BenchReport report = new BenchReport(new Load(0, 1), 2);
        report.add(dense());
        report.add(latency());
        report.addKernels(Map.of(Contender.OURS, "OpenBLAS kernel Zen, 2 threads"));

        // mlp-b128: 2·128·(3·868,352 − 784·512) = 564 million operations; encode-1: 868,352
        assertThat(report.text()).isEqualTo("""
                Milliseconds per step, or microseconds where marked: the median over pairs, and the fastest step.
                Ratio: the time of dl4j-ae divided by the contender's, the median over pairs, with a 95 % interval.
                Stock Deeplearning4j lacks top-k, contraction and selectors: its networks of these sizes are dense.
                case                                          \
                    median   minimum  GFLOP/s  peak MiB  ratio  95 % interval  pairs
                mlp-b128                  dl4j-ae             \
                      3.50      1.00    161.2       310                            2
                mlp-b128                  PyTorch             \
                      5.50      5.00    102.6       200   0.65  0.50 to 0.80       2
                encode-1 (µs)             dl4j-ae             \
                     50.00     40.00     17.4       250                            1
                encode-1 (µs)             PyTorch             \
                   1000.00    500.00      0.9       NaN  0.050  0.050 to 0.050     1

                Native libraries
                dl4j-ae              OpenBLAS kernel Zen, 2 threads
                """);
    }

    @Test
    void table_underLoad_hasSlowdownsOfMeanTimes() {
        CaseMeasurements dense = new CaseMeasurements(BenchCase.MLP_B128);
        Measurement fast = Measurement.parse("measured 1 2 2 2");
        Measurement slow = Measurement.parse("measured 1 2 2 4"); // the median does not show the waiting
        Measurement slower = Measurement.parse("measured 1 2 2 5");
        dense.add(Contender.OURS, fast, List.of(slow, slow));
        dense.add(Contender.TORCH, fast, List.of(slower, slow)); // 4.5
        BenchReport report = new BenchReport(new Load(0, 2), 2);
        report.add(dense);

        assertThat(report.text()).endsWith("""

                Slowdown under load (2 together, 2 processors): mean milliseconds per step, under load and alone.
                Ratio: the time of dl4j-ae divided by the contender's, both under load.
                case                                          \
                     alone    loaded slowdown  95 % interval  share          ratio  95 % interval  pairs
                mlp-b128                  dl4j-ae             \
                     2.000     4.000     2.00  2.00 to 2.00   2.00                                     1
                mlp-b128                  PyTorch             \
                     2.000     4.500     2.25  2.25 to 2.25   2.00            0.89  0.89 to 0.89       1
                """);
    }

    @Test
    void failedContender_isReportedAndLeftOut() {
        CaseMeasurements dense = dense();
        dense.fail(Contender.TORCH, "bench: PyTorch on mlp-b128 failed (killed)");
        BenchReport report = new BenchReport(new Load(0, 1), 2);
        report.add(dense);
        assertThat(report.hasFailures()).isTrue();
        assertThat(report.text()).endsWith("\n\nbench: PyTorch on mlp-b128 failed (killed)\n");
        assertThat(report.text()).doesNotContain("mlp-b128                  PyTorch");
    }

    @Test
    void files_holdPairsIntervalsAndALoad(@TempDir Path directory) throws IOException {
        BenchReport report = new BenchReport(new Load(1, 1), 2);
        CaseMeasurements dense = new CaseMeasurements(BenchCase.MLP_B128);
        Measurement ours = Measurement.parse("measured 1 3 3 3");
        Measurement theirs = Measurement.parse("measured 1 6 6 6");
        dense.add(Contender.OURS, ours, List.of(theirs));
        dense.add(Contender.TORCH, theirs, List.of(theirs));
        report.add(dense);
        CaseMeasurements alone = latency();
        alone.fail(Contender.OURS, "bench: dl4j-ae on encode-1 failed");
        report.add(alone);

        report.writeJson(directory.resolve("bench.json"));
        JsonNode results = new ObjectMapper()
                .readTree(directory.resolve("bench.json").toFile())
                .get("results");
        JsonNode torch = results.get(1);
        assertThat(torch.get("contender").asText()).isEqualTo("PyTorch");
        assertThat(torch.get("ourTimeOverTheirs").get("median").asDouble()).isEqualTo(0.5);
        assertThat(torch.get("mediansOfPairs").get(0).asDouble()).isEqualTo(6);
        assertThat(torch.get("slowdown").get("median").asDouble()).isEqualTo(1);
        assertThat(results.get(0).get("slowdown").get("high").asDouble()).isEqualTo(2);
        assertThat(results.get(2).has("ourTimeOverTheirs")).isFalse(); // nothing to compare with
        report.writeChart(directory.resolve("bench.png"));
        assertThat(ImageIO.read(directory.resolve("bench.png").toFile()).getWidth())
                .isEqualTo(1000);
        try (var files = Files.list(directory)) {
            assertThat(files).hasSize(2); // nothing temporary is left
        }
    }
}
