package io.github.dl4jae.examples.bench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PairedRatioTest {

    /** Ratios 1, 2, …, n in an order without a pattern. */
    private static double[] ratios(int n) {
        return IntStream.range(0, n).mapToDouble(i -> 1 + (i * 2) % n).toArray();
    }

    private static double[] ones(int n) {
        double[] ones = new double[n];
        Arrays.fill(ones, 1);
        return ones;
    }

    /**
     * The median of a resample of n (odd) is at most the k-th smallest ratio if more than half of its n draws are. So
     * the distribution function is P(Bin(n, k/n) ≥ (n + 1)/2), and the ends are where it passes 2.5 % and 97.5 %:
     *
     * <pre>
     * n = 5     .0579 at 1                     .9421 at 4,  1     at 5
     * n = 9     .0014 at 1,  .0304 at 2        .9696 at 7,  .9986 at 8
     * n = 19    .0130 at 5,  .0458 at 6        .9542 at 13, .9870 at 14
     * </pre>
     *
     * <p>computed as sums of binomial coefficients.
     */
    @ParameterizedTest
    @CsvSource({"1, 1, 1, 1", "5, 3, 1, 5", "9, 5, 2, 8", "19, 10, 6, 14"})
    void interval_ofAnOddNumber_isThatOfTheExactBootstrap(int pairs, double median, double low, double high) {
        PairedRatio ratio = PairedRatio.of(ratios(pairs), ones(pairs));
        assertThat(ratio).isEqualTo(new PairedRatio(median, low, high, pairs));
    }

    @Test
    void interval_ofTwoPairs_holdsBothRatios() {
        // resamples are (a, a), (a, b), (b, a), (b, b), so each end has a quarter
        assertThat(PairedRatio.of(new double[] {3, 1}, new double[] {1, 1})).isEqualTo(new PairedRatio(2, 1, 3, 2));
    }

    @Test
    void ratio_isThatOfPairs_notOfMedians() {
        // the machine slows down tenfold in the last two pairs; the second is half as fast throughout
        double[] first = {1, 1.1, 10, 11, 0.9};
        double[] second = {2, 2.2, 20, 22, 1.8};
        PairedRatio ratio = PairedRatio.of(first, second);
        assertThat(ratio.median()).isCloseTo(0.5, within(1e-12));
        assertThat(ratio.low()).isCloseTo(0.5, within(1e-12));
        assertThat(ratio.high()).isCloseTo(0.5, within(1e-12));
    }

    @Test
    void interval_isReproducible() {
        assertThat(PairedRatio.of(ratios(18), ones(18))).isEqualTo(PairedRatio.of(ratios(18), ones(18)));
    }

    @Test
    void median_ofAnEvenNumber_isTheMeanOfTheMiddleTwo() {
        assertThat(PairedRatio.median(4, 1, 10, 2)).isEqualTo(3);
        assertThat(PairedRatio.median(4, 1, 10)).isEqualTo(4);
    }

    @Test
    void unequalNumbers_areRefused() {
        assertThatThrownBy(() -> PairedRatio.of(ones(2), ones(3)))
                .hasMessage("PairedRatio: there must be as many numerators as denominators, at least one, got 2 and 3");
        assertThatThrownBy(() -> PairedRatio.of(ones(0), ones(0))).isInstanceOf(IllegalArgumentException.class);
    }
}
