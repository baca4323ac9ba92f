package io.github.dl4jae.generation;

import static io.github.dl4jae.testing.NdArrayAssert.assertThatArray;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/** Codes that are whole numbers, or no numbers. */
@Tag("slow")
class GenerationCornersTest {

    static Stream<DataType> integers() {
        return Stream.of(DataType.INT32, DataType.INT64, DataType.INT16);
    }

    /** Two clusters of codes. */
    private static INDArray codes() {
        int[][] codes = new int[40][2];
        for (int i = 0; i < codes.length; i++) {
            codes[i][0] = i % 7 + (i < 20 ? 0 : 60);
            codes[i][1] = i % 5 - (i < 20 ? 0 : 40);
        }
        return Nd4j.createFromArray(codes);
    }

    @ParameterizedTest
    @ValueSource(floats = {Float.NaN, Float.NEGATIVE_INFINITY})
    void mixture_ofCodesThatAreNotFinite_blamesTheCodes(float value) {
        INDArray codes = codes().castTo(DataType.FLOAT);
        codes.putScalar(3, 1, value);

        for (int components : new int[] {1, 2}) {
            assertThatThrownBy(() -> CodeMixture.fit(codes, components, 1))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining("CodeMixture: codes must be finite, got NaN or an infinite value; check the"
                            + " examples that were encoded")
                    .hasMessageNotContaining("fewer components");
        }
    }

    @ParameterizedTest
    @EnumSource(Interpolation.class)
    void path_betweenIntegers_isThatBetweenTheSameNumbers(Interpolation interpolation) {
        INDArray from = Nd4j.createFromArray(new int[] {3, 0, 1});
        INDArray to = Nd4j.createFromArray(new int[] {0, 2, 2});
        INDArray expected = interpolation.path(from.castTo(DataType.FLOAT), to.castTo(DataType.FLOAT), 4);

        integers().forEach(type -> {
            INDArray path = interpolation.path(from.castTo(type), to.castTo(type), 4);
            assertThat(path.dataType()).isEqualTo(DataType.FLOAT);
            assertThatArray(path).isEqualTo(expected);
        });
    }

    @ParameterizedTest
    @MethodSource("integers")
    void traversal_ofIntegers_isThatOfTheSameNumbers(DataType type) {
        INDArray code = Nd4j.createFromArray(new int[] {3, -1, 2}).castTo(type);
        INDArray numbers = code.castTo(DataType.FLOAT);

        INDArray traversal = LatentTraversal.of(code, 1, -1, 1, 5);

        assertThatArray(traversal).isEqualTo(LatentTraversal.of(numbers, 1, -1, 1, 5));
        assertThat(traversal.getColumn(1).toFloatVector()).containsExactly(-1, -0.5f, 0, 0.5f, 1);
        assertThatArray(LatentTraversal.grid(code, 0, 2, 1.5, 4))
                .isEqualTo(LatentTraversal.grid(numbers, 0, 2, 1.5, 4));
    }
}
