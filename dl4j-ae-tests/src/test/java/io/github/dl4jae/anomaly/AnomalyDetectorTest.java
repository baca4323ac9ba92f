package io.github.dl4jae.anomaly;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.github.dl4jae.tabular.FeatureTable;
import io.github.dl4jae.tabular.TableReader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Random;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/** A detector of machines whose temperature, power and speed follow their load. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@Tag("slow")
class AnomalyDetectorTest {

    private static final List<String> NAMES = List.of("load", "power", "temperature", "speed", "vibration");

    private final AnomalyDetector detector = AnomalyDetector.fit(FeatureTable.fit(machines(400, 1), NAMES));

    /** Five values of machines: two hidden causes and noise. */
    private static INDArray machines(int count, long seed) {
        Random random = new Random(seed);
        double[][] rows = new double[count][];
        for (int i = 0; i < count; i++) {
            double load = random.nextGaussian();
            double wear = random.nextGaussian();
            rows[i] = new double[] {
                50 + 10 * load,
                200 + 40 * load + 4 * random.nextGaussian(),
                60 + 5 * Math.tanh(load) + wear + 0.5 * random.nextGaussian(),
                1000 - 100 * load + 10 * random.nextGaussian(),
                Math.exp(wear + 0.1 * random.nextGaussian())
            };
        }
        return Nd4j.createFromArray(rows);
    }

    private FeatureTable rows(INDArray machines) {
        return detector.schema().encode(machines);
    }

    /** Machines whose power does not fit their load, although each value alone is usual. */
    private static INDArray broken(int count) {
        INDArray machines = machines(count, 3);
        for (int i = 0; i < count; i++) {
            double load = machines.getDouble(i, 0);
            machines.putScalar(i, 1, 200 - 4 * (load - 50) + (load > 50 ? -60 : 60));
        }
        return machines;
    }

    @Test
    void score_isLargerForBrokenMachines() {
        double[] scores = detector.score(rows(Nd4j.vstack(machines(200, 2), broken(50))));

        boolean[] isBroken = new boolean[250];
        Arrays.fill(isBroken, 200, 250, true);
        assertThat(DetectionQuality.compute(scores, isBroken).areaUnderRoc()).isGreaterThan(0.95);
    }

    @Test
    void rows_oneByOne_haveTheSameScoresBitForBit() {
        FeatureTable all = rows(Nd4j.vstack(machines(30, 2), broken(7)));
        double[] scores = detector.score(all);
        double[] probabilities = detector.probability(all);
        boolean[] labels = detector.label(all);
        List<Explanation> explanations = detector.explain(all);

        for (int i = 0; i < scores.length; i++) {
            FeatureTable one = all.rows(i);
            assertThat(detector.score(one)).containsExactly(scores[i]);
            assertThat(detector.probability(one)).containsExactly(probabilities[i]);
            assertThat(detector.label(one)).containsExactly(labels[i]);
            assertThat(detector.explain(one)).containsExactly(explanations.get(i));
        }
    }

    @Test
    void file_restoresScoresThresholdAndExplanations(@TempDir Path directory) {
        FeatureTable all = rows(Nd4j.vstack(machines(30, 2), broken(7)));

        AnomalyDetector loaded = AnomalyDetector.load(detector.save(directory.resolve("detector.zip")));

        FeatureTable read = loaded.schema().encode(Nd4j.vstack(machines(30, 2), broken(7)));
        assertThat(loaded.score(read)).containsExactly(detector.score(all));
        assertThat(loaded.threshold()).isEqualTo(detector.threshold());
        assertThat(loaded.probability(read)).containsExactly(detector.probability(all));
        assertThat(loaded.explain(read)).isEqualTo(detector.explain(all));
        assertThat(loaded.drift(read)).isEqualTo(detector.drift(all));
        assertThat(loaded.toString()).isEqualTo(detector.toString());
    }

    @Test
    void explanation_namesTheCorruptedColumn_inNineOfTenRows() {
        INDArray machines = machines(300, 4);
        Random random = new Random(5);
        int[] corrupted = random.ints(300, 0, NAMES.size()).toArray();
        double[] deviations = {10, 40, 5, 100, 2};
        for (int i = 0; i < corrupted.length; i++) {
            double sign = random.nextBoolean() ? 1 : -1;
            int j = corrupted[i];
            machines.putScalar(i, j, machines.getDouble(i, j) + sign * 5 * deviations[j]);
        }

        List<Explanation> explanations = detector.explain(rows(machines));

        long first = IntStream.range(0, corrupted.length)
                .filter(i -> explanations.get(i).columns().get(0).column().equals(NAMES.get(corrupted[i])))
                .count();
        assertThat(first).isGreaterThanOrEqualTo(270);
    }

    @Test
    void explanation_tellsFoundAndExpectedValues() {
        INDArray machine = machines(1, 6);
        double load = machine.getDouble(0, 0);
        machine.putScalar(0, 3, 2500);

        Explanation explanation = detector.explain(rows(machine)).get(0);

        Explanation.ColumnShare speed = explanation.columns().get(0);
        assertThat(explanation.isAnomaly()).isTrue();
        assertThat(explanation.tailProbability()).isLessThan(0.01);
        assertThat(speed.column()).isEqualTo("speed");
        assertThat(speed.found()).isEqualTo("2500");
        assertThat(Double.parseDouble(speed.expected())).isCloseTo(1000 - 10 * (load - 50), within(450.0));
        assertThat(explanation.columns().stream()
                        .mapToDouble(Explanation.ColumnShare::share)
                        .sum())
                .isCloseTo(1, within(1e-6));
    }

    @Test
    void missingValues_doNotMakeARowUnusual() {
        INDArray machines = machines(200, 7);
        INDArray gaps = machines.dup();
        Random random = new Random(8);
        for (int i = 0; i < 200; i++) {
            gaps.putScalar(i, random.nextInt(NAMES.size()), Double.NaN);
        }

        boolean[] labels = detector.label(rows(gaps));

        long alarms = IntStream.range(0, 200).filter(i -> labels[i]).count();
        assertThat(alarms).isLessThanOrEqualTo(8);
        assertThat(detector.explain(rows(gaps)).get(0).columns())
                .anySatisfy(column -> assertThat(column.found()).isEmpty());
    }

    @Test
    void probability_growsWithTheScore_andIsThePrevalenceForUsualRows() {
        FeatureTable all = rows(Nd4j.vstack(machines(50, 2), broken(10)));
        double[] scores = detector.score(all);
        double[] probabilities = detector.probability(all);
        int[] order = IntStream.range(0, 60)
                .boxed()
                .sorted(Comparator.comparingDouble(i -> scores[i]))
                .mapToInt(i -> i)
                .toArray();

        assertThat(probabilities[order[0]]).isEqualTo(0.01);
        assertThat(probabilities[order[59]]).isGreaterThan(0.05);
        assertThat(IntStream.range(1, 60).allMatch(i -> probabilities[order[i]] >= probabilities[order[i - 1]]))
                .isTrue();
    }

    @Test
    void drift_namesTheColumnThatMoved() {
        INDArray moved = machines(500, 9);
        moved.getColumn(2).addi(6);

        List<ColumnDrift> drift = detector.drift(rows(moved));

        assertThat(drift.get(0).column()).isEqualTo("temperature");
        assertThat(drift.get(0).extent()).isEqualTo(ColumnDrift.Extent.LARGE);
        assertThat(detector.drift(rows(machines(500, 10))))
                .allSatisfy(column -> assertThat(column.extent()).isEqualTo(ColumnDrift.Extent.NONE));
    }

    @Test
    void contamination_setsTheShareOfAlarms() {
        AnomalyDetector contaminated = new AnomalyDetector.Builder()
                .members(1)
                .contamination(0.1)
                .fit(FeatureTable.fit(Nd4j.vstack(machines(450, 11), broken(50)), NAMES));

        boolean[] labels = contaminated.label(contaminated.schema().encode(machines(500, 12)));

        assertThat(contaminated.threshold().alarmRate()).isEqualTo(0.1);
        assertThat(IntStream.range(0, 500).filter(i -> labels[i]).count()).isLessThan(75);
    }

    /** 100 detectors, each with 2,000 fresh rows. */
    @Test
    @Tag("slow")
    void falseAlarms_areInTheStatedInterval_in95Of100Repetitions() {
        int inside = 0;
        for (int repetition = 0; repetition < 100; repetition++) {
            AnomalyDetector one = new AnomalyDetector.Builder()
                    .members(1)
                    .epochs(3)
                    .seed(repetition)
                    .falseAlarmRate(0.05)
                    .fit(FeatureTable.fit(machines(500, 1000 + repetition), NAMES));
            boolean[] labels = one.label(one.schema().encode(machines(2000, 2000 + repetition)));
            double rate =
                    IntStream.range(0, labels.length).filter(i -> labels[i]).count() / 2000.0;
            inside += rate >= one.threshold().lowestRate()
                            && rate <= one.threshold().highestRate()
                    ? 1
                    : 0;
        }
        assertThat(inside).isGreaterThanOrEqualTo(95);
    }

    @Test
    void table_withTextsAndCategories_isAccepted(@TempDir Path directory) throws IOException {
        StringBuilder csv = new StringBuilder("color,size,weight\n");
        Random random = new Random(1);
        for (int i = 0; i < 200; i++) {
            boolean red = random.nextBoolean();
            double size = (red ? 3 : 6) + random.nextGaussian() / 4;
            csv.append(String.format(
                    Locale.ROOT, "%s,%.3f,%.3f%n", red ? "red" : "blue", size, size * size + random.nextGaussian()));
        }
        Path file = Files.writeString(directory.resolve("fruit.csv"), csv);
        AnomalyDetector fruit =
                AnomalyDetector.fit(new TableReader.Builder().build().read(file));
        Map<String, @Nullable String> row = new HashMap<>(Map.of("color", "red", "size", "6.0", "weight", "36"));

        Explanation explanation =
                fruit.explain(fruit.schema().encode(List.of(row))).get(0);

        assertThat(explanation.isAnomaly()).isTrue();
        assertThat(explanation.columns()).hasSize(3);
        assertThat(explanation.columns().get(0).column()).isEqualTo("color");
    }

    @Test
    void constantColumn_thatChanges_isAnomalous() {
        INDArray machines = Nd4j.hstack(
                machines(200, 1), Nd4j.ones(machines(1, 1).dataType(), 200, 1).mul(7));
        List<String> names = List.of("load", "power", "temperature", "speed", "vibration", "firmware");
        AnomalyDetector versions = new AnomalyDetector.Builder().members(1).fit(FeatureTable.fit(machines, names));
        INDArray changed = machines.getRows(0).dup();
        changed.putScalar(0, 5, 8);

        Explanation explanation =
                versions.explain(versions.schema().encode(changed)).get(0);

        assertThat(explanation.isAnomaly()).isTrue();
        assertThat(explanation.columns().get(0).column()).isEqualTo("firmware");
    }

    @Test
    void fit_withFewRows_isRefused() {
        FeatureTable few = FeatureTable.fit(machines(19, 1), NAMES);
        assertThatThrownBy(() -> AnomalyDetector.fit(few))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("a table needs at least 20 rows, got 19");
    }

    @Test
    void fit_withEqualRows_isRefused() {
        FeatureTable equal = FeatureTable.fit(Nd4j.ones(100, 5), NAMES);
        assertThatThrownBy(() -> AnomalyDetector.fit(equal))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("the scores of held-out examples must differ");
    }

    @Test
    void rows_ofAnotherTable_areRefused() {
        FeatureTable other = FeatureTable.fit(machines(30, 1), List.of("a", "b", "c", "d", "e"));
        assertThatThrownBy(() -> detector.score(other))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("rows must have the columns, scales and categories of the detector's schema");
    }

    @Test
    void tableModel_ofADetector_isRefused() {
        assertThatThrownBy(() -> detector.toBundle().tableModel())
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("use AnomalyDetector.of(bundle)");
    }
}
