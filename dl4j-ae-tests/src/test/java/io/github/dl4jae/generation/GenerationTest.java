package io.github.dl4jae.generation;

import static io.github.dl4jae.testing.NdArrayAssert.assertThatArray;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import java.util.Arrays;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

@Tag("slow")
class GenerationTest {

    private static INDArray code(double... values) {
        return Nd4j.createFromArray(values);
    }

    @ParameterizedTest
    @EnumSource(Interpolation.class)
    void interpolation_beginsAndEndsAtTheCodes(Interpolation way) {
        INDArray path = way.path(code(1, 0, 2), code(0, -3, 1), 5);
        assertThat(path.shape()).containsExactly(5, 3);
        assertThat(path.getRow(0).toDoubleVector()).containsExactly(new double[] {1, 0, 2}, within(1e-12));
        assertThat(path.getRow(4).toDoubleVector()).containsExactly(new double[] {0, -3, 1}, within(1e-12));
    }

    /** From (2, 0) to (0, 2): (1, 1) on the line, √2·(1, 1) on the circle. The other pairs have no angle. */
    static Stream<Arguments> middles() {
        return Stream.of(
                arguments(Interpolation.LINEAR, code(2, 0), code(0, 2), code(1, 1), 1e-12),
                arguments(Interpolation.SPHERICAL, code(2, 0), code(0, 2), code(Math.sqrt(2), Math.sqrt(2)), 1e-12),
                arguments(Interpolation.SPHERICAL, code(1, 1), code(3, 3), code(2, 2), 1e-9),
                arguments(Interpolation.SPHERICAL, code(0, 0), code(2, 4), code(1, 2), 1e-9),
                arguments(Interpolation.SPHERICAL, code(1, 0), code(-1, 0), code(0, 0), 1e-9));
    }

    @ParameterizedTest
    @MethodSource("middles")
    void interpolation_halfWay_isTheGoldenValue(
            Interpolation way, INDArray from, INDArray to, INDArray middle, double tolerance) {
        assertThat(way.path(from, to, 3).getRow(1).toDoubleVector())
                .containsExactly(middle.toDoubleVector(), within(tolerance));
    }

    @Test
    void traversal_movesOneLatent() {
        INDArray codes = LatentTraversal.of(code(5, 6, 7), 1, -3, 3, 3);
        assertThat(codes.toDoubleMatrix()).isDeepEqualTo(new double[][] {{5, -3, 7}, {5, 0, 7}, {5, 3, 7}});
    }

    @Test
    void grid_growsToTheRightAndUp() {
        INDArray codes = LatentTraversal.grid(code(5, 6, 7), 0, 2, 2, 3);
        assertThat(codes.shape()).containsExactly(9, 3);
        assertThat(codes.getRow(0).toDoubleVector()).containsExactly(-2, 6, 2);
        assertThat(codes.getRow(2).toDoubleVector()).containsExactly(2, 6, 2);
        assertThat(codes.getRow(7).toDoubleVector()).containsExactly(0, 6, -2);
    }

    /**
     * Two clouds in five dimensions, one of them always 0: the mixture finds centers and shares, and draws like them.
     */
    @Test
    void mixture_findsTheCloudsThatCodesCameFrom() {
        Nd4j.getRandom().setSeed(3);
        INDArray first = Nd4j.randn(DataType.DOUBLE, 3000, 5).muli(0.5).addi(2);
        INDArray second = Nd4j.randn(DataType.DOUBLE, 1000, 5).subi(3);
        INDArray codes = Nd4j.concat(0, first, second);
        codes.getColumn(4).assign(0);
        CodeMixture mixture = CodeMixture.fit(codes, 2, 1);
        double[] weights = mixture.weights();
        int larger = weights[0] > weights[1] ? 0 : 1;
        assertThat(weights[larger]).isCloseTo(0.75, within(0.01));
        assertThat(mixture.means().getRow(larger).toDoubleVector())
                .containsExactly(new double[] {2, 2, 2, 2, 0}, within(0.1));
        INDArray drawn = mixture.sample(4000, 1).castTo(DataType.DOUBLE);
        for (int j = 0; j < 5; j++) {
            assertThat(drawn.getColumn(j).meanNumber().doubleValue())
                    .isCloseTo(codes.getColumn(j).meanNumber().doubleValue(), within(0.15));
            assertThat(drawn.getColumn(j).stdNumber().doubleValue())
                    .isCloseTo(codes.getColumn(j).stdNumber().doubleValue(), within(0.15));
        }
        assertThatArray(mixture.sample(10, 7)).isEqualTo(mixture.sample(10, 7)).isNotEqualTo(mixture.sample(10, 8));
    }

    /** The covariance of correlated codes comes back out of one component. */
    @Test
    void mixture_ofOneComponent_isTheGaussianOfTheCodes() {
        Nd4j.getRandom().setSeed(3);
        INDArray z = Nd4j.randn(DataType.DOUBLE, 5000, 2);
        z.putColumn(1, z.getColumn(0).mul(0.8).addi(z.getColumn(1).mul(0.6)));
        INDArray drawn = CodeMixture.fit(z, 1, 1).sample(20_000, 2).castTo(DataType.DOUBLE);
        double covariance =
                drawn.getColumn(0).mul(drawn.getColumn(1)).meanNumber().doubleValue();
        assertThat(covariance).isCloseTo(0.8, within(0.04));
        assertThat(Arrays.stream(drawn.var(false, 0).toDoubleVector()).sum()).isCloseTo(2, within(0.1));
    }

    @Test
    void wrongArguments_areClearErrors() {
        assertThatThrownBy(() -> Interpolation.LINEAR.path(code(1), code(1, 2), 3))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("the same length, got 1 and 2");
        assertThatThrownBy(() -> Interpolation.LINEAR.path(code(1), code(1), 1))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("at least 2, got 1");
        assertThatThrownBy(() -> LatentTraversal.of(code(1, 2), 2, 0, 1, 3))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("the latent must be in [0, 1], got 2");
        assertThatThrownBy(() -> LatentTraversal.grid(code(1, 2), 0, 1, 3, 1))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("side must be");
        INDArray few = Nd4j.rand(DataType.FLOAT, 20, 5);
        assertThatThrownBy(() -> CodeMixture.fit(few, 10, 1))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("more than n codes [N, n] for each")
                .hasMessageContaining("got shape [20, 5] and 10 components");
        assertThatThrownBy(() -> CodeMixture.fit(few, 1, 1).sample(0, 1))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("count must be");
        INDArray withNaN = Nd4j.rand(DataType.FLOAT, 20, 5).putScalar(3, 3, Float.NaN);
        assertThatThrownBy(() -> CodeMixture.fit(withNaN, 2, 1)).isInstanceOf(IllegalArgumentException.class);
    }
}
