package io.github.dl4jae.internal.kernel;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.Comparator;
import java.util.Random;
import java.util.function.IntToDoubleFunction;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

class LargestValuesTest {

    /** Rows that take different ways through the selection. */
    enum Values {
        RANDOM,
        NEGATIVE,
        TIED,
        MOSTLY_ZERO,
        CONSTANT,
        ASCENDING,
        DESCENDING,
        LARGEST_IN_ONE_GROUP,
        NAN,
        INFINITE,
        ZEROS_OF_BOTH_SIGNS;

        float[] row(int n) {
            Random random = new Random(n);
            IntToDoubleFunction value =
                    switch (this) {
                        case RANDOM -> j -> random.nextGaussian();
                        case NEGATIVE -> j -> -1 - random.nextDouble();
                        case TIED -> j -> Math.round(2 * random.nextGaussian());
                        case MOSTLY_ZERO -> j -> random.nextInt(50) == 0 ? random.nextDouble() : 0;
                        case CONSTANT -> j -> -3;
                        case ASCENDING -> j -> j;
                        case DESCENDING -> j -> -j;
                        case LARGEST_IN_ONE_GROUP -> j -> random.nextDouble() + (j % 64 == 5 ? 10 : 0);
                        case NAN ->
                            j -> random.nextInt(20) == 0
                                    ? Float.intBitsToFloat(random.nextBoolean() ? 0x7fc00001 : 0xffc00002)
                                    : random.nextGaussian();
                        case INFINITE ->
                            j -> switch (random.nextInt(10)) {
                                case 0 -> Double.POSITIVE_INFINITY;
                                case 1 -> Double.NEGATIVE_INFINITY;
                                default -> random.nextGaussian();
                            };
                        case ZEROS_OF_BOTH_SIGNS -> j -> random.nextBoolean() ? -0.0 : 0.0;
                    };
            float[] row = new float[n];
            for (int j = 0; j < n; j++) {
                row[j] = (float) value.applyAsDouble(j);
            }
            return row;
        }
    }

    /** Returns the columns of the k largest values, by sorting: NaN first, then by value, then by column. */
    private static int[] sorted(float[] row, int k) {
        return IntStream.range(0, row.length)
                .boxed()
                .sorted(Comparator.<Integer, Float>comparing(j -> row[j] + 0f, (a, b) -> Float.compare(b, a))
                        .thenComparing(j -> j))
                .limit(k)
                .mapToInt(Integer::intValue)
                .sorted()
                .toArray();
    }

    private static int[] selected(float[] row, int k) {
        LargestValues largest = new LargestValues(k);
        largest.select(row, row.length);
        return IntStream.range(0, k).map(largest::column).sorted().toArray();
    }

    private static Stream<Arguments> withAllValues(int[]... lengthAndK) {
        return Arrays.stream(Values.values())
                .flatMap(values -> Arrays.stream(lengthAndK).map(each -> Arguments.of(values, each[0], each[1])));
    }

    static Stream<Arguments> rows() {
        return withAllValues(new int[][] {
            {1, 1}, {7, 7}, {64, 3}, {255, 1}, {256, 1}, {256, 31}, {300, 32}, {784, 1}, {1000, 25}, {1000, 999}
        });
    }

    static Stream<Arguments> longRows() {
        return withAllValues(
                new int[][] {{4096, 512}, {5000, 50}, {8192, 32}, {8191, 300}, {8192, 4096}, {65536, 32}, {65536, 3000}
                });
    }

    @ParameterizedTest
    @MethodSource("rows")
    void selection_isThatOfASort(Values values, int n, int k) {
        requireSelectionOfASort(values, n, k);
    }

    @Tag("slow")
    @ParameterizedTest
    @MethodSource("longRows")
    void selection_ofLongRows_isThatOfASort(Values values, int n, int k) {
        requireSelectionOfASort(values, n, k);
    }

    private static void requireSelectionOfASort(Values values, int n, int k) {
        float[] row = values.row(n);
        float[] before = row.clone();

        assertThat(selected(row, k)).containsExactly(sorted(row, k));
        assertThat(row).containsExactly(before);
    }

    @ParameterizedTest
    @CsvSource({"8192, 32, 128", "784, 1, 64", "65536, 32, 512", "65536, 3000, 8192", "128, 1, 0", "8192, 4096, 0"})
    void groups_areUsedWhereKIsSmall(int n, int k, int groups) {
        assertThat(LargestValues.groups(k, n)).isEqualTo(groups);
    }

    @Test
    void instance_isReusable_forRowsOfOtherLengths() {
        LargestValues largest = new LargestValues(20);
        largest.select(Values.RANDOM.row(8192), 8192);
        float[] shorter = Values.RANDOM.row(600);

        largest.select(shorter, 600);

        assertThat(IntStream.range(0, 20).map(largest::column).sorted().toArray())
                .containsExactly(sorted(shorter, 20));
    }

    @Test
    void keep_writesValuesAndMarks() {
        float[] order = Values.RANDOM.row(512);
        float[] values = Values.NEGATIVE.row(512);
        float[] expected = new float[512];
        float[] expectedMarks = new float[512];
        for (int j : sorted(order, 5)) {
            expected[j] = values[j];
            expectedMarks[j] = 1;
        }
        float[] marks = new float[512];

        new LargestValues(5).keep(order, values, marks, 512);

        assertThat(values).containsExactly(expected);
        assertThat(marks).containsExactly(expectedMarks);
    }
}
