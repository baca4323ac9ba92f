package io.github.dl4jae.baseline;

import static io.github.dl4jae.testing.NdArrayAssert.assertThatArray;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.github.dl4jae.ReconstructionError;
import io.github.dl4jae.data.RealImages;
import java.util.Arrays;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

@Tag("slow")
class PcaAutoencoderTest {

    /**
     * Points on the line through (1, 2) along (3, 4)/5, at distances ±5 and ±10 and 0: variance (25+25+100+100)/5 =
     * 50.
     */
    private static final INDArray LINE =
            Nd4j.createFromArray(new double[][] {{1, 2}, {4, 6}, {-2, -2}, {7, 10}, {-5, -6}});

    @Test
    void points_onALine_areExplainedByIt() {
        PcaAutoencoder pca = PcaAutoencoder.fit(LINE, 1);

        assertThat(pca.components().toDoubleVector()).containsExactly(new double[] {0.6, 0.8}, within(1e-12));
        assertThat(pca.variances()).containsExactly(new double[] {50, 0}, within(1e-12));
        assertThat(pca.encode(LINE).toDoubleVector()).containsExactly(new double[] {0, 5, -5, 10, -10}, within(1e-12));
        assertThatArray(pca.reconstruct(LINE)).isCloseTo(LINE, 1e-12);
    }

    @Test
    void errorOnTheTrainingData_isTheSumOfTheVariancesLeftOut() {
        Nd4j.getRandom().setSeed(2);
        INDArray x = Nd4j.randn(DataType.DOUBLE, 200, 7)
                .muliRowVector(Nd4j.arange(1, 8).castTo(DataType.DOUBLE));
        PcaAutoencoder pca = PcaAutoencoder.fit(x, 3);

        double error = Arrays.stream(ReconstructionError.squaredPerExample(pca, x))
                .average()
                .orElseThrow();

        assertThat(error).isCloseTo(Arrays.stream(pca.variances()).skip(3).sum(), within(1e-9));
        INDArray gram = pca.components().transpose().mmul(pca.components());
        assertThatArray(gram).isCloseTo(Nd4j.eye(3).castTo(DataType.DOUBLE), 1e-12);
    }

    @ParameterizedTest
    @ValueSource(strings = {"c", "f"})
    void memoryOrderAndConstantColumns_doNoHarm(String order) {
        INDArray x = Nd4j.hstack(LINE, Nd4j.ones(DataType.DOUBLE, 5, 2)).dup(order.charAt(0));

        assertThatArray(PcaAutoencoder.fit(x, 3).reconstruct(x)).isCloseTo(x, 1e-12);
    }

    @Test
    void bytes_areReconstructedAsFloats() {
        INDArray bytes =
                Nd4j.createFromArray(new int[][] {{1, 200}, {30, 4}, {255, 7}}).castTo(DataType.UINT8);

        INDArray restored = PcaAutoencoder.fit(bytes, 2).reconstruct(bytes);

        assertThat(restored.dataType()).isEqualTo(DataType.FLOAT);
        assertThatArray(restored).isCloseTo(bytes.castTo(DataType.FLOAT), 1e-3);
    }

    @Test
    void examples_areLeftAsTheyAre() {
        INDArray x = LINE.dup();
        PcaAutoencoder pca = PcaAutoencoder.fit(x, 1);
        pca.reconstruct(x);

        assertThatArray(x).isEqualTo(LINE);
    }

    @ParameterizedTest
    @CsvSource({"25, 15.883", "30, 13.866"})
    void testErrorOnMnist_isThePublishedOne(int components, double expected) {
        PcaAutoencoder pca = PcaAutoencoder.fit(RealImages.mnistTrain().features(), components);

        assertThat(ReconstructionError.meanSquared(
                        pca, RealImages.mnistTest().iterator(1000).build()))
                .isCloseTo(expected, within(1e-3));
    }

    @Test
    void wrongArguments_areRefused() {
        assertThatThrownBy(() -> PcaAutoencoder.fit(LINE, 3))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("codeSize must be in [1, 2] (the examples have 2 columns), got 3");
        assertThatThrownBy(() -> PcaAutoencoder.fit(Nd4j.ones(2, 3, 4), 1))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("examples must be [N, d], got [2, 3, 4]");
        assertThatThrownBy(() -> PcaAutoencoder.fit(Nd4j.createFromArray(new double[][] {{1, Double.NaN}, {2, 3}}), 1))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("must be finite");
        assertThatThrownBy(() -> PcaAutoencoder.fit(LINE, 1).encode(Nd4j.ones(2, 3)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("examples must be [N, 2], got [2, 3]");
    }
}
