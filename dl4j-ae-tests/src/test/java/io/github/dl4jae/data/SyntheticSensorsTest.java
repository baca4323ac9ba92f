package io.github.dl4jae.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.github.dl4jae.data.SyntheticSensors.Fault;
import io.github.dl4jae.data.SyntheticSensors.Kind;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

class SyntheticSensorsTest {

    private static final int FROM = 2_000;
    private static final SyntheticSensors SENSORS = SyntheticSensors.generate(4_000, FROM, 8, 7);
    private static final double[][] VALUES = SENSORS.values().toDoubleMatrix();
    private static final double[][] CLEAN = SENSORS.withoutFaults().toDoubleMatrix();

    @Test
    void sameArguments_giveTheSameSeries_andAnotherSeedAnother() {
        assertThat(SyntheticSensors.generate(4_000, FROM, 8, 7).values()).isEqualTo(SENSORS.values());
        assertThat(SyntheticSensors.generate(4_000, FROM, 8, 8).values()).isNotEqualTo(SENSORS.values());
    }

    @Test
    void series_isTheCleanOne_exceptInTheChannelAndStepsOfFaults() {
        boolean[][] changed = new boolean[VALUES.length][VALUES[0].length];
        SENSORS.faults().forEach(fault -> Arrays.fill(changed[fault.channel()], fault.from(), fault.to(), true));

        for (int c = 0; c < VALUES.length; c++) {
            for (int t = 0; t < VALUES[c].length; t++) {
                assertThat(changed[c][t] || VALUES[c][t] == CLEAN[c][t])
                        .as("channel %s, step %s", c, t)
                        .isTrue();
            }
        }
    }

    @Test
    void labels_areTheStepsOfTheFaults_andFaultsKeepTheirDistance() {
        int steps = SENSORS.faults().stream().mapToInt(f -> f.to() - f.from()).sum();
        boolean[] labels = SENSORS.labels();
        int labeled = 0;
        for (boolean label : labels) {
            labeled += label ? 1 : 0;
        }

        assertThat(labeled).isEqualTo(steps);
        assertThat(SENSORS.faults()).hasSize(8);
        assertThat(SENSORS.faults().get(0).from()).isGreaterThanOrEqualTo(FROM);
        assertThat(SENSORS.faults().get(7).to()).isLessThanOrEqualTo(4_000);
        for (int i = 1; i < 8; i++) {
            assertThat(SENSORS.faults().get(i).from())
                    .isGreaterThanOrEqualTo(SENSORS.faults().get(i - 1).to() + 48);
        }
    }

    @ParameterizedTest
    @EnumSource(Kind.class)
    void fault_changesTheChannelAsStated(Kind kind) {
        Fault fault = SENSORS.faults().stream()
                .filter(f -> f.kind() == kind)
                .findFirst()
                .orElseThrow();
        double[] x = VALUES[fault.channel()];
        double[] clean = CLEAN[fault.channel()];
        double mean = Arrays.stream(clean, 0, FROM).average().orElseThrow();
        double sigma = Math.sqrt(Arrays.stream(clean, 0, FROM)
                .map(v -> (v - mean) * (v - mean))
                .average()
                .orElseThrow());
        int last = fault.to() - 1;

        switch (kind) {
            case SPIKE -> assertThat(Math.abs(x[last] - clean[last])).isCloseTo(3 * sigma, within(1e-5));
            case DRIFT -> {
                assertThat(Math.abs(x[last] - clean[last])).isCloseTo(2 * sigma, within(1e-5));
                assertThat(Math.abs(x[fault.from()] - clean[fault.from()])).isLessThan(0.04 * sigma);
            }
            case STUCK ->
                assertThat(Arrays.copyOfRange(x, fault.from(), fault.to())).containsOnly(clean[fault.from()]);
            case INVERTED -> assertThat(x[last] + clean[last]).isCloseTo(2 * mean, within(1e-5));
        }
    }

    @Test
    void loadAndFlow_areCorrelated_andNeighboringStepsToo() {
        assertThat(correlation(CLEAN[0], CLEAN[1])).isGreaterThan(0.98);
        assertThat(correlation(CLEAN[0], CLEAN[2])).isLessThan(-0.95);
        assertThat(correlation(CLEAN[0], CLEAN[4])).isBetween(0.7, 0.98);
        assertThat(correlation(Arrays.copyOf(CLEAN[7], 3_999), Arrays.copyOfRange(CLEAN[7], 1, 4_000)))
                .isGreaterThan(0.6);
    }

    private static double correlation(double[] a, double[] b) {
        double meanA = Arrays.stream(a).average().orElseThrow();
        double meanB = Arrays.stream(b).average().orElseThrow();
        double ab = 0;
        double aa = 0;
        double bb = 0;
        for (int t = 0; t < a.length; t++) {
            ab += (a[t] - meanA) * (b[t] - meanB);
            aa += (a[t] - meanA) * (a[t] - meanA);
            bb += (b[t] - meanB) * (b[t] - meanB);
        }
        return ab / Math.sqrt(aa * bb);
    }

    @ParameterizedTest
    @CsvSource({"1, 1, 0, steps", "100, 1, 0, faultsFrom", "100, 101, 0, faultsFrom", "1000, 500, 3, faults"})
    void numbersOutOfRange_areRefused(int steps, int from, int faults, String named) {
        assertThatThrownBy(() -> SyntheticSensors.generate(steps, from, faults, 1))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageStartingWith("SyntheticSensors: " + named + " must be");
    }
}
