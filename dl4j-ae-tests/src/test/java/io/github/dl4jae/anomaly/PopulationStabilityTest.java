package io.github.dl4jae.anomaly;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.github.dl4jae.anomaly.ColumnDrift.Extent;
import io.github.dl4jae.tabular.FeatureTable;
import io.github.dl4jae.tabular.Imputation;
import io.github.dl4jae.tabular.TableReader;
import io.github.dl4jae.tabular.UnseenLevel;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import java.util.function.IntFunction;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

class PopulationStabilityTest {

    /** χ²(B − 1; 0.99) of SciPy 1.10. */
    private static final double CHI_9 = 21.665994333461924;

    private static final double CHI_2 = 9.21034037197618;

    @TempDir
    private Path directory;

    private static INDArray column(int n, IntFunction<Double> value) {
        return Waves.array(IntStream.range(0, n)
                .mapToObj(i -> new double[] {value.apply(i)})
                .toArray(double[][]::new));
    }

    /** Returns the drift of one column of numbers; NaN is a missing value. */
    private static ColumnDrift drift(INDArray before, INDArray after) {
        FeatureTable table = FeatureTable.fit(before, List.of("x"));
        return PopulationStability.fit(table)
                .compare(table.schema().encode(after))
                .get(0);
    }

    /** Returns the drift of the column x of a file with a second column of numbers. */
    private ColumnDrift driftOfTexts(TableReader.Builder reader, IntFunction<String> before, IntFunction<String> after)
            throws IOException {
        FeatureTable table = reader.build().read(file("before.csv", before));
        return PopulationStability.fit(table).compare(table.schema().read(file("after.csv", after))).stream()
                .filter(drift -> drift.column().equals("x"))
                .findFirst()
                .orElseThrow();
    }

    private Path file(String name, IntFunction<String> x) throws IOException {
        String rows = IntStream.range(0, 100)
                .mapToObj(i -> x.apply(i) + "," + i % 7 + ".5")
                .collect(Collectors.joining("\n"));
        return Files.writeString(directory.resolve(name), "x,y\n" + rows + "\n");
    }

    /** The index as its definition says, each bin with half a row more. */
    private static double index(int[] before, int[] after) {
        double n = IntStream.of(before).sum() + 0.5 * before.length;
        double m = IntStream.of(after).sum() + 0.5 * after.length;
        return IntStream.range(0, before.length)
                .mapToDouble(b -> ((after[b] + 0.5) / m - (before[b] + 0.5) / n)
                        * Math.log((after[b] + 0.5) / m / ((before[b] + 0.5) / n)))
                .sum();
    }

    @Test
    void shiftedNumbers_haveTheIndexOfTenths() {
        ColumnDrift drift = drift(column(100, i -> (double) i), column(100, i -> i + 50.0));

        // from ten rows each to 0, 0, 0, 0, 0, 10, 10, 10, 10, 60, and no missing value; by NumPy
        assertThat(drift.stability()).isCloseTo(2.2728865145008252, within(1e-9));
        assertThat(drift.chance()).isCloseTo(0.02 * CHI_9, within(1e-6));
        assertThat(drift.extent()).isEqualTo(Extent.LARGE);
        assertThat(drift.column()).isEqualTo("x");
    }

    @Test
    void sameNumbers_haveNoDrift() {
        ColumnDrift drift = drift(column(100, i -> (double) i), column(100, i -> (double) i));

        assertThat(drift.stability()).isZero();
        assertThat(drift.extent()).isEqualTo(Extent.NONE);
    }

    @Test
    void missingNumbers_haveABin() {
        ColumnDrift drift = drift(column(100, i -> (double) i), column(100, i -> i % 2 == 0 ? i : Double.NaN));

        // from ten rows each to five each and 50 missing ones; by NumPy
        assertThat(drift.stability()).isCloseTo(2.4937192804579675, within(1e-9));
        assertThat(drift.extent()).isEqualTo(Extent.LARGE);
    }

    /** The rest of the rows has 0 before; the new rows all have the given value. */
    @ParameterizedTest
    @CsvSource({"0, 1", "0, -1", "5, 1", "5, 0.5", "5, -1", "30, 1", "30, 0", "95, 0", "99, 0", "100, 2", "100, 0"})
    void numbersWithAFrequentValue_showDrift(int percentOfOnes, double after) {
        ColumnDrift drift = drift(column(1000, i -> i % 100 < percentOfOnes ? 1.0 : 0.0), column(1000, i -> after));

        assertThat(drift.extent()).isEqualTo(Extent.LARGE);
    }

    @Test
    void rareFlag_thatBecomesFrequent_isDrift() throws IOException {
        ColumnDrift drift = driftOfTexts(
                new TableReader.Builder(), i -> i % 20 == 0 ? "yes" : "no", i -> i % 20 == 0 ? "no" : "yes");

        assertThat(drift.extent()).isEqualTo(Extent.LARGE);
    }

    @Test
    void flagWithIndicator_thatChanges_isDrift() throws IOException {
        IntFunction<String> before = i -> i % 10 == 0 ? "" : i % 2 == 0 ? "yes" : "no";
        ColumnDrift drift = driftOfTexts(
                new TableReader.Builder().imputation(Imputation.MEAN).missingIndicator(true),
                before,
                i -> i % 10 == 0 ? "" : "yes");

        assertThat(drift.extent()).isEqualTo(Extent.LARGE);
    }

    @Test
    void numberWithIndicator_hasTheIndexOfTheNumber() throws IOException {
        TableReader.Builder reader =
                new TableReader.Builder().imputation(Imputation.MEAN).missingIndicator(true);
        IntFunction<String> before = i -> i % 5 == 0 ? "" : i + ".25";

        assertThat(driftOfTexts(reader, before, before).stability()).isZero();
        assertThat(driftOfTexts(reader, before, i -> i % 5 == 0 ? "" : i + 50 + ".25")
                        .extent())
                .isEqualTo(Extent.LARGE);
        assertThat(driftOfTexts(reader, before, i -> i % 5 == 0 ? i + ".25" : "")
                        .extent())
                .isEqualTo(Extent.LARGE);
    }

    @Test
    void categories_haveTheIndexOfTheirCounts() throws IOException {
        ColumnDrift drift = driftOfTexts(
                new TableReader.Builder(),
                i -> i < 50 ? "red" : i < 80 ? "blue" : "green",
                i -> i < 20 ? "red" : i < 80 ? "blue" : "green");

        // blue, green, red, unseen, missing
        assertThat(drift.stability())
                .isCloseTo(index(new int[] {30, 20, 50, 0, 0}, new int[] {60, 20, 20, 0, 0}), within(1e-9));
        assertThat(drift.chance()).isCloseTo(0.02 * CHI_2, within(1e-6));
    }

    @Test
    void unseenCategories_areDrift() throws IOException {
        ColumnDrift drift = driftOfTexts(
                new TableReader.Builder().unseenLevel(UnseenLevel.ZEROS),
                i -> i < 90 ? "blue" : i < 95 ? "green" : "red",
                i -> i < 90 ? "black" : i < 95 ? "green" : "red");

        assertThat(drift.extent()).isEqualTo(Extent.LARGE);
    }

    @Test
    void categoriesWithMissingOnes_haveTheIndexOfTheirCounts() throws IOException {
        IntFunction<String> before = i -> i < 40 ? "red" : i < 80 ? "blue" : i < 95 ? "green" : "";
        ColumnDrift drift = driftOfTexts(
                new TableReader.Builder().imputation(Imputation.MEAN),
                before,
                i -> i < 40 ? "red" : i < 50 ? "blue" : i < 65 ? "green" : "");

        assertThat(drift.stability())
                .isCloseTo(index(new int[] {40, 15, 40, 0, 5}, new int[] {10, 15, 40, 0, 35}), within(1e-9));
    }

    @Test
    void drift_isSortedByTheIndex() {
        INDArray before = Nd4j.hstack(column(100, i -> i * 1.0), column(100, i -> i * 1.0), column(100, i -> i * 1.0));
        INDArray after = Nd4j.hstack(column(100, i -> i + 5.0), column(100, i -> i + 70.0), column(100, i -> i + 30.0));
        FeatureTable table = FeatureTable.fit(before, List.of("little", "much", "some"));

        assertThat(PopulationStability.fit(table).compare(table.schema().encode(after)))
                .extracting(ColumnDrift::column)
                .containsExactly("much", "some", "little");
    }

    @Tag("slow")
    @ParameterizedTest
    @ValueSource(ints = {300, 2000})
    void chance_isExceededByOnePercentOfUnchangedColumns(int rows) {
        int columns = 2000;
        Random random = new Random(rows);
        List<String> names = IntStream.range(0, columns).mapToObj(j -> "c" + j).toList();
        FeatureTable table = FeatureTable.fit(normal(500, columns, random), names);

        long exceeded =
                PopulationStability.fit(table).compare(table.schema().encode(normal(rows, columns, random))).stream()
                        .filter(drift -> drift.stability() > drift.chance())
                        .count();

        // 20 ± 4.5
        assertThat(exceeded).isBetween(8L, 34L);
    }

    private static INDArray normal(int rows, int columns, Random random) {
        float[] values = new float[rows * columns];
        for (int i = 0; i < values.length; i++) {
            values[i] = (float) random.nextGaussian();
        }
        return Nd4j.createFromArray(values).reshape(rows, columns);
    }

    @ParameterizedTest
    @CsvSource({
        "0.05, 0.01, NONE",
        "0.1, 0.01, NONE",
        "0.11, 0.01, MODERATE",
        "0.25, 0.01, MODERATE",
        "0.26, 0.01, LARGE",
        "0.26, 0.3, NONE",
        "0.11, 0.11, NONE"
    })
    void extent_isThatOfTheIndex_unlessChanceExplainsIt(double stability, double chance, Extent extent) {
        assertThat(ColumnDrift.of("x", stability, chance).extent()).isEqualTo(extent);
    }

    @Test
    void otherColumns_areRefused() {
        PopulationStability fitted =
                PopulationStability.fit(FeatureTable.fit(column(10, i -> (double) i), List.of("x")));
        FeatureTable other = FeatureTable.fit(column(10, i -> (double) i), List.of("y"));

        assertThatThrownBy(() -> fitted.compare(other))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageStartingWith("PopulationStability: rows must have the columns of the fitted ones, got ")
                .hasMessageEndingWith("; read them with the schema of the detector");
    }

    @Test
    void nulls_areRefused() {
        PopulationStability fitted =
                PopulationStability.fit(FeatureTable.fit(column(10, i -> (double) i), List.of("x")));

        assertThatThrownBy(() -> PopulationStability.fit(null))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("PopulationStability: rows must be given, got null");
        assertThatThrownBy(() -> fitted.compare(null))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("PopulationStability: rows must be given, got null");
    }
}
