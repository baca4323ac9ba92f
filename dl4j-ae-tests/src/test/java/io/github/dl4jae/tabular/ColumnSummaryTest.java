package io.github.dl4jae.tabular;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.function.IntFunction;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ColumnSummaryTest {

    private static final MissingValues MISSING = MissingValues.of(Set.of("-999"), false);

    private static ColumnSummary summary(List<String> values) {
        ColumnSummary summary = new ColumnSummary("x", MISSING, 1);
        TableRow row = new TableRow(1);
        NumberText number = new NumberText('.');
        for (int i = 0; i < values.size(); i++) {
            row.begin(i + 1L);
            row.set(0, values.get(i).toCharArray(), 0, values.get(i).length(), number);
            summary.add(row, 0);
        }
        summary.finish();
        return summary;
    }

    private static List<String> column(int rows, IntFunction<String> value) {
        return IntStream.range(0, rows).mapToObj(value).toList();
    }

    /** Returns the summary of values that were read in parts of a size. */
    private static ColumnSummary inParts(List<String> values, int size) {
        ColumnSummary merged = summary(values.subList(0, Math.min(size, values.size())));
        for (int from = size; from < values.size(); from += size) {
            merged.addAll(summary(values.subList(from, Math.min(from + size, values.size()))));
        }
        return merged;
    }

    private static void assertEqual(ColumnSummary actual, ColumnSummary expected) {
        assertThat(actual.rows()).isEqualTo(expected.rows());
        assertThat(actual.numbers()).isEqualTo(expected.numbers());
        assertThat(actual.texts()).isEqualTo(expected.texts());
        assertThat(actual.missing()).isEqualTo(expected.missing());
        assertThat(actual.missingTexts()).isEqualTo(expected.missingTexts());
        assertThat(actual.infinities()).isEqualTo(expected.infinities());
        assertThat(actual.textThere()).isEqualTo(expected.textThere());
        assertThat(actual.min()).isEqualTo(expected.min());
        assertThat(actual.max()).isEqualTo(expected.max());
        assertThat(actual.decimals()).isEqualTo(expected.decimals());
        assertThat(actual.counts()).isEqualTo(expected.counts());
        assertThat(actual.areIntegers()).isEqualTo(expected.areIntegers());
        assertThat(actual.levels()).isEqualTo(expected.levels());
        assertThat(actual.values()).isEqualTo(expected.values());
        assertThat(actual.tokens()).isEqualTo(expected.tokens());
        assertThat(actual.dates().format()).isEqualTo(expected.dates().format());
        if (expected.numbers() > 0) {
            assertThat(actual.mean()).isCloseTo(expected.mean(), within(1e-12 * Math.abs(expected.mean()) + 1e-12));
            assertThat(actual.variance()).isCloseTo(expected.variance(), within(1e-9 * expected.variance() + 1e-15));
            assertThat(actual.median()).isEqualTo(expected.median());
        }
    }

    @ParameterizedTest
    @CsvSource({
        "normal, 1", "normal, 7", "normal, 300", "normal, 1000", "few, 10", "counts, 1", "counts, 333", "gap, 500",
        "repeated, 500", "later, 100", "texts, 10", "many texts, 400", "mixed, 17", "missing, 3", "dates, 50",
                "infinite, 20"
    })
    void addAll_partsOfAColumn_equalsTheWhole(String kind, int size) {
        SplittableRandom random = new SplittableRandom(5);
        List<String> values =
                switch (kind) {
                    case "normal" -> column(2000, i -> String.valueOf(1e6 + random.nextGaussian()));
                    case "few" -> column(500, i -> String.valueOf(random.nextInt(5)));
                    case "counts" -> column(1000, i -> String.valueOf(i + 1));
                    case "gap" -> column(1000, i -> String.valueOf(i < 500 ? i : i + 1));
                    case "repeated" -> column(1000, i -> String.valueOf(i % 500));
                    case "later" -> column(500, i -> String.valueOf(i + 7));
                    case "texts" -> column(100, i -> "ab".repeat(1 + random.nextInt(3)));
                    case "many texts" -> column(2000, i -> "t" + i);
                    case "mixed" -> column(200, i -> i % 3 == 0 ? "NA" : i % 3 == 1 ? "yes" : "1.25");
                    case "missing" ->
                        column(20, i -> List.of("", "-999", "?", "4").get(i % 4));
                    case "dates" -> column(300, i -> "2024-0" + (1 + i % 9) + "-1" + i % 10);
                    case "infinite" -> column(100, i -> i % 40 == 5 ? "Infinity" : "2");
                    default -> throw new IllegalArgumentException(kind);
                };

        assertEqual(inParts(values, size), summary(values));
    }

    @Test
    void addAll_datesOfDifferentFormats_fitNone() {
        List<String> values = new ArrayList<>(column(50, i -> "2024-01-02"));
        values.addAll(column(50, i -> "02.01.2024"));

        assertThat(inParts(values, 50).dates().format()).isNull();
    }

    @Test
    void addAll_manyDates_haveTheMeanOfAll() {
        List<String> values = column(90, i -> "2024-01-" + (i < 30 ? "01" : "31"));

        DateText dates = inParts(values, 25).dates();

        assertThat(dates.mean()).isCloseTo(summary(values).dates().mean(), within(1e-9));
        assertThat(dates.deviation()).isCloseTo(30 * Math.sqrt(2) / 3, within(1e-9));
    }

    /** A median of 10,000 random numbers divides all of them in shares with the standard error 0.5/√10,000. */
    @ParameterizedTest
    @ValueSource(ints = {1_000, 40_000, 200_000})
    void median_ofARisingColumn_isInTheMiddle(int size) {
        List<String> values = column(200_000, i -> String.valueOf(i + 0.5));

        double median = inParts(values, size).median();

        assertThat(median / 200_000).isCloseTo(0.5, within(4 * 0.005));
    }
}
