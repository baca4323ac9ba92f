package io.github.dl4jae.dense;

import static io.github.dl4jae.testing.Networks.initialized;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import io.github.dl4jae.Autoencoders;
import java.util.stream.Stream;
import org.deeplearning4j.exception.DL4JInvalidInputException;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.layers.Layer;
import org.deeplearning4j.nn.conf.layers.LossLayer;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.nd4j.linalg.activations.Activation;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.dataset.DataSet;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.learning.config.Sgd;
import org.nd4j.linalg.lossfunctions.ILossFunction;
import org.nd4j.linalg.lossfunctions.impl.LossBinaryXENT;
import org.nd4j.linalg.lossfunctions.impl.LossL1;
import org.nd4j.linalg.lossfunctions.impl.LossL2;
import org.nd4j.linalg.lossfunctions.impl.LossMSE;

class FastLossLayerTest {

    private static final double ROUNDING = 1e-5;
    private static final int EXAMPLES = 5;
    private static final int WIDTH = 4;

    private static MultiLayerNetwork network(boolean minibatch, Layer loss) {
        return initialized(new NeuralNetConfiguration.Builder()
                .seed(1)
                .miniBatch(minibatch)
                .updater(new Sgd(0.1))
                .list()
                .layer(new FastDenseLayer.Builder()
                        .nIn(WIDTH)
                        .nOut(WIDTH)
                        .activation(Activation.IDENTITY)
                        .build())
                .layer(loss)
                .build());
    }

    private static FastLossLayer fast(ILossFunction loss) {
        return new FastLossLayer.Builder(loss).activation(Activation.SIGMOID).build();
    }

    private static LossLayer stock(ILossFunction loss) {
        return new LossLayer.Builder(loss).activation(Activation.SIGMOID).build();
    }

    private static DataSet data() {
        Nd4j.getRandom().setSeed(3);
        INDArray x = Nd4j.rand(EXAMPLES, WIDTH);
        return new DataSet(x, x);
    }

    private static MultiLayerNetwork trainingStep(MultiLayerNetwork network, DataSet data) {
        network.setInput(data.getFeatures());
        network.setLabels(data.getLabels());
        network.computeGradientAndScore();
        return network;
    }

    static Stream<Arguments> losses() {
        return Stream.of(true, false)
                .flatMap(minibatch -> Stream.of(new LossL2(), new LossMSE(), new LossBinaryXENT(), new LossL1())
                        .map(loss -> arguments(loss, minibatch)));
    }

    @ParameterizedTest
    @MethodSource("losses")
    void scoreOfATrainingStep_isTheLossOfItsOutput(ILossFunction loss, boolean minibatch) {
        DataSet data = data();
        MultiLayerNetwork network = network(minibatch, fast(loss));
        INDArray y = network.output(data.getFeatures());
        double sum = loss.computeScore(data.getLabels(), y, Activation.IDENTITY.getActivationFunction(), null, false);

        double score = trainingStep(network, data).score();

        double expected = minibatch ? sum / EXAMPLES : sum;
        assertThat(score).isCloseTo(expected, within(ROUNDING * expected));
        assertThat(network.score(data)).isCloseTo(expected, within(ROUNDING * expected));
    }

    @ParameterizedTest
    @MethodSource("losses")
    void gradientsAndScoresOfExamples_areThoseOfTheStockLayer(ILossFunction loss, boolean minibatch) {
        DataSet data = data();
        MultiLayerNetwork fast = network(minibatch, fast(loss));
        MultiLayerNetwork stock = network(minibatch, stock(loss));

        assertThat(trainingStep(fast, data).gradient().gradient())
                .isEqualTo(trainingStep(stock, data).gradient().gradient());
        assertThat(fast.scoreExamples(data, false)).isEqualTo(stock.scoreExamples(data, false));
        assertThat(fast.output(data.getFeatures())).isEqualTo(stock.output(data.getFeatures()));
    }

    /** Fails where Deeplearning4j has mended its layer. */
    @Test
    void scoreOfATrainingStep_ofTheStockLayer_isAnotherNumber() {
        MultiLayerNetwork stock = network(true, stock(new LossL2()));

        double score = trainingStep(stock, data()).score();

        assertThat(score).isNotCloseTo(stock.score(data()), within(0.01));
    }

    @Test
    void conversion_replacesTheStockLayer_andBack() {
        MultiLayerNetwork network = network(true, stock(new LossMSE()));

        MultiLayerNetwork converted = FastLayers.convert(network);

        assertThat(converted.getLayer(1).conf().getLayer()).isInstanceOf(FastLossLayer.class);
        assertThat(FastLayers.toStock(converted).getLayer(1).conf().getLayer())
                .isEqualTo(network.getLayer(1).conf().getLayer());
    }

    @Test
    void autoencoder_reconstructsWithTheActivation() {
        MultiLayerNetwork network = network(true, fast(new LossMSE()));
        INDArray x = data().getFeatures();

        assertThat(Autoencoders.of(network, 0).reconstruct(x)).isEqualTo(network.output(x));
    }

    @Test
    void wrongInput_isRefused() {
        MultiLayerNetwork network = network(true, fast(new LossMSE()));
        DataSet data = data();

        assertThatThrownBy(() -> network.fit(data.getFeatures(), Nd4j.rand(EXAMPLES - 1, WIDTH)))
                .isInstanceOf(DL4JInvalidInputException.class)
                .hasMessageContaining("as many examples as the input, [5, 4], got [4, 4]");
        assertThatThrownBy(() -> new FastLossLayer.Builder(null))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("lossFunction must be given");
        assertThatThrownBy(
                        () -> new FastLossLayer.Builder(new LossMSE()).nOut(3).build())
                .hasMessageContaining("nIn and nOut must not be set");
        assertThatThrownBy(() ->
                        new FastLossLayer.Builder(new LossMSE()).dropOut(0.5).build())
                .hasMessageContaining("dropOut must not be set");
    }
}
