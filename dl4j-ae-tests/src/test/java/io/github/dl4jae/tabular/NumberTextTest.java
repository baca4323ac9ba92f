package io.github.dl4jae.tabular;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.math.BigDecimal;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Numbers against Java's own parser. */
class NumberTextTest {

    private final NumberText point = new NumberText('.');
    private final NumberText comma = new NumberText(',');

    @ParameterizedTest
    @ValueSource(
            strings = {
                "0",
                "-0",
                "7",
                "+7",
                "12.5",
                ".5",
                "5.",
                "-1.25e-3",
                "1E5",
                "1e400",
                "123456789012345",
                "0.000000000000001",
                "99999999999999999999",
                "0.1234567890123456789",
                "1e-310",
                "00012",
                "4.9E-324"
            })
    void number_isThatOfJava(String text) {
        assertThat(point.matches(text)).isTrue();
        assertThat(point.value()).isEqualTo(Double.parseDouble(text));
        assertThat(comma.matches(text.replace('.', ','))).isTrue();
        assertThat(comma.value()).isEqualTo(Double.parseDouble(text));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "1,234 | 1234 | 0",
                "1,234,567.89 | 1234567.89 | 2",
                "-12,345 | -12345 | 0",
                "3.140 | 3.14 | 3",
                "2e3 | 2000 | 15"
            })
    void groupsAndDecimals_areThoseOfEnglish(String text, double value, int decimals) {
        assertThat(point.matches(text)).isTrue();
        assertThat(point.value()).isEqualTo(value);
        assertThat(point.decimals()).isEqualTo(decimals);
        assertThat(comma.matches(text.replace('.', '!').replace(',', '.').replace('!', ',')))
                .isTrue();
        assertThat(comma.value()).isEqualTo(value);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "-",
                "+",
                ".",
                "e5",
                "1F",
                "2D",
                "0x1p3",
                "1 2",
                "1,2",
                "12,34,567",
                "1.2.3",
                "--1",
                "1e",
                "NaN",
                "1,234,5",
                "five",
                "3a"
            })
    void text_isNoNumber(String text) {
        assertThat(point.matches(text)).isFalse();
    }

    @ParameterizedTest
    @CsvSource({"Infinity, Infinity", "-inf, -Infinity", "INF, Infinity"})
    void infinity_isANumber(String text, double value) {
        assertThat(point.matches(text)).isTrue();
        assertThat(point.value()).isEqualTo(value);
    }

    /** Up to 15 digits the nearest number, up to 18 at most the next one. */
    @Test
    void randomNumbers_areTheNearest() {
        Random random = new Random(5);
        for (int i = 0; i < 200_000; i++) {
            int digits = 1 + random.nextInt(18);
            long unscaled = random.nextLong((long) Math.pow(10, digits));
            String text = new BigDecimal(java.math.BigInteger.valueOf(unscaled), random.nextInt(20)).toPlainString();
            assertThat(point.matches(text)).isTrue();
            double expected = Double.parseDouble(text);
            assertThat(point.value()).isCloseTo(expected, within(digits <= 15 ? 0 : 2 * Math.ulp(expected)));
        }
    }
}
