package io.github.dl4jae.contractive;

import static io.github.dl4jae.testing.GradientCheck.requireGradient;
import static io.github.dl4jae.testing.NdArrayAssert.assertThatArray;
import static io.github.dl4jae.testing.Networks.initialized;
import static io.github.dl4jae.testing.StackedGraphs.x;
import static io.github.dl4jae.testing.StackedGraphs.y;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.github.dl4jae.penalty.ExampleCountPreProcessor;
import io.github.dl4jae.testing.DefaultType;
import io.github.dl4jae.testing.StackedGraphs;
import io.github.dl4jae.testing.StockLayers;
import org.deeplearning4j.exception.DL4JInvalidConfigException;
import org.deeplearning4j.nn.conf.InputPreProcessor;
import org.deeplearning4j.nn.conf.MultiLayerConfiguration;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.WorkspaceMode;
import org.deeplearning4j.nn.conf.layers.DenseLayer;
import org.deeplearning4j.nn.conf.layers.OutputLayer;
import org.deeplearning4j.nn.conf.layers.misc.FrozenLayerWithBackprop;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.nd4j.linalg.activations.Activation;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.dataset.DataSet;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.learning.config.Sgd;
import org.nd4j.linalg.lossfunctions.impl.LossMSE;

/** A contractive layer that is frozen, follows stacked examples, or is not the first. */
@DefaultType(DataType.DOUBLE)
class ContractiveLayerCornersTest {

    private static NeuralNetConfiguration.Builder base(WorkspaceMode workspaces) {
        return ContractionNetworks.base(workspaces, true);
    }

    private static DenseLayer dense() {
        return new DenseLayer.Builder().nIn(3).nOut(2).build();
    }

    private static ContractiveLayer.Builder contractive() {
        return new ContractiveLayer.Builder().nIn(2).nOut(2).contraction(5);
    }

    private static OutputLayer output() {
        return StockLayers.output(new LossMSE(), 2, 2, Activation.IDENTITY);
    }

    @Test
    void gradientBelowAFrozenLayer_isThatOfTheScoreWithoutContraction() {
        for (ContractiveLayer.Builder layer :
                new ContractiveLayer.Builder[] {contractive(), contractive().higherOrder(3, 0.3)}) {
            MultiLayerNetwork network = initialized(base(WorkspaceMode.ENABLED)
                    .list()
                    .layer(dense())
                    .layer(new FrozenLayerWithBackprop(layer.build()))
                    .layer(output()));
            network.setParam("0_W", Nd4j.createFromArray(new double[][] {{0.4, -0.3}, {0.2, 0.9}, {-0.5, 0.1}}));
            network.setParam("1_W", Nd4j.createFromArray(new double[][] {{0.7, -0.6}, {0.8, 0.5}}));
            network.setParam("2_W", Nd4j.createFromArray(new double[][] {{0.3, 0.6}, {-0.4, 0.2}}));
            DataSet data = new DataSet(x(), y());

            assertThat(network.score(data, true)).isCloseTo(network.score(data, false), within(1e-12));
            requireGradient(network, x(), y(), "1_W", "1_b");
        }
    }

    private static ComputationGraph typed(WorkspaceMode workspaces) {
        return StackedGraphs.typed(
                base(workspaces), dense(), "code", contractive().build(), output());
    }

    private static ComputationGraph untyped(WorkspaceMode workspaces, InputPreProcessor preProcessor) {
        return StackedGraphs.untyped(
                base(workspaces), dense(), "code", contractive().build(), preProcessor, output());
    }

    @ParameterizedTest
    @EnumSource(
            value = WorkspaceMode.class,
            names = {"ENABLED", "NONE"})
    void gradientBehindAStackVertex_isThatOfTheScore(WorkspaceMode workspaces) {
        StackedGraphs.requireGradient(typed(workspaces));
        StackedGraphs.requireGradient(untyped(workspaces, new ExampleCountPreProcessor()));
    }

    @Test
    void graph_withoutInputTypes_isRefusedInTraining() {
        ComputationGraph graph = untyped(WorkspaceMode.ENABLED, null);
        assertThatThrownBy(() -> graph.fit(new INDArray[] {x(), x()}, new INDArray[] {y()}))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("'code'")
                .hasMessageContaining("call setInputTypes(...) on the graph builder, or add the layer with a new"
                        + " ExampleCountPreProcessor()");
        assertThat(graph.outputSingle(x(), x()).shape()).containsExactly(4, 2);
    }

    @Test
    void inputGradientTurnedOff_isForTheFirstLayerOnly() {
        MultiLayerConfiguration configuration = base(WorkspaceMode.ENABLED)
                .list()
                .layer(dense())
                .layer(contractive().name("code").inputGradient(false).build())
                .layer(output())
                .build();
        MultiLayerNetwork network = new MultiLayerNetwork(configuration);
        assertThatThrownBy(network::init)
                .isInstanceOf(DL4JInvalidConfigException.class)
                .hasMessageContaining("'code'")
                .hasMessageContaining("inputGradient(false) is for the first layer of a network, got it on layer 1");
    }

    @Test
    void inputGradientTurnedOffAtTheBottom_isZero() {
        MultiLayerNetwork[] networks = new MultiLayerNetwork[2];
        for (int i = 0; i < 2; i++) {
            networks[i] = new MultiLayerNetwork(base(WorkspaceMode.ENABLED)
                    .updater(new Sgd(0.1))
                    .list()
                    .layer(contractive().nIn(3).inputGradient(i == 0).build())
                    .layer(output())
                    .build());
            networks[i].init();
            networks[i].fit(new DataSet(x(), y()));
        }
        assertThatArray(networks[1].params()).isEqualTo(networks[0].params());
        INDArray below = networks[1].calculateGradients(x(), y(), null, null).getSecond();
        assertThatArray(below).isEqualTo(Nd4j.zeros(DataType.DOUBLE, 4, 3));
    }
}
