package io.github.dl4jae.sparsecoding;

import static io.github.dl4jae.testing.NdArrayAssert.assertThatArray;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.stream.Stream;
import org.junit.jupiter.api.Named;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/** Dictionaries whose leading eigenvector is orthogonal to vectors that repeat after 7 entries. */
@Tag("slow")
class SparseInferenceCornersTest {

    private static final double SPARSITY = 0.1;

    static Stream<Named<INDArray>> dictionaries() {
        INDArray square = Nd4j.eye(14).castTo(DataType.DOUBLE);
        opposite(square, 0, 7);
        INDArray wide = Nd4j.concat(1, square, Nd4j.zeros(DataType.DOUBLE, 14, 4));
        INDArray overcomplete = Nd4j.zeros(DataType.DOUBLE, 14, 2);
        overcomplete.getColumn(0).assign(Math.sqrt(1 / 14.0));
        overcomplete.putScalar(2, 1, 10);
        overcomplete.putScalar(9, 1, -10);
        // (1, 1.01) has the eigenvalue 1, (1.01, −1) has 100
        double length = Math.sqrt(1 + 1.01 * 1.01);
        INDArray two =
                Nd4j.createFromArray(new double[][] {{10.1 / length, 1 / length}, {-10 / length, 1.01 / length}});
        return Stream.of(
                Named.of("square", square),
                Named.of("wide", wide),
                Named.of("overcomplete", overcomplete),
                Named.of("two atoms", two),
                Named.of("float32", square.castTo(DataType.FLOAT)));
    }

    /** Makes two atoms (±10, ½√2): their difference has the eigenvalue 200, all else has 1. */
    private static void opposite(INDArray dictionary, int i, int j) {
        dictionary.putScalar(i, i, 10);
        dictionary.putScalar(i, j, Math.sqrt(0.5));
        dictionary.putScalar(j, i, -10);
        dictionary.putScalar(j, j, Math.sqrt(0.5));
    }

    /** At the optimum, 2(zD − x)Dᵀ = −λ·sign(z) where z is not 0, and is at most λ where it is. */
    @ParameterizedTest
    @MethodSource("dictionaries")
    void inference_reachesTheOptimum(INDArray dictionary) {
        Nd4j.getRandom().setSeed(3);
        INDArray x = Nd4j.randn(dictionary.dataType(), 5, dictionary.size(1));

        INDArray z = new SparseInference(SPARSITY, 0, 3000, 0).infer(x, dictionary, null);

        INDArray slope = z.mmul(dictionary).sub(x).mmul(dictionary.transpose()).mul(2);
        double tolerance = dictionary.dataType() == DataType.FLOAT ? 1e-3 : 1e-6;
        for (int i = 0; i < z.size(0); i++) {
            for (int j = 0; j < z.size(1); j++) {
                double code = z.getDouble(i, j);
                double excess = code == 0
                        ? Math.abs(slope.getDouble(i, j)) - SPARSITY
                        : Math.abs(slope.getDouble(i, j) + SPARSITY * Math.signum(code));
                assertThat(excess).as("example %d, atom %d", i, j).isLessThan(tolerance);
            }
        }
    }

    @Test
    void dictionaryWithNaN_isRefused() {
        INDArray dictionary = Nd4j.rand(DataType.DOUBLE, 4, 3);
        dictionary.putScalar(1, 2, Double.NaN);
        SparseInference inference = new SparseInference(SPARSITY, 0, 5, 0);
        assertThatThrownBy(() -> inference.infer(Nd4j.ones(DataType.DOUBLE, 2, 3), dictionary, null))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("got NaN or an infinite value in the dictionary");
    }

    @Test
    void integers_areTakenAsNumbers() {
        INDArray dictionary = Nd4j.rand(DataType.DOUBLE, 4, 3);
        INDArray x = Nd4j.createFromArray(new double[][] {{1, 2, 0}, {3, 0, 1}});
        SparseInference inference = new SparseInference(SPARSITY, 0, 50, 0);
        assertThatArray(inference.infer(x.castTo(DataType.INT32), dictionary, null))
                .isEqualTo(inference.infer(x, dictionary, null));
    }
}
