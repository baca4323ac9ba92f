package io.github.dl4jae.concrete;

import static io.github.dl4jae.concrete.SelectorNetworks.logits;
import static io.github.dl4jae.concrete.SelectorNetworks.network;
import static io.github.dl4jae.concrete.SelectorNetworks.selector;
import static io.github.dl4jae.testing.NdArrayAssert.assertThatArray;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.io.File;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Map;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.layers.OutputLayer;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.deeplearning4j.nn.transferlearning.TransferLearning;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.dataset.DataSet;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.lossfunctions.impl.LossMSE;

/** What was chosen, read from a network. */
class SelectorStateTest {

    @Test
    void selection_namesDuplicates_andResolvesThem() {
        MultiLayerNetwork network = network(selector(), 4, 3, DataType.DOUBLE);
        // all want column 1; the surest is selector 2, then 0; next best are 3 for selector 0, and 1, 3, 0 for selector
        // 1
        logits(network, new double[][] {{0, 0.5, 0}, {3, 1.2, 9}, {0, 0, 0}, {2, 1.1, 0}});
        SelectorState selection = SelectorState.of(network);

        assertThat(selection.selectedColumns()).containsExactly(1, 1, 1);
        assertThat(selection.duplicates()).isEqualTo(Map.of(1, 3));
        assertThat(selection.selectedFeatures()).containsExactly(1);
        assertThat(selection.withoutDuplicates()).containsExactly(1, 3, 0);
        assertThat(selection.toString()).contains("1 of 4 features").contains("picked by several: {1=3}");
    }

    @Test
    void groups_areChosenByTheSumOfTheirProbabilities() {
        MultiLayerNetwork network = network(selector(), 4, 2, DataType.DOUBLE);
        double[][] probabilities = {{0.4, 0.45}, {0.3, 0.3}, {0.25, 0.2}, {0.05, 0.05}};
        logits(
                network,
                Arrays.stream(probabilities)
                        .map(row -> Arrays.stream(row).map(Math::log).toArray())
                        .toArray(double[][]::new));
        SelectorState selection = SelectorState.of(network);
        // selector 1 is the surest and takes group 1 with 0.5; selector 0 would too, with 0.55
        assertThat(selection.withoutDuplicates(new int[] {0, 1, 1, 2})).containsExactly(1, 0);
        assertThat(selection.withoutDuplicates(new int[] {0, 1, 2, 3})).containsExactly(selection.withoutDuplicates());

        logits(network, new double[][] {{0, 0}, {-2000, -2000}, {-2000, -2000}, {-1999.5, -1999.5}});
        assertThat(SelectorState.of(network).withoutDuplicates(new int[] {0, 1, 1, 2}))
                .as("2·e^−2000 > e^−1999.5, though both underflow")
                .containsExactly(0, 1);
        assertThatThrownBy(() -> selection.withoutDuplicates(new int[] {0, 1, 1}))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("SelectorState: groups must have an index for each of the 4 columns, from 0 without gaps,"
                        + " got 3 of 2 groups");
        assertThatThrownBy(() -> selection.withoutDuplicates(new int[] {0, 0, 0, 0}))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("SelectorState: groups must be at least as many as the 2 selectors, got 1; train with fewer"
                        + " selectors");
    }

    @Test
    void selection_confidence_isTheMeanOfTheLargestProbabilities() {
        MultiLayerNetwork network = network(selector(), 2, 2, DataType.DOUBLE);
        logits(network, new double[][] {{Math.log(0.6), Math.log(0.1)}, {Math.log(0.4), Math.log(0.9)}});
        SelectorState selection = SelectorState.of(network, "selector");

        assertThat(selection.confidences()).containsExactly(new double[] {0.6, 0.9}, within(1e-12));
        assertThat(selection.meanConfidence()).isCloseTo(0.75, within(1e-12));
        assertThat(selection.isConverged()).isFalse();
    }

    @Test
    void selection_ofWhatHasNone_isRefused() {
        MultiLayerNetwork network = network(selector(), 4, 3, DataType.DOUBLE);
        assertThatThrownBy(() -> SelectorState.of(network, "code"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("layer must name a ConcreteSelectorLayer of the network, got 'code'");
        logits(network, new double[4][3]).putScalar(0, 0, Double.NaN);
        assertThatThrownBy(() -> SelectorState.of(network))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("logits must be finite");
        MultiLayerNetwork other = new MultiLayerNetwork(new NeuralNetConfiguration.Builder()
                .list()
                .layer(new OutputLayer.Builder(new LossMSE()).nIn(2).nOut(2).build())
                .build());
        other.init();
        assertThatThrownBy(() -> SelectorState.of(other))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("must have one ConcreteSelectorLayer, got 0");
    }

    @Test
    void selection_ofARestoredNetwork_isTheSame(@TempDir Path directory) throws IOException {
        MultiLayerNetwork network = network(selector(), 30, 5, DataType.FLOAT);
        File file = directory.resolve("network.zip").toFile();
        network.save(file);

        assertThat(SelectorState.of(MultiLayerNetwork.load(file, true)).selectedColumns())
                .containsExactly(SelectorState.of(network).selectedColumns());
        assertThat(SelectorState.of(network.toComputationGraph()).selectedColumns())
                .containsExactly(SelectorState.of(network).selectedColumns());
        assertThat(Arrays.stream(SelectorState.of(network).selectedColumns())
                        .distinct()
                        .count())
                .isGreaterThan(2);
    }

    /** Frozen, a selector does in training what it does at inference, so that a decoder can settle on the choice. */
    @Test
    void frozenSelector_keepsItsChoice_andPassesItOnInTraining(@TempDir Path directory) throws IOException {
        MultiLayerNetwork network = network(selector().naturalGradient(true), 30, 5, DataType.FLOAT);
        SelectorState before = SelectorState.of(network);
        MultiLayerNetwork frozen =
                new TransferLearning.Builder(network).setFeatureExtractor(0).build();
        INDArray x = Nd4j.rand(DataType.FLOAT, 6, 30);
        INDArray logits = network.getParam("0_W").dup();
        INDArray decoder = frozen.getParam("1_W").dup();
        frozen.fit(new DataSet(x, x));
        File file = directory.resolve("network.zip").toFile();
        frozen.save(file);
        MultiLayerNetwork restored = MultiLayerNetwork.load(file, true);
        restored.fit(new DataSet(x, x));

        assertThatArray(restored.getParam("0_W")).isEqualTo(logits);
        assertThat(restored.getParam("1_W")).isNotEqualTo(decoder);
        assertThat(SelectorState.of(restored, "selector").selectedColumns()).containsExactly(before.selectedColumns());
        assertThatArray(restored.feedForwardToLayer(0, x, true).get(1))
                .isEqualTo(x.getColumns(before.selectedColumns()));
    }
}
