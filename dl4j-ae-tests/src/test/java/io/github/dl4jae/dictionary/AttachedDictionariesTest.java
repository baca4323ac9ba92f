package io.github.dl4jae.dictionary;

import static io.github.dl4jae.dictionary.TrainedNetworks.FEATURES;
import static io.github.dl4jae.dictionary.TrainedNetworks.STEPS;
import static io.github.dl4jae.dictionary.TrainedNetworks.labels;
import static io.github.dl4jae.dictionary.TrainedNetworks.mask;
import static io.github.dl4jae.dictionary.TrainedNetworks.random;
import static io.github.dl4jae.testing.NdArrayAssert.assertThatArray;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.dl4jae.training.CurvePoint;
import io.github.dl4jae.training.ProgressListener;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.deeplearning4j.nn.conf.CNN2DFormat;
import org.deeplearning4j.nn.conf.RNNFormat;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.dataset.DataSet;
import org.nd4j.linalg.dataset.adapter.SingletonDataSetIterator;
import org.nd4j.linalg.dataset.api.iterator.DataSetIterator;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.indexing.NDArrayIndex;

@Tag("slow")
class AttachedDictionariesTest {

    private static final int N = 256;

    @TempDir
    private Path folder;

    @BeforeEach
    void seed() {
        Nd4j.getRandom().setSeed(3);
    }

    private static DataSetIterator test(INDArray x) {
        return new SingletonDataSetIterator(new DataSet(x, labels((int) x.size(0))));
    }

    private static double explained(AttachedReport report, String name) {
        return report.of(name).reconstruction().explainedVariance();
    }

    @Test
    void severalDictionaries_trainInOnePass_andReconstructInTheUnitsOfTheNetwork() {
        MultiLayerNetwork network = TrainedNetworks.dense();
        INDArray before = network.params().dup();
        INDArray x = random(N, FEATURES);

        AttachedDictionaries trained = SparseDictionary.attach(network, "second")
                .dictionary("topk", new TopKEncoder(4), 24)
                .dictionary("wide", new TopKEncoder(2), 40)
                .learningRate(3e-3)
                .epochs(120)
                .fit(x);
        AttachedReport report = trained.report(test(x));

        assertThat(trained.dictionaries()).containsOnlyKeys("topk", "wide");
        assertThat(trained.dictionary("topk").units()).isEqualTo(24);
        assertThat(trained.dictionary("wide").units()).isEqualTo(40);
        assertThat(explained(report, "topk")).isGreaterThan(0.9);
        assertThat(report.of("topk").reconstruction().l0()).isLessThanOrEqualTo(4);
        assertThat(report.of("topk").effect().total().lossRecovered()).isGreaterThan(0.8);
        assertThat(report.toString()).contains("topk: L0", "wide: L0", "loss recovered");
        assertThatArray(network.params()).isEqualTo(before);
    }

    /** Activations and those 10,000 times as large give the same dictionary, up to the scale. */
    @Test
    void scale_isFoldedIntoTheWeights() {
        List<INDArray> reconstructions = new ArrayList<>();
        INDArray x = random(N, FEATURES);
        for (double factor : new double[] {1, 1e4}) {
            AttachedDictionaries trained = SparseDictionary.attach(TrainedNetworks.linear(factor), "code")
                    .dictionary("topk", new TopKEncoder(2), 16)
                    .epochs(5)
                    .fit(x);
            INDArray rows = trained.activations().rows(x).values();
            reconstructions.add(trained.reconstruction("topk")
                    .apply(rows)
                    .castTo(DataType.DOUBLE)
                    .div(factor));
        }
        assertThatArray(reconstructions.get(1)).isCloseTo(reconstructions.get(0), 1e-4);
    }

    @Test
    void transcoder_readsWhatEntersTheLayer() {
        MultiLayerNetwork network = TrainedNetworks.dense();
        INDArray x = random(N, FEATURES);

        AttachedDictionaries trained = SparseDictionary.attach(network, "second")
                .fromItsInput()
                .dictionary("transcoder", new TopKEncoder(6), 48)
                .learningRate(3e-3)
                .epochs(120)
                .fit(x);
        AttachedReport report = trained.report(test(x));

        assertThat(trained.dictionary("transcoder").inputs()).isEqualTo(6);
        assertThat(trained.dictionary("transcoder").outputs()).isEqualTo(7);
        assertThat(explained(report, "transcoder")).isGreaterThan(0.7);
        assertThat(report.of("transcoder").effect().total().lossRecovered()).isGreaterThan(0.5);
    }

    @Test
    void transcoder_betweenLayersOfAGraph_isTrained() {
        ComputationGraph graph = TrainedNetworks.graph();
        INDArray x = random(N, FEATURES);

        AttachedDictionaries trained = SparseDictionary.attach(graph, "sum")
                .from("left")
                .dictionary("transcoder", new TopKEncoder(3), 20)
                .epochs(2)
                .fit(x);

        assertThat(trained.dictionary("transcoder").layer().hasCenteredInput()).isFalse();
        assertThat(trained.report(test(x)).of("transcoder").reconstruction().examples())
                .isEqualTo(N);
    }

    @ParameterizedTest
    @CsvSource({"NCHW", "NHWC"})
    void convolutionalLayer_hasARowPerPixel(CNN2DFormat format) {
        MultiLayerNetwork network = TrainedNetworks.convolutional(format);
        INDArray x = format == CNN2DFormat.NCHW ? random(N, 1, 6, 5) : random(N, 6, 5, 1);

        AttachedDictionaries trained = SparseDictionary.attach(network, "conv2")
                .dictionary("topk", new TopKEncoder(2), 12)
                .epochs(2)
                .fit(x);

        AttachedReport report = trained.report(test(x));
        assertThat(report.of("topk").reconstruction().examples()).isEqualTo(N * 4 * 3);
        assertThat(report.of("topk").effect().total().examples()).isEqualTo(N);
        assertThat(report.of("topk").effect().byClass()).hasSize(3);
    }

    /** The preprocessor before the dense layer is a part of what enters it. */
    @ParameterizedTest
    @CsvSource({"NCHW", "NHWC"})
    void transcoder_ofADenseLayerBehindPixels_readsFlatRows(CNN2DFormat format) {
        MultiLayerNetwork network = TrainedNetworks.convolutional(format);
        INDArray x = format == CNN2DFormat.NCHW ? random(N, 1, 6, 5) : random(N, 6, 5, 1);

        AttachedDictionaries trained = SparseDictionary.attach(network, "out")
                .fromItsInput()
                .dictionary("transcoder", new TopKEncoder(4), 12)
                .epochs(2)
                .fit(x);

        int inputs = 3 * 2; // channels, and what the pooling leaves of 4 × 3 pixels
        assertThat(trained.dictionary("transcoder").inputs()).isEqualTo(inputs);
        assertThat(trained.dictionary("transcoder").outputs()).isEqualTo(TrainedNetworks.CLASSES);
        assertThat(trained.report(test(x)).of("transcoder").reconstruction().examples())
                .isEqualTo(N);
    }

    /** The layers behind "conv2" by hand, on activations that are changed by hand. */
    @Test
    void steering_ofATrainedDictionary_changesAllPixelsAlongTheDirection() {
        MultiLayerNetwork network = TrainedNetworks.convolutional(CNN2DFormat.NCHW);
        INDArray x = random(N, 1, 6, 5);
        AttachedDictionaries trained = SparseDictionary.attach(network, "conv2")
                .dictionary("topk", new TopKEncoder(2), 12)
                .epochs(2)
                .fit(x);
        SparseDictionary dictionary = trained.dictionary("topk");
        INDArray few = x.get(NDArrayIndex.interval(0, 5), NDArrayIndex.all(), NDArrayIndex.all(), NDArrayIndex.all())
                .dup('c');
        INDArray pixels = trained.activations().rows(few).values().castTo(DataType.DOUBLE);
        INDArray codes =
                dictionary.encode(pixels.castTo(DataType.FLOAT)).toDense().castTo(DataType.DOUBLE);
        INDArray direction = dictionary.decoderWeights().castTo(DataType.DOUBLE).getRow(3, true);
        INDArray steered = pixels.add(codes.getColumn(3, true).rsub(1.5).mmul(direction)); // [5·4·3,1]·[1,3]
        network.setInput(few); // for the size of the mini-batch
        INDArray expected = network.activateSelectedLayers(
                3, 4, steered.reshape('c', 5, 4, 3, 3).permute(0, 3, 1, 2).dup('c'));

        INDArray outputs =
                FeatureSteering.of(dictionary, trained.splice()::outputs).set(few, 3, 1.5);

        assertThatArray(outputs).isCloseTo(expected, 1e-6);
        assertThat(outputs).isNotEqualTo(network.output(few));
    }

    @Test
    void recurrentLayer_hasARowPerStepThatIsNotMasked() {
        MultiLayerNetwork network = TrainedNetworks.recurrent(RNNFormat.NCW);
        INDArray y = labels(N * STEPS)
                .reshape('c', N, STEPS, TrainedNetworks.CLASSES)
                .permute(0, 2, 1)
                .dup('c');
        DataSetIterator data =
                new SingletonDataSetIterator(new DataSet(random(N, FEATURES, STEPS), y, mask(N), mask(N)));

        AttachedDictionaries trained = SparseDictionary.attach(network, "lstm")
                .dictionary("topk", new TopKEncoder(2), 12)
                .epochs(2)
                .fit(data);

        assertThat(trained.report(data).of("topk").reconstruction().examples()).isEqualTo(N / 4 * 12);
    }

    @Test
    void bufferOnDisk_andFromMemory_giveTheSameDictionary() throws IOException {
        MultiLayerNetwork network = TrainedNetworks.dense();
        INDArray x = random(N, FEATURES);
        List<INDArray> weights = new ArrayList<>();
        for (int memory : new int[] {0, 64}) {
            AttachedDictionaries trained = SparseDictionary.attach(network, "second")
                    .dictionary("topk", new TopKEncoder(2), 16)
                    .bufferMemory(memory)
                    .directory(folder)
                    .keepActivations()
                    .epochs(2)
                    .fit(x);
            weights.add(trained.dictionary("topk").decoderWeights());
        }

        assertThatArray(weights.get(1)).isEqualTo(weights.get(0));
        try (Stream<Path> files = Files.list(folder)) {
            assertThat(files).isEmpty();
        }
    }

    @Test
    void streamingBuffer_trainsOnRowsOfSeveralPasses() throws IOException {
        MultiLayerNetwork network = TrainedNetworks.dense();

        AttachedDictionaries trained = SparseDictionary.attach(network, "second")
                .dictionary("topk", new TopKEncoder(2), 16)
                .bufferMemory(0)
                .directory(folder)
                .bufferRows(64)
                .batch(16)
                .rows(3 * N)
                .fit(random(N, FEATURES));

        assertThat(trained.rows()).isEqualTo(3 * N);
        assertThat(trained.training().steps()).isEqualTo(3 * N / 16);
        try (Stream<Path> files = Files.list(folder)) {
            assertThat(files).isEmpty();
        }
    }

    @Test
    void file_isGoneIfTrainingFails() throws IOException {
        MultiLayerNetwork network = TrainedNetworks.dense();
        ProgressListener failing = new ProgressListener() {
            @Override
            public void stepDone(int epoch, long step, double score) {
                throw new IllegalStateException("no more");
            }
        };

        assertThatThrownBy(() -> SparseDictionary.attach(network, "second")
                        .dictionary("topk", new TopKEncoder(2), 16)
                        .bufferMemory(0)
                        .directory(folder)
                        .listener(failing)
                        .fit(random(N, FEATURES)))
                .hasMessage("no more");
        try (Stream<Path> files = Files.list(folder)) {
            assertThat(files).isEmpty();
        }
    }

    @Test
    void epochs_endWithTheLastRow() {
        List<Integer> epochs = new ArrayList<>();
        ProgressListener counting = new ProgressListener() {
            @Override
            public void evaluated(CurvePoint point) {
                epochs.add(point.epoch());
            }
        };

        AttachedDictionaries trained = SparseDictionary.attach(TrainedNetworks.dense(), 0)
                .dictionary("topk", new TopKEncoder(2), 16)
                .batch(100)
                .epochs(3)
                .listener(counting)
                .fit(random(N, FEATURES));

        assertThat(trained.training().steps()).isEqualTo(3 * 3);
        assertThat(trained.rows()).isEqualTo(3 * N);
        assertThat(epochs).containsExactly(1, 2, 3);
    }

    @Test
    void seed_determinesTheDictionary() {
        INDArray x = random(N, FEATURES);
        List<INDArray> weights = new ArrayList<>();
        for (long seed : new long[] {1, 1, 2}) {
            weights.add(SparseDictionary.attach(TrainedNetworks.dense(), "first")
                    .dictionary("topk", new TopKEncoder(2), 16)
                    .seed(seed)
                    .epochs(2)
                    .fit(x)
                    .dictionary("topk")
                    .decoderWeights());
        }

        assertThatArray(weights.get(1)).isEqualTo(weights.get(0));
        assertThat(weights.get(2)).isNotEqualTo(weights.get(0));
    }

    @Test
    void misuse_isRefused() {
        MultiLayerNetwork network = TrainedNetworks.convolutional(CNN2DFormat.NCHW);
        INDArray x = random(4, 1, 6, 5);

        assertThatThrownBy(() -> SparseDictionary.attach(network, "conv3"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("got 'conv3'; its names are [conv1, active, conv2, pool, out]");
        assertThatThrownBy(() -> SparseDictionary.attach(network, "conv2").fit(x))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("there must be a dictionary, got none");
        DictionaryAttachment attachment =
                SparseDictionary.attach(network, "conv2").dictionary("a", new TopKEncoder(2), 12);
        assertThatThrownBy(() -> attachment.dictionary("a", new TopKEncoder(3), 12))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("must differ, got 'a' twice");
        assertThatThrownBy(() -> attachment.from("conv1").fit(x))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining(
                        "both layers must have the same positions, got 80 rows in the layer 'conv1' and 48");
    }
}
