package io.github.dl4jae.selection;

import static io.github.dl4jae.testing.NdArrayAssert.assertThatArray;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.github.dl4jae.tabular.FeatureTable;
import io.github.dl4jae.tabular.TableReader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/** Columns of a table as a whole, the rows that they determine, and scores of what they predict. */
class WholeColumnsTest {

    private static final String[] SHOPS = {"a", "b", "c", "d", "e", "f"};

    @TempDir
    private Path directory;

    private FeatureTable table;

    /** The shop determines size and price; weight is its own. */
    @BeforeEach
    void read() throws IOException {
        Random random = new Random(3);
        List<String> lines = new ArrayList<>(List.of("shop,size,price,weight"));
        for (int i = 0; i < 300; i++) {
            int shop = random.nextInt(SHOPS.length);
            lines.add(SHOPS[shop] + "," + 10 * shop + "," + (5 + shop * shop) + "," + random.nextInt(1000) / 10.0);
        }
        table = new TableReader.Builder().build().read(Files.write(directory.resolve("table.csv"), lines));
    }

    @Test
    void columns_areChosenWhole_andCountOnce() {
        SelectedFeatures selected =
                ((FeatureSelector) (x, k) -> IntStream.range(0, k).toArray()).select(table, 2);
        assertThat(selected.columnNames()).containsExactly("shop", "size");
        assertThat(selected.names()).hasSize(7).startsWith("shop[a]").endsWith("size");
        assertThat(selected.indices()).containsExactly(0, 1, 2, 3, 4, 5, 6);
        assertThat(selected.features(table).shape()).containsExactly(300, 7);
        assertThatThrownBy(() -> new VarianceSelection().select(table, 5))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("k must be in [1, 4] (the table has 4 columns with features), got 5");
    }

    @Test
    void meanR2_isThatOfColumns_eachTheMeanOfItsFeatures() {
        SelectedFeatures shop = ((FeatureSelector) (x, k) -> new int[] {0}).select(table, 1);
        double weight = shop.r2().get("weight");

        // shop, size and price are explained; shop[a] to shop[f] count as one column
        assertThat(shop.meanR2(table)).isCloseTo((3 + weight) / 4, within(1e-9));
        assertThat(weight).isBetween(0.0, 0.1);
    }

    @Test
    void first_hasReconstructionFromItsColumnsAlone() {
        SelectedFeatures both = ((FeatureSelector) (x, k) -> new int[] {8, 0}).select(table, 2);

        SelectedFeatures weight = both.first(1);

        assertThat(weight.columnNames()).containsExactly("weight");
        assertThat(weight.meanR2(table)).isBetween(0.25, 0.3);
        assertThat(both.meanR2(table)).isCloseTo(1, within(1e-9));
        assertThatThrownBy(() -> both.first(3))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("count must be in [1, 2], the number of selected columns, got 3");
    }

    @Test
    void selectedValues_giveAllColumnsInTheUnitsOfTheFile() {
        SelectedFeatures selected = ((FeatureSelector) (x, k) -> new int[] {0, 8}).select(table, 2);
        assertThat(selected.columnNames()).containsExactly("shop", "weight");

        List<List<String>> all =
                selected.decode(List.of(Map.of("shop", "d", "weight", "12.3"), Map.of("shop", "a", "weight", "99")));

        assertThat(all).containsExactly(List.of("d", "30", "14", "12.3"), List.of("a", "0", "5", "99"));
    }

    @Test
    void selectedFeatures_giveAllFeatures() {
        SelectedFeatures selected = ((FeatureSelector) (x, k) -> new int[] {8, 0}).select(table, 2);
        INDArray values = selected.features(table);

        INDArray all = selected.decode(values);

        assertThat(all.shape()).containsExactly(300, 9);
        assertThatArray(all.getColumns(selected.indices()).castTo(DataType.FLOAT))
                .isEqualTo(values);
        assertThatArray(all.castTo(DataType.FLOAT)).isCloseTo(table.features(), 1e-5);
        assertThatThrownBy(() -> selected.decode(table.features()))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("selected values must be [N, 7], got [300, 9]");
    }

    /** The shop explains size and price, so its six features together explain more than any column. */
    @Test
    void greedySelection_comparesWholeColumns() {
        assertThat(new GreedyColumnSelection().select(table, 2).columnNames()).containsExactly("shop", "weight");
    }

    /** 10 of 5,000 are positive. */
    @Tag("slow")
    @Test
    void rareClasses_countAsMuchAsFrequentOnes() {
        INDArray labels = Nd4j.zeros(DataType.FLOAT, 5000, 2);
        INDArray never = Nd4j.zeros(DataType.FLOAT, 5000, 2);
        INDArray half = Nd4j.zeros(DataType.FLOAT, 5000, 2);
        for (int i = 0; i < 5000; i++) {
            boolean positive = i % 500 == 0;
            labels.putScalar(i, positive ? 1 : 0, 1);
            never.putScalar(i, 0, 1);
            boolean named = positive && i < 2500;
            half.putScalar(i, 0, named ? 0.2 : 0.9);
            half.putScalar(i, 1, named ? 0.8 : 0.1);
        }

        ClassificationScore useless = ClassificationScore.compute(labels, never);
        ClassificationScore useful = ClassificationScore.compute(labels, half);

        assertThat(useless.evaluation().accuracy()).isCloseTo(0.998, within(1e-9));
        assertThat(useless.balancedAccuracy()).isCloseTo(0.5, within(1e-9));
        assertThat(useless.areaUnderRoc()).isCloseTo(0.5, within(1e-9));
        assertThat(useless.majorityShare()).isCloseTo(0.998, within(1e-9));
        assertThat(useful.balancedAccuracy()).isCloseTo(0.75, within(1e-9));
        assertThat(useful.areaUnderRoc()).isCloseTo(0.75, within(1e-9));
    }

    @Test
    void regression_isScoredInItsUnit() {
        INDArray targets = Nd4j.createFromArray(1.0, 2, 3, 6).reshape(4, 1);
        RegressionScore score = RegressionScore.compute(targets, targets.add(0.5), 3);
        assertThat(score.meanAbsoluteError()).isCloseTo(0.5, within(1e-12));
        assertThat(score.r2()).isCloseTo(1 - 4 * 0.25 / 14, within(1e-12));
        assertThat(score.typicalError()).isCloseTo((2 + 1 + 0 + 3) / 4.0, within(1e-12));
        assertThatArray(targets).isEqualTo(Nd4j.createFromArray(1.0, 2, 3, 6).reshape(4, 1));
    }
}
