package io.github.dl4jae.mdl;

import static io.github.dl4jae.testing.NdArrayAssert.assertThatArray;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import java.util.Random;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import org.deeplearning4j.exception.DL4JInvalidInputException;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

class FactorialCodeTest {

    private static final double QUANTUM = 1 / 64.0; // multiples are exact

    /** Two columns, each the sum of a coin of ±0.3 and normal noise: several vectors are close. */
    private static INDArray rows(int count, double noise) {
        SplittableRandom random = new SplittableRandom(4);
        double[][] x = new double[count][2];
        for (double[] row : x) {
            Arrays.setAll(
                    row,
                    j -> QUANTUM
                            * Math.rint(
                                    ((random.nextBoolean() ? 0.3 : -0.3) + noise * random.nextGaussian()) / QUANTUM));
        }
        return Nd4j.createFromArray(x);
    }

    private static FactorialVectorQuantizer quantizer(INDArray x) {
        return new FactorialVectorQuantizer.Builder()
                .groups(2)
                .units(3)
                .quantum(QUANTUM)
                .fit(x);
    }

    private static FactorialCode code(FactorialVectorQuantizer quantizer, boolean stochastic) {
        return stochastic ? FactorialCode.stochastic(quantizer) : FactorialCode.twoPart(quantizer);
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void decompressedRows_areTheSame(boolean stochastic) {
        INDArray x = rows(100, 0.3);
        FactorialCode code = code(quantizer(x), stochastic);

        assertThatArray(code.decompress(code.compress(x).bytes())).isEqualTo(x);
    }

    /** Values beyond the table take the escape symbol. */
    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void remoteValues_areCodedToo(boolean stochastic) {
        FactorialCode code = code(quantizer(rows(100, 0.3)), stochastic);
        INDArray remote = Nd4j.createFromArray(new double[][] {{1e6, -1e6}, {0, 3}, {-QUANTUM * Integer.MAX_VALUE, 0}});

        assertThatArray(code.decompress(code.compress(remote).bytes())).isEqualTo(remote);
    }

    @Tag("slow")
    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void ledger_addsUpToTheStream_andIsThatOfTheQuantizer(boolean stochastic) {
        INDArray x = rows(4000, 0.3);
        FactorialVectorQuantizer quantizer = quantizer(x);

        CodedExamples coded = code(quantizer, stochastic).compress(x);

        DescriptionLength ledger = coded.ledger();
        DescriptionLength expected = stochastic ? quantizer.describe(x) : quantizer.describeTwoPart(x);
        assertThat(ledger.total()).isCloseTo(8.0 * coded.bytes().length, within(0.01 * ledger.total() / 100));
        assertThat(ledger.total() - ledger.overhead()).isCloseTo(expected.total(), within(0.005 * expected.total()));
        assertThat(ledger.codes()).isCloseTo(expected.codes(), within(0.02 * expected.codes()));
        assertThat(ledger.bitsBack()).isCloseTo(expected.bitsBack(), within(0.02 * expected.bitsBack() + 1e-9));
    }

    /** Hinton and Zemel: where several vectors are close, the free choice pays. */
    @Tag("slow")
    @Test
    void stochasticStream_isShorter_whereVectorsAreClose() {
        INDArray x = rows(4000, 0.3);
        FactorialVectorQuantizer quantizer = quantizer(x);

        assertThat(FactorialCode.stochastic(quantizer).compress(x).bytes().length)
                .isLessThan((int)
                        (0.97 * FactorialCode.twoPart(quantizer).compress(x).bytes().length));
    }

    private static void requireRefusedOr(INDArray x, FactorialCode code, byte[] bytes) {
        Throwable thrown =
                catchThrowable(() -> assertThatArray(code.decompress(bytes)).isEqualTo(x));
        if (thrown != null) {
            assertThat(thrown).isInstanceOf(DL4JInvalidInputException.class);
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void mutations_areRefused(boolean stochastic) {
        INDArray x = rows(20, 0.3);
        FactorialCode code = code(quantizer(x), stochastic);
        byte[] bytes = code.compress(x).bytes();
        Random random = new Random(1);

        assertThat(IntStream.range(0, 2000).mapToObj(i -> {
                    byte[] copy = bytes.clone();
                    copy[random.nextInt(copy.length)] ^= (byte) (1 << random.nextInt(8));
                    return copy;
                }))
                .allSatisfy(each -> requireRefusedOr(x, code, each));
    }

    @Test
    void streamOfAnotherQuantizerOrCode_isRefused() {
        INDArray x = rows(50, 0.3);
        FactorialVectorQuantizer quantizer = quantizer(x);
        byte[] bytes = FactorialCode.twoPart(quantizer).compress(x).bytes();

        assertThatThrownBy(() -> FactorialCode.stochastic(quantizer).decompress(bytes))
                .isInstanceOf(DL4JInvalidInputException.class)
                .hasMessageContaining("must be of the stochastic code");
        assertThatThrownBy(() -> FactorialCode.twoPart(quantizer(rows(60, 0.1))).decompress(bytes))
                .isInstanceOf(DL4JInvalidInputException.class);
    }

    @Test
    void wrongArguments_areRefusedByName() {
        FactorialCode code = FactorialCode.twoPart(quantizer(rows(50, 0.3)));

        assertThatThrownBy(() -> FactorialCode.twoPart(null)).hasMessageContaining("quantizer must be given");
        assertThatThrownBy(() -> code.compress(Nd4j.zeros(3, 5)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("data must have 2 columns");
        assertThatThrownBy(() -> code.compress(Nd4j.createFromArray(new double[][] {{1e12, 0}})))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("2^31 quanta");
    }
}
