package io.github.dl4jae.examples.bench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.dl4jae.Autoencoders;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import javax.imageio.ImageIO;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.dataset.DataSet;
import org.nd4j.linalg.factory.Nd4j;
import picocli.CommandLine;

class BenchTest {

    @ParameterizedTest
    @EnumSource(names = {"MLP_B128", "VAE_B128", "ENCODE_60000"})
    void bothNetworksOfACase_haveTheSameParametersAndLearn(BenchCase shape) {
        requireSameParametersAndLearning(shape);
    }

    @Tag("slow")
    @ParameterizedTest
    @EnumSource(
            names = {"MLP_B128", "VAE_B128", "ENCODE_60000", "READ_1000000X20"}, // that is no network
            mode = EnumSource.Mode.EXCLUDE)
    void bothNetworksOfOtherCases_haveTheSameParametersAndLearn(BenchCase shape) {
        requireSameParametersAndLearning(shape);
    }

    private static void requireSameParametersAndLearning(BenchCase shape) {
        MultiLayerNetwork ours = BenchNetworks.create(shape, true);
        MultiLayerNetwork stock = BenchNetworks.create(shape, false);
        if (shape.kind == BenchCase.Kind.VAE) {
            // the same parameters in another order: the stock layer is one, and keeps both heads of the code apart
            assertThat(ours.numParams()).isEqualTo(stock.numParams());
            assertThat(ours.getParam("0_W")).isEqualTo(stock.getParam("0_e0W"));
        } else if (shape.kind == BenchCase.Kind.DICTIONARY) {
            // other parameters of the same sizes
            assertThat(ours.getParam("0_Wenc").shape())
                    .isEqualTo(stock.getParam("0_W").shape());
            assertThat(ours.getParam("0_Wdec").shape())
                    .isEqualTo(stock.getParam("1_W").shape());
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
    void operations_ofSymbolsAndSingleExamples_areThoseOfTheirProducts() {
        long perStep = 512 * 40 + 512 * 128 + 2 * 512 * 128 + 128 * 40; // four gates of 128 units
        assertThat(BenchCase.SEQ2SEQ_B64.operations()).isEqualTo(2L * 64 * 30 * (3 * perStep - 512 * 40));
        assertThat(BenchCase.ENCODE_1.operations()).isEqualTo(2 * (784 * 512 + 512 * 64));
        assertThat(BenchCase.OUTPUT_1.operations()).isEqualTo(2 * 868_352);
    }

    @Test
    void symbols_areOneHotAtEachStep() {
        INDArray x = BenchNetworks.data(BenchCase.SEQ2SEQ_B64, 5).getFeatures();
        assertThat(x.shape()).containsExactly(5, 40, 30);
        assertThat(x.sum(1)).isEqualTo(Nd4j.ones(5, 30));
        assertThat(x.sumNumber().intValue())
                .isEqualTo(x.gt(0).castTo(x.dataType()).sumNumber().intValue());
    }

    @Test
    void encodingASingleExample_givesTheCodeThatThePeerReads() {
        MultiLayerNetwork network = BenchNetworks.create(BenchCase.ENCODE_1, false);
        INDArray x = BenchNetworks.data(BenchCase.ENCODE_1, 1).getFeatures();
        INDArray code = Autoencoders.of(network, BenchSteps.CODE_LAYER).encode(x);
        assertThat(code.shape()).containsExactly(1, 64);
        List<INDArray> activations = network.feedForwardToLayer(BenchSteps.CODE_LAYER, x, false);
        assertThat(activations.get(activations.size() - 1)).isEqualTo(code);
    }

    @ParameterizedTest
    @EnumSource
    void peer_hasTheCasesThatPyTorchTakesPartIn(BenchCase shape) throws IOException {
        try (InputStream script = Bench.class.getResourceAsStream("peer.py")) {
            String cases = new String(script.readAllBytes(), StandardCharsets.UTF_8);
            assertThat(cases.contains('"' + shape.label() + '"')).isEqualTo(Contender.TORCH.takesPartIn(shape));
        }
    }

    @Tag("slow")
    @ParameterizedTest
    @EnumSource(names = {"OURS", "STOCK_TUNED", "FASTCSV"})
    void table_isReadByEachContenderOfItsCase(Contender contender) {
        assertThat(contender.takesPartIn(BenchCase.READ_1000000X20)).isTrue();

        assertThatCode(() -> new TableReading(500, 3).step(contender).accept(0)).doesNotThrowAnyException();
    }

    private static Exception failureOf(StringWriter err, String... arguments) {
        Exception[] thrown = new Exception[1];
        new CommandLine(new Bench())
                .setCaseInsensitiveEnumValuesAllowed(true)
                .setErr(new PrintWriter(err))
                .setExecutionExceptionHandler((exception, command, parsed) -> {
                    thrown[0] = exception;
                    return 1;
                })
                .execute(arguments);
        return thrown[0];
    }

    @Test
    void wrongArguments_saySo() {
        StringWriter err = new StringWriter();
        assertThat(failureOf(err, "--cases", "mlp")).hasMessageStartingWith("bench: a case must be one of mlp-b1, ");
        assertThat(failureOf(err, "--rounds", "0")).hasMessageContaining("--rounds and --pairs must be at least 1");
        assertThat(failureOf(err, "--seconds", "NaN")).hasMessageContaining("got 3, 6 and NaN");
        assertThat(failureOf(err, "--busy", "1", "--together", "2"))
                .hasMessageContaining("only one of them above that, got 1 and 2");
        assertThatThrownBy(() -> BenchCase.named("")).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void pyTorchAlone_withoutAPythonThatHasIt_isRefused() {
        StringWriter err = new StringWriter();
        assertThat(failureOf(err, "--contenders", "torch"))
                .hasMessageContaining("--contenders must name one that can be measured, got [TORCH]");
        assertThat(err.toString()).contains("PyTorch is left out; --python PROGRAM adds it");
        assertThat(failureOf(err, "--contenders", "torch", "--python", "/nowhere/python"))
                .hasMessageContaining("got [TORCH]");
        assertThat(err.toString()).contains("PyTorch is left out, because /nowhere/python cannot be started");
    }

    @Tag("slow")
    @Test
    void run_withoutPyTorch_saysSoAndMeasuresTheOthers(@TempDir Path out) throws IOException {
        StringWriter text = new StringWriter();
        StringWriter err = new StringWriter();
        CommandLine bench = new CommandLine(new Bench())
                .setCaseInsensitiveEnumValuesAllowed(true)
                .setOut(new PrintWriter(text))
                .setErr(new PrintWriter(err));
        assertThat(bench.execute(
                        "--quick",
                        "--pairs=2",
                        "--seconds=0.05",
                        "--busy=1",
                        "--cases=encode-1",
                        "--contenders=ours,torch",
                        "--python=/nowhere/python",
                        "--out=" + out))
                .as(text.toString())
                .isZero();
        assertThat(err.toString()).contains("PyTorch is left out, because /nowhere/python cannot be started");
        assertThat(text.toString())
                .containsPattern("encode-1 \\(µs\\) +dl4j-ae ")
                .contains("Slowdown under load (1 busy, ")
                .containsPattern("dl4j-ae +OpenBLAS kernel \\w+, \\d+ threads");
        assertThat(ImageIO.read(out.resolve("bench.png").toFile()).getWidth()).isEqualTo(1000);
        try (var files = Files.list(out)) {
            assertThat(files.map(file -> file.getFileName().toString()))
                    .containsExactlyInAnyOrder("bench.json", "bench.png", "peer.py"); // nothing temporary is left
        }
    }
}
