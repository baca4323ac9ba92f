package io.github.dl4jae.convolutional;

import static io.github.dl4jae.testing.NdArrayAssert.assertThatArray;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import java.util.stream.Stream;
import org.deeplearning4j.nn.api.Layer;
import org.deeplearning4j.nn.conf.CNN2DFormat;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.layers.SubsamplingLayer.PoolingType;
import org.deeplearning4j.nn.workspace.LayerWorkspaceMgr;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.api.shape.Shape;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.indexing.NDArrayIndex;

/**
 * Pooling and upsampling of a 4×4 image, with values computed by hand, in both implementations.
 *
 * <pre>
 *  1  2 |  2  1
 *  0 −1 |  0  0
 * ──────┼──────
 *  0  0 |  3  3
 *  0  0 |  0  4
 * </pre>
 */
class PoolingValuesTest {

    private static final LayerWorkspaceMgr NONE = LayerWorkspaceMgr.noWorkspaces();
    private static final double[] IMAGE = {1, 2, 2, 1, 0, -1, 0, 0, 0, 0, 3, 3, 0, 0, 0, 4};
    private static final double[] ERRORS = {1, 2, 3, 4};

    private static Layer layer(org.deeplearning4j.nn.conf.layers.Layer layer, DataType type) {
        NeuralNetConfiguration configuration =
                new NeuralNetConfiguration.Builder().layer(layer).build();
        return layer.instantiate(configuration, List.of(), 0, null, true, type);
    }

    private static Layer pooling(PoolingType pooling, DataType type) {
        return layer(new FastSubsamplingLayer.Builder(pooling, 2, 2).pnorm(2).build(), type);
    }

    private static INDArray image(DataType type, double... values) {
        int side = (int) Math.sqrt(values.length);
        return Nd4j.createFromArray(values).castTo(type).reshape(1, 1, side, side);
    }

    private static INDArray activate(Layer layer, INDArray x) {
        layer.setInput(x, NONE);
        return layer.activate(true, NONE);
    }

    private static INDArray backprop(Layer layer, INDArray epsilon) {
        return layer.backpropGradient(epsilon, NONE).getSecond();
    }

    static Stream<Arguments> values() {
        double two = 2 / Math.sqrt(5);
        double three = 4 / Math.sqrt(34);
        return Stream.of(DataType.FLOAT, DataType.DOUBLE)
                .flatMap(type -> Stream.of(
                        Arguments.of(type, PoolingType.MAX, new double[] {2, 2, 0, 4}, new double[] {
                            0, 1, 2, 0, 0, 0, 0, 0, 3, 0, 0, 0, 0, 0, 0, 4
                        }),
                        Arguments.of(type, PoolingType.AVG, new double[] {0.5, 0.75, 0, 2.5}, new double[] {
                            0.25, 0.25, 0.5, 0.5, 0.25, 0.25, 0.5, 0.5, 0.75, 0.75, 1, 1, 0.75, 0.75, 1, 1
                        }),
                        Arguments.of(type, PoolingType.SUM, new double[] {2, 3, 0, 10}, new double[] {
                            1, 1, 2, 2, 1, 1, 2, 2, 3, 3, 4, 4, 3, 3, 4, 4
                        }),
                        Arguments.of(
                                type,
                                PoolingType.PNORM,
                                new double[] {Math.sqrt(6), Math.sqrt(5), 0, Math.sqrt(34)},
                                new double[] {
                                    1 / Math.sqrt(6),
                                    2 / Math.sqrt(6),
                                    2 * two,
                                    two,
                                    0,
                                    -1 / Math.sqrt(6),
                                    0,
                                    0,
                                    0,
                                    0,
                                    3 * three,
                                    3 * three,
                                    0,
                                    0,
                                    0,
                                    4 * three
                                })));
    }

    /** The maximum of zeros is the first of them; the norm of zeros has the gradient 0. */
    @ParameterizedTest
    @MethodSource("values")
    void pooling_ofAnImage_givesTheValuesByHand(
            DataType type, PoolingType pooling, double[] output, double[] gradient) {
        Layer layer = pooling(pooling, type);

        assertThatArray(activate(layer, image(type, IMAGE))).isCloseTo(image(type, output), 1e-6);
        assertThatArray(backprop(layer, image(type, ERRORS))).isCloseTo(image(type, gradient), 1e-6);
    }

    static Stream<DataType> types() {
        return Stream.of(DataType.FLOAT, DataType.DOUBLE);
    }

    @ParameterizedTest
    @MethodSource("types")
    void upsampling_ofAnImage_repeatsPixelsAndAddsErrors(DataType type) {
        Layer layer = layer(new FastUpsamplingLayer.Builder(2).build(), type);

        assertThatArray(activate(layer, image(type, 1, 2, 3, 4)))
                .isEqualTo(image(type, 1, 1, 2, 2, 1, 1, 2, 2, 3, 3, 4, 4, 3, 3, 4, 4));
        assertThatArray(backprop(layer, image(type, IMAGE))).isEqualTo(image(type, 2, 3, 0, 10));
    }

    /** The stock layer takes the maximum of the other pixels, and the lowest finite number where there are none. */
    @ParameterizedTest
    @MethodSource("types")
    void maximum_ofAWindowWithNan_isNan(DataType type) {
        double[] image = IMAGE.clone();
        image[1] = Double.NaN;

        INDArray output = activate(pooling(PoolingType.MAX, type), image(type, image));

        assertThat(output.getDouble(0)).isNaN();
        assertThat(output.getDouble(3)).isEqualTo(4);
    }

    @ParameterizedTest
    @MethodSource("types")
    void maximum_ofInfinities_isInfinite(DataType type) {
        double[] image = IMAGE.clone();
        image[1] = Double.POSITIVE_INFINITY;
        image[2] = Double.NEGATIVE_INFINITY;
        Layer layer = pooling(PoolingType.MAX, type);

        INDArray output = activate(layer, image(type, image));

        assertThat(output.getDouble(0)).isEqualTo(Double.POSITIVE_INFINITY);
        assertThat(output.getDouble(1)).isEqualTo(1);
        assertThat(backprop(layer, image(type, ERRORS)).getDouble(3)).isEqualTo(2);
    }

    /** A difference of two subnormal numbers is a difference. */
    @ParameterizedTest
    @MethodSource("types")
    void maximum_thatIsHardlyLarger_getsTheError(DataType type) {
        double[] image = new double[16];
        image[5] = Float.MIN_VALUE;
        Layer layer = pooling(PoolingType.MAX, type);
        activate(layer, image(type, image));

        assertThat(backprop(layer, image(type, ERRORS)).getDouble(5)).isEqualTo(1);
    }

    /** Where |x|ᵖ of float32 overflows in a factor, the ratio |x|/y does not. */
    @ParameterizedTest
    @MethodSource("types")
    void gradientOfNorm_ofSmallNumbers_isThatOfTheirRatio(DataType type) {
        Layer layer = layer(
                new FastSubsamplingLayer.Builder(PoolingType.PNORM, 2, 2)
                        .pnorm(3)
                        .build(),
                type);
        activate(layer, image(type, 1e-12, 0, 0, 0));

        assertThat(backprop(layer, image(type, 5)).getDouble(0)).isCloseTo(5, within(1e-4));
    }

    static Stream<Arguments> layersAndFormats() {
        return Stream.of(CNN2DFormat.values())
                .flatMap(format -> Stream.of(
                        Arguments.of(
                                format,
                                new FastSubsamplingLayer.Builder(2, 2)
                                        .dataFormat(format)
                                        .build()),
                        Arguments.of(
                                format,
                                new FastUpsamplingLayer.Builder(2)
                                        .dataFormat(format)
                                        .build())));
    }

    /** The next fast layer reads the same memory. */
    @ParameterizedTest
    @MethodSource("layersAndFormats")
    void passes_keepChannelsLastInMemory(CNN2DFormat format, org.deeplearning4j.nn.conf.layers.Layer configuration) {
        Layer layer = layer(configuration, DataType.FLOAT);
        boolean first = format == CNN2DFormat.NCHW;
        INDArray x = Nd4j.rand(DataType.FLOAT, 3, 4, 6, 5);

        INDArray output = activate(layer, first ? x.permute(0, 3, 1, 2) : x);
        INDArray below = backprop(layer, output.dup());

        assertThat(isInOrder(first ? output.permute(0, 2, 3, 1) : output)).isTrue();
        assertThat(isInOrder(first ? below.permute(0, 2, 3, 1) : below)).isTrue();
    }

    private static boolean isInOrder(INDArray array) {
        return array.ordering() == 'c' && Shape.hasDefaultStridesForShape(array);
    }

    @Test
    void maximum_onManyThreads_isThatOfOneImageAlone() {
        Layer layer = pooling(PoolingType.MAX, DataType.FLOAT);
        INDArray x = Nd4j.rand(DataType.FLOAT, 200, 3, 16, 16);
        INDArray all = activate(layer, x).dup();

        INDArray last = activate(layer, x.get(NDArrayIndex.interval(199, 200)));

        assertThatArray(last.dup('c')).isEqualTo(all.get(NDArrayIndex.interval(199, 200)));
    }
}
