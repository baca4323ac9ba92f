package io.github.dl4jae.coding;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import java.util.Random;
import java.util.stream.IntStream;
import org.deeplearning4j.exception.DL4JInvalidInputException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SymbolCodeTest {

    private static int[] geometric(int count, int symbols, long seed) {
        Random random = new Random(seed);
        return IntStream.generate(() -> Math.min(symbols - 1, (int) (-Math.log(1 - random.nextDouble()) * 2)))
                .limit(count)
                .toArray();
    }

    private static double entropy(int[] symbols) {
        double[] counts = new double[1 + Arrays.stream(symbols).max().orElseThrow()];
        Arrays.stream(symbols).forEach(symbol -> counts[symbol]++);
        return Arrays.stream(counts)
                .filter(count -> count > 0)
                .map(count -> -count * Math.log(count / symbols.length) / Math.log(2))
                .sum();
    }

    /** (16 − 3)·(0.5, 0.5, 0) rounded, and one for each symbol: 7.5 → 8, 8, 16 by hand. */
    @Test
    void table_goldenCounts() {
        assertThat(FrequencyTable.of(new double[] {1, 1, 0}, 4).counts()).containsExactly(8, 7, 1);
    }

    @ParameterizedTest
    @ValueSource(ints = {8, 12, 20, 28})
    void table_ofExtremeProbabilities_hasACountForEverySymbol(int precision) {
        FrequencyTable table = FrequencyTable.of(new double[] {0, 1e-300, 1e300, 0, 1}, precision);

        assertThat(Arrays.stream(table.counts()).min().orElseThrow()).isGreaterThanOrEqualTo(1);
        assertThat(Arrays.stream(table.counts()).sum()).isEqualTo(1 << precision);
        assertThat(FrequencyTable.ofCounts(table.counts(), precision).counts()).isEqualTo(table.counts());
    }

    @Test
    void fixedTable_codesCloseToItsBits() {
        int[] symbols = geometric(20_000, 16, 1);
        double[] probabilities = new double[16];
        Arrays.stream(symbols).forEach(symbol -> probabilities[symbol]++);
        FrequencyTable table = FrequencyTable.of(probabilities, 16);
        AnsStack stack = AnsStack.empty();

        SymbolCode.of(table).push(stack, symbols);

        double bits = Arrays.stream(symbols).mapToDouble(table::bits).sum();
        assertThat(stack.bits()).isCloseTo(bits, within(1e-4 * bits));
        assertThat(stack.bits()).isCloseTo(entropy(symbols), within(1e-3 * bits));
        assertThat(SymbolCode.of(table).pop(stack, symbols.length)).isEqualTo(symbols);
        assertThat(stack.isEmpty()).isTrue();
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3, 16, 255, 256, 257, 65_536})
    void adaptiveCode_ofAnyAlphabet_bringsTheSymbolsBack(int size) {
        int[] symbols = geometric(60_000, size, size);
        AnsStack stack = AnsStack.empty();

        SymbolCode.adaptive(size).push(stack, symbols);

        assertThat(SymbolCode.adaptive(size).pop(stack, symbols.length)).isEqualTo(symbols);
        assertThat(stack.isEmpty()).isTrue();
    }

    /** 60,000 symbols make the counts overflow, and they are halved more than once. */
    @Test
    void adaptiveCode_comesCloseToTheEntropy() {
        int[] symbols = geometric(60_000, 16, 4);
        AnsStack stack = AnsStack.empty();

        SymbolCode.adaptive(16).push(stack, symbols);

        assertThat(stack.bits()).isBetween(entropy(symbols), entropy(symbols) * 1.01);
    }

    @Test
    void adaptiveCounts_partitionTheRange() {
        AdaptiveCounts counts = AdaptiveCounts.of(5);
        Arrays.stream(geometric(100, 5, 2)).forEach(counts::see);

        assertThat(counts.start(0)).isZero();
        assertThat(counts.start(5)).isEqualTo(1 << AdaptiveCounts.PRECISION);
        assertThat(IntStream.range(0, 5)).allSatisfy(symbol -> {
            assertThat(counts.symbolAt(counts.start(symbol))).isEqualTo(symbol);
            assertThat(counts.symbolAt(counts.start(symbol + 1) - 1)).isEqualTo(symbol);
        });
    }

    @Test
    void truncatedStack_isRefused() {
        AnsStack stack = AnsStack.empty();
        SymbolCode code = SymbolCode.adaptive(256);
        code.push(stack, geometric(100, 256, 3));

        assertThatThrownBy(() -> code.pop(stack, 10_000)).isInstanceOf(DL4JInvalidInputException.class);
    }

    @Test
    void wrongArguments_areRefusedByName() {
        assertThatThrownBy(() -> FrequencyTable.of(new double[5], 8)).hasMessageContaining("sum of probabilities");
        assertThatThrownBy(() -> FrequencyTable.of(new double[] {1, Double.NaN}, 8))
                .hasMessageContaining("probability");
        assertThatThrownBy(() -> FrequencyTable.of(new double[257], 8)).hasMessageContaining("number of symbols");
        assertThatThrownBy(() -> FrequencyTable.ofCounts(new int[] {1, 2}, 8)).hasMessageContaining("must be 2^8");
        assertThatThrownBy(() -> SymbolCode.adaptive(0)).hasMessageContaining("number of symbols");
        assertThatThrownBy(() -> SymbolCode.adaptive(4).push(AnsStack.empty(), new int[] {4}))
                .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> SymbolCode.adaptive(4).pop(AnsStack.empty(), -1))
                .hasMessageContaining("count");
    }
}
