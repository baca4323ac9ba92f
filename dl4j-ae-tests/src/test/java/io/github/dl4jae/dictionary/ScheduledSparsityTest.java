package io.github.dl4jae.dictionary;

import static io.github.dl4jae.dictionary.Dictionaries.network;
import static io.github.dl4jae.dictionary.Dictionaries.normal;
import static io.github.dl4jae.dictionary.Dictionaries.random;
import static io.github.dl4jae.testing.NdArrayAssert.assertThatArray;
import static io.github.dl4jae.testing.Networks.fit;
import static io.github.dl4jae.testing.Networks.initialized;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.github.dl4jae.schedule.LinearSchedule;
import io.github.dl4jae.updater.FastAdam;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.deeplearning4j.util.ModelSerializer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.dataset.DataSet;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.learning.config.Sgd;
import org.nd4j.linalg.schedule.ScheduleType;

/** The number of active units: of the whole mini-batch, and by a schedule. */
class ScheduledSparsityTest {

    private static final int IN = 6;
    private static final int UNITS = 30;

    @TempDir
    private Path directory;

    private static DictionaryLayer layer(DictionaryEncoder encoder) {
        return new DictionaryLayer.Builder()
                .nIn(IN)
                .nOut(IN)
                .units(UNITS)
                .encoder(encoder)
                .build();
    }

    private static PairList training(MultiLayerNetwork network, DictionaryLayer layer, double k, INDArray x) {
        PassContext context =
                new PassContext(network.getOutputLayer().paramTable(), k, true, (int) x.size(0), DeadUnits.NONE);
        return DictionaryPass.of(layer, new DictionaryBatch(layer, context, x, null), new PreActivations())
                .pairs();
    }

    private static double smallest(PairList pairs) {
        return IntStream.range(0, pairs.size()).mapToDouble(pairs::value).min().orElseThrow();
    }

    @Test
    void batchTopK_keepsTheLargestOfTheMiniBatch() {
        DictionaryLayer layer = layer(new BatchTopKEncoder(3));
        MultiLayerNetwork network = random(layer);
        INDArray x = normal(1, DataType.DOUBLE, 50, IN);

        PairList pairs = training(network, layer, 3, x);

        NaiveDictionary all =
                new NaiveDictionary(layer(new L1Encoder(0)), Dictionaries.parameters(network), x, x, null);
        double[] sorted =
                Arrays.stream(all.f).flatMapToDouble(Arrays::stream).sorted().toArray();
        assertThat(pairs.size()).isEqualTo(150);
        assertThat(smallest(pairs)).isCloseTo(sorted[sorted.length - 150], within(1e-12));
        assertThat(pairs.examples()).isEqualTo(50);
    }

    /** All pre-activations are equal. */
    @Test
    void batchTopK_withTies_keepsTheFirst() {
        DictionaryLayer layer = layer(new BatchTopKEncoder(3));
        MultiLayerNetwork network = network(DataType.FLOAT, new Sgd(0), layer);
        network.getParam("0_Wenc").assign(1);

        PairList pairs = training(network, layer, 3, Nd4j.ones(DataType.FLOAT, 20, IN));

        assertThat(pairs.size()).isEqualTo(60);
        assertThat(pairs.start(2)).isEqualTo(60);
        assertThat(pairs.unit(29)).isEqualTo(29);
    }

    @Test
    void batchTopK_withoutEnoughPositiveValues_keepsAll() {
        DictionaryLayer layer = layer(new BatchTopKEncoder(30));
        MultiLayerNetwork network = random(layer);
        INDArray x = normal(1, DataType.DOUBLE, 5, IN);

        PairList pairs = training(network, layer, 30, x);

        assertThat(pairs.size()).isBetween(1, 149);
        assertThat(smallest(pairs)).isPositive();
    }

    /** With steps of 1 % of a small difference, a mean in float32 would drift. */
    @Test
    void thresholdOfInference_isARunningMeanInFloat64() {
        DictionaryLayer layer = layer(new BatchTopKEncoder(3));
        MultiLayerNetwork network = network(DataType.FLOAT, new FastAdam(1e-3), layer);
        double expected = 0;
        for (int i = 0; i < 40; i++) {
            INDArray x = normal(i, DataType.FLOAT, 20, IN);
            double smallest = smallest(training(network, layer, 3, x));
            fit(network, new DataSet(x, x), 1);
            expected = i == 0 ? smallest : 0.99 * expected + 0.01 * smallest;
            double stored = network.getParam("0_threshold").getDouble(0)
                    + network.getParam("0_thresholdRest").getDouble(0);
            assertThat(stored).isCloseTo(expected, within(1e-13));
        }
        assertThat(network.getParam("0_threshold").getDouble(0)).isEqualTo((float) expected);
    }

    @Test
    void codesOfBatchTopK_atInference_doNotDependOnOtherExamples() throws IOException {
        DictionaryLayer layer = layer(new BatchTopKEncoder(3));
        MultiLayerNetwork network = network(DataType.DOUBLE, new FastAdam(1e-3), layer);
        INDArray x = normal(1, DataType.DOUBLE, 20, IN);
        fit(network, new DataSet(x, x), 5);

        INDArray together = network.output(x).dup();

        for (int b = 0; b < 20; b++) {
            assertThatArray(network.output(x.getRow(b, true))).isCloseTo(together.getRow(b, true), 1e-12);
        }
        assertThatArray(network.clone().output(x)).isEqualTo(together);
        assertThatArray(restored(network).output(x)).isEqualTo(together);
        double l0 = SparseDictionary.of(network).encode(x).size() / 20d;
        assertThat(l0).isBetween(2d, 4.5);
    }

    private MultiLayerNetwork restored(MultiLayerNetwork network) throws IOException {
        Path file = directory.resolve("network.zip");
        ModelSerializer.writeModel(network, file.toFile(), true);
        return ModelSerializer.restoreMultiLayerNetwork(file.toFile(), true);
    }

    private static final LinearSchedule DOWN = new LinearSchedule(ScheduleType.ITERATION, 12, 2, 5);

    static Stream<DictionaryEncoder> counting() {
        return Stream.of(
                new AbsTopKEncoder(DOWN), new AbsTopKEncoder(new LinearSchedule(ScheduleType.EPOCH, 12, 2, 5)));
    }

    @Test
    void k_followsItsSchedule() {
        MultiLayerNetwork network = network(DataType.FLOAT, new FastAdam(1e-3), layer(new AbsTopKEncoder(DOWN)));
        INDArray x = normal(1, DataType.FLOAT, 10, IN);
        for (int i = 0; i < 8; i++) {
            long k = Math.max(2, 12 - 2 * i);
            assertThat(SparseDictionary.of(network).encode(x).size()).isEqualTo(10 * k);
            assertThatArray(SparseDictionary.of(network).reconstruct(x)).isEqualTo(network.output(x));
            fit(network, new DataSet(x, x), 1);
        }
    }

    /** Deeplearning4j drops the counts of some copies; the layer remembers. */
    @ParameterizedTest
    @MethodSource("counting")
    void copies_keepTheKThatWasReached(DictionaryEncoder encoder) throws IOException {
        MultiLayerNetwork network = network(DataType.FLOAT, new FastAdam(1e-3), layer(encoder));
        INDArray x = normal(1, DataType.FLOAT, 10, IN);
        for (int i = 0; i < 3; i++) {
            fit(network, new DataSet(x, x), 1);
            network.incrementEpochCount();
        }
        INDArray output = network.output(x).dup();

        assertThatArray(network.clone().output(x)).isEqualTo(output);
        assertThatArray(restored(network).output(x)).isEqualTo(output);
        assertThatArray(network.toComputationGraph().outputSingle(x)).isEqualTo(output);
        assertThatArray(network.toComputationGraph().clone().outputSingle(x)).isEqualTo(output);
        assertThatArray(SparseDictionary.of(network).toNetwork().output(x)).isEqualTo(output);
    }

    @Test
    void cloneOfAGraph_continuesTheSchedule() {
        ComputationGraph graph = initialized(new NeuralNetConfiguration.Builder()
                .seed(7)
                .updater(new FastAdam(1e-3))
                .graphBuilder()
                .addInputs("x")
                .addLayer("d", layer(new AbsTopKEncoder(DOWN)), "x")
                .setOutputs("d"));
        INDArray x = normal(1, DataType.FLOAT, 10, IN);
        fit(graph, new DataSet(x, x), 2);
        ComputationGraph clone = graph.clone();

        assertThat(SparseDictionary.of(clone, "d").encode(x).size()).isEqualTo(80);
        assertThatArray(clone.outputSingle(x)).isEqualTo(graph.outputSingle(x));
        fit(clone, new DataSet(x, x), 1);
        assertThat(SparseDictionary.of(clone, "d").encode(x).size()).isEqualTo(60);
    }

    /** Parameters are constant, so the score is linear in λ. */
    @Test
    void lambda_followsItsSchedule() {
        MultiLayerNetwork network = network(
                DataType.DOUBLE, new Sgd(0), layer(new L1Encoder(new LinearSchedule(ScheduleType.ITERATION, 0, 4, 4))));
        INDArray x = normal(1, DataType.DOUBLE, 10, IN);
        double[] scores = new double[7];
        for (int i = 0; i < 7; i++) {
            fit(network, new DataSet(x, x), 1);
            scores[i] = network.score();
        }
        double slope = scores[1] - scores[0];

        assertThat(slope).isPositive();
        for (int i = 0; i < 7; i++) {
            assertThat(scores[i]).isCloseTo(scores[0] + slope * Math.min(i, 4), within(1e-12));
        }
    }
}
