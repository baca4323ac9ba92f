package io.github.dl4jae.selection;

import static io.github.dl4jae.selection.SelectionTables.examples;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/** Selection of groups of columns. */
@Tag("slow")
class FeatureGroupsTest {

    /** Group 1 has three columns, which are not adjacent; group 3 has five. */
    private static final int[] GROUPS = {0, 1, 2, 3, 1, 3, 3, 4, 3, 1, 5, 3};

    private static int[] columns(List<Integer> groups) {
        return IntStream.range(0, GROUPS.length)
                .filter(j -> groups.contains(GROUPS[j]))
                .toArray();
    }

    /** The definition: the group whose columns leave the least squared error. */
    private static int[] greedyByDefinition(INDArray x, int k) {
        List<Integer> chosen = new ArrayList<>();
        while (chosen.size() < k) {
            int best = -1;
            double least = Double.POSITIVE_INFINITY;
            for (int group = 0; group < 6; group++) {
                if (!chosen.contains(group)) {
                    List<Integer> candidate = new ArrayList<>(chosen);
                    candidate.add(group);
                    double error =
                            LinearReconstruction.fit(x, columns(candidate)).meanSquaredError(x);
                    if (error < least) {
                        least = error;
                        best = group;
                    }
                }
            }
            chosen.add(best);
        }
        return chosen.stream().mapToInt(group -> group).toArray();
    }

    private static INDArray oneHots(int n) {
        INDArray x = examples(n, 12);
        Random random = new Random(5);
        for (int i = 0; i < n; i++) {
            int[] levels = columns(List.of(3));
            int level = random.nextInt(levels.length);
            for (int j = 0; j < levels.length; j++) {
                x.putScalar(i, levels[j], level == j ? 9 : 0); // the five columns add up to a constant
            }
        }
        return x;
    }

    @ParameterizedTest
    @ValueSource(ints = {60, 200})
    void greedySelection_ofGroups_followsItsDefinition(int n) {
        assertThat(new GreedyColumnSelection().select(examples(n, 12), GROUPS, 5))
                .containsExactly(greedyByDefinition(examples(n, 12), 5));
        assertThat(new GreedyColumnSelection().select(oneHots(n), GROUPS, 5))
                .containsExactly(greedyByDefinition(oneHots(n), 5));
    }

    /** Eleven columns are fewer than twelve. The first three groups leave an error, and are therefore determined. */
    @Test
    void greedySelection_withFewerExamplesThanColumns_followsItsDefinition() {
        INDArray x = examples(11, 12);
        int[] expected = greedyByDefinition(x, 3);
        assertThat(LinearReconstruction.fit(
                                x, columns(Arrays.stream(expected).boxed().toList()))
                        .meanSquaredError(x))
                .isPositive();
        assertThat(new GreedyColumnSelection().select(x, GROUPS, 3)).containsExactly(expected);
    }

    /** Variances 4, 4 and 4 of one group are more than 9 of another, and 25 of a constant's neighbor is most. */
    @Test
    void greedySelection_comparesWholeGroups() {
        Nd4j.getRandom().setSeed(4);
        INDArray x = Nd4j.randn(DataType.DOUBLE, 3000, 6).muliRowVector(Nd4j.createFromArray(3.0, 2, 2, 2, 0, 5));
        int[] groups = {0, 1, 1, 1, 2, 2};
        assertThat(new GreedyColumnSelection().select(x, groups, 3)).containsExactly(2, 1, 0);
        assertThat(new VarianceSelection().select(x, groups, 3)).containsExactly(2, 1, 0);
        assertThat(new GreedyColumnSelection().select(x, 2)).containsExactly(5, 0);
    }

    @Test
    void greedySelection_takesConstantAndDependentGroupsLast() {
        INDArray x = examples(50, 6);
        x.getColumn(0).assign(0.3);
        x.getColumn(1).assign(0.7);
        x.getColumn(4).assign(x.getColumn(2).mul(2).add(x.getColumn(3)));
        // group 0 is constant; group 2 depends on group 1
        assertThat(new GreedyColumnSelection().select(x, new int[] {0, 0, 1, 1, 2, 3}, 4))
                .endsWith(2, 0);
    }

    @ParameterizedTest
    @MethodSource("io.github.dl4jae.selection.SelectionTables#selectors")
    void groupsOfOneColumn_areSelectedAsColumns(FeatureSelector selector) {
        INDArray x = examples(40, 9);
        x.getColumn(2).assign(0.3); // constant
        int[] single = IntStream.range(0, 9).toArray();
        assertThat(selector.select(x, single, 4)).containsExactly(selector.select(x, 4));
        int[] backwards = IntStream.range(0, 9).map(j -> 8 - j).toArray();
        assertThat(selector.select(x, backwards, 9)).containsExactlyInAnyOrder(0, 1, 2, 3, 4, 5, 6, 7, 8);
    }

    @ParameterizedTest
    @MethodSource("io.github.dl4jae.selection.SelectionTables#selectors")
    void everySelector_givesDifferentGroups_andNamesWhatIsWrong(FeatureSelector selector) {
        INDArray x = oneHots(40);
        INDArray before = x.dup();
        int[] groups = GROUPS.clone();
        assertThat(selector.select(x, groups, 3)).hasSize(3).doesNotHaveDuplicates();
        assertThat(selector.select(x, groups, 6)).containsExactlyInAnyOrder(0, 1, 2, 3, 4, 5);
        assertThat(x).isEqualTo(before);
        assertThat(groups).containsExactly(GROUPS);

        String name = selector.getClass().getSimpleName();
        assertThatThrownBy(() -> selector.select(x, groups, 7))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage(name + ": k must be in [1, 6] (the columns have 6 groups), got 7");
        assertThatThrownBy(() -> selector.select(x, new int[] {0, 1}, 1))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage(name + ": groups must have one index for each of the 12 columns, got 2");
        assertThatThrownBy(() -> selector.select(x, new int[] {0, 2, 0, 2, 0, 2, 0, 2, 0, 2, 0, 2}, 1))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage(name + ": groups must be numbered from 0 without gaps, got 0 to 2 for 2 groups");
        assertThatThrownBy(() -> selector.select(x, new int[] {0, -1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0}, 1))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage(name + ": groups must be numbered from 0 without gaps, got -1 to 0 for 2 groups");
    }

    /** A group of 9 of 10 columns is as probable as one of a single column. */
    @Test
    void randomSelection_drawsGroupsUniformly() {
        INDArray x = examples(3, 10);
        int[] groups = {0, 0, 0, 0, 0, 0, 0, 0, 0, 1};
        long wide = new Random(1)
                .longs(2000)
                .filter(seed -> new RandomSelection(seed).select(x, groups, 1)[0] == 0)
                .count();
        assertThat(wide).isBetween(900L, 1100L); // 4.5 standard deviations
    }

    /** v_1 = (0.6, 0.48, 0.64): the two columns of group 1 have the norm 0.8. */
    @Test
    void pcaLoadings_areComparedByTheirNorm() {
        Nd4j.getRandom().setSeed(4);
        INDArray direction = Nd4j.createFromArray(0.64, 0.48, 0.6).reshape(1, 3);
        INDArray line = Nd4j.randn(DataType.DOUBLE, 200, 1).mmul(direction);
        assertThat(new PcaLoadings().select(line, 1)).containsExactly(0);
        assertThat(new PcaLoadings().select(line, new int[] {0, 1, 1}, 1))
                .as("0.64 < √(0.48² + 0.6²)")
                .containsExactly(1);
    }

    /** Scores from the graph Laplacian D − W as a matrix, with the sums over columns as traces. */
    @Test
    void laplacianScore_ofGroups_isTheRatioOfTraces() {
        int n = 30;
        int neighbors = 4;
        INDArray x = examples(n, 12);
        double[][] distance = new double[n][n];
        for (int i = 0; i < n; i++) {
            for (int l = 0; l < n; l++) {
                distance[i][l] = Math.pow(x.getRow(i).distance2(x.getRow(l)), 2);
            }
        }
        boolean[][] near = new boolean[n][n];
        double width = 0;
        for (int i = 0; i < n; i++) {
            double[] row = distance[i];
            int self = i;
            for (int l : IntStream.range(0, n)
                    .filter(l -> l != self)
                    .boxed()
                    .sorted(Comparator.comparingDouble(l -> row[l]))
                    .limit(neighbors)
                    .toList()) {
                near[i][l] = true;
                width += distance[i][l] / (n * neighbors);
            }
        }
        INDArray W = Nd4j.create(DataType.DOUBLE, n, n);
        for (int i = 0; i < n; i++) {
            for (int l = 0; l < n; l++) {
                W.putScalar(i, l, near[i][l] || near[l][i] ? Math.exp(-distance[i][l] / width) : 0);
            }
        }
        INDArray D = Nd4j.diag(W.sum(1));
        INDArray one = Nd4j.ones(DataType.DOUBLE, n, 1);
        double[] numerator = new double[6];
        double[] denominator = new double[6];
        for (int j = 0; j < 12; j++) {
            INDArray f = x.getColumn(j).reshape(n, 1);
            double mean = f.transpose().mmul(D).mmul(one).getDouble(0)
                    / one.transpose().mmul(D).mmul(one).getDouble(0);
            f = f.sub(mean);
            numerator[GROUPS[j]] += f.transpose().mmul(D.sub(W)).mmul(f).getDouble(0);
            denominator[GROUPS[j]] += f.transpose().mmul(D).mmul(f).getDouble(0);
        }
        int[] expected = IntStream.range(0, 6)
                .boxed()
                .sorted(Comparator.comparingDouble(g -> numerator[g] / denominator[g]))
                .mapToInt(g -> g)
                .toArray();
        assertThat(new LaplacianScore(neighbors).select(x, GROUPS, 6)).containsExactly(expected);
    }

    @Test
    void concreteSelection_findsTheInformativeGroups() {
        Nd4j.getRandom().setSeed(4);
        INDArray x =
                Nd4j.randn(DataType.FLOAT, 600, 7).muliRowVector(Nd4j.createFromArray(0.1f, 2, 1, 0.1f, 3, 0.1f, 0.1f));
        int[] groups = {0, 1, 1, 2, 3, 4, 4};
        FeatureSelector selector =
                new ConcreteSelection.Builder().steps(400).restarts(2).build();
        assertThat(selector.select(x, groups, 2)).containsExactlyInAnyOrder(1, 3);
    }

    /** Every method copes with the width of a table of gene expressions, beyond the memory for 20,531² numbers. */
    @ParameterizedTest
    @MethodSource("io.github.dl4jae.selection.SelectionTables#selectors")
    void wideTable_isSelectedFrom(FeatureSelector selector) {
        Nd4j.getRandom().setSeed(4);
        INDArray x = Nd4j.randn(DataType.FLOAT, 100, 20_531);
        assertThat(selector.select(x, 20)).hasSize(20).doesNotHaveDuplicates();
    }
}
