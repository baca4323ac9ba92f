package io.github.dl4jae.tabular;

import static io.github.dl4jae.testing.NdArrayAssert.assertThatArray;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.nd4j.linalg.factory.Nd4j;

/** Tables from arrays of numbers. */
class NumberMatrixTest {

    private static final double[][] NUMBERS = {{1, 7, 10}, {3, 7, Double.NaN}, {5, 7, 20}};
    private static final List<String> NAMES = List.of("a", "b", "c");

    @Test
    void fit_standardizes_andKeepsConstants() {
        FeatureTable table = FeatureTable.fit(Nd4j.createFromArray(NUMBERS), NAMES);

        float s = (float) (2 / Math.sqrt(8 / 3.0));
        assertThatArray(table.features())
                .isEqualTo(Nd4j.createFromArray(new float[][] {{-s, 0, -1}, {0, 0, 0}, {s, 0, 1}}));
        assertThatArray(table.present().orElseThrow())
                .isEqualTo(Nd4j.createFromArray(new float[][] {{1, 1, 1}, {1, 1, 0}, {1, 1, 1}}));
        assertThat(table.names()).isEqualTo(NAMES);
        assertThat(table.decode().get(2)).containsExactly("5", "7", "20");
    }

    @Test
    void encode_usesTheScalesOfTheFittedRows() {
        TableSchema schema =
                FeatureTable.fit(Nd4j.createFromArray(NUMBERS), NAMES).schema();
        FeatureTable other = schema.encode(Nd4j.createFromArray(new double[][] {{3, 9, 25}}));

        assertThatArray(other.features()).isEqualTo(Nd4j.createFromArray(new float[][] {{0, 2, 2}}));
        assertThat(other.present()).isEmpty();
        assertThat(TableSchema.fromJson(schema.toJson())).isEqualTo(schema);
    }

    @Test
    void otherArrays_areRefused() {
        assertThatThrownBy(() -> FeatureTable.fit(Nd4j.ones(2, 2), NAMES))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("numbers must be [N, 3], a column per name, got [2, 2]");
        assertThatThrownBy(() -> FeatureTable.fit(Nd4j.ones(2, 2), List.of("a", "a")))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("names must be different");
        assertThatThrownBy(() -> FeatureTable.fit(
                        Nd4j.createFromArray(new double[][] {{Double.POSITIVE_INFINITY}}), List.of("a")))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("numbers must be finite, or NaN for missing values");
    }
}
