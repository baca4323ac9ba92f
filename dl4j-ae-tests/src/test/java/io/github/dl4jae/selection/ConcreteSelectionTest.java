package io.github.dl4jae.selection;

import static io.github.dl4jae.selection.SelectionTables.selectors;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.dl4jae.data.SyntheticTable;
import java.util.Arrays;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

@Tag("slow")
class ConcreteSelectionTest {
    private static final int SEEDS = 10;

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

    /**
     * z² has slightly more variance than z. z determines z², but z² does not determine the sign of z. Some restarts
     * find z.
     */
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

    /** The natural gradient finds more columns than the paper's method, which does not converge here. */
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
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("steps must be at least 1, got 0");
        assertThatThrownBy(() -> new ConcreteSelection.Builder().hidden(3, 0).build())
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("hidden units must be at least 1, got 0");
        assertThatThrownBy(
                        () -> new ConcreteSelection.Builder().learningRate(-1).build())
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("learningRate must be above 0 and finite, got -1.0");
    }
}
