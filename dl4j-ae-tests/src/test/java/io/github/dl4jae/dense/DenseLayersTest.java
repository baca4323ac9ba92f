package io.github.dl4jae.dense;

import static io.github.dl4jae.dense.SmallNetworks.IN;
import static io.github.dl4jae.dense.SmallNetworks.configuration;
import static io.github.dl4jae.dense.SmallNetworks.data;
import static io.github.dl4jae.dense.SmallNetworks.dense;
import static io.github.dl4jae.dense.SmallNetworks.fit;
import static io.github.dl4jae.dense.SmallNetworks.output;
import static io.github.dl4jae.dense.SmallNetworks.requireClose;
import static io.github.dl4jae.testing.Networks.initialized;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.dl4jae.likelihood.LossBernoulli;
import io.github.dl4jae.sparse.ActivationTopK;
import io.github.dl4jae.testing.LayerContract;
import java.util.stream.Stream;
import org.deeplearning4j.exception.DL4JInvalidConfigException;
import org.deeplearning4j.exception.DL4JInvalidInputException;
import org.deeplearning4j.nn.conf.MultiLayerConfiguration;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.WorkspaceMode;
import org.deeplearning4j.nn.conf.layers.Layer;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.deeplearning4j.nn.workspace.LayerWorkspaceMgr;
import org.junit.jupiter.api.Named;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.nd4j.linalg.activations.Activation;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.dataset.DataSet;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.learning.config.Adam;
import org.nd4j.linalg.lossfunctions.LossFunctions.LossFunction;
import org.nd4j.linalg.lossfunctions.impl.LossMSE;

/** The fast layers on their own: contract, options, errors. */
@Tag("slow")
class DenseLayersTest {
    static Stream<Named<Layer>> contracts() {
        return Stream.of(
                Named.of(
                        "tanh",
                        new FastDenseLayer.Builder()
                                .nOut(4)
                                .activation(Activation.TANH)
                                .build()),
                Named.of(
                        "softmax",
                        new FastDenseLayer.Builder()
                                .nOut(4)
                                .activation(Activation.SOFTMAX)
                                .build()),
                Named.of(
                        "top-k",
                        new FastDenseLayer.Builder()
                                .nOut(6)
                                .activation(new ActivationTopK(3))
                                .build()),
                Named.of(
                        "layer norm",
                        new FastDenseLayer.Builder()
                                .nOut(4)
                                .hasLayerNorm(true)
                                .activation(Activation.SIGMOID)
                                .build()),
                Named.of(
                        "row-major weights",
                        new FastDenseLayer.Builder()
                                .nOut(4)
                                .hasLayerNorm(true)
                                .rowMajorWeights(true)
                                .l2(0.1)
                                .activation(Activation.SIGMOID)
                                .build()),
                Named.of(
                        "output, row-major weights",
                        new FastOutputLayer.Builder(new LossMSE())
                                .nOut(3)
                                .rowMajorWeights(true)
                                .activation(Activation.SIGMOID)
                                .build()),
                Named.of(
                        "no bias, penalties",
                        new FastDenseLayer.Builder()
                                .nOut(4)
                                .hasBias(false)
                                .l1(0.1)
                                .l2(0.1)
                                .activation(Activation.TANH)
                                .build()),
                Named.of(
                        "output, mse",
                        new FastOutputLayer.Builder(new LossMSE())
                                .nOut(3)
                                .activation(Activation.SIGMOID)
                                .build()),
                Named.of(
                        "output, softmax",
                        new FastOutputLayer.Builder(new LossMSE()).nOut(3).build()),
                Named.of(
                        "output, bernoulli",
                        new FastOutputLayer.Builder(new LossBernoulli())
                                .nOut(3)
                                .activation(Activation.SIGMOID)
                                .build()),
                Named.of(
                        "loss, mse",
                        new FastLossLayer.Builder(new LossMSE())
                                .activation(Activation.SIGMOID)
                                .build()),
                Named.of(
                        "loss, bernoulli",
                        new FastLossLayer.Builder(new LossBernoulli())
                                .activation(Activation.SIGMOID)
                                .build()),
                Named.of(
                        "output, no bias",
                        new FastOutputLayer.Builder(LossFunction.XENT)
                                .nOut(3)
                                .hasBias(false)
                                .activation(Activation.SIGMOID)
                                .build()));
    }

    @ParameterizedTest
    @MethodSource("contracts")
    void contract_holds(Layer layer) {
        LayerContract.verify(layer);
    }

    @Test
    void score_afterParametersChanged_isThatOfTheNewOnes() {
        MultiLayerNetwork network = initialized(
                FastLayers.convert(configuration(DataType.FLOAT, WorkspaceMode.NONE, dense(Activation.RELU))));
        DataSet data = data(DataType.FLOAT, 6);
        network.setInput(data.getFeatures());
        network.setLabels(data.getLabels());
        network.computeGradientAndScore();
        double before = network.score();
        network.params().muli(3);
        FastOutputLayerImpl output = (FastOutputLayerImpl) network.getOutputLayer();
        assertThat(output.computeScore(0, true, LayerWorkspaceMgr.noWorkspaces()))
                .isNotEqualTo(before);
    }

    static Stream<Layer> layersWithOptions() {
        return Stream.of(
                new FastDenseLayer.Builder()
                        .nIn(3)
                        .nOut(4)
                        .hasBias(false)
                        .inputGradient(false)
                        .sparseInput(true)
                        .build(),
                new FastDenseLayer.Builder()
                        .nIn(3)
                        .nOut(4)
                        .hasLayerNorm(true)
                        .rowMajorWeights(true)
                        .build(),
                new FastOutputLayer.Builder()
                        .nIn(3)
                        .nOut(4)
                        .rowMajorWeights(true)
                        .build(),
                new FastOutputLayer.Builder()
                        .nIn(3)
                        .nOut(4)
                        .sparseInput(true)
                        .hasBias(false)
                        .build());
    }

    @ParameterizedTest
    @MethodSource("layersWithOptions")
    void options_surviveJsonAndClone(Layer layer) {
        MultiLayerConfiguration configuration =
                new NeuralNetConfiguration.Builder().list().layer(layer).build();
        Layer kept = configuration.getConf(0).getLayer();
        Layer restored = MultiLayerConfiguration.fromJson(configuration.toJson())
                .getConf(0)
                .getLayer();
        assertThat(restored).isEqualTo(kept).hasSameHashCodeAs(kept).hasToString(kept.toString());
        assertThat(kept.clone()).isEqualTo(kept).isNotSameAs(kept);
    }

    @Test
    void options_missingInJson_haveTheirDefaults() {
        String json = new NeuralNetConfiguration.Builder()
                .list()
                .layer(new FastDenseLayer.Builder().nIn(3).nOut(4).build())
                .build()
                .toJson()
                .replaceAll(
                        "\"(hasBias|inputGradient|sparseInput|rowMajorWeights|hasLayerNorm)\" : (true|false),?", "");
        FastDenseLayer restored = (FastDenseLayer)
                MultiLayerConfiguration.fromJson(json).getConf(0).getLayer();
        assertThat(restored.hasBias()).isTrue();
        assertThat(restored.hasInputGradient()).isTrue();
        assertThat(restored.hasSparseInput()).isFalse();
        assertThat(restored.hasRowMajorWeights()).isFalse();
    }

    @Test
    void sparseInput_behindTopK_leavesTheTrainingAsItIs() {
        // large enough for the products that skip zeros: 256 · 1024 · 64 multiplications, 4 in 1024 units active
        MultiLayerNetwork[] networks = Stream.of(false, true)
                .map(sparse -> initialized(new NeuralNetConfiguration.Builder()
                        .seed(8)
                        .updater(new Adam(0.01))
                        .list()
                        .layer(new FastDenseLayer.Builder()
                                .nIn(64)
                                .nOut(1024)
                                .activation(new ActivationTopK(4))
                                .build())
                        .layer(new FastOutputLayer.Builder(new LossMSE())
                                .nIn(1024)
                                .nOut(64)
                                .sparseInput(sparse)
                                .activation(Activation.IDENTITY)
                                .build())
                        .build()))
                .toArray(MultiLayerNetwork[]::new);
        Nd4j.getRandom().setSeed(1);
        INDArray x = Nd4j.randn(DataType.FLOAT, 256, 64);
        for (MultiLayerNetwork network : networks) {
            fit(network, new DataSet(x, x), 3);
        }
        requireClose(networks[1].params(), networks[0].params(), 1e-5);
    }

    @Test
    void wrongSizes_areClearErrors() {
        assertThatThrownBy(() -> initialized(new NeuralNetConfiguration.Builder()
                        .list()
                        .layer(new FastDenseLayer.Builder()
                                .nIn(3)
                                .name("encoder")
                                .build())
                        .layer(new FastOutputLayer.Builder().nOut(3).build())
                        .build()))
                .isInstanceOf(DL4JInvalidConfigException.class)
                .hasMessageContaining("FastDenseLayer 'encoder': nIn and nOut must be above 0, got nIn = 3, nOut = 0");
        MultiLayerNetwork network = initialized(
                FastLayers.convert(configuration(DataType.FLOAT, WorkspaceMode.ENABLED, dense(Activation.RELU))));
        assertThatThrownBy(() -> network.output(Nd4j.ones(DataType.FLOAT, 2, IN + 1)))
                .isInstanceOf(DL4JInvalidInputException.class)
                .hasMessageContaining("the input must have the shape [batch, 11], got [2, 12]");
    }
}
