package io.github.dl4jae.examples.bench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import javax.imageio.ImageIO;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.dataset.DataSet;
import org.nd4j.shade.jackson.databind.JsonNode;
import org.nd4j.shade.jackson.databind.ObjectMapper;
import picocli.CommandLine;

class BenchTest {

    @ParameterizedTest
    @EnumSource
    void bothNetworksOfACase_haveTheSameParametersAndLearn(BenchCase shape) {
        MultiLayerNetwork ours = BenchNetworks.create(shape, true);
        MultiLayerNetwork stock = BenchNetworks.create(shape, false);
        if (shape.kind == BenchCase.Kind.VAE) {
            // the same parameters in another order: the stock layer is one, and keeps both heads of the code apart
            assertThat(ours.numParams()).isEqualTo(stock.numParams());
            assertThat(ours.getParam("0_W")).isEqualTo(stock.getParam("0_e0W"));
        } else {
            assertThat(ours.params()).isEqualTo(stock.params());
        }

        DataSet data = BenchNetworks.data(shape, 64);
        if (shape.kind == BenchCase.Kind.ENCODE) {
            INDArray x = data.getFeatures();
            assertThat(ours.output(x).sub(stock.output(x)).amaxNumber().doubleValue())
                    .isLessThan(1e-5);
        } else {
            ours.fit(data);
            double first = ours.score();
            ours.fit(data);
            ours.fit(data);
            assertThat(ours.score()).isFinite().isLessThan(first);
        }
    }

    @Test
    void operations_ofATrainingStep_areThoseOfItsProducts() {
        // 784·512 + 512·64 + 64·512 + 512·784 = 868,352 weights; three products each, but two in the first layer
        assertThat(BenchCase.MLP_B128.operations()).isEqualTo(2L * 128 * (3 * 868_352 - 784 * 512));
        assertThat(BenchCase.ENCODE_60000.operations()).isEqualTo(2L * 60_000 * (784 * 512 + 512 * 64));
    }

    @Test
    void operations_ofConvolutionsAndSteps_areThoseOfTheirProducts() {
        long convolutions = 196 * 9 * 16 + 49 * 144 * 32 + 1568 * 64 + 64 * 1568 + 49 * 256 * 32 + 196 * 16 * 16;
        assertThat(BenchCase.CONV_B128.operations()).isEqualTo(2L * 128 * (3 * convolutions - 196 * 9 * 16));
        long perStep = 8 * 256 + 64 * 256 + 64 * 256 + 64 * 256 + 64 * 8; // four gates of 64 units
        assertThat(BenchCase.LSTM_B64_T50.operations()).isEqualTo(2L * 64 * 50 * (3 * perStep - 8 * 256));
    }

    @Test
    void report_holdsMediansRatiosAndMemory(@TempDir Path directory) throws IOException {
        BenchReport report = new BenchReport();
        report.add(
                BenchCase.MLP_B128,
                Map.of(
                        Contender.OURS,
                        List.of(Measurement.parse("measured 300.5 3 1 2"), Measurement.parse("measured 310 4 4 5")),
                        Contender.TORCH,
                        List.of(Measurement.parse("measured 200 6 6 6"))));

        // medians 2 and 4 of the rounds, so 3; against 6
        assertThat(report.table()).containsPattern("mlp-b128 +dl4j-ae +3.00 +1.00 +\\d+ +310 +1.00");
        assertThat(report.table()).containsPattern("mlp-b128 +PyTorch +6.00 +6.00 +\\d+ +200 +0.50");
        report.writeJson(directory.resolve("bench.json"));
        JsonNode torch = new ObjectMapper()
                .readTree(directory.resolve("bench.json").toFile()).get("results").findParents("contender").stream()
                        .filter(each -> each.get("contender").asText().equals("PyTorch"))
                        .findFirst()
                        .orElseThrow();
        assertThat(torch.get("ourTimeOverTheirs").asDouble()).isEqualTo(0.5);
        report.writeChart(directory.resolve("bench.png"));
        assertThat(ImageIO.read(directory.resolve("bench.png").toFile()).getWidth())
                .isEqualTo(1000);
        try (var files = Files.list(directory)) {
            assertThat(files).hasSize(2); // nothing temporary is left
        }
    }

    private static Exception failureOf(String... arguments) {
        Exception[] thrown = new Exception[1];
        new CommandLine(new Bench())
                .setExecutionExceptionHandler((exception, command, parsed) -> {
                    thrown[0] = exception;
                    return 1;
                })
                .execute(arguments);
        return thrown[0];
    }

    @Test
    void wrongArguments_saySo() {
        assertThat(failureOf("--cases", "mlp")).hasMessageStartingWith("bench: a case must be one of mlp-b1, ");
        assertThat(failureOf("--rounds", "0")).hasMessageContaining("--rounds must be at least 1");
        assertThat(failureOf("--python", "/nowhere/python"))
                .hasMessageContaining("--python must be a program that can be started, got /nowhere/python");
        assertThatThrownBy(() -> BenchCase.named("")).isInstanceOf(IllegalArgumentException.class);
    }
}
