package io.github.dl4jae.quantized;

import static io.github.dl4jae.testing.NdArrayAssert.assertThatArray;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.github.dl4jae.testing.RefusesNull;
import java.util.Arrays;
import java.util.Random;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/** A prior of sequences whose distribution is known. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class IndexPriorTest implements RefusesNull {

    private static final int CODES = 3;
    private static final int[] SIDES = {2, 2};

    private IndexPrior prior;

    /**
     * 2 × 2 images of 3 codes: the first is uniform, the second follows the first by +1 with probability 0.9 (else it
     * is
     * the same), and the second row repeats the first. Entropy: ln 3 + h(0.9).
     */
    private static INDArray images(int count, long seed) {
        Random random = new Random(seed);
        int[] all = new int[count * 4];
        for (int n = 0; n < count; n++) {
            int first = random.nextInt(CODES);
            int second = random.nextDouble() < 0.9 ? (first + 1) % CODES : first;
            System.arraycopy(new int[] {first, second, first, second}, 0, all, 4 * n, 4);
        }
        return Nd4j.createFromArray(all).reshape(count, 1, SIDES[0], SIDES[1]);
    }

    @BeforeAll
    void fit() {
        prior = new IndexPrior.Builder()
                .codes(CODES)
                .units(16)
                .epochs(12)
                .batch(50)
                .learningRate(0.02)
                .fit(images(1000, 1));
    }

    /** 2,000 examples: the standard error of the mean is 0.015 nats. */
    @Test
    void logLikelihood_ofHeldOutExamples_isTheNegativeEntropy() {
        double[] found = prior.logLikelihood(images(2000, 2));

        double entropy = Math.log(3) - 0.9 * Math.log(0.9) - 0.1 * Math.log(0.1);
        assertThat(Arrays.stream(found).average().orElseThrow()).isCloseTo(-entropy, within(0.08));
    }

    /** All 81 images: a distribution sums to 1. */
    @Test
    void probabilities_ofAllExamples_sumToOne() {
        int[] all = IntStream.range(0, 81)
                .flatMap(i -> IntStream.of(i / 27, i / 9 % 3, i / 3 % 3, i % 3))
                .toArray();

        double[] found = prior.logLikelihood(Nd4j.createFromArray(all).reshape(81, 1, 2, 2));

        assertThat(Arrays.stream(found).map(Math::exp).sum()).isCloseTo(1, within(1e-5));
    }

    /** Frequencies of 3,000 samples differ from the model's probabilities by at most 5 standard errors. */
    @Test
    void samples_haveTheProbabilitiesOfTheModel() {
        INDArray samples = prior.sample(3000, 5);

        assertThatArray(samples).hasShape(3000, 1, 2, 2).hasType(DataType.INT32);
        INDArray likely = Nd4j.createFromArray(0, 1, 0, 1).reshape(1, 1, 2, 2);
        double p = Math.exp(prior.logLikelihood(likely)[0]);
        long count = IntStream.range(0, 3000)
                .filter(n -> samples.slice(n).reshape(1, 1, 2, 2).equals(likely.castTo(samples.dataType())))
                .count();
        assertThat(count / 3000.0).isCloseTo(p, within(5 * Math.sqrt(p * (1 - p) / 3000)));
        assertThatArray(prior.sample(3000, 5)).isEqualTo(samples);
    }

    @Test
    void lowTemperature_favorsLikelyIndices() {
        INDArray samples = prior.sample(new int[500], 0.1, 6);

        INDArray first = samples.castTo(DataType.DOUBLE).reshape(500, 4);
        INDArray step = first.getColumn(1).sub(first.getColumn(0)).addi(CODES);
        assertThat(step.eq(1).castTo(DataType.INT32).sumNumber().intValue()
                        + step.eq(CODES + 1).castTo(DataType.INT32).sumNumber().intValue())
                .isGreaterThan(495);
    }

    @Test
    void wrappedNetwork_isTheSamePrior() {
        IndexPrior wrapped = IndexPrior.of(prior.network(), 1, 2, 2);

        assertThat(wrapped.logLikelihood(images(10, 3))).isEqualTo(prior.logLikelihood(images(10, 3)));
        assertThat(wrapped.classes()).isZero();
    }

    /** With the class equal to the first index, the rest of the information is h(0.9). */
    @Test
    void classes_informThePrior() {
        INDArray train = images(600, 4);
        IndexPrior conditional = new IndexPrior.Builder()
                .codes(CODES)
                .classes(3)
                .units(12)
                .epochs(15)
                .batch(50)
                .learningRate(0.02)
                .fit(train, firsts(train));

        INDArray test = images(1000, 5);
        double mean = Arrays.stream(conditional.logLikelihood(test, firsts(test)))
                .average()
                .orElseThrow();

        assertThat(mean).isCloseTo(0.9 * Math.log(0.9) + 0.1 * Math.log(0.1), within(0.08));
        INDArray samples = conditional.sample(new int[] {2, 0, 1}, 1, 1);
        assertThat(firsts(samples)).containsExactly(2, 0, 1);
        assertThat(IndexPrior.of(conditional.network(), 1, 2, 2).classes()).isEqualTo(3);
        assertThatThrownBy(() -> conditional.sample(2, 1))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("IndexPrior: labels must be one class in [0, 3) for each of 2 examples");
    }

    private static int[] firsts(INDArray images) {
        return IntStream.range(0, (int) images.size(0))
                .map(n -> images.getInt(n, 0, 0, 0))
                .toArray();
    }

    /** A padded sequence has the likelihood of the sequence without its last steps. */
    @Test
    void padding_isNoPartOfTheLikelihood() {
        Random random = new Random(1);
        INDArray sequences = Nd4j.createFromArray(
                        random.ints(200 * 2 * 3, 0, CODES).toArray())
                .reshape(200, 2, 3);
        IndexPrior ofSequences =
                new IndexPrior.Builder().codes(CODES).units(5).epochs(1).fit(sequences);
        INDArray padded = sequences.slice(0).reshape(1, 2, 3).dup();
        padded.putScalar(new int[] {0, 0, 2}, -1);
        padded.putScalar(new int[] {0, 1, 2}, -1);
        IndexPrior shorter = IndexPrior.of(ofSequences.network(), 2, 2);
        INDArray cut = Nd4j.createFromArray(new int[][] {
                    {padded.getInt(0, 0, 0), padded.getInt(0, 0, 1)}, {padded.getInt(0, 1, 0), padded.getInt(0, 1, 1)}
                })
                .reshape(1, 2, 2);

        assertThat(ofSequences.logLikelihood(padded)[0]).isCloseTo(shorter.logLikelihood(cut)[0], within(1e-5));
        assertThatArray(ofSequences.sample(4, 1)).hasShape(4, 2, 3);
    }

    static Stream<Arguments> nulls() {
        return Stream.of(
                RefusesNull.call("network must be given", () -> IndexPrior.of(null, 1)),
                RefusesNull.call("listeners must be given", () -> new IndexPrior.Builder()
                        .listeners((org.deeplearning4j.optimize.api.TrainingListener[]) null)));
    }

    Stream<Arguments> wrong() {
        IndexPrior.Builder builder = new IndexPrior.Builder().codes(2).epochs(1);
        return Stream.of(
                Arguments.of(
                        "codes must be at least 2, got 0", (Runnable) () -> new IndexPrior.Builder().fit(images(3, 1))),
                Arguments.of("indices must be in [-1, 2), got 2", (Runnable) () -> builder.fit(images(30, 1))),
                Arguments.of("labels must be left out for a prior without classes", (Runnable)
                        () -> builder.fit(images(1, 1), new int[1])),
                Arguments.of("indices must have the shape [N, …] with [1, 2, 2] for each example", (Runnable)
                        () -> prior.logLikelihood(Nd4j.zeros(DataType.INT32, 2, 1, 4))),
                Arguments.of("the network must read at least 18 features, got 8", (Runnable)
                        () -> IndexPrior.of(prior.network(), 10, 2, 2)),
                Arguments.of("temperature must be above 0 and finite, got 0.0", (Runnable)
                        () -> prior.sample(new int[1], 0, 1)),
                Arguments.of("labels must be classes in [0, 1)", (Runnable) () -> prior.sample(new int[] {1}, 1, 1)));
    }

    @ParameterizedTest
    @MethodSource("wrong")
    void argument_outsideOfItsRange_isRefused(String message, Runnable call) {
        assertThatThrownBy(call::run)
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("IndexPrior: " + message);
    }
}
