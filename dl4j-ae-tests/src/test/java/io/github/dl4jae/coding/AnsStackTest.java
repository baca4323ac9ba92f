package io.github.dl4jae.coding;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.Random;
import org.deeplearning4j.exception.DL4JInvalidInputException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class AnsStackTest {

    /** ⌊2³¹ / 2⌋·16 + 3 + 0 = 4·2³² + 3, by hand. */
    @Test
    void push_goldenValue() {
        AnsStack stack = AnsStack.empty();

        stack.push(3, 2, 4);

        assertThat(stack.toWords()).containsExactly(4, 3);
        assertThat(stack.bits()).isCloseTo(3, within(1e-9));
    }

    /** x = 2⁶² is at least 1·2⁶³⁻⁴ = 2⁵⁹: its low word moves, then x = 2³⁰·16 + 5 = 4·2³² + 5. */
    @Test
    void push_thatWouldOverflow_movesAWord() {
        AnsStack stack = AnsStack.of(new int[] {1 << 30, 7});

        stack.push(5, 1, 4);

        assertThat(stack.toWords()).containsExactly(7, 4, 5);
    }

    private record Symbol(int start, int frequency, int precision) {

        static Symbol random(Random random) {
            int precision = 1 + random.nextInt(AnsStack.MAX_PRECISION);
            int frequency = 1 + random.nextInt(1 << random.nextInt(precision + 1));
            return new Symbol(random.nextInt((1 << precision) - frequency + 1), frequency, precision);
        }

        double bits() {
            return precision - Math.log(frequency) / Math.log(2);
        }
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3})
    void pop_isTheInverseOfPush(long seed) {
        Random random = new Random(seed);
        Symbol[] symbols =
                random.ints(5_000).mapToObj(i -> Symbol.random(random)).toArray(Symbol[]::new);
        AnsStack stack = AnsStack.empty();
        double bits = 0;
        for (Symbol symbol : symbols) {
            stack.push(symbol.start, symbol.frequency, symbol.precision);
            bits += symbol.bits();
        }

        assertThat(stack.bits()).isCloseTo(bits, within(1e-3 * bits));
        AnsStack restored = AnsStack.of(stack.toWords());
        for (int i = symbols.length - 1; i >= 0; i--) {
            Symbol symbol = symbols[i];
            assertThat(restored.peek(symbol.precision)).isBetween(symbol.start, symbol.start + symbol.frequency - 1);
            restored.pop(symbol.start, symbol.frequency, symbol.precision);
        }
        assertThat(restored.isEmpty()).isTrue();
    }

    /** Bits back: what is popped first and pushed again leaves the stack as it was. */
    @ParameterizedTest
    @ValueSource(ints = {1, 8, 14, 28})
    void push_isTheInverseOfPop(int precision) {
        AnsStack stack = AnsStack.seeded(1000, 5);
        int[] before = stack.toWords();
        int[] symbols = new int[500];
        for (int i = 0; i < symbols.length; i++) {
            symbols[i] = stack.peek(precision);
            stack.pop(symbols[i], 1, precision);
        }
        for (int i = symbols.length - 1; i >= 0; i--) {
            stack.push(symbols[i], 1, precision);
        }

        assertThat(stack.toWords()).containsExactly(before);
    }

    @Test
    void symbolOfProbability1_costsNothing() {
        AnsStack stack = AnsStack.of(new int[] {Integer.MAX_VALUE, -1});

        stack.push(0, 1 << 28, 28);

        assertThat(stack.toWords()).containsExactly(Integer.MAX_VALUE, -1);
    }

    @Test
    void pop_ofAnEmptyStack_isRefused() {
        AnsStack stack = AnsStack.empty();
        int at = stack.peek(8);

        assertThatThrownBy(() -> stack.pop(at, 1, 8))
                .isInstanceOf(DL4JInvalidInputException.class)
                .hasMessageContaining("too few bits");
    }

    @Test
    void push_beyondTheLimit_isRefused() {
        AnsStack stack = AnsStack.empty(2);

        assertThatThrownBy(() -> {
                    for (int i = 0; i < 100; i++) {
                        stack.push(0, 1, 16);
                    }
                })
                .isInstanceOf(DL4JInvalidInputException.class)
                .hasMessageContaining("limited to 2 words");
    }

    @Test
    void wordsThatAreNoStack_areRefused() {
        assertThatThrownBy(() -> AnsStack.of(new int[1])).isInstanceOf(DL4JInvalidInputException.class);
        assertThatThrownBy(() -> AnsStack.of(new int[2])).isInstanceOf(DL4JInvalidInputException.class);
        assertThatThrownBy(() -> AnsStack.of(new int[] {-1, -1})).isInstanceOf(DL4JInvalidInputException.class);
    }

    @ParameterizedTest
    @CsvSource({"-1, 1, 8", "0, 0, 8", "256, 1, 8", "255, 2, 8", "0, 1, 0", "0, 1, 29", "2147483647, 2147483647, 8"})
    void push_ofAWrongInterval_isRefused(int start, int frequency, int precision) {
        AnsStack stack = AnsStack.empty();

        assertThatThrownBy(() -> stack.push(start, frequency, precision))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageStartingWith("AnsStack: ");
        assertThat(stack.isEmpty()).isTrue();
    }

    @Test
    void pop_ofAnotherInterval_isRefused() {
        AnsStack stack = AnsStack.seeded(4, 1);
        int at = stack.peek(8);

        assertThatThrownBy(() -> stack.pop((at + 1) % 256, 1, 8))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("the interval must contain");
    }
}
