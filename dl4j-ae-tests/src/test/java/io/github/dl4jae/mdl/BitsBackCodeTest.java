package io.github.dl4jae.mdl;

import static io.github.dl4jae.testing.NdArrayAssert.assertThatArray;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;
import static org.assertj.core.api.Assertions.within;

import io.github.dl4jae.coding.CodedStream;
import io.github.dl4jae.testing.JavaProcess;
import io.github.dl4jae.variational.LatentPrior;
import io.github.dl4jae.variational.VariationalModel;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Random;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.deeplearning4j.exception.DL4JInvalidInputException;
import org.deeplearning4j.nn.conf.CNN2DFormat;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.ops.transforms.Transforms;

class BitsBackCodeTest {

    @ParameterizedTest
    @ValueSource(ints = {2, 3, 8, 256})
    void decompressedExamples_areTheSame(int levels) {
        BitsBackCode code = BitsBackCode.of(SmallModels.model(levels, 3));
        INDArray x = SmallModels.rows(20, levels);

        CodedExamples coded = code.compress(x);

        assertThatArray(code.decompress(coded.bytes())).isEqualTo(x);
        assertThat(coded.count()).isEqualTo(20);
        assertThat(coded.features()).isEqualTo(SmallModels.FEATURES);
    }

    @ParameterizedTest
    @ValueSource(ints = {2, 8})
    void ledger_addsUpToTheStream(int levels) {
        CodedExamples coded = BitsBackCode.of(SmallModels.model(levels, 3)).compress(SmallModels.rows(50, levels));

        assertThat(coded.ledger().total()).isCloseTo(8.0 * coded.bytes().length, within(0.5));
        assertThat(coded.bitsPerFeature()).isCloseTo(8.0 * coded.bytes().length / 50 / 60, within(1e-12));
        assertThat(coded.bitsPerFeature() - coded.bitsPerFeatureWithoutSeed())
                .isCloseTo(coded.seedBits() / 50 / 60, within(1e-12));
    }

    /** −ELBO with many samples, by another way: the densities of the model. */
    @Tag("slow")
    @ParameterizedTest
    @ValueSource(ints = {2, 8})
    void length_isTheNegativeElbo(int levels) {
        VariationalModel model = SmallModels.trained(levels);
        INDArray x = SmallModels.rows(400, levels);

        DescriptionLength coded = BitsBackCode.of(model).compress(x).ledger();
        DescriptionLength expected = DescriptionLength.estimate(model, x, 1, 20, 5);

        assertThat(coded.total() - coded.overhead()).isCloseTo(expected.total(), within(0.01 * expected.total()));
        assertThat(coded.residuals()).isCloseTo(expected.residuals(), within(0.02 * expected.residuals()));
        assertThat(coded.total()).isLessThan(0.9 * 400 * 60 * Math.log(levels) / Math.log(2));
    }

    static Stream<LatentPrior> mixtures() {
        return Stream.of(new LatentPrior.GaussianMixture(5), new LatentPrior.Vamp(6));
    }

    @Tag("slow")
    @ParameterizedTest
    @MethodSource("mixtures")
    void lengthUnderAMixture_isTheNegativeElbo(LatentPrior prior) {
        VariationalModel model = SmallModels.trained(2, prior);
        INDArray x = SmallModels.rows(400, 2);
        BitsBackCode code = BitsBackCode.of(model);

        CodedExamples coded = code.compress(x);

        DescriptionLength expected = DescriptionLength.estimate(model, x, 1, 20, 5);
        DescriptionLength ledger = coded.ledger();
        assertThat(ledger.total() - ledger.overhead()).isCloseTo(expected.total(), within(0.01 * expected.total()));
        assertThat(ledger.total()).isCloseTo(8.0 * coded.bytes().length, within(0.5));
        assertThatArray(code.decompress(coded.bytes())).isEqualTo(x);
    }

    @Test
    void conditionalExamples_areDecompressed_underTheirConditions() {
        VariationalModel free = VariationalModel.of(SmallModels.conditional(), "z");
        INDArray x = SmallModels.rows(10, 2);
        INDArray y = Nd4j.rand(DataType.FLOAT, 10, 2).muli(4);
        BitsBackCode code = BitsBackCode.of(free.given(y));
        byte[] bytes = code.compress(x).bytes();

        assertThatArray(code.decompress(bytes)).isEqualTo(x);
        assertThatThrownBy(() -> BitsBackCode.of(free.given(y.neg())).decompress(bytes))
                .isInstanceOf(DL4JInvalidInputException.class);
        assertThatThrownBy(() -> BitsBackCode.of(free.given(y)).compress(SmallModels.rows(11, 2)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("a condition must have one row, or one for example 10");
    }

    /** The order of the features is that of the model: the probability of the levels is the likelihood. */
    @ParameterizedTest
    @EnumSource(CNN2DFormat.class)
    void images_areDecompressedInTheirShape(CNN2DFormat format) {
        VariationalModel model = SmallModels.ofImages(format);
        long[] shape = format == CNN2DFormat.NCHW ? new long[] {6, 2, 4, 5} : new long[] {6, 4, 5, 2};
        INDArray x = Transforms.round(Nd4j.rand(DataType.FLOAT, shape).muli(3)).divi(3);
        BitsBackCode code = BitsBackCode.of(model);

        CodedExamples coded = code.compress(x);

        assertThatArray(code.decompress(coded.bytes())).isEqualTo(x);
        DescriptionLength expected = DescriptionLength.estimate(model, x, 1, 200, 5);
        assertThat(coded.ledger().residuals()).isCloseTo(expected.residuals(), within(0.02 * expected.residuals()));
        assertThat(model.reconstruct(x).shape()).isEqualTo(shape);
    }

    private static void requireRefusedOr(INDArray x, BitsBackCode code, byte[] bytes) {
        Throwable thrown =
                catchThrowable(() -> assertThatArray(code.decompress(bytes)).isEqualTo(x));
        if (thrown != null) {
            assertThat(thrown).isInstanceOf(DL4JInvalidInputException.class);
        }
    }

    private static byte[] mutated(byte[] bytes, Random random) {
        byte[] copy = bytes.clone();
        copy[random.nextInt(copy.length)] ^= (byte) (1 << random.nextInt(8));
        return copy;
    }

    @Test
    void mutations_areRefused() {
        BitsBackCode code = BitsBackCode.of(SmallModels.model(2, 3));
        INDArray x = SmallModels.rows(5, 2);
        byte[] bytes = code.compress(x).bytes();
        Random random = new Random(1);

        assertThat(IntStream.range(0, 10_000).mapToObj(i -> mutated(bytes, random)))
                .allSatisfy(each -> requireRefusedOr(x, code, each));
    }

    /** The container is valid, and the contents are not: the decoder itself must notice. */
    @Test
    void mutationsInValidContainers_areRefused() {
        BitsBackCode code = BitsBackCode.of(SmallModels.model(2, 3));
        INDArray x = SmallModels.rows(5, 2);
        CodedStream stream = CodedStream.parse(code.compress(x).bytes(), "bits-back");
        byte[] header = stream.section(0).array();
        byte[] words = stream.section(1).array();
        Random random = new Random(2);

        assertThat(IntStream.range(0, 400)
                        .mapToObj(i -> i % 4 == 0
                                ? CodedStream.of("bits-back", mutated(header, random), words)
                                : CodedStream.of("bits-back", header, mutated(words, random))))
                .allSatisfy(each -> requireRefusedOr(x, code, each.toBytes()));
    }

    @Test
    void streamOfAnotherModel_isRefused() {
        byte[] bytes = BitsBackCode.of(SmallModels.model(2, 3))
                .compress(SmallModels.rows(5, 2))
                .bytes();

        assertThatThrownBy(() -> BitsBackCode.of(SmallModels.model(2, 4)).decompress(bytes))
                .isInstanceOf(DL4JInvalidInputException.class);
        assertThatThrownBy(() -> BitsBackCode.of(SmallModels.model(8, 3)).decompress(bytes))
                .isInstanceOf(DL4JInvalidInputException.class)
                .hasMessage("BitsBackCode: the model must have 2 levels, got 8");
        assertThatThrownBy(() -> BitsBackCode.of(SmallModels.model(2, 3)).decompress(bytes, 4))
                .isInstanceOf(DL4JInvalidInputException.class)
                .hasMessage("BitsBackCode: the stream must have 1 to 4 examples, got 5");
    }

    @Test
    void wrongArguments_areRefusedByName() {
        BitsBackCode code = BitsBackCode.of(SmallModels.model(2, 3));
        assertThatThrownBy(() -> code.compress(Nd4j.valueArrayOf(new long[] {2, 60}, 0.5)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("values must be levels");
        assertThatThrownBy(() -> code.compress(Nd4j.valueArrayOf(new long[] {2, 60}, Double.NaN)))
                .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> BitsBackCode.of(null)).hasMessageContaining("model must be given");
    }

    /** Compresses in a JVM of its own, or decompresses. */
    static final class Program {

        private Program() {}

        /**
         * Runs.
         *
         * @param arguments levels, "write" or "read", a file
         */
        public static void main(String[] arguments) throws IOException {
            int levels = Integer.parseInt(arguments[0]);
            Path file = Path.of(arguments[2]);
            BitsBackCode code = BitsBackCode.of(SmallModels.model(levels, 3));
            INDArray x = SmallModels.rows(100, levels);
            if (arguments[1].equals("write")) {
                Files.write(file, code.compress(x).bytes());
            } else {
                System.out.print(code.decompress(Files.readAllBytes(file)).equals(x));
            }
        }
    }

    private static String run(String threads, Object... arguments) throws IOException, InterruptedException {
        ProcessBuilder builder = JavaProcess.of("256m", "256m", Program.class, arguments);
        builder.environment().put("OMP_NUM_THREADS", threads);
        builder.environment().put("OPENBLAS_NUM_THREADS", threads);
        Process process = builder.start();
        try {
            String printed = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            assertThat(process.waitFor()).as(printed).isZero();
            return printed;
        } finally {
            process.destroyForcibly();
        }
    }

    @Tag("slow")
    @ParameterizedTest
    @CsvSource({"2, 1, 2", "256, 2, 1"})
    void stream_ofAnotherJvmWithOtherThreads_isDecoded(
            int levels, String writing, String reading, @TempDir Path directory) throws Exception {
        Path file = directory.resolve("stream");
        run(writing, levels, "write", file);

        assertThat(run(reading, levels, "read", file)).isEqualTo("true");
        assertThat(Files.readAllBytes(file))
                .isEqualTo(BitsBackCode.of(SmallModels.model(levels, 3))
                        .compress(SmallModels.rows(100, levels))
                        .bytes());
    }
}
