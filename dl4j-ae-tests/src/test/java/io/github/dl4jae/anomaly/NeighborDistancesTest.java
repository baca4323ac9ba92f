package io.github.dl4jae.anomaly;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class NeighborDistancesTest {

    @ParameterizedTest
    @CsvSource({"1, 1", "2, 3", "3, 5.333333333333333", "4, 8"})
    void meanDistance_isThatOfTheNearestPoints(int k, double expected) {
        // distances 5, 1, 10 and 16 from the origin
        NeighborDistances points = NeighborDistances.of(new double[][] {{3, 4}, {0, -1}, {-6, 8}, {16, 0}});

        assertThat(points.meanDistance(new double[2], k)).isCloseTo(expected, within(1e-6));
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 5, 64, 300})
    void meanDistance_isThatOfSortedDistances(int k) {
        double[][] points = Waves.rows(300, 3, 0.5);
        double[] point = {0.3, -0.2, 0.9};
        double[] distances = Arrays.stream(points)
                .mapToDouble(row -> Math.sqrt(Math.pow(row[0] - point[0], 2)
                        + Math.pow(row[1] - point[1], 2)
                        + Math.pow(row[2] - point[2], 2)))
                .sorted()
                .toArray();

        assertThat(NeighborDistances.of(points).meanDistance(point, k))
                .isCloseTo(Arrays.stream(distances).limit(k).average().orElseThrow(), within(1e-6));
    }

    @Test
    void samePoints_countEach() {
        NeighborDistances points = NeighborDistances.of(new double[][] {{1}, {1}, {1}, {9}});

        assertThat(points.meanDistance(new double[] {0}, 3)).isEqualTo(1);
        assertThat(points.meanDistance(new double[] {1}, 4)).isEqualTo(2);
    }

    @Test
    void distancesToOthers_leaveOutOnePointAtDistanceZero() {
        NeighborDistances points = NeighborDistances.of(new double[][] {{0}, {1}, {3}, {7}});

        double[][] distances = points.meanDistancesToOthers(new double[][] {{0}, {2}}, new int[] {1, 2, 3});

        assertThat(distances[0]).containsExactly(new double[] {1, 2, 11 / 3.0}, within(1e-6));
        assertThat(distances[1]).containsExactly(new double[] {1, 1, 4 / 3.0}, within(1e-6));
    }

    @ParameterizedTest
    @ValueSource(doubles = {Double.NaN, Double.POSITIVE_INFINITY})
    void meanDistance_ofAPointThatIsNotFinite_isNotFinite(double value) {
        NeighborDistances points = NeighborDistances.of(Waves.rows(20, 2, 0));

        assertThat(points.meanDistance(new double[] {0, value}, 3)).matches(distance -> !Double.isFinite(distance));
    }
}
