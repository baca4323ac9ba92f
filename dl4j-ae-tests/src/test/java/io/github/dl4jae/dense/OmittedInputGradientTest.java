package io.github.dl4jae.dense;

import static io.github.dl4jae.dense.SmallNetworks.HIDDEN;
import static io.github.dl4jae.dense.SmallNetworks.IN;
import static io.github.dl4jae.dense.SmallNetworks.configuration;
import static io.github.dl4jae.dense.SmallNetworks.data;
import static io.github.dl4jae.dense.SmallNetworks.dense;
import static io.github.dl4jae.dense.SmallNetworks.fit;
import static io.github.dl4jae.dense.SmallNetworks.graph;
import static io.github.dl4jae.dense.SmallNetworks.output;
import static io.github.dl4jae.testing.NdArrayAssert.assertThatArray;
import static io.github.dl4jae.testing.Networks.initialized;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.function.Function;
import org.deeplearning4j.exception.DL4JInvalidConfigException;
import org.deeplearning4j.nn.conf.MultiLayerConfiguration;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.WorkspaceMode;
import org.deeplearning4j.nn.conf.graph.MergeVertex;
import org.deeplearning4j.nn.conf.inputs.InputType;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.nd4j.linalg.activations.Activation;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.dataset.DataSet;
import org.nd4j.linalg.learning.config.Adam;
import org.nd4j.linalg.lossfunctions.impl.LossMSE;

@Tag("slow")
class OmittedInputGradientTest {
    @Test
    void inputGradient_turnedOff_leavesTheTrainingAsItIs() {
        MultiLayerConfiguration with =
                FastLayers.convert(configuration(DataType.FLOAT, WorkspaceMode.ENABLED, dense(Activation.RELU)));
        MultiLayerConfiguration without = with.clone();
        without.getConf(0)
                .setLayer(new FastDenseLayer.Builder()
                        .nIn(IN)
                        .nOut(HIDDEN)
                        .activation(Activation.RELU)
                        .weightInit(((FastDenseLayer) with.getConf(0).getLayer()).getWeightInitFn())
                        .biasInit(0)
                        .gainInit(1)
                        .updater(new Adam(0.01))
                        .inputGradient(false)
                        .build());
        DataSet data = data(DataType.FLOAT, 9);
        MultiLayerNetwork a = initialized(with);
        MultiLayerNetwork b = initialized(without);
        fit(a, data, 3);
        fit(b, data, 3);
        assertThatArray(b.params()).isEqualTo(a.params());
    }

    @Test
    void inputGradient_turnedOffInTheMiddle_isRefused() {
        MultiLayerConfiguration configuration = new NeuralNetConfiguration.Builder()
                .list()
                .layer(new FastDenseLayer.Builder().nIn(IN).nOut(4).build())
                .layer(new FastDenseLayer.Builder()
                        .nIn(4)
                        .nOut(4)
                        .inputGradient(false)
                        .build())
                .layer(output(new LossMSE(), Activation.TANH.getActivationFunction()))
                .setInputType(InputType.feedForward(IN))
                .build();
        assertThatThrownBy(() -> initialized(configuration))
                .isInstanceOf(DL4JInvalidConfigException.class)
                .hasMessageContaining("inputGradient(false) is for the first layer of a network, got it on layer 1");
    }

    /**
     * A graph does not refuse it, and computes what the layer below needs; with workspaces it can tell an input of the
     * graph.
     */
    @ParameterizedTest
    @EnumSource(WorkspaceMode.class)
    void inputGradient_turnedOffInAGraph_leavesTheTrainingAsItIs(WorkspaceMode workspaces) {
        requireSameTraining(inputGradient -> {
            FastDenseLayer.Builder layer = new FastDenseLayer.Builder()
                    .nOut(4)
                    .inputGradient(inputGradient)
                    .activation(Activation.TANH);
            ComputationGraph graph = new ComputationGraph(new NeuralNetConfiguration.Builder()
                    .seed(3)
                    .trainingWorkspaceMode(workspaces)
                    .updater(new Adam(0.01))
                    .graphBuilder()
                    .addInputs("in")
                    .addLayer("first", layer.nIn(IN).build(), "in")
                    .addLayer("second", layer.nIn(4).build(), "first")
                    .addLayer("third", layer.nIn(4).build(), "second")
                    .addLayer("out", output(new LossMSE(), Activation.TANH.getActivationFunction()), "third")
                    .setOutputs("out")
                    .setInputTypes(InputType.feedForward(IN))
                    .build());
            return graph;
        });
    }

    @Test
    void inputGradient_turnedOffWhereTwoReadTheInput_leavesTheTrainingAsItIs() {
        requireSameTraining(inputGradient -> {
            ComputationGraph graph = new ComputationGraph(new NeuralNetConfiguration.Builder()
                    .seed(3)
                    .updater(new Adam(0.01))
                    .graphBuilder()
                    .addInputs("in")
                    .addLayer(
                            "a",
                            new FastDenseLayer.Builder()
                                    .nIn(IN)
                                    .nOut(9)
                                    .inputGradient(inputGradient)
                                    .activation(Activation.RELU)
                                    .build(),
                            "in")
                    .addVertex("skip", new MergeVertex(), "in", "a")
                    .addLayer(
                            "out",
                            new FastOutputLayer.Builder(new LossMSE())
                                    .nIn(IN + 9)
                                    .nOut(5)
                                    .activation(Activation.IDENTITY)
                                    .build(),
                            "skip")
                    .setOutputs("out")
                    .build());
            return graph;
        });
    }

    /** Trains with and without the input gradient, and requires the same parameters. */
    private static void requireSameTraining(Function<Boolean, ComputationGraph> graphs) {
        ComputationGraph with = graphs.apply(true);
        ComputationGraph without = graphs.apply(false);
        DataSet data = data(DataType.FLOAT, 8);
        for (ComputationGraph graph : List.of(with, without)) {
            graph.init();
            graph.fit(data);
            graph.fit(data);
        }
        assertThatArray(without.params()).isEqualTo(with.params());
    }
}
