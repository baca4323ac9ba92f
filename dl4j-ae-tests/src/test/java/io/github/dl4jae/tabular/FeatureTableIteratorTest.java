package io.github.dl4jae.tabular;

import static io.github.dl4jae.testing.NdArrayAssert.assertThatArray;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.dl4jae.dense.FastDenseLayer;
import io.github.dl4jae.dense.FastOutputLayer;
import io.github.dl4jae.testing.Networks;
import io.github.dl4jae.training.Trainer;
import io.github.dl4jae.training.TrainingData;
import io.github.dl4jae.updater.FastAdam;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.SplittableRandom;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.nd4j.linalg.activations.Activation;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.dataset.DataSet;
import org.nd4j.linalg.dataset.api.iterator.DataSetIterator;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.lossfunctions.impl.LossL2;

/** Mini-batches of a table in memory. */
class FeatureTableIteratorTest {

    private static final int ROWS = 23;

    @TempDir
    private Path directory;

    private FeatureTable table;

    @BeforeEach
    void read() throws IOException {
        Path file = Files.writeString(
                directory.resolve("table.csv"),
                IntStream.range(0, ROWS)
                        .mapToObj(i -> i + "," + (i % 10 == 3 ? "" : i * i % 37) + ",k" + i % 4)
                        .collect(Collectors.joining("\n", "i,x,label\n", "\n")));
        table = new TableReader.Builder().keep("i").label("label").build().read(file);
    }

    /** The rows that an iterator has left, by the first feature, which grows. */
    private List<Integer> order(DataSetIterator iterator) {
        List<Integer> order = new ArrayList<>();
        iterator.forEachRemaining(minibatch ->
                table.schema().decode(minibatch.getFeatures()).forEach(row -> order.add(Integer.parseInt(row.get(0)))));
        return order;
    }

    private List<Integer> order(long seed, int epoch) {
        return order(table.iterator(10).shuffle(seed).startEpoch(epoch).build());
    }

    @Test
    void batches_areTheRowsOfTheTable() {
        FeatureTableIterator iterator = table.iterator(10).build();
        List<DataSet> batches = new ArrayList<>();
        iterator.forEachRemaining(batches::add);

        assertThat(batches.stream().map(DataSet::numExamples)).containsExactly(10, 10, 3);
        assertThatArray(Nd4j.vstack(batches.stream().map(DataSet::getFeatures).toList()))
                .isEqualTo(table.features());
        assertThatArray(Nd4j.vstack(batches.stream().map(DataSet::getLabels).toList()))
                .isEqualTo(table.features());
        assertThatArray(Nd4j.vstack(
                        batches.stream().map(DataSet::getLabelsMaskArray).toList()))
                .isEqualTo(table.present().orElseThrow());
        assertThat(iterator.batch()).isEqualTo(10);
        assertThat(iterator.inputColumns()).isEqualTo(2);
        assertThat(iterator.totalOutcomes()).isEqualTo(2);
        assertThat(iterator.getLabels()).isEmpty();
        assertThatThrownBy(iterator::next)
                .isInstanceOf(NoSuchElementException.class)
                .hasMessageContaining("no mini-batch is left in this epoch; call reset()");
    }

    @Test
    void labels_areThoseOfTheTable() {
        FeatureTableIterator iterator = table.iterator(ROWS).withLabels(true).build();
        DataSet all = iterator.next();

        assertThatArray(all.getLabels()).isEqualTo(table.labels());
        assertThat(all.getLabelsMaskArray()).isNull();
        assertThat(iterator.totalOutcomes()).isEqualTo(4);
        assertThat(iterator.getLabels()).containsExactly("k0", "k1", "k2", "k3");
    }

    @Test
    void quantities_areOneLabel() throws IOException {
        Path file = Files.writeString(directory.resolve("prices.csv"), "x,price\n1,5\n2,3\n4,9\n");
        FeatureTable prices = new TableReader.Builder().target("price").build().read(file);
        FeatureTableIterator iterator = prices.iterator(2).withLabels(true).build();

        assertThat(iterator.totalOutcomes()).isEqualTo(1);
        assertThat(iterator.next().getLabels().toDoubleVector()).containsExactly(5, 3);
    }

    @Test
    void epochs_haveAllRowsInTheirOwnOrder() {
        FeatureTableIterator iterator = table.iterator(10).shuffle(7).build();
        List<Integer> first = order(iterator);
        iterator.reset();
        List<Integer> second = order(iterator);

        List<Integer> rows = IntStream.range(0, ROWS).boxed().toList();
        assertThat(first).containsExactlyInAnyOrderElementsOf(rows).isNotEqualTo(rows);
        assertThat(second).containsExactlyInAnyOrderElementsOf(rows).isNotEqualTo(first);
        assertThat(order(8, 0)).isNotEqualTo(first).isNotEqualTo(second);
    }

    /** A Fisher-Yates shuffle written out, with the stream of seed 7 and epoch 3. */
    @Test
    void order_isAShuffleBySeedAndEpoch() {
        List<Integer> expected =
                new ArrayList<>(IntStream.range(0, ROWS).boxed().toList());
        SplittableRandom random = new SplittableRandom(new SplittableRandom(7).nextLong() + 3);
        for (int i = ROWS - 1; i > 0; i--) {
            expected.set(i, expected.set(random.nextInt(i + 1), expected.get(i)));
        }
        assertThat(order(7, 3)).isEqualTo(expected);
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 5})
    void startEpoch_givesTheOrderOfThatEpoch(int epoch) {
        FeatureTableIterator iterator = table.iterator(10).shuffle(7).build();
        for (int past = 0; past < epoch; past++) {
            order(iterator);
            iterator.reset();
        }
        assertThat(order(7, epoch)).isEqualTo(order(iterator));
    }

    @Test
    void order_doesNotDependOnTheSizeOfMinibatches() {
        assertThat(order(table.iterator(4).shuffle(7).build())).isEqualTo(order(7, 0));
    }

    @Test
    void reset_beforeTheFirstMinibatch_keepsTheEpoch() {
        FeatureTableIterator iterator = table.iterator(10).shuffle(7).build();
        iterator.reset();
        assertThat(order(iterator)).isEqualTo(order(7, 0));
    }

    @Test
    void reset_inTheMiddle_beginsTheNextEpoch() {
        FeatureTableIterator iterator = table.iterator(10).shuffle(7).build();
        iterator.next(4);
        iterator.reset();
        assertThat(order(iterator)).isEqualTo(order(7, 1));
    }

    @Test
    void preProcessor_ofFeatures_changesNeitherLabelsNorTable() {
        INDArray before = table.features().dup();
        FeatureTableIterator iterator = table.iterator(ROWS).build();
        iterator.setPreProcessor(minibatch -> minibatch.getFeatures().assign(0));

        assertThat(iterator.getPreProcessor()).isNotNull();
        assertThatArray(iterator.next().getLabels()).isEqualTo(before);
        assertThatArray(table.features()).isEqualTo(before);
    }

    /** Both ways to give a Trainer the epochs resume exactly. */
    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void training_resumed_equalsAnUninterruptedOne(boolean perEpoch) {
        MultiLayerNetwork whole = network();
        trainer(whole, perEpoch).epochs(3).build().fit();

        Path checkpoint = directory.resolve("training.zip");
        trainer(network(), perEpoch).epochs(1).checkpoint(checkpoint).build().fit();
        MultiLayerNetwork resumed = network();
        trainer(resumed, perEpoch).epochs(3).checkpoint(checkpoint).build().fit();

        assertThat(resumed.params().toFloatVector()).isEqualTo(whole.params().toFloatVector());
    }

    private Trainer.Builder trainer(MultiLayerNetwork network, boolean perEpoch) {
        TrainingData data = perEpoch
                ? TrainingData.perEpoch(
                        epoch -> table.iterator(10).shuffle(7).startEpoch(epoch).build())
                : TrainingData.of(table.iterator(10).shuffle(7).build());
        return new Trainer.Builder(network, data).validation(table.iterator(10).build());
    }

    private static MultiLayerNetwork network() {
        return Networks.initialized(new NeuralNetConfiguration.Builder()
                .seed(1)
                .updater(new FastAdam(0.05))
                .list()
                .layer(new FastDenseLayer.Builder().nIn(2).nOut(3).build())
                .layer(new FastOutputLayer.Builder(new LossL2())
                        .nIn(3)
                        .nOut(2)
                        .activation(Activation.IDENTITY)
                        .build()));
    }

    @Test
    void wrongArguments_areRefused() throws IOException {
        assertThatThrownBy(() -> table.iterator(0))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("batch must be at least 1, got 0");
        assertThatThrownBy(() -> table.iterator(1).startEpoch(-1))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("startEpoch must be at least 0, got -1");
        FeatureTable unlabeled = new TableReader.Builder()
                .build()
                .read(Files.writeString(directory.resolve("unlabeled.csv"), "x\n1\n2\n5\n"));
        assertThatThrownBy(() -> unlabeled.iterator(1).withLabels(true).build())
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("withLabels needs a table with the label column, got FeatureTable(3 rows")
                .hasMessageContaining("set label(…) of the TableReader");
    }
}
