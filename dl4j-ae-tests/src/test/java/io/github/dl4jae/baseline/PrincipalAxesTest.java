package io.github.dl4jae.baseline;

import static io.github.dl4jae.testing.NdArrayAssert.assertThatArray;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.github.dl4jae.ReconstructionError;
import java.util.Arrays;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.indexing.NDArrayIndex;

/** The axes from the covariance of columns, and from the products of examples. */
class PrincipalAxesTest {

    private static INDArray examples(int n, int d) {
        Nd4j.getRandom().setSeed(7);
        INDArray scales = Nd4j.linspace(DataType.DOUBLE, 3, 0.5, d).reshape(1, d);
        return Nd4j.randn(DataType.DOUBLE, n, d).muliRowVector(scales).addi(5);
    }

    @ParameterizedTest
    @CsvSource({"12, 30, 8", "30, 12, 8", "20, 20, 19"})
    void bothWays_giveTheSame(int n, int d, int k) {
        INDArray x = examples(n, d);
        INDArray mean = x.mean(true, 0);

        PrincipalAxes columns = PrincipalAxes.ofColumns(x, mean, k);
        PrincipalAxes rows = PrincipalAxes.ofExamples(x, mean, k);

        assertThatArray(rows.vectors()).isCloseTo(columns.vectors(), 1e-9);
        assertThat(rows.variances()).containsExactly(columns.variances(), within(1e-9));
    }

    /** Nine centered examples span eight directions; the others are completed. */
    @Test
    void axesBeyondTheRank_areOrthonormal() {
        INDArray x = examples(9, 40);
        PrincipalAxes axes = PrincipalAxes.of(x, x.mean(true, 0), 40);

        assertThatArray(axes.vectors().transpose().mmul(axes.vectors()))
                .isCloseTo(Nd4j.eye(40).castTo(DataType.DOUBLE), 1e-9);
        assertThat(Arrays.stream(axes.variances()).filter(variance -> variance > 1e-9))
                .hasSize(8);
        INDArray centered = x.subRowVector(x.mean(true, 0));
        INDArray rest = centered.mmul(axes.vectors().get(NDArrayIndex.all(), NDArrayIndex.interval(8, 40)));
        assertThatArray(rest).isCloseTo(Nd4j.zeros(DataType.DOUBLE, 9, 32), 1e-9);
    }

    @Test
    void equalExamples_haveNoVariance() {
        INDArray x = Nd4j.ones(DataType.DOUBLE, 3, 5);
        PrincipalAxes axes = PrincipalAxes.of(x, x.mean(true, 0), 2);
        assertThat(axes.variances()).containsOnly(0);
        assertThatArray(axes.vectors().transpose().mmul(axes.vectors()))
                .isCloseTo(Nd4j.eye(2).castTo(DataType.DOUBLE), 1e-12);
    }

    /** A matrix of 20,531 columns squared would take 3.4 GB. */
    @Tag("slow")
    @Test
    void wideTable_isFitted() {
        INDArray x = Nd4j.randn(DataType.FLOAT, 100, 20_531);
        PcaAutoencoder pca = PcaAutoencoder.fit(x, 99);
        assertThat(pca.variances()).hasSize(20_531);
        assertThat(Arrays.stream(ReconstructionError.squaredPerExample(pca, x))
                        .max()
                        .orElseThrow())
                .as("99 components of 100 centered examples are all")
                .isLessThan(1e-4);
        x.putScalar(3, 20_000, Float.NaN);
        assertThatThrownBy(() -> PcaAutoencoder.fit(x, 2))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("examples must be finite, got NaN or an infinite value");
    }
}
