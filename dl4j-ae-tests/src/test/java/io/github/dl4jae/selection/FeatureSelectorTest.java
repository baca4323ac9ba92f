package io.github.dl4jae.selection;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.github.dl4jae.data.SyntheticTable;
import io.github.dl4jae.internal.math.NearestNeighbors;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

@Tag("slow")
class FeatureSelectorTest {

    private static final int SEEDS = 10;

    static Stream<FeatureSelector> selectors() {
        return Stream.of(
                new GreedyColumnSelection(),
                new PcaLoadings(),
                new VarianceSelection(),
                new RandomSelection(1),
                new LaplacianScore(3),
                new PrincipalFeatureAnalysis(1),
                new ConcreteSelection.Builder().steps(20).batch(16).build());
    }

    /** Columns that say something about each other. */
    private static INDArray examples(int n, int d) {
        Nd4j.getRandom().setSeed(4);
        return Nd4j.randn(DataType.DOUBLE, n, d).mmul(Nd4j.randn(DataType.DOUBLE, d, d));
    }

    @ParameterizedTest
    @MethodSource("selectors")
    void everySelector_givesSoManyDifferentColumns_andLeavesTheExamplesAlone(FeatureSelector selector) {
        INDArray x = examples(40, 9);
        x.getColumn(2).assign(0.3); // constant
        x.getColumn(5).assign(x.getColumn(4)); // a duplicate
        INDArray before = x.dup();

        for (int k : new int[] {1, 4, 9}) {
            int[] columns = selector.select(x, k);
            assertThat(columns).hasSize(k).doesNotHaveDuplicates();
            assertThat(Arrays.stream(columns)).allMatch(j -> j >= 0 && j < 9);
        }
        assertThat(x).isEqualTo(before);
        assertThat(selector.select(x, 4)).as("the same every time").containsExactly(selector.select(x, 4));
    }

    @ParameterizedTest
    @MethodSource("selectors")
    void everySelector_namesWhatIsWrong(FeatureSelector selector) {
        INDArray x = examples(20, 5);
        assertThatThrownBy(() -> selector.select(x, 0))
                .hasMessageContaining("k must be in [1, 5]")
                .hasMessageContaining("got 0");
        assertThatThrownBy(() -> selector.select(x, 6))
                .hasMessageContaining("k must be in [1, 5]")
                .hasMessageContaining("got 6");
        assertThatThrownBy(() -> selector.select(x.reshape(20, 5, 1), 2))
                .hasMessageContaining("examples must be [N, d], got [20, 5, 1]");
        x.putScalar(3, 1, Double.NaN);
        assertThatThrownBy(() -> selector.select(x, 2)).hasMessageContaining("must be finite, got NaN");
    }

    /** By the definition: of all columns take the one that leaves the least squared error. */
    private static int[] greedyByDefinition(INDArray x, int k) {
        List<Integer> chosen = new ArrayList<>();
        while (chosen.size() < k) {
            int best = -1;
            double least = Double.POSITIVE_INFINITY;
            for (int j = 0; j < x.size(1); j++) {
                if (!chosen.contains(j)) {
                    int[] candidate = IntStream.concat(chosen.stream().mapToInt(c -> c), IntStream.of(j))
                            .toArray();
                    double error = LinearReconstruction.fit(x, candidate).meanSquaredError(x);
                    if (error < least) {
                        least = error;
                        best = j;
                    }
                }
            }
            chosen.add(best);
        }
        return chosen.stream().mapToInt(c -> c).toArray();
    }

    @ParameterizedTest
    @ValueSource(ints = {60, 8})
    void greedySelection_withManyAndWithFewExamples_followsItsDefinition(int n) {
        INDArray x = examples(n, 12);
        assertThat(new GreedyColumnSelection().select(x, 6)).containsExactly(greedyByDefinition(x, 6));
    }

    @Test
    void greedySelection_takesConstantAndDependentColumnsLast() {
        INDArray x = examples(50, 6);
        x.getColumn(0).assign(0.3); // its mean is not exact
        x.getColumn(3).assign(x.getColumn(1).mul(2).add(1));
        int[] columns = new GreedyColumnSelection().select(x, 6);

        assertThat(columns[5]).isEqualTo(0);
        assertThat(columns[4]).isIn(1, 3);
    }

    @Test
    void greedySelection_of100000Columns_works() {
        Nd4j.getRandom().setSeed(4);
        INDArray x = Nd4j.randn(DataType.FLOAT, 20, 100_000).muli(0.1);
        x.getColumn(77_777).muli(1000);

        assertThat(new GreedyColumnSelection().select(x, 2)).startsWith(77_777);
        assertThatThrownBy(() -> new PcaLoadings().select(x, 2))
                .hasMessageContaining("at most 20000 columns, got 100000; GreedyColumnSelection needs no matrix");
        assertThatThrownBy(() -> new PrincipalFeatureAnalysis(1).select(x, 2)).hasMessageContaining("got 100000");
    }

    @Test
    void pcaLoadingsAndVariance_ofIndependentColumns_goByVariance() {
        Nd4j.getRandom().setSeed(4);
        INDArray x = Nd4j.randn(DataType.DOUBLE, 2000, 4).muliRowVector(Nd4j.createFromArray(1.0, 9, 0.1, 4));

        assertThat(new PcaLoadings().select(x, 3)).containsExactly(1, 3, 0);
        assertThat(new VarianceSelection().select(x, 3)).containsExactly(1, 3, 0);
    }

    @Test
    void principalFeatureAnalysis_takesOneOfEachGroup() {
        Nd4j.getRandom().setSeed(4);
        INDArray z = Nd4j.randn(DataType.DOUBLE, 500, 3);
        INDArray x = Nd4j.hstack(z, z, z, z)
                .addi(Nd4j.randn(DataType.DOUBLE, 500, 12).muli(0.05));
        int[] groups = Arrays.stream(new PrincipalFeatureAnalysis(3).select(x, 3))
                .map(j -> j % 3)
                .toArray();

        assertThat(groups).containsExactlyInAnyOrder(0, 1, 2);
    }

    /** The quotient of He, Cai and Niyogi with full matrices. */
    private static double[] laplacianByDefinition(double[][] x, int neighbors) {
        int n = x.length;
        double[][] squared = new double[n][n];
        for (int i = 0; i < n; i++) {
            for (int o = 0; o < n; o++) {
                for (int j = 0; j < x[0].length; j++) {
                    squared[i][o] += Math.pow(x[i][j] - x[o][j], 2);
                }
            }
        }
        boolean[][] near = new boolean[n][n];
        double width = 0;
        for (int i = 0; i < n; i++) {
            int row = i;
            int[] order = IntStream.range(0, n)
                    .filter(o -> o != row)
                    .boxed()
                    .sorted((a, b) -> Double.compare(squared[row][a], squared[row][b]))
                    .limit(neighbors)
                    .mapToInt(o -> o)
                    .toArray();
            for (int o : order) {
                near[i][o] = true;
                width += squared[i][o] / (n * neighbors);
            }
        }
        double[] scores = new double[x[0].length];
        for (int j = 0; j < scores.length; j++) {
            double[] degree = new double[n];
            double numerator = 0;
            for (int i = 0; i < n; i++) {
                for (int o = 0; o < n; o++) {
                    if (near[i][o] || near[o][i]) {
                        double w = Math.exp(-squared[i][o] / width);
                        degree[i] += w;
                        numerator += 0.5 * w * Math.pow(x[i][j] - x[o][j], 2);
                    }
                }
            }
            double all = Arrays.stream(degree).sum();
            double mean = 0;
            for (int i = 0; i < n; i++) {
                mean += degree[i] * x[i][j] / all;
            }
            double variance = 0;
            for (int i = 0; i < n; i++) {
                variance += degree[i] * Math.pow(x[i][j] - mean, 2);
            }
            scores[j] = numerator / variance;
        }
        return scores;
    }

    @Test
    void laplacianScore_followsItsDefinition() {
        INDArray x = examples(30, 6);
        double[] scores = laplacianByDefinition(x.toDoubleMatrix(), 4);
        int[] ascending = IntStream.range(0, 6)
                .boxed()
                .sorted((a, b) -> Double.compare(scores[a], scores[b]))
                .mapToInt(j -> j)
                .toArray();

        assertThat(new LaplacianScore(4).select(x, 6)).containsExactly(ascending);
        assertThatThrownBy(() -> new LaplacianScore(0)).hasMessageContaining("neighbors must be at least 1, got 0");
        assertThatThrownBy(() -> new LaplacianScore(30).select(x, 2))
                .hasMessageContaining("more than the 30 neighbors");
    }

    @ParameterizedTest
    @ValueSource(doubles = {0, 0.3, 5.7})
    void laplacianScore_ofAColumnThatVariesInALonelyExampleOnly_takesItForConstant(double elsewhere) {
        INDArray x = examples(800, 3);
        x.getColumn(1).assign(elsewhere);
        x.putScalar(17, 1, 1e6);
        x.getColumn(2).assign(0.3);

        assertThat(new LaplacianScore(3).select(x, 3)).containsExactly(0, 1, 2);
    }

    @Test
    void nearestNeighbors_areThoseOfAllPairs() {
        Nd4j.getRandom().setSeed(4);
        INDArray points = Nd4j.randn(DataType.FLOAT, 300, 4);
        INDArray queries = Nd4j.randn(DataType.FLOAT, 5, 4);
        int[][] nearest = NearestNeighbors.find(queries, points, 7);
        for (int i = 0; i < 5; i++) {
            double[] distances = points.subRowVector(queries.getRow(i)).norm2(1).toDoubleVector();
            int[] expected = IntStream.range(0, 300)
                    .boxed()
                    .sorted((a, b) -> Double.compare(distances[a], distances[b]))
                    .limit(7)
                    .mapToInt(j -> j)
                    .toArray();
            assertThat(nearest[i]).containsExactly(expected);
        }
        assertThatThrownBy(() -> NearestNeighbors.find(queries, points, 301))
                .hasMessageContaining("k must be in [1, 300]");
        assertThatThrownBy(() -> NearestNeighbors.find(queries.getColumns(0, 1), points, 1))
                .hasMessageContaining("the same width, got 2 and 4");
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 4, 5, 9, Integer.MAX_VALUE})
    void shuffledBatches_holdEveryRowOncePerEpoch(int batch) {
        ShuffledBatches batches = new ShuffledBatches(9, batch, 3);
        List<Integer> first = new ArrayList<>();
        List<Integer> second = new ArrayList<>();
        for (int i = 0; i < batches.perEpoch(); i++) {
            Arrays.stream(batches.next()).forEach(first::add);
        }
        for (int i = 0; i < batches.perEpoch(); i++) {
            Arrays.stream(batches.next()).forEach(second::add);
        }

        assertThat(first).containsExactlyInAnyOrder(0, 1, 2, 3, 4, 5, 6, 7, 8).isNotEqualTo(second);
        assertThat(second).containsExactlyInAnyOrderElementsOf(first);
    }

    private static long found(FeatureSelector[] selectors) {
        return IntStream.range(0, SEEDS)
                .filter(seed -> {
                    SyntheticTable table = SyntheticTable.generate(1000, 4, 8, 8, seed);
                    int[] columns = selectors[seed].select(table.features(), 4);
                    Arrays.sort(columns);
                    return Arrays.equals(columns, table.informativeColumns());
                })
                .count();
    }

    @Test
    void greedySelection_findsInformativeColumns_forNineOfTenSeeds() {
        FeatureSelector[] selectors = new FeatureSelector[SEEDS];
        Arrays.fill(selectors, new GreedyColumnSelection());
        assertThat(found(selectors)).isGreaterThanOrEqualTo(9);
    }

    @Test
    void concreteSelection_findsInformativeColumns_forNineOfTenSeeds() {
        FeatureSelector[] selectors = new FeatureSelector[SEEDS];
        Arrays.setAll(selectors, seed -> new ConcreteSelection.Builder()
                .seed(seed)
                .batch(64)
                .steps(500)
                .restarts(4)
                .learningRate(0.02)
                .build());
        assertThat(found(selectors)).isGreaterThanOrEqualTo(9);
    }

    /** z² has a little more variance than z; but z² follows from z, and from z² nobody knows the sign of z. Some trainings find it. */
    @Test
    void concreteSelection_withHiddenUnitsAndRestarts_takesWhatANetworkNeeds() {
        Nd4j.getRandom().setSeed(4);
        INDArray z = Nd4j.rand(DataType.FLOAT, 600, 1).muli(2).subi(1);
        INDArray noise = Nd4j.rand(DataType.FLOAT, 600, 1).muli(0.1);
        INDArray x = Nd4j.hstack(z.mul(z).muli(1.8), z.mul(0.9), noise);
        ConcreteSelection.Builder concrete =
                new ConcreteSelection.Builder().batch(64).steps(400).restarts(4).learningRate(0.02);

        assertThat(concrete.build().select(x, 1)).containsExactly(0);
        assertThat(concrete.hidden(24).build().select(x, 1)).containsExactly(1);
    }

    /** And the method of the paper, which loses its way, does not. */
    @ParameterizedTest
    @ValueSource(ints = {0, 1})
    void concreteSelection_byTheNaturalGradient_findsInformativeOnesAmongThousandsOfColumns(int seed) {
        SyntheticTable table = SyntheticTable.generate(1000, 8, 700, 1292, seed);
        ConcreteSelection.Builder concrete =
                new ConcreteSelection.Builder().seed(seed).batch(128).steps(400).learningRate(0.01);

        assertThat(informative(table, concrete.build())).isGreaterThanOrEqualTo(6);
        assertThat(informative(table, concrete.naturalGradient(false).build())).isLessThanOrEqualTo(3);
    }

    private static long informative(SyntheticTable table, FeatureSelector selector) {
        return Arrays.stream(selector.select(table.features(), 8))
                .filter(j -> Arrays.binarySearch(table.informativeColumns(), j) >= 0)
                .count();
    }

    @Test
    void concreteSelection_withWrongSettings_isRefused() {
        assertThatThrownBy(() -> new ConcreteSelection.Builder().steps(0).build())
                .hasMessageContaining("steps must be at least 1, got 0");
        assertThatThrownBy(() -> new ConcreteSelection.Builder().hidden(3, 0).build())
                .hasMessageContaining("hidden units must be at least 1, got 0");
        assertThatThrownBy(
                        () -> new ConcreteSelection.Builder().learningRate(-1).build())
                .hasMessageContaining("learningRate must be above 0 and finite, got -1.0");
    }

    @Test
    void linearReconstruction_fromOneColumn_isThatOfSimpleRegression() {
        INDArray x = Nd4j.createFromArray(new double[][] {{1, 2, 5}, {2, 3, 5}, {3, 7, 5}});
        LinearReconstruction fit = LinearReconstruction.fit(x, 0);
        // slope cov/var = (½·5)/1 = 2.5, mean 4: predictions 1.5, 4, 6.5, residuals ½, −1, ½ of a total of 14
        assertThat(fit.reconstruct(x).getColumn(1).toDoubleVector())
                .containsExactly(new double[] {1.5, 4, 6.5}, within(1e-12));
        assertThat(fit.r2(x)[0]).isCloseTo(1, within(1e-12));
        assertThat(fit.r2(x)[1]).isCloseTo(1 - 1.5 / 14, within(1e-12));
        assertThat(fit.r2(x)[2]).as("a constant has nothing to explain").isNaN();
        assertThat(fit.meanSquaredError(x)).isCloseTo(1.5 / 9, within(1e-12));
    }

    @Test
    void linearReconstruction_doesNotDependOnUnits() {
        Nd4j.getRandom().setSeed(4);
        INDArray x = Nd4j.randn(DataType.DOUBLE, 50, 3).muliRowVector(Nd4j.createFromArray(1e6, 1, 1e-6));
        assertThat(LinearReconstruction.fit(x, 0, 1, 2).r2(x)).containsExactly(new double[] {1, 1, 1}, within(1e-9));
    }

    @Test
    void nearestNeighbors_farFromZero_areStillThem() {
        INDArray points = Nd4j.createFromArray(new double[][] {{1e9 + 5}, {1e9 + 2}, {1e9 + 1}, {1e9}});
        assertThat(NearestNeighbors.find(Nd4j.createFromArray(new double[][] {{1e9}}), points, 3)[0])
                .containsExactly(3, 2, 1);
    }

    @Test
    void linearReconstruction_fromDuplicatesAndConstants_isThatWithoutThem() {
        INDArray x = examples(40, 5);
        x.getColumn(3).assign(2);
        x.getColumn(4).assign(x.getColumn(0));
        double expected = LinearReconstruction.fit(x, 0, 1).meanSquaredError(x);

        assertThat(LinearReconstruction.fit(x, 0, 1, 3, 4).meanSquaredError(x)).isCloseTo(expected, within(1e-9));
        assertThatThrownBy(() -> LinearReconstruction.fit(x, 5)).hasMessageContaining("one or more in [0, 4], got [5]");
        assertThatThrownBy(() -> LinearReconstruction.fit(x, 1).reconstruct(x.getColumns(0, 1)))
                .hasMessageContaining("examples must be [N, 5], got [40, 2]");
    }
}
