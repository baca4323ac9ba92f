package io.github.dl4jae.internal.math;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

class LinearAssignmentTest {

    @ParameterizedTest
    @MethodSource("sizes")
    void sum_isTheLargestOfAllAssignments(int rows, int columns, int seed) {
        float[][] weights = random(rows, columns, seed);

        assertThat(sum(weights, LinearAssignment.maximize(weights))).isCloseTo(largest(weights, 0, 0), within(1e-5));
    }

    static Stream<Arguments> sizes() {
        int[][] sizes = {{1, 1}, {1, 5}, {4, 4}, {5, 7}, {6, 6}, {7, 5}, {5, 1}};
        return Arrays.stream(sizes)
                .flatMap(size -> IntStream.range(0, 10).mapToObj(seed -> Arguments.of(size[0], size[1], seed)));
    }

    /** Equal weights, which brute force and Dijkstra's algorithm must both survive. */
    @Test
    void ties_areAssignedToo() {
        float[][] weights = new float[5][6];
        weights[3][2] = 1;
        weights[4][2] = 1;

        assertThat(sum(weights, LinearAssignment.maximize(weights))).isEqualTo(1);
    }

    private static float[][] random(int rows, int columns, int seed) {
        SplittableRandom random = new SplittableRandom(seed);
        float[][] weights = new float[rows][columns];
        for (float[] row : weights) {
            for (int j = 0; j < columns; j++) {
                row[j] = random.nextInt(8) / 4f - random.nextInt(2) * (float) random.nextDouble();
            }
        }
        return weights;
    }

    private static double sum(float[][] weights, int[] assigned) {
        assertThat(Arrays.stream(assigned).filter(j -> j >= 0))
                .doesNotHaveDuplicates()
                .hasSize(Math.min(weights.length, weights[0].length));
        double sum = 0;
        for (int i = 0; i < assigned.length; i++) {
            sum += assigned[i] < 0 ? 0 : weights[i][assigned[i]];
        }
        return sum;
    }

    /** Tries all assignments; rows stay without a column only where there are more rows than columns. */
    private static double largest(float[][] weights, int row, int used) {
        int rows = weights.length;
        int columns = weights[0].length;
        if (row == rows) {
            return Integer.bitCount(used) == Math.min(rows, columns) ? 0 : Double.NEGATIVE_INFINITY;
        }
        double largest = rows > columns ? largest(weights, row + 1, used) : Double.NEGATIVE_INFINITY;
        for (int j = 0; j < columns; j++) {
            if ((used & 1 << j) == 0) {
                largest = Math.max(largest, weights[row][j] + largest(weights, row + 1, used | 1 << j));
            }
        }
        return largest;
    }

    /**
     * scipy.optimize.linear_sum_assignment(w, maximize=True) for w_ij = ((i·7919 + j·104729 + i·j·31) mod 1009)/1009 in
     * float32.
     */
    @ParameterizedTest
    @CsvSource({"60, 200, 59.502477", "200, 60, 59.544103", "150, 150, 147.741328"})
    void largeProblem_hasTheSumOfScipy(int rows, int columns, double expected) {
        float[][] weights = new float[rows][columns];
        for (int i = 0; i < rows; i++) {
            for (int j = 0; j < columns; j++) {
                weights[i][j] = (i * 7919 + j * 104729 + i * j * 31) % 1009 / 1009f;
            }
        }

        assertThat(sum(weights, LinearAssignment.maximize(weights))).isCloseTo(expected, within(1e-4));
    }
}
