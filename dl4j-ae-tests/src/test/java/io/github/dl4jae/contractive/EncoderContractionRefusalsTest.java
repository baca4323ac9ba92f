package io.github.dl4jae.contractive;

import static io.github.dl4jae.contractive.ContractionNetworks.INPUTS;
import static io.github.dl4jae.contractive.ContractionNetworks.base;
import static io.github.dl4jae.contractive.ContractionNetworks.closed;
import static io.github.dl4jae.contractive.ContractionNetworks.contraction;
import static io.github.dl4jae.contractive.ContractionNetworks.data;
import static io.github.dl4jae.contractive.ContractionNetworks.deep;
import static io.github.dl4jae.contractive.ContractionNetworks.dense;
import static io.github.dl4jae.contractive.ContractionNetworks.graph;
import static io.github.dl4jae.contractive.ContractionNetworks.network;
import static io.github.dl4jae.contractive.ContractionNetworks.opened;
import static io.github.dl4jae.contractive.ContractionNetworks.output;
import static io.github.dl4jae.contractive.ContractionNetworks.recurrent;
import static io.github.dl4jae.testing.NdArrayAssert.assertThatArray;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.dl4jae.penalty.L1Penalty;
import io.github.dl4jae.sparse.ActivityRegularizationLayer;
import io.github.dl4jae.testing.DefaultType;
import java.util.List;
import java.util.stream.Stream;
import org.deeplearning4j.exception.DL4JInvalidInputException;
import org.deeplearning4j.nn.conf.WorkspaceMode;
import org.deeplearning4j.nn.conf.dropout.Dropout;
import org.deeplearning4j.nn.conf.graph.MergeVertex;
import org.deeplearning4j.nn.conf.inputs.InputType;
import org.deeplearning4j.nn.conf.layers.BatchNormalization;
import org.deeplearning4j.nn.conf.layers.DenseLayer;
import org.deeplearning4j.nn.conf.layers.DropoutLayer;
import org.deeplearning4j.nn.conf.layers.LSTM;
import org.deeplearning4j.nn.conf.layers.Layer;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.deeplearning4j.nn.transferlearning.TransferLearning;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.dataset.DataSet;

@Tag("slow")
@DefaultType(DataType.DOUBLE)
class EncoderContractionRefusalsTest {
    static Stream<Layer> notRowwise() {
        return Stream.of(
                new BatchNormalization.Builder().name("bad").build(),
                new DropoutLayer.Builder(0.5).name("bad").build(),
                new DenseLayer.Builder()
                        .name("bad")
                        .nOut(3)
                        .dropOut(new Dropout(0.5))
                        .build(),
                new ContractiveLayer.Builder().name("bad").nOut(3).build(),
                new ActivityRegularizationLayer.Builder()
                        .name("bad")
                        .penalty(new L1Penalty(1))
                        .build());
    }

    @ParameterizedTest
    @MethodSource("notRowwise")
    void layer_thatTreatsExamplesTogether_isRefusedByName(Layer layer) {
        assertThatThrownBy(() -> contraction().around(dense(3), layer))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("EncoderContraction 'c'")
                .hasMessageContaining(layer.getClass().getSimpleName() + " 'bad'");
        ComputationGraph graph = closed(opened().addLayer("bad", layer.clone(), "open"), "bad");
        assertThatThrownBy(graph::init)
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining(layer.getClass().getSimpleName() + " 'bad'");
    }

    @Test
    void network_thatWasChangedByHand_isRefused() {
        assertThatThrownBy(() -> deep(base(WorkspaceMode.ENABLED, true).dropOut(0.5), contraction()))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("EncoderContraction 'c'")
                .hasMessageContaining("Dropout");
        List<Layer> layers = contraction().around(dense(3));
        layers.add(1, new BatchNormalization());
        assertThatThrownBy(() ->
                        network(base(WorkspaceMode.ENABLED, true), InputType.feedForward(INPUTS), output(), layers))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("must be the 1 layers it was created for, got 2");
        assertThatThrownBy(() -> network(
                        base(WorkspaceMode.ENABLED, true),
                        InputType.feedForward(INPUTS),
                        output(),
                        List.of(dense(3), contraction().closing())))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("must follow an opening end of that name, got none");
        assertThatThrownBy(() -> contraction().around())
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("must have at least one layer, got none");
        assertThatThrownBy(() -> new EncoderContraction("", 1))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("name must be given");
        assertThatThrownBy(() -> contraction().probe(0))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("perturbation must be above 0");
    }

    /** Deeplearning4j's preprocessors would put copies and originals in another order. */
    @Test
    void layersThatTakeTimeStepsForRows_areRefused() {
        MultiLayerNetwork network = recurrent(
                base(WorkspaceMode.ENABLED, true), new LSTM.Builder().nOut(3).build(), dense(3));

        assertThatThrownBy(() -> network.fit(data(4, 3, 4)))
                .isInstanceOf(DL4JInvalidInputException.class)
                .hasMessageContaining(
                        "examples must stay rows between its ends, got 8 rows at the opening and 32 at the closing"
                                + " end");
    }

    @Test
    void frozenGraph_isStillOne() {
        ComputationGraph graph = graph(base(WorkspaceMode.ENABLED, true), contraction());
        ComputationGraph frozen = new TransferLearning.GraphBuilder(graph)
                .setFeatureExtractor("close")
                .build();
        DataSet data = data(4, INPUTS);

        INDArray output = frozen.clone().outputSingle(data.getFeatures());
        assertThatArray(output).isCloseTo(graph.outputSingle(data.getFeatures()).castTo(output.dataType()), 1e-6);
    }

    @Test
    void graph_thatJoinsUnperturbedExamples_isRefused() {
        ComputationGraph graph = closed(
                opened().addVertex("both", new MergeVertex(), "open", "in").addLayer("code", dense(3), "both"), "code");

        assertThatThrownBy(graph::init)
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("got the other input 'in'");
    }
}
