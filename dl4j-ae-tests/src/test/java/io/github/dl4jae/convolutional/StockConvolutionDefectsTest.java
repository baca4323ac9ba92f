package io.github.dl4jae.convolutional;

import static io.github.dl4jae.convolutional.ImageNetworks.EXAMPLES;
import static io.github.dl4jae.convolutional.ImageNetworks.configuration;
import static io.github.dl4jae.convolutional.ImageNetworks.data;
import static io.github.dl4jae.convolutional.ImageNetworks.gradients;
import static io.github.dl4jae.convolutional.ImageNetworks.images;
import static io.github.dl4jae.convolutional.ImageNetworks.seeded;
import static io.github.dl4jae.convolutional.ImageNetworks.slope;
import static io.github.dl4jae.testing.NdArrayAssert.assertThatArray;
import static io.github.dl4jae.testing.Networks.initialized;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.github.dl4jae.convolutional.ImageNetworks.Kind;
import io.github.dl4jae.denoising.MaskingNoise;
import java.util.stream.Stream;
import org.deeplearning4j.nn.conf.CNN2DFormat;
import org.deeplearning4j.nn.conf.dropout.Dropout;
import org.deeplearning4j.nn.conf.dropout.IDropout;
import org.deeplearning4j.nn.conf.inputs.InputType;
import org.deeplearning4j.nn.conf.layers.Layer;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.nd4j.linalg.activations.Activation;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.dataset.DataSet;
import org.nd4j.linalg.factory.Nd4j;

/**
 * Gradients that the stock layers of Deeplearning4j 1.0.0-M2.1 get wrong, so that central differences decide:
 *
 * <ul>
 *   <li>NHWC with an activation over channels, such as softmax: the stock {@code ConvolutionLayer} backpropagates
 *       through z with permuted dimensions.
 *   <li>Dropout, with respect to the input: {@code Deconvolution2D} leaves the mask out, and {@code ConvolutionLayer}
 *       applies that of NHWC to an NCHW array.
 * </ul>
 */
class StockConvolutionDefectsTest {

    private static final int CHANNELS = 2;
    /** Of float32 central differences along a direction, relative to the norm of the gradient. */
    private static final double TOLERANCE = 1e-4;

    /** Returns a random unit vector. */
    private static INDArray direction(INDArray like) {
        Nd4j.getRandom().setSeed(21);
        INDArray direction = Nd4j.randn(DataType.FLOAT, like.shape());
        return direction.divi(direction.norm2Number());
    }

    private static void requireSlope(INDArray gradient, INDArray direction, double slope) {
        assertThat(gradient.mul(direction).sumNumber().doubleValue())
                .isCloseTo(slope, within(TOLERANCE * gradient.norm2Number().doubleValue()));
    }

    private static MultiLayerNetwork network(InputType input, Layer layer) {
        return initialized(configuration(input, layer));
    }

    @ParameterizedTest
    @EnumSource(Kind.class)
    void gradient_ofSoftmaxOverTheLastDimension_isThatOfTheScore(Kind kind) {
        InputType input = images(CHANNELS, CNN2DFormat.NHWC);
        MultiLayerNetwork network = network(
                input, kind.fast(3, 3).nOut(4).activation(Activation.SOFTMAX).build());
        DataSet data = data(input, EXAMPLES);
        INDArray direction = direction(network.params());

        INDArray gradient = gradients(network, data).getFirst().gradient();

        requireSlope(gradient, direction, slope(network, data, network.params(), direction));
    }

    @ParameterizedTest
    @EnumSource(Kind.class)
    void output_ofSoftmaxOverTheLastDimension_sumsToOnePerPixel(Kind kind) {
        InputType input = images(CHANNELS, CNN2DFormat.NHWC);
        MultiLayerNetwork network = network(
                input, kind.fast(3, 3).nOut(4).activation(Activation.SOFTMAX).build());

        INDArray activations =
                network.feedForward(data(input, EXAMPLES).getFeatures()).get(1);

        INDArray sums = activations.sum(3);
        assertThatArray(sums).isCloseTo(Nd4j.onesLike(sums), 1e-6);
    }

    static Stream<Arguments> dropouts() {
        return Stream.of(Kind.values()).flatMap(kind -> Stream.of(CNN2DFormat.values())
                .flatMap(format -> Stream.<IDropout>of(new Dropout(0.6), new MaskingNoise(0.4, 5))
                        .map(dropout -> Arguments.of(kind, format, dropout))));
    }

    @ParameterizedTest
    @MethodSource("dropouts")
    void inputGradient_behindDropout_isThatOfTheScore(Kind kind, CNN2DFormat format, IDropout dropout) {
        InputType input = images(CHANNELS, format);
        MultiLayerNetwork network =
                network(input, kind.fast(3, 3).nOut(4).dropOut(dropout).build());
        DataSet data = data(input, EXAMPLES);
        INDArray direction = direction(data.getFeatures());

        INDArray gradient = seeded(() -> gradients(network, data).getSecond());

        requireSlope(gradient, direction, slope(network, data, data.getFeatures(), direction));
    }
}
