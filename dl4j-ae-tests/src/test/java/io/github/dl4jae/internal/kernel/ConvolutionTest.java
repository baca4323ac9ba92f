package io.github.dl4jae.internal.kernel;

import static io.github.dl4jae.testing.NdArrayAssert.assertThatArray;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/** The kernels against the sum that defines a convolution, in float64 and without patches. */
class ConvolutionTest {

    private static final int N = 37;

    static Stream<ConvolutionShape> shapes() {
        return Stream.of(
                new ConvolutionShape(3, 9, 8, 5, 4, 3, 3, 3, 2, 2, 0, 0, 1, 1), // the last column is not read
                new ConvolutionShape(2, 7, 7, 4, 7, 7, 3, 3, 1, 1, 1, 1, 1, 1),
                new ConvolutionShape(9, 7, 6, 2, 7, 6, 1, 1, 1, 1, 0, 0, 1, 1),
                new ConvolutionShape(2, 12, 11, 4, 6, 5, 3, 2, 2, 3, 1, 2, 2, 2),
                new ConvolutionShape(9, 12, 11, 4, 4, 5, 3, 2, 2, 1, 0, 0, 2, 6),
                new ConvolutionShape(4, 50, 1, 6, 50, 1, 5, 1, 1, 1, 4, 0, 1, 1), // causal, over a sequence
                new ConvolutionShape(3, 9, 8, 4, 3, 2, 1, 1, 3, 4, -1, -1, 1, 1), // stride above the kernel, centered
                new ConvolutionShape(17, 10, 7, 4, 3, 2, 1, 2, 4, 5, -1, -2, 1, 1),
                new ConvolutionShape(1, 1, 1, 1, 1, 1, 3, 3, 1, 1, 1, 1, 1, 1), // one pixel
                new ConvolutionShape(5, 6, 7, 9, 6, 7, 1, 1, 1, 1, 0, 0, 1, 1),
                new ConvolutionShape(64, 9, 8, 48, 9, 8, 3, 3, 1, 1, 1, 1, 1, 1), // many channels
                new ConvolutionShape(64, 9, 8, 48, 5, 6, 3, 2, 1, 1, 0, 0, 2, 1),
                new ConvolutionShape(48, 20, 1, 64, 20, 1, 3, 1, 1, 1, 4, 0, 2, 1),
                new ConvolutionShape(64, 33, 40, 3, 33, 40, 3, 3, 1, 1, 1, 1, 1, 1), // several chunks per image
                new ConvolutionShape(1, 28, 28, 16, 14, 14, 3, 3, 2, 2, 1, 1, 1, 1)); // several blocks of images
    }

    static Stream<ConvolutionShape> shapesOfStrideOne() {
        return shapes().filter(TurnedConvolution::isPossible);
    }

    private static INDArray normal(long rows, long columns) {
        return Nd4j.randn(DataType.FLOAT, rows, columns);
    }

    /** Returns y_{n,y,x,o} = Σ_{i,j,c} x_{n, y·s − p + i·d, …, c} · W_{i,j,c,o}. */
    private static INDArray byDefinition(ConvolutionShape s, INDArray x, INDArray W) {
        double[] in = x.castTo(DataType.DOUBLE).data().asDouble();
        double[] weights = W.castTo(DataType.DOUBLE).data().asDouble();
        double[] out = new double[(int) x.size(0) * s.output()];
        int at = 0;
        for (int n = 0; n < x.size(0); n++) {
            for (int y = 0; y < s.outputHeight(); y++) {
                for (int column = 0; column < s.outputWidth(); column++) {
                    for (int o = 0; o < s.filters(); o++) {
                        out[at++] = value(s, in, n, y, column, weights, o);
                    }
                }
            }
        }
        return Nd4j.createFromArray(out).reshape(x.size(0), s.output());
    }

    private static double value(ConvolutionShape s, double[] in, int n, int y, int x, double[] weights, int o) {
        double sum = 0;
        for (int i = 0; i < s.kernelHeight(); i++) {
            for (int j = 0; j < s.kernelWidth(); j++) {
                int row = y * s.strideHeight() - s.top() + i * s.dilationHeight();
                int column = x * s.strideWidth() - s.left() + j * s.dilationWidth();
                if (row >= 0 && row < s.height() && column >= 0 && column < s.width()) {
                    for (int c = 0; c < s.channels(); c++) {
                        sum += in[((n * s.height() + row) * s.width() + column) * s.channels() + c]
                                * weights[((i * s.kernelWidth() + j) * s.channels() + c) * s.filters() + o];
                    }
                }
            }
        }
        return sum;
    }

    @ParameterizedTest
    @MethodSource("shapes")
    void forward_isTheDefinition(ConvolutionShape shape) {
        INDArray x = normal(N, shape.input());
        INDArray W = normal(shape.patch(), shape.filters());
        INDArray y = normal(N, shape.output());

        new Convolution(shape).forward(FloatRows.of(x), FloatRows.of(W), FloatRows.of(y));

        assertThatArray(y.castTo(DataType.DOUBLE)).isCloseTo(byDefinition(shape, x, W), 2e-6 * shape.patch());
    }

    /** ⟨δ, conv(x, W)⟩ is linear in x and in W, so its gradients are the kernels' results. */
    @ParameterizedTest
    @MethodSource("shapes")
    void gradients_areThoseOfTheDefinition(ConvolutionShape shape) {
        Convolution convolution = new Convolution(shape);
        INDArray x = normal(N, shape.input());
        INDArray W = normal(shape.patch(), shape.filters());
        INDArray delta = normal(N, shape.output());
        INDArray dx = normal(N, shape.input());

        convolution.inputGradient(FloatRows.of(delta), FloatRows.of(W), FloatRows.of(dx));
        INDArray dW = matrix(shape, convolution.weightGradient(FloatRows.of(x), FloatRows.of(delta)));

        INDArray u = normal(N, shape.input());
        INDArray V = normal(shape.patch(), shape.filters());
        assertThat(product(dx, u)).isCloseTo(product(byDefinition(shape, u, W), delta), within(scale(dx)));
        assertThat(product(dW, V)).isCloseTo(product(byDefinition(shape, x, V), delta), within(scale(dW)));
    }

    /** At stride 1 the gradient can be computed in two ways, of which the faster one is chosen. */
    @ParameterizedTest
    @MethodSource("shapesOfStrideOne")
    void turnedWeights_giveTheSameInputGradientAsPatches(ConvolutionShape shape) {
        INDArray delta = normal(N, shape.output());
        INDArray W = normal(shape.patch(), shape.filters());
        INDArray byPatches = normal(N, shape.input());
        INDArray turned = normal(N, shape.input());

        new Convolution(shape).addPatchesOf(FloatRows.of(delta), FloatRows.of(W), FloatRows.of(byPatches));
        new TurnedConvolution(shape).inputGradient(FloatRows.of(delta), FloatRows.of(W), FloatRows.of(turned));

        assertThatArray(turned).isCloseTo(byPatches, 2e-6 * shape.patch() * shape.filters());
    }

    private static INDArray matrix(ConvolutionShape shape, float[] values) {
        return Nd4j.createFromArray(values).reshape(shape.patch(), shape.filters());
    }

    private static double product(INDArray a, INDArray b) {
        return a.castTo(DataType.DOUBLE)
                .mul(b.castTo(DataType.DOUBLE))
                .sumNumber()
                .doubleValue();
    }

    /** Rounding errors of float32 in a sum of independent terms. */
    private static double scale(INDArray gradient) {
        return 1e-5 * gradient.norm2Number().doubleValue();
    }

    @ParameterizedTest
    @MethodSource("shapes")
    void results_areTheSameOnEveryRun(ConvolutionShape shape) {
        INDArray x = normal(N, shape.input());
        INDArray delta = normal(N, shape.output());

        float[] first = new Convolution(shape).weightGradient(FloatRows.of(x), FloatRows.of(delta));
        float[] second = new Convolution(shape).weightGradient(FloatRows.of(x), FloatRows.of(delta));

        assertThat(second).isEqualTo(first);
    }

    /** Weight noise can return weights in any order. */
    @ParameterizedTest
    @ValueSource(chars = {'c', 'f'})
    void weights_inAnyOrder_becomeColumnsAndBack(char order) {
        INDArray W = Nd4j.randn(DataType.FLOAT, 4, 3, 2, 5).dup(order);
        INDArray back = Nd4j.create(DataType.FLOAT, 4, 3, 2, 5);

        float[] columns =
                ConvolutionWeights.toColumns(W, FloatRows.allocate(30, 4)).toArray();
        ConvolutionWeights.fromColumns(columns, back);

        assertThat(Nd4j.createFromArray(columns).reshape(2, 5, 3, 4)).isEqualTo(W.permute(2, 3, 1, 0));
        assertThat(back).isEqualTo(W);
    }
}
