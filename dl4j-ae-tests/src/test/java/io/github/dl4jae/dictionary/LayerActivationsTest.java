package io.github.dl4jae.dictionary;

import static io.github.dl4jae.dictionary.TrainedNetworks.FEATURES;
import static io.github.dl4jae.dictionary.TrainedNetworks.STEPS;
import static io.github.dl4jae.dictionary.TrainedNetworks.random;
import static io.github.dl4jae.testing.NdArrayAssert.assertThatArray;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.deeplearning4j.datasets.iterator.ExistingDataSetIterator;
import org.deeplearning4j.nn.conf.CNN2DFormat;
import org.deeplearning4j.nn.conf.RNNFormat;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.deeplearning4j.nn.modelimport.keras.KerasModelImport;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.deeplearning4j.nn.transferlearning.FineTuneConfiguration;
import org.deeplearning4j.nn.transferlearning.TransferLearning;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.dataset.DataSet;
import org.nd4j.linalg.dataset.adapter.SingletonDataSetIterator;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.indexing.NDArrayIndex;

/** Rows are compared with the network's own {@code feedForward}. */
class LayerActivationsTest {

    private static final int N = 4;

    @BeforeEach
    void seed() {
        Nd4j.getRandom().setSeed(3);
    }

    @ParameterizedTest
    @CsvSource({"first,1", "second,2", "out,3"})
    void rows_ofDenseLayer_areItsActivations(String layer, int index) {
        MultiLayerNetwork network = TrainedNetworks.dense();
        INDArray x = random(N, FEATURES);

        ActivationRows rows = LayerActivations.of(network, layer).rows(x);

        assertThatArray(rows.values()).isEqualTo(network.feedForward(x).get(index));
        assertThat(rows.grid()).containsExactly(1);
        assertThat(rows.example(3)).isEqualTo(3);
        assertThat(rows.position(3)).isZero();
    }

    @Test
    void rows_byIndexAndOfWhatEntersALayer_areThoseOfTheLayerBefore() {
        MultiLayerNetwork network = TrainedNetworks.dense();
        INDArray x = random(N, FEATURES);

        assertThatArray(LayerActivations.of(network, 1).entering().rows(x).values())
                .isEqualTo(LayerActivations.of(network, 0).rows(x).values());
        assertThatArray(LayerActivations.of(network, 0).entering().rows(x).values())
                .isEqualTo(x);
    }

    @ParameterizedTest
    @CsvSource({"conv1,1", "active,2", "conv2,3", "pool,4"})
    void rows_ofImages_arePixels(String layer, int index) {
        MultiLayerNetwork network = TrainedNetworks.convolutional(CNN2DFormat.NCHW);
        INDArray x = random(N, 1, 6, 5);
        INDArray expected = upTo(network, index, x);

        ActivationRows rows = LayerActivations.of(network, layer).rows(x);

        long height = expected.size(2);
        long width = expected.size(3);
        assertThat(rows.grid()).containsExactly(height, width);
        assertThat(rows.rows()).isEqualTo((int) (N * height * width));
        for (int row = 0; row < rows.rows(); row++) {
            INDArray pixel = expected.get(
                    NDArrayIndex.point(rows.example(row)),
                    NDArrayIndex.all(),
                    NDArrayIndex.point(rows.position(row) / width),
                    NDArrayIndex.point(rows.position(row) % width));
            assertThatArray(rows.values().getRow(row)).isEqualTo(pixel.dup());
        }
    }

    /** Later layers can work in place, so the network must not run them. */
    private static INDArray upTo(MultiLayerNetwork network, int index, INDArray x) {
        return network.feedForwardToLayer(index - 1, x).get(index);
    }

    @ParameterizedTest
    @ValueSource(strings = {"conv1", "active", "conv2", "pool"})
    void rows_ofChannelsLast_areThoseOfChannelsFirst(String layer) {
        MultiLayerNetwork first = TrainedNetworks.convolutional(CNN2DFormat.NCHW);
        MultiLayerNetwork last = TrainedNetworks.convolutional(CNN2DFormat.NHWC);
        last.setParams(first.params());
        INDArray x = random(N, 1, 6, 5);

        ActivationRows rows =
                LayerActivations.of(last, layer).rows(x.permute(0, 2, 3, 1).dup());

        ActivationRows expected = LayerActivations.of(first, layer).rows(x);
        assertThat(rows.grid()).isEqualTo(expected.grid());
        assertThatArray(rows.values()).isCloseTo(expected.values(), 1e-12);
    }

    @ParameterizedTest
    @EnumSource(RNNFormat.class)
    void rows_ofSequences_areStepsThatAreNotMasked(RNNFormat format) {
        MultiLayerNetwork network = TrainedNetworks.recurrent(format);
        boolean last = format == RNNFormat.NWC;
        INDArray x = last ? random(N, STEPS, FEATURES) : random(N, FEATURES, STEPS);
        INDArray mask = TrainedNetworks.mask(N);
        network.setLayerMaskArrays(mask, null);
        INDArray expected = network.feedForward(x).get(1);
        network.clearLayerMaskArrays();

        ActivationRows rows = LayerActivations.of(network, "lstm").rows(x, mask);

        assertThat(rows.rows()).isEqualTo(5 + 2 + 1 + 4);
        int row = 0;
        for (int example = 0; example < N; example++) {
            for (int t = 0; t < mask.getRow(example).sumNumber().intValue(); t++, row++) {
                assertThat(rows.example(row)).isEqualTo(example);
                assertThat(rows.position(row)).isEqualTo(t);
                assertThatArray(rows.values().getRow(row)).isEqualTo(step(expected, example, t, last));
            }
        }
    }

    private static INDArray step(INDArray sequences, int example, int t, boolean last) {
        INDArray one = sequences.slice(example).dup();
        return last ? one.getRow(t).dup() : one.getColumn(t).dup();
    }

    /** The preprocessor of Deeplearning4j puts the first steps of all examples before the second ones. */
    @Test
    void rows_ofDenseLayerPerStep_knowExampleAndStep() {
        MultiLayerNetwork network = TrainedNetworks.steps();
        INDArray x = random(N, FEATURES, STEPS);
        INDArray mask = TrainedNetworks.mask(N);

        ActivationRows rows = LayerActivations.of(network, "dense").rows(x, mask);

        assertThat(rows.rows()).isEqualTo(5 + 2 + 1 + 4);
        INDArray w = network.getLayer(1).getParam("W");
        INDArray b = network.getLayer(1).getParam("b");
        ActivationRows before = LayerActivations.of(network, "lstm").rows(x, mask);
        for (int row = 0; row < rows.rows(); row++) {
            int same = row(before, rows.example(row), rows.position(row));
            INDArray z = before.values().getRow(same, true).mmul(w).addiRowVector(b);
            assertThatArray(rows.values().getRow(row, true))
                    .isCloseTo(org.nd4j.linalg.ops.transforms.Transforms.tanh(z), 1e-12);
        }
    }

    private static int row(ActivationRows rows, long example, int position) {
        for (int row = 0; row < rows.rows(); row++) {
            if (rows.example(row) == example && rows.position(row) == position) {
                return row;
            }
        }
        throw new AssertionError("no row for example " + example + ", position " + position);
    }

    @ParameterizedTest
    @ValueSource(strings = {"left", "right", "sum", "skip", "out", "in"})
    void rows_ofGraph_areActivationsOfTheVertex(String vertex) {
        ComputationGraph graph = TrainedNetworks.graph();
        INDArray x = random(N, FEATURES);

        assertThatArray(LayerActivations.of(graph, vertex).rows(x).values())
                .isEqualTo(graph.feedForward(x, false).get(vertex));
    }

    @Test
    void entering_ofVertexWithTwoInputs_isRefused() {
        LayerActivations sum = LayerActivations.of(TrainedNetworks.graph(), "sum");

        assertThatThrownBy(sum::entering)
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("must have one input, got 'sum' with 2");
    }

    @Test
    void rows_ofFrozenLayers_areThoseOfTheLayers() {
        MultiLayerNetwork network = TrainedNetworks.dense();
        MultiLayerNetwork frozen = new TransferLearning.Builder(network)
                .fineTuneConfiguration(new FineTuneConfiguration.Builder().build())
                .setFeatureExtractor(1)
                .build();
        INDArray x = random(N, FEATURES);

        assertThatArray(LayerActivations.of(frozen, "second").rows(x).values())
                .isEqualTo(network.feedForward(x).get(2));
    }

    @ParameterizedTest
    @ValueSource(strings = {"conv", "act", "out"})
    void rows_ofKerasImport_areItsActivations(String layer, @TempDir Path folder) throws Exception {
        MultiLayerNetwork network = keras(folder);
        INDArray x = random(N, 6, 5, 2).castTo(DataType.FLOAT);

        ActivationRows rows = LayerActivations.of(network, layer).rows(x);

        int index = List.of("conv", "act", "out").indexOf(layer);
        INDArray expected = upTo(network, index + 1, x);
        if (index < 2) {
            assertThat(rows.grid()).containsExactly(4, 3);
            assertThatArray(rows.values()).isEqualTo(expected.dup('c').reshape('c', N * 4 * 3, 3)); // channels last
        } else {
            assertThatArray(rows.values()).isEqualTo(expected.reshape(N, -1));
        }
    }

    private static MultiLayerNetwork keras(Path folder) throws Exception {
        Path file = folder.resolve("model.json");
        Files.writeString(file, KerasClassifier.JSON);
        MultiLayerNetwork network =
                new MultiLayerNetwork(KerasModelImport.importKerasSequentialConfiguration(file.toString(), false));
        network.init();
        return network;
    }

    @Test
    void forEach_countsExamplesOverMiniBatches() {
        MultiLayerNetwork network = TrainedNetworks.recurrent(RNNFormat.NCW);
        List<DataSet> data = new ArrayList<>();
        for (int i = 0; i < 3; i++) {
            data.add(new DataSet(random(N, FEATURES, STEPS), null, TrainedNetworks.mask(N), null));
        }
        List<Long> examples = new ArrayList<>();

        LayerActivations.of(network, "lstm").forEach(new ExistingDataSetIterator(data), rows -> {
            for (int row = 0; row < rows.rows(); row++) {
                examples.add(rows.example(row));
            }
        });

        assertThat(examples)
                .hasSize(36)
                .containsSubsequence(0L, 1L, 1L, 2L, 3L, 4L, 11L)
                .endsWith(11L);
    }

    @Test
    void unknownLayer_isRefusedWithTheNamesOfAll() {
        assertThatThrownBy(() -> LayerActivations.of(TrainedNetworks.dense(), "third"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("got 'third'; its names are [first, second, out]");
        assertThatThrownBy(() -> LayerActivations.of(TrainedNetworks.graph(), "third"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("got 'third'; its names are [left, right, sum, skip, ");
        assertThatThrownBy(() -> LayerActivations.of(TrainedNetworks.dense(), 3))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("got 3; the network has 3 layers");
    }

    @Test
    void emptyData_isRefused() {
        LayerActivations activations = LayerActivations.of(TrainedNetworks.dense(), "first");
        var none = new ExistingDataSetIterator(List.of());

        assertThatThrownBy(() -> activations.forEach(none, rows -> {}))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("at least one row");
        assertThatThrownBy(() -> activations.rows(Nd4j.empty(DataType.DOUBLE)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("at least one");
    }

    @Test
    void activationsThatAreNotFinite_areRefusedWithTheMiniBatch() {
        MultiLayerNetwork network = TrainedNetworks.dense();
        INDArray bad = random(N, FEATURES);
        bad.putScalar(2, 1, Double.NaN);
        var data = new ExistingDataSetIterator(List.of(new DataSet(random(N, FEATURES), null), new DataSet(bad, null)));

        assertThatThrownBy(() -> LayerActivations.of(network, "first").forEach(data, rows -> {}))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("got NaN in the layer 'first' for mini-batch 1");
    }

    @Test
    void rows_leaveTheNetworkAsItWas() {
        MultiLayerNetwork network = TrainedNetworks.recurrent(RNNFormat.NCW);
        INDArray x = random(N, FEATURES, STEPS);
        INDArray before = network.output(x);

        LayerActivations.of(network, "lstm").rows(x, TrainedNetworks.mask(N));

        assertThatArray(network.output(x)).isEqualTo(before);
    }

    @Test
    void iteratorOverOneDataSet_isRead() {
        DataSet data = new DataSet(random(N, FEATURES), TrainedNetworks.labels(N));
        List<ActivationRows> all = new ArrayList<>();

        LayerActivations.of(TrainedNetworks.dense(), "first").forEach(new SingletonDataSetIterator(data), all::add);

        assertThat(all).hasSize(1);
        assertThat(all.get(0).toString()).isEqualTo("ActivationRows(4 rows, 6 units, grid [1])");
    }
}
