package io.github.dl4jae.contractive;

import static io.github.dl4jae.testing.NdArrayAssert.assertThatArray;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.ops.transforms.Transforms;

class TangentSpaceTest {

    /** h = x·A with A = diag(3, 2, 0): its Jacobian is Aᵀ, its singular vectors are the axes. */
    @Test
    void tangents_ofALinearMap_areItsSingularVectors() {
        INDArray A = Nd4j.createFromArray(new double[][] {{0, 2}, {3, 0}, {0, 0}});
        TangentSpace space = TangentSpace.estimate(x -> x.mmul(A), Nd4j.createFromArray(new double[][] {{1, -1, 2}}));

        assertThatArray(space.jacobian()).isCloseTo(A.transpose(), 1e-9);
        assertThat(space.spectrum()).containsExactly(new double[] {3, 2}, within(1e-9));
        assertThatArray(space.directions(2))
                .isCloseTo(Nd4j.createFromArray(new double[][] {{0, 1, 0}, {1, 0, 0}}), 1e-9);
    }

    /** More codes than inputs, and inputs that are images. */
    @Test
    void tangents_ofACodeThatIsWiderThanItsInput_areThere() {
        INDArray A = Nd4j.randn(DataType.DOUBLE, 4, 9);
        UnaryOperator<INDArray> encoder =
                x -> Transforms.tanh(x.dup('c').reshape('c', x.size(0), 4).mmul(A));
        INDArray image = Nd4j.rand(DataType.DOUBLE, 1, 1, 2, 2);
        TangentSpace space = TangentSpace.estimate(encoder, image, 1e-4);
        INDArray h = encoder.apply(image);
        INDArray exact = A.mulRowVector(h.mul(h).rsub(1).reshape(9)).transpose(); // diag(1 − h²)·Aᵀ

        assertThatArray(space.jacobian()).isCloseTo(exact, 1e-6);
        INDArray V = space.directions(4);
        assertThatArray(V.mmul(V.transpose())).isCloseTo(Nd4j.eye(4).castTo(DataType.DOUBLE), 1e-8);
        double squares = Arrays.stream(space.spectrum()).map(s -> s * s).sum();
        assertThat(squares).isCloseTo(exact.mul(exact).sumNumber().doubleValue(), within(1e-5));
        assertThat(exact.mmul(V.getRow(0).reshape(4, 1)).norm2Number().doubleValue())
                .isCloseTo(space.spectrum()[0], within(1e-5));
    }

    /** A code of the angle alone has one tangent: along the circle. */
    @Test
    void tangent_ofACircle_isAlongIt() {
        UnaryOperator<INDArray> angle = x -> Transforms.atan2(x.getColumn(0, true), x.getColumn(1, true));
        TangentSpace space = TangentSpace.estimate(angle, Nd4j.createFromArray(new double[][] {{0.6, 0.8}}), 1e-4);

        INDArray along = space.directions(1);
        assertThat(Math.abs(along.getDouble(0, 0) * 0.6 + along.getDouble(0, 1) * 0.8))
                .isLessThan(1e-6);
        assertThat(space.spectrum()[0]).isCloseTo(1, within(1e-6));
    }

    @Test
    void meanSpectrum_averagesOverExamples() {
        UnaryOperator<INDArray> square = x -> x.mul(x);
        INDArray examples = Nd4j.createFromArray(new double[][] {{1, 2}, {3, 0.5}});

        // slopes 2x: (4, 2) and (6, 1)
        assertThat(TangentSpace.estimateMeanSpectrum(square, examples))
                .containsExactly(new double[] {5, 1.5}, within(1e-9));
    }

    @Test
    void ratio_ofASaturatingEncoder_fallsWithTheDistance() {
        INDArray x = Nd4j.zeros(DataType.DOUBLE, 200, 3);

        assertThat(ContractionRatio.estimate(y -> y.mul(2), x, new double[] {0.1, 1, 10}, 1))
                .containsExactly(new double[] {2, 2, 2}, within(1e-9));
        double[] tanh = ContractionRatio.estimate(y -> Transforms.tanh(y, true), x, new double[] {0.01, 1, 10}, 1);
        assertThat(tanh[0]).isCloseTo(1, within(1e-3));
        assertThat(tanh[1]).isBetween(0.7, 0.95);
        assertThat(tanh[2]).isLessThan(0.2);
    }

    @Test
    void input_thatCannotBe_isRefused() {
        INDArray two = Nd4j.ones(DataType.DOUBLE, 2, 3);
        assertThatThrownBy(() -> TangentSpace.estimate(x -> x, two))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("must be a single one, [1, …], got [2, 3]");
        INDArray one = Nd4j.ones(DataType.DOUBLE, 1, 3);
        assertThatThrownBy(() -> TangentSpace.estimate(x -> x, one, 0))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("must be above 0");
        assertThatThrownBy(() -> TangentSpace.estimate(x -> x.div(0), one))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("must be finite");
        assertThatThrownBy(() ->
                        TangentSpace.estimate(x -> x.getColumn(0, true), one).directions(2))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("count must be in [1, 1]");
        assertThatThrownBy(() -> ContractionRatio.estimate(x -> x, one, new double[] {0}, 1))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("must be above 0");
    }
}
