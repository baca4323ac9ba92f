package io.github.dl4jae.recurrent;

import static io.github.dl4jae.testing.NdArrayAssert.assertThatArray;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.github.dl4jae.dense.FastLayers;
import io.github.dl4jae.likelihood.LossBernoulli;
import io.github.dl4jae.likelihood.LossCategorical;
import io.github.dl4jae.likelihood.LossGaussian;
import io.github.dl4jae.likelihood.LossGaussianLearnedVariance;
import io.github.dl4jae.likelihood.LossPoissonNll;
import io.github.dl4jae.testing.LayerContract;
import io.github.dl4jae.testing.Networks;
import java.util.stream.Stream;
import org.deeplearning4j.exception.DL4JInvalidInputException;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.RNNFormat;
import org.deeplearning4j.nn.conf.inputs.InputType;
import org.deeplearning4j.nn.conf.layers.RnnOutputLayer;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.nd4j.linalg.activations.Activation;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.dataset.DataSet;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.learning.config.Sgd;
import org.nd4j.linalg.lossfunctions.ILossFunction;
import org.nd4j.linalg.lossfunctions.impl.LossMCXENT;
import org.nd4j.linalg.lossfunctions.impl.LossMSE;

/** The stock output layer with the same loss gives the expected numbers. */
class FastRnnOutputLayerTest {

    private static final int IN = 5;
    private static final int OUT = 4;
    private static final int STEPS = 6;
    private static final int EXAMPLES = 9;

    static Stream<Arguments> losses() {
        return Stream.of(
                Arguments.of(new LossMSE(), Activation.IDENTITY, OUT),
                Arguments.of(new LossMCXENT(), Activation.SOFTMAX, OUT),
                Arguments.of(new LossBernoulli(), Activation.SIGMOID, OUT),
                Arguments.of(new LossGaussian(0.7), Activation.TANH, OUT),
                Arguments.of(new LossPoissonNll(), Activation.SOFTPLUS, OUT),
                Arguments.of(new LossCategorical(OUT), Activation.SOFTMAX, OUT),
                Arguments.of(new LossGaussianLearnedVariance(), Activation.IDENTITY, 2 * OUT));
    }

    private static NeuralNetConfiguration.ListBuilder base(DataType type) {
        return new NeuralNetConfiguration.Builder()
                .seed(1)
                .dataType(type)
                .updater(new Sgd(0.05))
                .list();
    }

    private static MultiLayerNetwork stock(
            DataType type, ILossFunction loss, Activation activation, int outputs, RNNFormat format) {
        return Networks.initialized(base(type)
                .layer(new RnnOutputLayer.Builder(loss)
                        .nOut(outputs)
                        .activation(activation)
                        .dataFormat(format)
                        .build())
                .setInputType(InputType.recurrent(IN, STEPS, format)));
    }

    /** Labels that all losses accept: one 1 per step. */
    private static DataSet data(DataType type, RNNFormat format) {
        Nd4j.getRandom().setSeed(3);
        INDArray features = Nd4j.randn(type, EXAMPLES, IN, STEPS);
        INDArray labels = Nd4j.zeros(type, EXAMPLES, OUT, STEPS);
        for (int i = 0; i < EXAMPLES; i++) {
            for (int t = 0; t < STEPS; t++) {
                labels.putScalar(i, (i + t) % OUT, t, 1);
            }
        }
        return format == RNNFormat.NCW
                ? new DataSet(features, labels)
                : new DataSet(
                        features.permute(0, 2, 1).dup('c'),
                        labels.permute(0, 2, 1).dup('c'));
    }

    private static void requireStockNumbers(MultiLayerNetwork stock, DataSet data, double tolerance) {
        MultiLayerNetwork fast = FastLayers.convert(stock);
        assertThat(fast.getLayerWiseConfigurations().getConf(0).getLayer()).isInstanceOf(FastRnnOutputLayer.class);

        assertThatArray(fast.output(data.getFeatures())).isCloseTo(stock.output(data.getFeatures()), tolerance);
        assertThat(fast.score(data)).isCloseTo(stock.score(data), within(10 * tolerance));
        assertThatArray(fast.scoreExamples(data, false)).isCloseTo(stock.scoreExamples(data, false), 10 * tolerance);
        Networks.fit(stock, data, 3);
        Networks.fit(fast, data, 3);
        assertThatArray(fast.params()).isCloseTo(stock.params(), tolerance);
        assertThat(fast.score()).isCloseTo(stock.score(), within(10 * tolerance));
    }

    @ParameterizedTest
    @MethodSource("losses")
    void loss_inFloat32_givesTheStockNumbers(ILossFunction loss, Activation activation, int outputs) {
        requireStockNumbers(
                stock(DataType.FLOAT, loss, activation, outputs, RNNFormat.NCW),
                data(DataType.FLOAT, RNNFormat.NCW),
                2e-6);
    }

    @ParameterizedTest
    @MethodSource("losses")
    void loss_inFloat64_givesTheStockNumbers(ILossFunction loss, Activation activation, int outputs) {
        requireStockNumbers(
                stock(DataType.DOUBLE, loss, activation, outputs, RNNFormat.NCW),
                data(DataType.DOUBLE, RNNFormat.NCW),
                1e-12);
    }

    @ParameterizedTest
    @EnumSource(RNNFormat.class)
    void masks_ofStepsAndOfValues_giveTheStockNumbers(RNNFormat format) {
        DataSet data = data(DataType.FLOAT, format);
        INDArray mask =
                Nd4j.ones(DataType.FLOAT, EXAMPLES, STEPS).putScalar(2, 3, 0).putScalar(5, 0, 0);
        data.setLabelsMaskArray(mask);

        requireStockNumbers(stock(DataType.FLOAT, new LossBernoulli(), Activation.SIGMOID, OUT, format), data, 2e-6);
    }

    @Test
    void labels_thatAreMissingOrOfAnotherShape_areRefused() {
        MultiLayerNetwork network =
                FastLayers.convert(stock(DataType.FLOAT, new LossBernoulli(), Activation.SIGMOID, OUT, RNNFormat.NCW));
        DataSet data = data(DataType.FLOAT, RNNFormat.NCW);

        assertThatThrownBy(() -> network.fit(data.getFeatures(), Nd4j.ones(DataType.FLOAT, EXAMPLES, OUT, STEPS + 1)))
                .isInstanceOf(DL4JInvalidInputException.class)
                .hasMessageContaining("labels must have as many examples and steps as the input");
        MultiLayerNetwork withStockLoss =
                FastLayers.convert(stock(DataType.FLOAT, new LossMSE(), Activation.IDENTITY, OUT, RNNFormat.NCW));
        assertThatThrownBy(() -> withStockLoss.fit(data.getFeatures(), data.getFeatures()))
                .isInstanceOf(DL4JInvalidInputException.class)
                .hasMessageContaining("labels must have 4 values per step, got [9, 5, 6]")
                .hasMessageContaining("an autoencoder's labels are its features, so set nOut to their number");
        assertThatThrownBy(() -> network.output(Nd4j.ones(DataType.FLOAT, EXAMPLES, IN + 1, STEPS)))
                .isInstanceOf(DL4JInvalidInputException.class)
                .hasMessageContaining("the input must have the shape [batch, 5, time]");
        assertThatThrownBy(() -> new FastRnnOutputLayer.Builder(null))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("lossFunction");
    }

    @Tag("slow")
    @Test
    void layer_keepsTheContract() {
        LayerContract.of(new FastRnnOutputLayer.Builder(new LossGaussian(1))
                        .nOut(3)
                        .activation(Activation.IDENTITY)
                        .build())
                .input(InputType.recurrent(4, 3))
                .verify();
    }
}
