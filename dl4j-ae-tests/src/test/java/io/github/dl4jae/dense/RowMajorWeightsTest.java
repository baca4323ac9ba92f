package io.github.dl4jae.dense;

import static io.github.dl4jae.testing.NdArrayAssert.assertThatArray;
import static io.github.dl4jae.testing.Networks.fit;
import static io.github.dl4jae.testing.Networks.initialized;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.dl4jae.Autoencoders;
import io.github.dl4jae.sparse.ActivationTopK;
import io.github.dl4jae.updater.AdamMini;
import io.github.dl4jae.updater.FastAdam;
import org.deeplearning4j.nn.conf.MultiLayerConfiguration;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.constraint.MaxNormConstraint;
import org.deeplearning4j.nn.conf.inputs.InputType;
import org.deeplearning4j.nn.conf.layers.FeedForwardLayer;
import org.deeplearning4j.nn.conf.weightnoise.DropConnect;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.nd4j.linalg.activations.Activation;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.dataset.DataSet;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.learning.config.IUpdater;
import org.nd4j.linalg.lossfunctions.impl.LossMSE;

/** Networks with weights in 'c' order against the same networks in 'f' order. */
class RowMajorWeightsTest {

    private static final int IN = 6;
    private static final int EXAMPLES = 8;

    /** Three layers with an option each that reads or changes weights. */
    private static MultiLayerConfiguration small(boolean rowMajor, IUpdater updater) {
        FastDenseLayer.Builder first = new FastDenseLayer.Builder().nOut(5).hasLayerNorm(true);
        FastDenseLayer.Builder second =
                new FastDenseLayer.Builder().nOut(4).constrainWeights(new MaxNormConstraint(1, 0));
        return new NeuralNetConfiguration.Builder()
                .seed(3)
                .updater(updater)
                .activation(Activation.TANH)
                .l1(0.01)
                .list()
                .layer(first.rowMajorWeights(rowMajor).build())
                .layer(second.rowMajorWeights(rowMajor).build())
                .layer(output(rowMajor).nOut(IN).build())
                .setInputType(InputType.feedForward(IN))
                .build();
    }

    private static FastOutputLayer.Builder output(boolean rowMajor) {
        return new FastOutputLayer.Builder(new LossMSE())
                .activation(Activation.IDENTITY)
                .rowMajorWeights(rowMajor);
    }

    private static DataSet data(int width) {
        Nd4j.getRandom().setSeed(1);
        INDArray x = Nd4j.randn(DataType.FLOAT, EXAMPLES, width);
        return new DataSet(x, x);
    }

    private static void copyParameters(MultiLayerNetwork from, MultiLayerNetwork to) {
        from.paramTable().forEach((name, values) -> to.getParam(name).assign(values));
    }

    private static void assertSameParameters(MultiLayerNetwork found, MultiLayerNetwork expected) {
        expected.paramTable()
                .forEach((name, values) ->
                        assertThatArray(found.getParam(name)).as(name).isCloseTo(values, 1e-5));
    }

    @Test
    void weights_lieInTheOrderThatWasSet() {
        MultiLayerNetwork network = initialized(small(true, new FastAdam(0.01)));
        assertThat(network.getParam("1_W").ordering()).isEqualTo('c');
        assertThat(network.getParam("1_W").shape()).containsExactly(5, 4);
        assertThat(network.getParam("2_W").ordering()).isEqualTo('c');
        INDArray first = network.getLayer(1).params().reshape(-1);
        assertThat(first.getFloat(1)).isEqualTo(network.getParam("1_W").getFloat(0, 1));
    }

    @Test
    void training_isThatOfColumnMajorWeights() {
        MultiLayerNetwork expected = initialized(small(false, new FastAdam(0.01)));
        MultiLayerNetwork found = initialized(small(true, new FastAdam(0.01)));
        copyParameters(expected, found);
        for (MultiLayerNetwork network : new MultiLayerNetwork[] {expected, found}) {
            fit(network, data(IN), 5);
        }
        assertSameParameters(found, expected);
        assertThatArray(found.output(data(IN).getFeatures())).isCloseTo(expected.output(data(IN).getFeatures()), 1e-5);
    }

    /** Large enough for the products that skip zeros: 8 of 16,384 units are active. */
    @Tag("slow")
    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void trainingBehindTopK_isThatOfColumnMajorWeights(boolean sparseInput) {
        MultiLayerNetwork expected = initialized(topK(false, false));
        MultiLayerNetwork found = initialized(topK(true, sparseInput));
        copyParameters(expected, found);
        for (MultiLayerNetwork network : new MultiLayerNetwork[] {expected, found}) {
            fit(network, data(64), 3);
        }
        assertSameParameters(found, expected);

        INDArray row = data(64).getFeatures().getRow(0, true);
        assertThatArray(Autoencoders.of(found, 0).reconstruct(row)).isCloseTo(expected.output(row), 1e-5);
    }

    private static MultiLayerConfiguration topK(boolean rowMajor, boolean sparseInput) {
        int units = 16_384;
        return new NeuralNetConfiguration.Builder()
                .seed(8)
                .updater(new FastAdam(0.001))
                .list()
                .layer(new FastDenseLayer.Builder()
                        .nIn(64)
                        .nOut(units)
                        .activation(new ActivationTopK(8))
                        .build())
                .layer(output(rowMajor)
                        .nIn(units)
                        .nOut(64)
                        .sparseInput(sparseInput)
                        .build())
                .build();
    }

    /** DropConnect hands out a copy of the weights in an order of its own. */
    @Test
    void weightNoise_learns() {
        MultiLayerNetwork network = initialized(new NeuralNetConfiguration.Builder()
                .seed(2)
                .updater(new FastAdam(0.02))
                .weightNoise(new DropConnect(0.9))
                .list()
                .layer(new FastDenseLayer.Builder()
                        .nIn(IN)
                        .nOut(IN)
                        .rowMajorWeights(true)
                        .activation(Activation.IDENTITY)
                        .build())
                .layer(output(true).nIn(IN).nOut(IN).build())
                .build());
        double before = network.score(data(IN));
        fit(network, data(IN), 200);
        assertThat(network.score(data(IN))).isLessThan(before / 2);
    }

    @Test
    void network_toStock_keepsWeightsAndUpdaterState() {
        MultiLayerNetwork fast = initialized(small(true, new FastAdam(0.01)));
        fit(fast, data(IN), 3);

        MultiLayerNetwork stock = FastLayers.toStock(fast);

        assertThat(stock.getLayerWiseConfigurations().toJson()).doesNotContain("io.github.dl4jae");
        assertThat(stock.getParam("1_W").ordering()).isEqualTo('f');
        for (int round = 0; round < 2; round++) {
            assertSameParameters(stock, fast);
            assertThatArray(stock.output(data(IN).getFeatures())).isCloseTo(fast.output(data(IN).getFeatures()), 1e-5);
            fit(fast, data(IN), 3);
            fit(stock, data(IN), 3);
        }
    }

    @Test
    void graph_toStock_keepsWeightsAndUpdaterState() {
        ComputationGraph fast = initialized(small(true, new FastAdam(0.01))).toComputationGraph();
        fit(fast, data(IN), 3);

        ComputationGraph stock = FastLayers.toStock(fast);
        fit(fast, data(IN), 3);
        fit(stock, data(IN), 3);

        fast.paramTable()
                .forEach((name, values) ->
                        assertThatArray(stock.getParam(name)).as(name).isCloseTo(values, 1e-5));
    }

    @Test
    void stateOfBlocks_cannotBeReordered() {
        FeedForwardLayer layer = new FastDenseLayer.Builder()
                .nOut(4)
                .hasBias(false)
                .rowMajorWeights(true)
                .updater(new AdamMini(0.01, 4))
                .build();
        MultiLayerNetwork network = initialized(new NeuralNetConfiguration.Builder()
                .list()
                .layer(layer)
                .layer(output(false).nOut(IN).build())
                .setInputType(InputType.feedForward(IN))
                .build());
        fit(network, data(IN), 1);
        assertThatThrownBy(() -> FastLayers.toStock(network))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("FastLayers: the updater of weights in 'c' order must have whole values per weight to"
                        + " convert its state, got 30 values for 24 weights; set another updater, or convert the"
                        + " configuration and copy the parameters");
    }
}
