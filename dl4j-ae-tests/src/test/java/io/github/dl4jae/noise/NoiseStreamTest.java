package io.github.dl4jae.noise;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class NoiseStreamTest {

    private static final NoiseStream STREAM = NoiseStream.of(7, "z").at(3, 1, 0);

    private static double[] normal(NoiseStream stream, long row, int n) {
        double[] values = new double[n];
        stream.normal(row, values, 0, n);
        return values;
    }

    /** The known answers that come with the authors' Random123 library, for philox4x32-10. */
    @ParameterizedTest
    @CsvSource({
        "00000000 00000000 00000000 00000000, 00000000 00000000, 6627e8d5 e169c58d bc57ac4c 9b00dbd8",
        "ffffffff ffffffff ffffffff ffffffff, ffffffff ffffffff, 408f276d 41c83b0e a20bc7c6 6d5451fd",
        "243f6a88 85a308d3 13198a2e 03707344, a4093822 299f31d0, d16cfe09 94fdcceb 5001e420 24126ea1"
    })
    void philox_givesTheKnownAnswers(String counter, String key, String answer) {
        int[] words = words(counter);
        int[] keys = words(key);
        Philox.scramble(words, keys[0], keys[1]);
        assertThat(words).containsExactly(words(answer));
    }

    private static int[] words(String hexadecimal) {
        return Arrays.stream(hexadecimal.split(" "))
                .mapToInt(word -> Integer.parseUnsignedInt(word, 16))
                .toArray();
    }

    /** With a million numbers, moments are off by a few thousandths. */
    @Test
    void normal_hasTheMomentsOfAStandardNormal() {
        double[] values = IntStream.range(0, 10_000)
                .mapToObj(row -> normal(STREAM, row, 100))
                .flatMapToDouble(Arrays::stream)
                .toArray();
        assertThat(moment(values, 1)).isCloseTo(0, within(0.004));
        assertThat(moment(values, 2)).isCloseTo(1, within(0.006));
        assertThat(moment(values, 3)).isCloseTo(0, within(0.016));
        assertThat(moment(values, 4)).isCloseTo(3, within(0.05));
        double neighbors = IntStream.range(1, values.length)
                .mapToDouble(i -> values[i] * values[i - 1])
                .average()
                .orElseThrow();
        assertThat(neighbors).isCloseTo(0, within(0.004));
    }

    private static double moment(double[] values, int power) {
        return Arrays.stream(values).map(x -> Math.pow(x, power)).average().orElseThrow();
    }

    @Test
    void uniform_staysInsideTheUnitInterval() {
        double[] values = new double[100_000];
        STREAM.uniform(0, values, 0, values.length);
        assertThat(Arrays.stream(values).min().orElseThrow()).isPositive();
        assertThat(Arrays.stream(values).max().orElseThrow()).isLessThan(1);
        assertThat(Arrays.stream(values).average().orElseThrow()).isCloseTo(0.5, within(0.003));
    }

    @Test
    void samePlace_givesTheSameNumbers() {
        assertThat(normal(NoiseStream.of(7, "z").at(3, 1, 0), 5, 9)).containsExactly(normal(STREAM, 5, 9));
    }

    @Test
    void anyOtherPlace_givesOtherNumbers() {
        double[] here = normal(STREAM, 5, 8);
        assertThat(normal(STREAM, 6, 8)).doesNotContain(here);
        assertThat(normal(NoiseStream.of(8, "z").at(3, 1, 0), 5, 8)).doesNotContain(here);
        assertThat(normal(NoiseStream.of(7, "y").at(3, 1, 0), 5, 8)).doesNotContain(here);
        assertThat(normal(NoiseStream.of(7, "z").at(4, 1, 0), 5, 8)).doesNotContain(here);
        assertThat(normal(NoiseStream.of(7, "z").at(3, 2, 0), 5, 8)).doesNotContain(here);
        assertThat(normal(NoiseStream.of(7, "z").at(3, 1, 1), 5, 8)).doesNotContain(here);
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3, 5, 7})
    void rowsOfAnyLength_doNotOverlap(int n) {
        assertThat(IntStream.range(0, 50)
                        .mapToObj(row -> normal(STREAM, row, n))
                        .flatMapToDouble(Arrays::stream)
                        .distinct()
                        .count())
                .isEqualTo(50L * n);
    }

    @Test
    void uniformFloats_areTheSameNumbers_andNeverZeroOrOne() {
        int n = 1 << 20;
        float[] narrow = new float[n];
        double[] wide = new double[n];
        STREAM.uniform(5, narrow, n);
        STREAM.uniform(5, wide, 0, n);
        float least = 1;
        float most = 0;
        double difference = 0;
        for (int i = 0; i < n; i++) {
            least = Math.min(least, narrow[i]);
            most = Math.max(most, narrow[i]);
            difference = Math.max(difference, Math.abs(narrow[i] - wide[i]));
        }
        assertThat(difference).isLessThanOrEqualTo(0x1p-24);
        assertThat(least).isPositive().isLessThan(1e-4f);
        assertThat(most).isLessThan(1f).isGreaterThan(0.9999f);
    }
}
