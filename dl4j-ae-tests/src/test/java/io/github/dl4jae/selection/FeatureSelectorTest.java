package io.github.dl4jae.selection;

import static io.github.dl4jae.selection.SelectionTables.examples;
import static io.github.dl4jae.testing.NdArrayAssert.assertThatArray;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
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
    @ParameterizedTest
    @MethodSource("io.github.dl4jae.selection.SelectionTables#selectors")
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
        assertThatArray(x).isEqualTo(before);
        assertThat(selector.select(x, 4)).as("the same every time").containsExactly(selector.select(x, 4));
    }

    @ParameterizedTest
    @MethodSource("io.github.dl4jae.selection.SelectionTables#selectors")
    void everySelector_namesWhatIsWrong(FeatureSelector selector) {
        INDArray x = examples(20, 5);
        assertThatThrownBy(() -> selector.select(x, 0))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("k must be in [1, 5]")
                .hasMessageContaining("got 0");
        assertThatThrownBy(() -> selector.select(x, 6))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("k must be in [1, 5]")
                .hasMessageContaining("got 6");
        assertThatThrownBy(() -> selector.select(x.reshape(20, 5, 1), 2))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("examples must be [N, d], got [20, 5, 1]");
        x.putScalar(3, 1, Double.NaN);
        assertThatThrownBy(() -> selector.select(x, 2))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("must be finite, got NaN");
    }

    /** The definition: select the column with the least remaining squared error. */
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
    void selectors_of100000Columns_needNoMatrixOfThatWidth() {
        Nd4j.getRandom().setSeed(4);
        INDArray x = Nd4j.randn(DataType.FLOAT, 20, 100_000).muli(0.1);
        x.getColumn(77_777).muli(1000);

        assertThat(new GreedyColumnSelection().select(x, 2)).startsWith(77_777);
        assertThat(new PcaLoadings().select(x, 2)).startsWith(77_777);
        assertThat(new PrincipalFeatureAnalysis(1).select(x, 2)).startsWith(77_777);
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
}
