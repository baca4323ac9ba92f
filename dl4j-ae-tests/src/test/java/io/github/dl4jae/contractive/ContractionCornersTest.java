package io.github.dl4jae.contractive;

import static io.github.dl4jae.testing.NdArrayAssert.assertThatArray;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.ops.transforms.Transforms;

/** Examples that are whole numbers, such as gray values. */
class ContractionCornersTest {

    private static final INDArray WEIGHTS =
            Nd4j.createFromArray(new float[][] {{0.5f, -0.2f}, {0.1f, 0.3f}, {-0.4f, 0.2f}});
    private static final INDArray EXAMPLES = Nd4j.createFromArray(new int[][] {{0, 1, 2}, {3, 1, 0}, {1, 1, 4}});
    /** Takes what a network takes, of any type. */
    private static INDArray encode(INDArray x) {
        return Transforms.tanh(x.castTo(DataType.FLOAT).mmul(WEIGHTS), false);
    }

    static Stream<DataType> integers() {
        return Stream.of(DataType.INT32, DataType.INT64, DataType.UINT8);
    }

    @ParameterizedTest
    @MethodSource("integers")
    void contractionRatio_atIntegers_isThatAtTheSameNumbers(DataType type) {
        INDArray examples = EXAMPLES.castTo(type);
        double[] radii = {0.1, 0.5, 2};

        assertThat(ContractionRatio.estimate(ContractionCornersTest::encode, examples, radii, 5))
                .containsExactly(ContractionRatio.estimate(
                        ContractionCornersTest::encode, EXAMPLES.castTo(DataType.FLOAT), radii, 5));
        assertThatArray(examples).isEqualTo(EXAMPLES.castTo(type));
    }

    @ParameterizedTest
    @MethodSource("integers")
    void tangentSpace_atIntegers_isThatAtTheSameNumbers(DataType type) {
        INDArray example = EXAMPLES.getRow(1, true).castTo(type);
        TangentSpace expected = TangentSpace.estimate(ContractionCornersTest::encode, example.castTo(DataType.FLOAT));

        TangentSpace space = TangentSpace.estimate(ContractionCornersTest::encode, example);

        assertThatArray(space.jacobian()).isEqualTo(expected.jacobian());
        assertThat(space.spectrum()).containsExactly(expected.spectrum());
        assertThat(space.spectrum()[1]).isPositive();
        assertThat(TangentSpace.estimateMeanSpectrum(ContractionCornersTest::encode, EXAMPLES.castTo(type)))
                .containsExactly(TangentSpace.estimateMeanSpectrum(
                        ContractionCornersTest::encode, EXAMPLES.castTo(DataType.FLOAT)));
    }
}
