package io.github.dl4jae.internal.kernel;

import static io.github.dl4jae.testing.NdArrayAssert.assertThatArray;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/** Products in blocks against those of float64, for results with more rows or more columns. */
class SplitProductTest {

    static Stream<Arguments> sizes() {
        return Stream.of(new int[] {1, 1, 1}, new int[] {300, 40, 700}, new int[] {40, 300, 700}, new int[] {
                    257, 255, 129
                })
                .flatMap(size -> Stream.of(false, true).flatMap(transposeA -> Stream.of(false, true)
                        .map(transposeB -> arguments(size[0], size[1], size[2], transposeA, transposeB))));
    }

    private static INDArray stored(INDArray matrix, boolean transposed) {
        return (transposed ? matrix.transpose() : matrix).castTo(DataType.FLOAT).dup('c');
    }

    @ParameterizedTest
    @MethodSource("sizes")
    void product_inBlocks_isThatOfFloat64(int m, int n, int k, boolean transposeA, boolean transposeB) {
        INDArray A = Nd4j.randn(DataType.FLOAT, m, k).castTo(DataType.DOUBLE);
        INDArray B = Nd4j.randn(DataType.FLOAT, k, n).castTo(DataType.DOUBLE);
        INDArray C = Nd4j.create(DataType.FLOAT, m, n).assign(Double.NaN);

        SplitProduct.multiply(
                transposeA,
                transposeB,
                FloatRows.of(stored(A, transposeA)),
                FloatRows.of(stored(B, transposeB)),
                FloatRows.of(C));

        assertThatArray(C.castTo(DataType.DOUBLE)).isCloseTo(A.mmul(B), 2e-6 * Math.sqrt(k) * 5);
    }
}
