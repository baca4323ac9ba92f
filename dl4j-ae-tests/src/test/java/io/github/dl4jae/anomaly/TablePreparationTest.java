package io.github.dl4jae.anomaly;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.github.dl4jae.tabular.FeatureTable;
import io.github.dl4jae.tabular.TableReader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

class TablePreparationTest {

    /** Ninety-nine zeros and ones, and an outlier. */
    private static FeatureTable outlier() {
        double[][] rows = new double[100][1];
        for (int i = 0; i < 99; i++) {
            rows[i][0] = i % 2;
        }
        rows[99][0] = 1000;
        return FeatureTable.fit(Nd4j.createFromArray(rows), List.of("a"));
    }

    @Test
    void outliers_areBent() {
        FeatureTable table = outlier();
        float[] x = table.features().toFloatVector();
        TablePreparation preparation = TablePreparation.fit(table);

        double[] y = preparation.prepare(table.features()).toDoubleVector();

        // standardized, the outlier is √99 ≈ 9.95 deviations away
        double bent = 5 + Math.log(x[99] - 4);
        double unit = (y[1] - y[0]) / (x[1] - x[0]);
        assertThat((y[99] - y[0]) / unit).isCloseTo(bent - x[0], within(1e-3));
        assertThat(mean(y)).isCloseTo(0, within(1e-5));
        assertThat(mean(Arrays.stream(y).map(each -> each * each).toArray())).isCloseTo(1, within(1e-4));
    }

    @Test
    void revert_isTheInverse() {
        FeatureTable table = outlier();
        TablePreparation preparation = TablePreparation.fit(table);
        INDArray back = preparation.revert(preparation.prepare(table.features()));
        assertThat(back.sub(table.features()).amaxNumber().doubleValue()).isLessThan(1e-4);
    }

    @Test
    void constants_standOutWhenTheyChange() {
        FeatureTable table = FeatureTable.fit(Nd4j.ones(30, 1).mul(0.1), List.of("a"));
        TablePreparation preparation = TablePreparation.fit(table);
        INDArray others = table.schema()
                .encode(Nd4j.createFromArray(new double[][] {{0.1}, {0.2}, {-7}}))
                .features();
        assertThat(preparation.prepare(others).toDoubleVector()).containsExactly(0, 5, -5);
    }

    /** The squared length of a one-hot column has mean 1 like that of a number. */
    @Test
    void columns_haveTheSameWeight(@TempDir Path directory) throws IOException {
        StringBuilder csv = new StringBuilder("size,kind\n");
        for (int i = 0; i < 60; i++) {
            csv.append(i % 7 + i / 7).append(",kind").append(i * i % 5).append('\n');
        }
        FeatureTable table = new TableReader.Builder().build().read(Files.writeString(directory.resolve("t.csv"), csv));
        INDArray y = TablePreparation.fit(table).prepare(table.features());
        INDArray squares = y.mul(y).mean(0);

        double kinds = squares.sumNumber().doubleValue() - squares.getDouble(0);
        assertThat(squares.getDouble(0)).isCloseTo(1, within(1e-4));
        assertThat(kinds).isCloseTo(1, within(1e-4));
    }

    private static double mean(double[] values) {
        return Arrays.stream(values).average().orElseThrow();
    }
}
