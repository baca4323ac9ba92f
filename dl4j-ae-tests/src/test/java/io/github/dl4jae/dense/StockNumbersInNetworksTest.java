package io.github.dl4jae.dense;

import static io.github.dl4jae.dense.SmallNetworks.HIDDEN;
import static io.github.dl4jae.dense.SmallNetworks.IN;
import static io.github.dl4jae.dense.SmallNetworks.configuration;
import static io.github.dl4jae.dense.SmallNetworks.data;
import static io.github.dl4jae.dense.SmallNetworks.dense;
import static io.github.dl4jae.dense.SmallNetworks.graph;
import static io.github.dl4jae.dense.SmallNetworks.output;
import static io.github.dl4jae.dense.SmallNetworks.requireClose;
import static io.github.dl4jae.dense.SmallNetworks.requireSameTraining;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.stream.Stream;
import org.deeplearning4j.nn.conf.MultiLayerConfiguration;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.WorkspaceMode;
import org.deeplearning4j.nn.conf.inputs.InputType;
import org.deeplearning4j.nn.conf.layers.ActivationLayer;
import org.deeplearning4j.nn.conf.layers.LSTM;
import org.deeplearning4j.nn.conf.layers.RnnOutputLayer;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.nd4j.linalg.activations.Activation;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.dataset.DataSet;
import org.nd4j.linalg.dataset.MultiDataSet;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.learning.config.Adam;
import org.nd4j.linalg.lossfunctions.impl.LossMSE;

@Tag("slow")
class StockNumbersInNetworksTest {
    static Stream<INDArray> masks() {
        INDArray perExample = Nd4j.ones(DataType.FLOAT, 6, 1).putScalar(2, 0, 0).putScalar(5, 0, 0);
        INDArray perOutput = Nd4j.ones(DataType.FLOAT, 6, 5).putScalar(1, 3, 0).putScalar(4, 0, 0);
        return Stream.of(perExample, perOutput);
    }

    @ParameterizedTest
    @MethodSource("masks")
    void training_withLabelMask_givesTheStockNumbers(INDArray mask) {
        MultiLayerConfiguration configuration = configuration(
                DataType.FLOAT,
                WorkspaceMode.ENABLED,
                dense(Activation.RELU).nOut(HIDDEN).build(),
                output(new LossMSE(), Activation.SIGMOID.getActivationFunction()));
        DataSet data = data(DataType.FLOAT, 6);
        data.setLabelsMaskArray(mask);

        requireSameTraining(configuration, data, 4);
    }

    @Test
    void training_withFeatureMask_givesTheStockNumbers() {
        MultiLayerConfiguration configuration =
                configuration(DataType.FLOAT, WorkspaceMode.ENABLED, dense(Activation.SIGMOID));
        DataSet data = data(DataType.FLOAT, 6);
        INDArray mask = Nd4j.ones(DataType.FLOAT, 6, 1).putScalar(3, 0, 0);
        data.setFeaturesMaskArray(mask);
        data.setLabelsMaskArray(mask);

        requireSameTraining(configuration, data, 4);
    }

    @Test
    void raggedSequences_betweenRecurrentLayers_giveTheStockNumbers() {
        MultiLayerConfiguration configuration = new NeuralNetConfiguration.Builder()
                .seed(6)
                .updater(new Adam(0.01))
                .list()
                .layer(new LSTM.Builder().nOut(6).build())
                .layer(dense(Activation.SIGMOID).nOut(4).build())
                .layer(new RnnOutputLayer.Builder(new LossMSE())
                        .nOut(3)
                        .activation(Activation.IDENTITY)
                        .build())
                .setInputType(InputType.recurrent(2, 5))
                .build();
        INDArray mask = Nd4j.ones(DataType.FLOAT, 4, 5)
                .putScalar(1, 4, 0)
                .putScalar(1, 3, 0)
                .putScalar(3, 4, 0);
        Nd4j.getRandom().setSeed(2);
        DataSet data =
                new DataSet(Nd4j.randn(DataType.FLOAT, 4, 2, 5), Nd4j.randn(DataType.FLOAT, 4, 3, 5), mask, mask);

        requireSameTraining(configuration, data, 3);
    }

    @Test
    void training_withWhatWorksInPlaceBehind_givesTheStockNumbers() {
        MultiLayerConfiguration configuration = new NeuralNetConfiguration.Builder()
                .seed(6)
                .updater(new Adam(0.01))
                .list()
                .layer(dense(Activation.SIGMOID).nIn(IN).nOut(8).build())
                .layer(new ActivationLayer(Activation.TANH))
                .layer(dense(Activation.IDENTITY).nIn(8).nOut(8).build())
                .layer(new ActivationLayer(Activation.SIGMOID))
                .layer(output(new LossMSE(), Activation.IDENTITY.getActivationFunction()))
                .setInputType(InputType.feedForward(IN))
                .build();
        DataSet data = data(DataType.FLOAT, 6);

        requireSameTraining(configuration, data, 4);
    }

    @Test
    void graph_withFeatureMaskAlone_givesTheStockScore() {
        ComputationGraph stock = new ComputationGraph(graph());
        stock.init();
        ComputationGraph fast = FastLayers.convert(stock);
        DataSet data = data(DataType.FLOAT, 6);
        INDArray mask = Nd4j.ones(DataType.FLOAT, 6, 1).putScalar(3, 0, 0).putScalar(4, 0, 0);
        MultiDataSet masked = new MultiDataSet(
                new INDArray[] {data.getFeatures()}, new INDArray[] {data.getLabels()}, new INDArray[] {mask}, null);
        stock.fit(masked);
        fast.fit(masked);
        assertThat(fast.score()).isCloseTo(stock.score(), within(1e-5));
        requireClose(fast.params(), stock.params(), 2e-6);
    }
}
