package io.github.dl4jae.coding;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.Random;
import java.util.stream.IntStream;
import org.apache.commons.math3.distribution.NormalDistribution;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class NormalBucketsTest {

    private static final NormalBuckets BUCKETS = NormalBuckets.of(8, 20);

    /** Medians of the outermost and the middle buckets, Φ⁻¹(0.5/256) and Φ⁻¹(128.5/256), from a table. */
    @Test
    void centers_goldenValues() {
        assertThat(BUCKETS.center(0)).isCloseTo(-2.88564, within(1e-4));
        assertThat(BUCKETS.center(128)).isCloseTo(0.0048957, within(1e-6));
        assertThat(BUCKETS.center(255)).isCloseTo(2.88564, within(1e-4));
    }

    @ParameterizedTest
    @CsvSource({"0, 1", "0.3, 0.05", "-2.7, 0.2", "5, 0.01", "-40, 3", "1, 1e-9", "0, 1e6"})
    void posterior_popAndPush_areInverse(double mean, double deviation) {
        AnsStack stack = AnsStack.seeded(2000, 3);
        int[] before = stack.toWords();
        int[] buckets = IntStream.range(0, 1000)
                .map(i -> BUCKETS.popPosterior(stack, mean, deviation))
                .toArray();
        for (int i = buckets.length - 1; i >= 0; i--) {
            BUCKETS.pushPosterior(stack, buckets[i], mean, deviation);
        }

        assertThat(stack.toWords()).containsExactly(before);
    }

    /** Popping random bits samples the posterior. */
    @Test
    void poppedCodes_haveMeanAndDeviationOfThePosterior() {
        AnsStack stack = AnsStack.seeded(20_000, 3);
        double[] codes = IntStream.range(0, 20_000)
                .mapToDouble(i -> BUCKETS.center(BUCKETS.popPosterior(stack, 0.4, 0.25)))
                .toArray();

        double mean = IntStream.range(0, codes.length)
                .mapToDouble(i -> codes[i])
                .average()
                .orElseThrow();
        double variance = IntStream.range(0, codes.length)
                .mapToDouble(i -> (codes[i] - mean) * (codes[i] - mean))
                .average()
                .orElseThrow();
        assertThat(mean).isCloseTo(0.4, within(0.01));
        assertThat(Math.sqrt(variance)).isCloseTo(0.25, within(0.01));
    }

    /** The bits of a bucket are those of its posterior mass. */
    @ParameterizedTest
    @CsvSource({"100, 0.1, 0.5", "128, 0, 1", "10, -1.5, 0.3"})
    void pushedBucket_costsTheLogarithmOfItsMass(int bucket, double mean, double deviation) {
        NormalDistribution prior = new NormalDistribution();
        NormalDistribution posterior = new NormalDistribution(mean, deviation);
        double mass = posterior.cumulativeProbability(prior.inverseCumulativeProbability((bucket + 1) / 256.0))
                - posterior.cumulativeProbability(prior.inverseCumulativeProbability(bucket / 256.0));
        AnsStack stack = AnsStack.seeded(10, new Random(1).nextLong());
        double before = stack.bits();

        BUCKETS.pushPosterior(stack, bucket, mean, deviation);

        assertThat(stack.bits() - before).isCloseTo(-Math.log(mass) / Math.log(2), within(0.01));
    }

    @Test
    void prior_costsItsBits() {
        AnsStack stack = AnsStack.empty();

        BUCKETS.pushPrior(stack, 77);

        assertThat(stack.bits()).isCloseTo(8, within(1e-6));
        assertThat(BUCKETS.popPrior(stack)).isEqualTo(77);
    }

    @Test
    void wrongArguments_areRefusedByName() {
        AnsStack stack = AnsStack.seeded(10, 1);
        assertThatThrownBy(() -> NormalBuckets.of(0, 20)).hasMessageContaining("bits");
        assertThatThrownBy(() -> NormalBuckets.of(8, 8)).hasMessageContaining("precision");
        assertThatThrownBy(() -> BUCKETS.popPosterior(stack, Double.NaN, 1)).hasMessageContaining("mean");
        assertThatThrownBy(() -> BUCKETS.popPosterior(stack, 0, 0)).hasMessageContaining("deviation");
        assertThatThrownBy(() -> BUCKETS.pushPrior(stack, 256)).hasMessageContaining("bucket");
    }
}
