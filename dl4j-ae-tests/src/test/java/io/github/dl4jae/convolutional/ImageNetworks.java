package io.github.dl4jae.convolutional;

import static io.github.dl4jae.testing.NdArrayAssert.assertThatArray;
import static io.github.dl4jae.testing.Networks.initialized;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.github.dl4jae.dense.FastLayers;
import java.util.function.Supplier;
import org.deeplearning4j.nn.conf.CNN2DFormat;
import org.deeplearning4j.nn.conf.MultiLayerConfiguration;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.inputs.InputType;
import org.deeplearning4j.nn.conf.layers.ConvolutionLayer;
import org.deeplearning4j.nn.conf.layers.Deconvolution2D;
import org.deeplearning4j.nn.conf.layers.Layer;
import org.deeplearning4j.nn.conf.layers.OutputLayer;
import org.deeplearning4j.nn.gradient.Gradient;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.nd4j.common.primitives.Pair;
import org.nd4j.linalg.activations.Activation;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.dataset.DataSet;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.learning.config.Sgd;
import org.nd4j.linalg.lossfunctions.impl.LossMSE;

/** Float32 networks of stock layers over images, data for them, and the comparison with fast layers. */
final class ImageNetworks {

    static final int EXAMPLES = 5;
    static final int HEIGHT = 9;
    static final int WIDTH = 7;
    static final int LABELS = 3;
    /** Float32 has 24 bits; sums of some hundred products lose 7 of them at most. */
    static final double ROUNDING = 1e-5;

    private static final int STEPS = 4;
    /** The optimum of central differences in float32: smaller steps drown in rounding, larger ones in curvature. */
    private static final double STEP = 2e-2;

    private ImageNetworks() {}

    /** The two kinds of stock layer that fast layers replace. */
    enum Kind {
        CONVOLUTION {
            @Override
            ConvolutionLayer.BaseConvBuilder<?> stock(int... kernel) {
                return new ConvolutionLayer.Builder(kernel);
            }

            @Override
            FastConvolutionBuilder<?> fast(int... kernel) {
                return new FastConvolutionLayer.Builder(kernel);
            }
        },
        DECONVOLUTION {
            @Override
            ConvolutionLayer.BaseConvBuilder<?> stock(int... kernel) {
                return new Deconvolution2D.Builder(kernel);
            }

            @Override
            FastConvolutionBuilder<?> fast(int... kernel) {
                return new FastDeconvolutionLayer.Builder(kernel);
            }
        };

        /** Returns a builder of the stock layer. */
        abstract ConvolutionLayer.BaseConvBuilder<?> stock(int... kernel);

        /** Returns a builder of the fast layer. */
        abstract FastConvolutionBuilder<?> fast(int... kernel);
    }

    static NeuralNetConfiguration.Builder base() {
        return new NeuralNetConfiguration.Builder().seed(5).updater(new Sgd(0.01));
    }

    static InputType images(int channels, CNN2DFormat format) {
        return InputType.convolutional(HEIGHT, WIDTH, channels, format);
    }

    /** Returns the layers with an output layer on top. */
    static MultiLayerConfiguration configuration(InputType input, Layer... layers) {
        return configuration(base(), input, layers);
    }

    static MultiLayerConfiguration configuration(
            NeuralNetConfiguration.Builder base, InputType input, Layer... layers) {
        NeuralNetConfiguration.ListBuilder list = base.list();
        for (Layer layer : layers) {
            list.layer(layer);
        }
        return list.layer(output()).setInputType(input).build();
    }

    static OutputLayer output() {
        return new OutputLayer.Builder(new LossMSE())
                .nOut(LABELS)
                .activation(Activation.IDENTITY)
                .build();
    }

    /** Returns a 1×1 convolution and a loss of its images. */
    static MultiLayerNetwork withLoss(NeuralNetConfiguration.Builder base, InputType input, int channels, Layer loss) {
        return initialized(base.list()
                .layer(new ConvolutionLayer.Builder(1, 1)
                        .nOut(channels)
                        .activation(Activation.IDENTITY)
                        .build())
                .layer(loss)
                .setInputType(input));
    }

    /** Returns normal features of the input type. */
    static INDArray features(InputType input, int examples) {
        Nd4j.getRandom().setSeed(9);
        return Nd4j.randn(DataType.FLOAT, shape(input, examples));
    }

    /** Returns images in (0, 1). */
    static INDArray labels(int channels, CNN2DFormat format) {
        Nd4j.getRandom().setSeed(10);
        return Nd4j.rand(DataType.FLOAT, shape(images(channels, format), EXAMPLES));
    }

    private static long[] shape(InputType input, int examples) {
        long[] shape = input.getShape(true).clone();
        shape[0] = examples;
        return shape;
    }

    /** Returns normal features of the input type, and labels of the output layer. */
    static DataSet data(InputType input, int examples) {
        return new DataSet(features(input, examples), Nd4j.randn(DataType.FLOAT, examples, LABELS));
    }

    /** Dropout and weight noise draw from ND4J's random generator. */
    static <T> T seeded(Supplier<T> result) {
        Nd4j.getRandom().setSeed(7);
        return result.get();
    }

    static void fit(MultiLayerNetwork network, DataSet data, int steps) {
        for (int step = 0; step < steps; step++) {
            Nd4j.getRandom().setSeed(100 + step);
            network.fit(data);
        }
    }

    /** Requires values within a fraction of the largest expected one. */
    static void requireClose(INDArray found, INDArray expected, double relative) {
        assertThatArray(found)
                .isCloseTo(expected, relative * expected.amaxNumber().doubleValue());
    }

    /** Requires that fast layers compute and train as the stock layers of the configuration. */
    static void requireStockNumbers(MultiLayerConfiguration configuration, DataSet data) {
        INDArray ours = seeded(() ->
                gradients(initialized(FastLayers.convert(configuration)), data).getSecond());
        INDArray theirs =
                seeded(() -> gradients(initialized(configuration), data).getSecond());
        requireClose(ours, theirs, ROUNDING);
        requireStockTraining(configuration, data);
    }

    /** Requires the same, except for the gradient with respect to the features. */
    static void requireStockTraining(MultiLayerConfiguration configuration, DataSet data) {
        MultiLayerNetwork stock = initialized(configuration);
        MultiLayerNetwork fast = initialized(FastLayers.convert(configuration));
        assertThatArray(fast.params()).isEqualTo(stock.params());

        requireClose(
                seeded(() -> fast.output(data.getFeatures())),
                seeded(() -> stock.output(data.getFeatures())),
                ROUNDING);
        requireClose(
                seeded(() -> gradients(fast, data).getFirst().gradient()),
                seeded(() -> gradients(stock, data).getFirst().gradient()),
                ROUNDING);

        fit(stock, data, STEPS);
        fit(fast, data, STEPS);
        assertThat(fast.score()).isCloseTo(stock.score(), within(ROUNDING * Math.max(1, stock.score())));
        requireClose(fast.params(), stock.params(), ROUNDING);
    }

    /** Returns the gradients of the score with respect to the parameters and to the features. */
    static Pair<Gradient, INDArray> gradients(MultiLayerNetwork network, DataSet data) {
        return network.calculateGradients(data.getFeatures(), data.getLabels(), null, null);
    }

    /**
     * Returns the derivative of the training score along a direction, by a central difference. The score is the sum
     * over examples, whose gradient backprop computes.
     *
     * @param moved the array that the score depends on: parameters or features; restored
     */
    static double slope(MultiLayerNetwork network, DataSet data, INDArray moved, INDArray direction) {
        INDArray step = direction.mul(STEP);
        INDArray before = moved.dup();
        moved.addi(step);
        double above = seeded(() -> network.score(data, true));
        moved.assign(before).subi(step);
        double below = seeded(() -> network.score(data, true));
        moved.assign(before);
        return EXAMPLES * (above - below) / (2 * STEP);
    }
}
