package io.github.dl4jae.dense;

import static io.github.dl4jae.testing.Networks.initialized;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.github.dl4jae.likelihood.LossBernoulli;
import io.github.dl4jae.likelihood.LossContinuousBernoulli;
import io.github.dl4jae.likelihood.LossGaussian;
import io.github.dl4jae.penalty.L1Penalty;
import io.github.dl4jae.sparse.ActivityRegularizationLayer;
import io.github.dl4jae.variational.GaussianLatentLayer;
import java.util.stream.Stream;
import org.deeplearning4j.exception.DL4JInvalidInputException;
import org.deeplearning4j.nn.conf.MultiLayerConfiguration;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.inputs.InputType;
import org.deeplearning4j.nn.conf.layers.DenseLayer;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.nd4j.linalg.activations.Activation;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.dataset.DataSet;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.indexing.NDArrayIndex;
import org.nd4j.linalg.learning.config.Sgd;
import org.nd4j.linalg.lossfunctions.ILossFunction;
import org.nd4j.linalg.lossfunctions.LossFunctions;
import org.nd4j.linalg.lossfunctions.impl.LossBinaryXENT;
import org.nd4j.linalg.lossfunctions.impl.LossMAE;
import org.nd4j.linalg.lossfunctions.impl.LossMSE;

/** Defaults, labels and the scores of single examples. */
class FastOutputLayerCornersTest {

    private static final int FEATURES = 5;
    private static final int EXAMPLES = 6;

    static Stream<Arguments> defaults() {
        return Stream.of(
                Arguments.of(new LossBernoulli(), Activation.SIGMOID),
                Arguments.of(new LossContinuousBernoulli(), Activation.SIGMOID),
                Arguments.of(new LossBinaryXENT(), Activation.SIGMOID),
                Arguments.of(new LossGaussian(1), Activation.IDENTITY),
                Arguments.of(new LossMSE(), Activation.IDENTITY),
                Arguments.of(new LossMAE(), Activation.IDENTITY));
    }

    @ParameterizedTest
    @MethodSource("defaults")
    void defaultActivation_goesWithTheLoss(ILossFunction loss, Activation expected) {
        FastOutputLayer layer =
                new FastOutputLayer.Builder(loss).nIn(3).nOut(FEATURES).build();
        assertThat(layer.getActivationFn()).isEqualTo(expected.getActivationFunction());
        FastOutputLayer setLater = new FastOutputLayer.Builder()
                .lossFunction(loss)
                .nIn(3)
                .nOut(FEATURES)
                .build();
        assertThat(setLater.getActivationFn()).isEqualTo(expected.getActivationFunction());
    }

    /** That of the network as a whole, too, is one of hidden layers. */
    @Test
    void defaultActivation_inANetworkWithAnother_staysThatOfTheLoss() {
        MultiLayerConfiguration configuration = new NeuralNetConfiguration.Builder()
                .activation(Activation.RELU)
                .list()
                .layer(new DenseLayer.Builder().nIn(FEATURES).nOut(3).build())
                .layer(new FastOutputLayer.Builder(new LossMSE())
                        .nIn(3)
                        .nOut(FEATURES)
                        .build())
                .build();
        FastOutputLayer layer = (FastOutputLayer) configuration.getConf(1).getLayer();
        assertThat(layer.getActivationFn()).isEqualTo(Activation.IDENTITY.getActivationFunction());
        assertThat(MultiLayerConfiguration.fromJson(configuration.toJson())).isEqualTo(configuration);
    }

    @Test
    void explicitActivation_wins() {
        FastOutputLayer.Builder builder = new FastOutputLayer.Builder(LossFunctions.LossFunction.MSE);
        assertThat(builder.nIn(3).nOut(2).build().getActivationFn())
                .isEqualTo(Activation.IDENTITY.getActivationFunction());
        assertThat(builder.activation(Activation.TANH).build().getActivationFn())
                .isEqualTo(Activation.TANH.getActivationFunction());
    }

    @Test
    void missingLoss_isRefused() {
        assertThatThrownBy(() -> new FastOutputLayer.Builder((ILossFunction) null))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("FastOutputLayer: loss must be given, got null; LossBernoulli or LossGaussian suit"
                        + " autoencoders");
    }

    private static MultiLayerNetwork network(int outputs) {
        return initialized(new NeuralNetConfiguration.Builder()
                .seed(3)
                .dataType(DataType.DOUBLE)
                .list()
                .layer(new DenseLayer.Builder().nIn(FEATURES).nOut(3).build())
                .layer(new FastOutputLayer.Builder(new LossMSE())
                        .name("out")
                        .nIn(3)
                        .nOut(outputs)
                        .build()));
    }

    @Test
    void labelsOfAnotherShape_areRefusedWithWhatAnAutoencodersLabelsAre() {
        DataSet data = data();
        for (boolean training : new boolean[] {true, false}) {
            assertThatThrownBy(() -> network(4).score(data, training))
                    .isInstanceOf(DL4JInvalidInputException.class)
                    .hasMessageContaining("'out'")
                    .hasMessageContaining("labels must have the shape [6, 4], got [6, 5]")
                    .hasMessageContaining("an autoencoder's labels are its features, so set nOut to their number");
        }
        assertThatThrownBy(() -> network(4).fit(data))
                .isInstanceOf(DL4JInvalidInputException.class)
                .hasMessageContaining("an autoencoder's labels are its features");
    }

    private static DataSet data() {
        Nd4j.getRandom().setSeed(8);
        INDArray x = Nd4j.rand(DataType.DOUBLE, EXAMPLES, FEATURES);
        return new DataSet(x, x.dup());
    }

    private static DataSet one(DataSet data, int i) {
        INDArray x = data.getFeatures()
                .get(NDArrayIndex.interval(i, i + 1), NDArrayIndex.all())
                .dup();
        return new DataSet(x, x.dup());
    }

    private static NeuralNetConfiguration.Builder base() {
        return new NeuralNetConfiguration.Builder()
                .seed(3)
                .dataType(DataType.DOUBLE)
                .activation(Activation.TANH)
                .l2(0.01)
                .updater(new Sgd(0.1));
    }

    private static GaussianLatentLayer latents() {
        return new GaussianLatentLayer.Builder().nOut(2).beta(3).build();
    }

    private static FastOutputLayer output() {
        return new FastOutputLayer.Builder(new LossBernoulli())
                .nOut(FEATURES)
                .activation(Activation.SIGMOID)
                .build();
    }

    private static DenseLayer dense() {
        return new DenseLayer.Builder().nOut(4).build();
    }

    /** Each has its own KL divergence, and all have the weight decay. */
    @Test
    void scoresOfExamples_inAVariationalStack_areThoseOfEachAlone() {
        MultiLayerNetwork network = initialized(base().list()
                .layer(dense())
                .layer(latents())
                .layer(output())
                .setInputType(InputType.feedForward(FEATURES)));
        network.getLayer(1).getParam("W").muli(2); // so that divergences differ
        DataSet data = data();
        INDArray scores = network.scoreExamples(data, true);
        INDArray withoutPenalties = network.scoreExamples(data, false);
        for (int i = 0; i < EXAMPLES; i++) {
            assertThat(scores.getDouble(i)).isCloseTo(network.score(one(data, i)), within(1e-9));
            assertThat(withoutPenalties.getDouble(i)).isLessThan(scores.getDouble(i));
        }
        assertThat(scores.meanNumber().doubleValue()).isCloseTo(network.score(data), within(1e-9));
    }

    @Test
    void scoresOfExamples_inAVariationalGraph_areThoseOfEachAlone() {
        ComputationGraph graph = initialized(base().graphBuilder()
                .addInputs("in")
                .addLayer("dense", dense(), "in")
                .addLayer("z", latents(), "dense")
                .addLayer("out", output(), "z")
                .setOutputs("out")
                .setInputTypes(InputType.feedForward(FEATURES)));
        graph.getLayer("z").getParam("W").muli(2);
        DataSet data = data();
        double mean = graph.score(data);
        INDArray scores = graph.scoreExamples(data, true);
        for (int i = 0; i < EXAMPLES; i++) {
            assertThat(scores.getDouble(i)).isCloseTo(graph.score(one(data, i)), within(1e-9));
        }
        assertThat(scores.meanNumber().doubleValue()).isCloseTo(mean, within(1e-9));
    }

    /** A penalty on activities is not the latents' own: it goes to all alike, as in the stock layer. */
    @Test
    void scoresOfExamples_besideAnotherPenalty_haveTheMeanOfTheScore() {
        MultiLayerNetwork network = initialized(base().list()
                .layer(dense())
                .layer(new ActivityRegularizationLayer.Builder()
                        .penalty(new L1Penalty(0.3))
                        .build())
                .layer(latents())
                .layer(output())
                .setInputType(InputType.feedForward(FEATURES)));
        network.getLayer(2).getParam("W").muli(2);
        DataSet data = data();
        INDArray penalty = network.scoreExamples(data, true).sub(network.scoreExamples(data, false));
        assertThat(penalty.stdNumber().doubleValue()).isGreaterThan(1e-3);
        assertThat(network.scoreExamples(data, true).meanNumber().doubleValue())
                .isCloseTo(network.score(data), within(1e-9));
    }
}
