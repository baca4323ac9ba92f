package io.github.dl4jae.dictionary;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.function.Consumer;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.apache.commons.math3.stat.correlation.PearsonsCorrelation;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.nd4j.linalg.factory.Nd4j;

/** The numbers of the collector are those of their definitions, computed from the dense codes. */
class FeatureCollectorTest {

    private static final int UNITS = 12;
    private static final int DEAD = 11;
    private static final List<String> CLASSES = List.of("a", "b", "c");

    /** Returns codes in which unit u fires with probability 0.8 / (u + 1) and unit 11 never, some of them negative. */
    private static double[][] codes(int rows) {
        Random random = new Random(3);
        double[][] codes = new double[rows][UNITS];
        for (double[] row : codes) {
            for (int u = 0; u < DEAD; u++) {
                if (random.nextDouble() < .8 / (u + 1)) {
                    row[u] = Math.exp(2 * random.nextGaussian()) * (u == 5 && random.nextBoolean() ? -1 : 1);
                }
            }
            row[2] = row[1] == 0 ? row[2] : 2 * row[1] + .1 * random.nextDouble(); // correlated
        }
        return codes;
    }

    private static int[] labels(int examples) {
        return new Random(4).ints(examples, -1, CLASSES.size()).toArray();
    }

    private static double[][] decoder() {
        Random random = new Random(5);
        return IntStream.range(0, UNITS)
                .mapToObj(u -> random.doubles(4, -1, 1).toArray())
                .toArray(double[][]::new);
    }

    private static FeatureCollector.Builder builder() {
        return new FeatureCollector.Builder().units(UNITS).classes(CLASSES);
    }

    private static FeatureStatistics collect(
            FeatureCollector.Builder builder, double[][] codes, int[] labels, int positions, int batch) {
        FeatureCollector collector = builder.build();
        for (int from = 0; from < labels.length; from += batch) {
            int to = Math.min(from + batch, labels.length);
            double[][] rows = Arrays.copyOfRange(codes, from * positions, to * positions);
            collector.add(SparseCodes.of(Nd4j.createFromArray(rows)), Arrays.copyOfRange(labels, from, to), positions);
        }
        return collector.statistics(Nd4j.createFromArray(decoder()));
    }

    /** Returns the examples in which a unit fires, with the first of the largest activations of their rows. */
    private static List<FeatureExample> firing(double[][] codes, int[] labels, int positions, int unit) {
        List<FeatureExample> examples = new ArrayList<>();
        for (int e = 0; e < labels.length; e++) {
            int first = e * positions;
            int best = IntStream.range(0, positions)
                    .boxed()
                    .max(Comparator.comparingDouble((Integer p) -> Math.abs(codes[first + p][unit]))
                            .thenComparing(Comparator.reverseOrder()))
                    .orElseThrow();
            if (codes[first + best][unit] != 0) {
                examples.add(new FeatureExample(e, best, codes[first + best][unit], labels[e]));
            }
        }
        examples.sort(Comparator.comparingDouble((FeatureExample e) -> -Math.abs(e.activation()))
                .thenComparing(FeatureExample::example));
        return examples;
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 4})
    void numbers_ofEachUnit_areThoseOfTheDenseCodes(int positions) {
        double[][] codes = codes(400);
        int[] labels = labels(400 / positions);
        FeatureStatistics statistics = collect(builder(), codes, labels, positions, 7);

        assertThat(statistics.rows()).isEqualTo(400);
        assertThat(statistics.examples()).isEqualTo(labels.length);
        assertThat(statistics.alive()).isEqualTo(UNITS - 1);
        double active = 0;
        for (int u = 0; u < UNITS; u++) {
            int unit = u;
            double[] magnitudes = Arrays.stream(codes)
                    .mapToDouble(row -> Math.abs(row[unit]))
                    .filter(value -> value != 0)
                    .toArray();
            active += magnitudes.length / 400.0;
            assertThat(statistics.firing(u)).isEqualTo(magnitudes.length);
            assertThat(statistics.frequency(u)).isEqualTo(magnitudes.length / 400.0);
            assertThat(statistics.firingExamples(u))
                    .isEqualTo(firing(codes, labels, positions, u).size());
            assertThat(statistics.maximum(u))
                    .isEqualTo(Arrays.stream(magnitudes).max().orElse(0));
            assertThat(statistics.mean(u))
                    .isCloseTo(Arrays.stream(magnitudes).average().orElse(0), within(1e-12));
            double[] sums = new double[CLASSES.size()];
            IntStream.range(0, codes.length)
                    .filter(row -> labels[row / positions] >= 0)
                    .forEach(row -> sums[labels[row / positions]] += Math.abs(codes[row][unit]));
            double total = Arrays.stream(sums).sum();
            double[] shares =
                    Arrays.stream(sums).map(sum -> total == 0 ? 0 : sum / total).toArray();
            assertThat(statistics.classShares(u)).containsExactly(shares, within(1e-12));
            assertThat(statistics.purity(u))
                    .isCloseTo(Arrays.stream(shares).max().orElseThrow(), within(1e-12));
        }
        assertThat(statistics.meanActive()).isCloseTo(active, within(1e-12));
    }

    @Test
    void histogram_countsRowsByMagnitude() {
        double[][] codes = codes(400);
        FeatureStatistics statistics = collect(builder(), codes, labels(400), 1, 64);

        for (int u = 0; u < DEAD; u++) {
            double end = Double.MIN_NORMAL;
            while (end <= statistics.maximum(u)) {
                end *= 2;
            }
            int[] expected = new int[64];
            for (double[] row : codes) {
                if (row[u] != 0) {
                    expected[(int) (64 * Math.abs(row[u]) / end)]++;
                }
            }
            assertThat(statistics.histogram(u)).containsExactly(expected);
            assertThat(statistics.histogramWidth(u)).isEqualTo(end / 64);
        }
        assertThat(statistics.histogram(DEAD)).containsOnly(0);
        assertThat(statistics.histogramWidth(DEAD)).isZero();
    }

    @Test
    void histogram_ofValuesOfManyMagnitudes_doesNotDependOnTheirOrder() {
        double[][] rising = IntStream.range(0, 120)
                .mapToObj(i -> {
                    double[] row = new double[UNITS];
                    row[0] = Math.pow(2, i - 90) * 1.5;
                    return row;
                })
                .toArray(double[][]::new);
        double[][] falling =
                IntStream.range(0, 120).mapToObj(i -> rising[119 - i]).toArray(double[][]::new);
        int[] none = new int[120];

        FeatureStatistics a = collect(builder(), rising, none, 1, 50);
        FeatureStatistics b = collect(builder(), falling, none, 1, 50);

        assertThat(a.histogram(0)).containsExactly(b.histogram(0));
        assertThat(Arrays.stream(a.histogram(0)).sum()).isEqualTo(120);
        assertThat(a.histogramWidth(0)).isEqualTo(Math.pow(2, 30 - 6));
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 4})
    void examples_ofASampleThatHoldsAll_areTheStrongestAndTheQuantiles(int positions) {
        double[][] codes = codes(400);
        int[] labels = labels(400 / positions);
        FeatureStatistics statistics =
                collect(builder().bands(4).examplesPerBand(1000).sample(1000), codes, labels, positions, 9);
        FeatureStatistics few =
                collect(builder().bands(4).examplesPerBand(3).sample(1000), codes, labels, positions, 9);

        for (int u = 0; u < UNITS; u++) {
            List<FeatureExample> all = firing(codes, labels, positions, u);
            assertThat(statistics.strongest(u)).containsExactlyElementsOf(all);
            assertThat(few.strongest(u)).containsExactlyElementsOf(all.subList(0, Math.min(3, all.size())));
            for (int band = 0; band < 4; band++) {
                int n = all.size();
                List<FeatureExample> ranks = new ArrayList<>(all.subList(n - (band + 1) * n / 4, n - band * n / 4));
                ranks.removeAll(few.strongest(u));
                assertThat(statistics.band(u, band)).isEmpty(); // all are among the strongest
                assertThat(few.band(u, band))
                        .hasSize(Math.min(3, ranks.size()))
                        .isSubsetOf(ranks)
                        .isSortedAccordingTo(Comparator.comparingInt(ranks::indexOf));
            }
        }
    }

    @Test
    void sample_ofUnitsThatFireTogether_holdsTheSameExamples() {
        double[][] codes = codes(400);
        for (double[] row : codes) {
            row[0] = 1 + row[0];
            row[3] = 2 + row[3];
        }
        FeatureStatistics statistics =
                collect(builder().bands(1).examplesPerBand(40).sample(60), codes, labels(400), 1, 33);

        Set<Integer> first = examples(statistics, 0);
        Set<Integer> second = examples(statistics, 3);
        assertThat(statistics.band(0, 0)).hasSize(40);
        // 40 strongest of each; the rest of both comes from the same 60
        Set<Integer> union = new HashSet<>(first);
        union.addAll(second);
        assertThat(union).hasSizeLessThanOrEqualTo(40 + 40 + 60);
        Set<Integer> banded = new HashSet<>();
        Stream.of(0, 3).forEach(u -> statistics.band(u, 0).forEach(e -> banded.add(e.example())));
        assertThat(banded).hasSizeLessThanOrEqualTo(60);
    }

    private static Set<Integer> examples(FeatureStatistics statistics, int unit) {
        Set<Integer> all = new HashSet<>();
        statistics.strongest(unit).forEach(e -> all.add(e.example()));
        statistics.band(unit, 0).forEach(e -> all.add(e.example()));
        return all;
    }

    /** Over 400 seeds each of 100 examples is drawn 40 times on average, with a standard deviation of 6. */
    @Tag("slow")
    @Test
    void sample_overManySeeds_isUniform() {
        double[][] codes = new double[100][UNITS];
        Arrays.setAll(codes, i -> {
            double[] row = new double[UNITS];
            row[1] = 1 + i / 100.0;
            return row;
        });
        int[] drawn = new int[100];
        for (int seed = 0; seed < 400; seed++) {
            FeatureStatistics statistics =
                    collect(builder().seed(seed).bands(1).examplesPerBand(10).sample(10), codes, new int[100], 1, 100);
            statistics.band(1, 0).forEach(e -> drawn[e.example()]++);
        }

        // the ten strongest are not repeated in the band
        assertThat(Arrays.copyOfRange(drawn, 90, 100)).containsOnly(0);
        assertThat(Arrays.stream(drawn).limit(90).min().orElseThrow()).isBetween(17, 40);
        assertThat(Arrays.stream(drawn).limit(90).max().orElseThrow()).isBetween(40, 63);
        assertThat(Arrays.stream(drawn).sum()).isBetween(3500, 3700); // 4000 · 90 %
    }

    @Test
    void statistics_ofOneStream_doNotDependOnMiniBatches() {
        double[][] codes = codes(400);
        int[] labels = labels(100);
        FeatureCollector.Builder builder = builder().sample(20).correlationRows(90);

        FeatureStatistics one = collect(builder, codes, labels, 4, 100);
        FeatureStatistics many = collect(builder, codes, labels, 4, 3);

        for (int u = 0; u < UNITS; u++) {
            assertThat(one.strongest(u)).isEqualTo(many.strongest(u));
            assertThat(one.band(u, 1)).isEqualTo(many.band(u, 1));
            assertThat(one.histogram(u)).containsExactly(many.histogram(u));
            assertThat(one.nearestByCorrelation(u)).hasSameSizeAs(many.nearestByCorrelation(u));
            for (int k = 0; k < one.nearestByCorrelation(u).size(); k++) {
                assertThat(one.nearestByCorrelation(u).get(k).unit())
                        .isEqualTo(many.nearestByCorrelation(u).get(k).unit());
            }
        }
    }

    @Test
    void nearestByCosine_areThoseOfTheDecoder() {
        double[][] decoder = decoder();
        FeatureStatistics statistics = collect(builder().neighbors(3), codes(40), labels(40), 1, 40);

        for (int u = 0; u < UNITS; u++) {
            int unit = u;
            List<Integer> expected = IntStream.range(0, UNITS)
                    .filter(other -> other != unit)
                    .boxed()
                    .sorted(Comparator.comparingDouble(other -> -cosine(decoder[unit], decoder[other])))
                    .limit(3)
                    .toList();
            assertThat(statistics.nearestByCosine(u))
                    .extracting(FeatureNeighbor::unit)
                    .isEqualTo(expected);
            assertThat(statistics.nearestByCosine(u).get(0).similarity())
                    .isCloseTo(cosine(decoder[unit], decoder[expected.get(0)]), within(1e-6));
        }
    }

    private static double cosine(double[] a, double[] b) {
        double product = 0;
        double squaresA = 0;
        double squaresB = 0;
        for (int i = 0; i < a.length; i++) {
            product += a[i] * b[i];
            squaresA += a[i] * a[i];
            squaresB += b[i] * b[i];
        }
        return product / Math.sqrt(squaresA * squaresB);
    }

    @Test
    void nearestByCorrelation_overAllRows_arePearsons() {
        double[][] codes = codes(300);
        FeatureStatistics statistics = collect(builder().neighbors(UNITS), codes, labels(300), 1, 300);
        PearsonsCorrelation pearson = new PearsonsCorrelation();

        assertThat(statistics.nearestByCorrelation(1).get(0).unit()).isEqualTo(2);
        for (int u = 0; u < DEAD; u++) {
            double[] own = column(codes, u);
            int unit = u;
            List<Integer> positive = IntStream.range(0, DEAD)
                    .filter(other -> other != unit && pearson.correlation(own, column(codes, other)) > 0)
                    .boxed()
                    .sorted(Comparator.comparingDouble(other -> -pearson.correlation(own, column(codes, other))))
                    .toList();
            List<FeatureNeighbor> nearest = statistics.nearestByCorrelation(u);
            assertThat(nearest).extracting(FeatureNeighbor::unit).isEqualTo(positive);
            for (FeatureNeighbor neighbor : nearest) {
                assertThat(neighbor.similarity())
                        .isCloseTo(pearson.correlation(own, column(codes, neighbor.unit())), within(1e-10));
            }
        }
        assertThat(statistics.nearestByCorrelation(DEAD)).isEmpty();
    }

    private static double[] column(double[][] codes, int unit) {
        return Arrays.stream(codes).mapToDouble(row -> row[unit]).toArray();
    }

    @Test
    void add_ofExamplesWithDifferentNumbersOfRows_keepsTheirPositions() {
        double[][] codes = new double[3][UNITS];
        codes[0][4] = 1;
        codes[1][4] = 3;
        codes[2][4] = 2;
        FeatureCollector collector = builder().build();

        collector.add(
                SparseCodes.of(Nd4j.createFromArray(codes)),
                new int[] {0, 1, 2, -1},
                new int[] {0, 0, 2},
                new int[] {5, 8, 1},
                4);
        FeatureStatistics statistics = collector.statistics(Nd4j.createFromArray(decoder()));

        assertThat(statistics.examples()).isEqualTo(4);
        assertThat(statistics.rows()).isEqualTo(3);
        assertThat(statistics.strongest(4))
                .containsExactly(new FeatureExample(0, 8, 3, 0), new FeatureExample(2, 1, 2, 2));
    }

    static Stream<Arguments> mistakes() {
        SparseCodes two = SparseCodes.of(Nd4j.ones(2, UNITS));
        return Stream.of(
                Arguments.of("codes must have 12 units, got 3", (Consumer<FeatureCollector>)
                        collector -> collector.add(SparseCodes.of(Nd4j.ones(2, 3)))),
                Arguments.of("there must be a label for each of the 2 examples, got 1", (Consumer<FeatureCollector>)
                        collector -> collector.add(two, new int[1])),
                Arguments.of("labels must be in [-1, 3), the number of classes, got 3", (Consumer<FeatureCollector>)
                        collector -> collector.add(two, new int[] {0, 3})),
                Arguments.of(
                        "the number of codes must be a multiple of the 3 positions, got 2",
                        (Consumer<FeatureCollector>) collector -> collector.add(two, new int[1], 3)),
                Arguments.of("examples must ascend in [0, 2)", (Consumer<FeatureCollector>)
                        collector -> collector.add(two, null, new int[] {1, 0}, new int[2], 2)),
                Arguments.of(
                        "the activation of unit 0 must be finite, got NaN", (Consumer<FeatureCollector>) collector ->
                                collector.add(SparseCodes.of(Nd4j.valueArrayOf(new long[] {1, UNITS}, Double.NaN)))),
                Arguments.of("the decoder must have shape [12, d], got [4, 12]", (Consumer<FeatureCollector>)
                        collector -> collector.statistics(Nd4j.ones(4, UNITS))));
    }

    @ParameterizedTest
    @MethodSource("mistakes")
    void collector_ofWrongInput_saysWhatIsWrong(String message, Consumer<FeatureCollector> mistake) {
        FeatureCollector collector = builder().build();

        assertThatThrownBy(() -> mistake.accept(collector))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageStartingWith("FeatureCollector: ")
                .hasMessageContaining(message);
    }

    @Test
    void collector_withoutAnyExample_hasNoFeatureAlive() {
        FeatureStatistics statistics = builder().build().statistics(Nd4j.createFromArray(decoder()));

        assertThat(statistics.alive()).isZero();
        assertThat(statistics.frequency(3)).isZero();
        assertThat(statistics.meanActive()).isZero();
        assertThat(statistics.strongest(3)).isEmpty();
        assertThat(statistics.nearestByCorrelation(3)).isEmpty();
    }
}
