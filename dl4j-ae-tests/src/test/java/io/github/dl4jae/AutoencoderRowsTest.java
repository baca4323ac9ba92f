package io.github.dl4jae;

import static io.github.dl4jae.RowNetworks.FEATURES;
import static io.github.dl4jae.RowNetworks.base;
import static io.github.dl4jae.RowNetworks.dense;
import static io.github.dl4jae.RowNetworks.output;
import static io.github.dl4jae.RowNetworks.rows;
import static io.github.dl4jae.RowNetworks.stack;
import static io.github.dl4jae.testing.NdArrayAssert.assertThatArray;
import static io.github.dl4jae.testing.Networks.initialized;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.dl4jae.dense.FastDenseLayer;
import io.github.dl4jae.updater.FastAdam;
import java.io.File;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.assertj.core.api.InstanceOfAssertFactories;
import org.deeplearning4j.nn.api.Layer;
import org.deeplearning4j.nn.api.Model;
import org.deeplearning4j.nn.conf.graph.ScaleVertex;
import org.deeplearning4j.nn.conf.layers.BatchNormalization;
import org.deeplearning4j.nn.conf.layers.DenseLayer;
import org.deeplearning4j.nn.conf.weightnoise.DropConnect;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.deeplearning4j.nn.workspace.LayerWorkspaceMgr;
import org.deeplearning4j.util.ModelSerializer;
import org.junit.jupiter.api.Named;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.nd4j.linalg.activations.Activation;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.dataset.DataSet;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.indexing.NDArrayIndex;
import org.nd4j.linalg.learning.config.Sgd;

/** Chains of layers that are run on rows, without the lock and the state of the network. */
@Tag("slow")
class AutoencoderRowsTest {

    private static Stream<Named<Model>> networks() {
        return Stream.of(
                Named.of("stack", stack()),
                Named.of("without bias", RowNetworks.withoutBias()),
                Named.of("sparse", RowNetworks.sparse()),
                Named.of("activation first", RowNetworks.activationFirst()),
                Named.of("pretrained", RowNetworks.pretrained()),
                Named.of("contraction", RowNetworks.contraction()),
                Named.of("frozen", RowNetworks.frozen()),
                Named.of("frozen with backprop", RowNetworks.frozenWithBackprop()),
                Named.of("tied", RowNetworks.tied()),
                Named.of("variational", RowNetworks.variational()),
                Named.of("beside a classifier", RowNetworks.withClassifier()));
    }

    static Stream<Arguments> networksAndCounts() {
        return networks().flatMap(network -> Stream.of(1, 2, 8, 9, 16, 17, 100, 1500)
                .map(count -> Arguments.of(network, count)));
    }

    static Stream<Arguments> networksAlone() {
        return networks().map(Arguments::of);
    }

    private static Autoencoder autoencoder(Model network) {
        if (network instanceof MultiLayerNetwork stack) {
            return Autoencoders.of(stack, "code");
        }
        ComputationGraph graph = (ComputationGraph) network;
        return graph.getNumOutputArrays() == 1 ? Autoencoders.of(graph, "code") : Autoencoders.of(graph, "code", "out");
    }

    private static Layer firstLayer(Model network) {
        return network instanceof MultiLayerNetwork stack
                ? stack.getLayer(0)
                : ((ComputationGraph) network).getLayers()[0];
    }

    /** Returns the code and the reconstruction as Deeplearning4j computes them. */
    private static List<INDArray> expected(Model network, INDArray x) {
        if (network instanceof MultiLayerNetwork stack) {
            int code = stack.getLayerNames().indexOf("code");
            if (code < 0) { // frozen, or wrapped
                code = 1;
            }
            // stock activation layers overwrite the activations of the layer below
            return List.of(stack.feedForwardToLayer(code, x.dup(), false).get(code + 1), stack.output(x.dup()));
        }
        Map<String, INDArray> activations = ((ComputationGraph) network).feedForward(x.dup(), false);
        return List.of(activations.get("code"), activations.get("out"));
    }

    private static void assertClose(INDArray actual, INDArray expected) {
        double largest = Math.max(1, expected.norm2Number().doubleValue() / Math.sqrt((double) expected.length()));
        assertThatArray(actual).isCloseTo(expected, 1e-6 * largest);
    }

    @ParameterizedTest
    @MethodSource("networksAndCounts")
    void results_areThoseOfDeeplearning4j(Model network, int count) {
        INDArray x = rows(count);
        Autoencoder autoencoder = autoencoder(network);
        List<INDArray> expected = expected(network, x);

        assertClose(autoencoder.encode(x), expected.get(0));
        assertClose(autoencoder.decode(expected.get(0)), expected.get(1));
        assertClose(autoencoder.reconstruct(x), expected.get(1));
    }

    @ParameterizedTest
    @MethodSource("networksAlone")
    void network_isLeftAsItIs(Model network) {
        Autoencoder autoencoder = autoencoder(network);

        assertThat(leavesInputs(network, () -> autoencoder.encode(rows(2)))).isTrue();
        assertThat(leavesInputs(network, () -> autoencoder.reconstruct(rows(40))))
                .isTrue();
        INDArray codes = autoencoder.encode(rows(3));
        assertThat(leavesInputs(network, () -> autoencoder.decode(codes))).isTrue();
    }

    /** Returns whether an input that was set on the first layer is still there: Deeplearning4j's pass clears it. */
    private static boolean leavesInputs(Model network, Callable<INDArray> call) {
        INDArray marker = rows(1);
        firstLayer(network).setInput(marker, LayerWorkspaceMgr.noWorkspaces());
        try {
            call.call();
        } catch (Exception e) {
            throw new AssertionError(e);
        }
        return firstLayer(network).input() == marker;
    }

    static Stream<Arguments> reasonsToFallBack() {
        return Stream.of(
                Arguments.of(Named.of("float64", (Model) initialized(base().dataType(DataType.DOUBLE)
                        .list()
                        .layer(dense("code", FEATURES, 7, Activation.TANH))
                        .layer(output(7))))),
                Arguments.of(Named.of("layer normalization", (Model) initialized(base().list()
                        .layer(new FastDenseLayer.Builder()
                                .name("code")
                                .nIn(FEATURES)
                                .nOut(7)
                                .hasLayerNorm(true)
                                .activation(Activation.TANH)
                                .build())
                        .layer(output(7))))),
                Arguments.of(Named.of("weight noise", (Model) initialized(base().weightNoise(new DropConnect(0.5))
                        .list()
                        .layer(dense("code", FEATURES, 7, Activation.TANH))
                        .layer(output(7))))),
                Arguments.of(Named.of("stock dense layer", (Model) initialized(base().list()
                        .layer(new DenseLayer.Builder()
                                .name("code")
                                .nIn(FEATURES)
                                .nOut(7)
                                .build())
                        .layer(output(7))))),
                Arguments.of(Named.of("batch normalization", (Model) initialized(base().list()
                        .layer(new BatchNormalization.Builder()
                                .nIn(FEATURES)
                                .nOut(FEATURES)
                                .build())
                        .layer(dense("code", FEATURES, 7, Activation.TANH))
                        .layer(output(7))))),
                Arguments.of(Named.of("activation without a loop over rows", (Model) initialized(base().list()
                        .layer(dense("code", FEATURES, 7, Activation.SOFTMAX))
                        .layer(output(7))))),
                Arguments.of(Named.of("vertex", (Model) initialized(base().graphBuilder()
                        .addInputs("in")
                        .addVertex("scaled", new ScaleVertex(2), "in")
                        .addLayer("code", dense("code", FEATURES, 7, Activation.TANH), "scaled")
                        .addLayer("out", output(7), "code")
                        .setOutputs("out")))));
    }

    @ParameterizedTest
    @MethodSource("reasonsToFallBack")
    void otherNetworks_areRunByDeeplearning4j(Model network) {
        INDArray x = rows(5);
        Autoencoder autoencoder = autoencoder(network);
        List<INDArray> expected = expected(network, x);

        assertThat(leavesInputs(network, () -> autoencoder.encode(x))).isFalse();
        assertThat(leavesInputs(network, () -> autoencoder.reconstruct(x))).isFalse();
        assertClose(
                autoencoder.encode(x).castTo(DataType.FLOAT), expected.get(0).castTo(DataType.FLOAT));
        assertClose(
                autoencoder.reconstruct(x).castTo(DataType.FLOAT),
                expected.get(1).castTo(DataType.FLOAT));
    }

    static Stream<Arguments> layouts() {
        INDArray wide = Nd4j.rand(DataType.FLOAT, 20, 2 * FEATURES);
        return Stream.of(
                Arguments.of(Named.of("float64", rows(6).castTo(DataType.DOUBLE))),
                Arguments.of(Named.of("'f' order", rows(6).dup('f'))),
                Arguments.of(Named.of(
                        "view of columns", wide.get(NDArrayIndex.all(), NDArrayIndex.interval(1, FEATURES + 1)))),
                Arguments.of(Named.of("view of rows", rows(9).get(NDArrayIndex.interval(3, 7)))),
                Arguments.of(Named.of("integers", rows(6).mul(3).castTo(DataType.INT32))));
    }

    @ParameterizedTest
    @MethodSource("layouts")
    void arrays_ofEveryTypeAndOrder_areAccepted(INDArray x) {
        MultiLayerNetwork network = stack();
        INDArray before = x.dup();
        Autoencoder autoencoder = Autoencoders.of(network, "code");

        assertThat(leavesInputs(network, () -> autoencoder.encode(x))).isTrue();
        assertClose(
                autoencoder.reconstruct(x),
                network.output(x.castTo(DataType.FLOAT).dup('c')));
        assertThatArray(x).isEqualTo(before);
    }

    @Test
    void result_isANewOrdinaryArray() {
        Autoencoder autoencoder = Autoencoders.of(stack(), "code");
        INDArray x = rows(3);
        INDArray first = autoencoder.encode(x);
        INDArray copy = first.dup();

        INDArray second = autoencoder.encode(x);
        second.addi(1);

        assertThatArray(first).isEqualTo(copy);
        assertThat(first.ordering()).isEqualTo('c');
        assertThat(first.isView()).isFalse();
        assertThat(first.isAttached()).isFalse();
    }

    @Test
    void wrongWidth_isRefusedAsBefore() {
        Autoencoder autoencoder = Autoencoders.of(stack(), "code");

        assertThatThrownBy(() -> autoencoder.encode(Nd4j.ones(2, FEATURES - 1)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("Autoencoder: examples must have shape [N, 45], got [2, 44]; layer 'hidden' takes 45"
                        + " values");
        assertThatThrownBy(() -> autoencoder.decode(Nd4j.ones(2, 8)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("codes must have shape [N, 7], got [2, 8]");
        assertThatThrownBy(() -> autoencoder.encode(Nd4j.create(DataType.FLOAT, 0, FEATURES)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("at least one on axis 0");
        assertThatThrownBy(() -> autoencoder.encode(Nd4j.ones(2, FEATURES, 3))).isInstanceOf(RuntimeException.class);
    }

    @Test
    void newParameters_areUsed_whicheverWayTheyCome() {
        MultiLayerNetwork network = stack();
        Autoencoder autoencoder = Autoencoders.of(network, "code");
        INDArray x = rows(3);
        autoencoder.encode(x);

        network.setParams(network.params().mul(-0.5));
        assertClose(autoencoder.encode(x), expected(network, x).get(0));

        network.params().addi(0.05);
        assertClose(autoencoder.encode(x), expected(network, x).get(0));

        network.getLayer(0).setParam("b", Nd4j.ones(DataType.FLOAT, 1, 30));
        assertClose(autoencoder.encode(x), expected(network, x).get(0));

        network.setParam("1_W", Nd4j.rand(DataType.FLOAT, 30, 7));
        assertClose(autoencoder.encode(x), expected(network, x).get(0));
    }

    /** Replaces the arrays themselves, not their values. */
    @Test
    void newParameterTable_isUsed() {
        MultiLayerNetwork network = stack();
        MultiLayerNetwork other = stack();
        other.params().muli(-1);
        Autoencoder autoencoder = Autoencoders.of(network, "code");
        INDArray x = rows(3);
        autoencoder.encode(x);

        network.getLayer(0).setParamTable(other.getLayer(0).paramTable());

        assertClose(autoencoder.encode(x), expected(network, x).get(0));
    }

    @Test
    void trainedParameters_areUsed() {
        MultiLayerNetwork network = initialized(base().updater(new FastAdam(0.05))
                .list()
                .layer(dense("hidden", FEATURES, 30, Activation.RELU))
                .layer(dense("code", 30, 7, Activation.TANH))
                .layer(output(7)));
        Autoencoder autoencoder = Autoencoders.of(network, "code");
        INDArray x = rows(4);
        INDArray before = autoencoder.reconstruct(x);

        network.fit(new DataSet(x, x));

        assertThat(autoencoder.reconstruct(x).equalsWithEps(before, 1e-3)).isFalse();
        assertClose(autoencoder.reconstruct(x), network.output(x));
    }

    @Test
    void training_goesOnAsIfNothingHadBeenAsked() {
        MultiLayerNetwork asked = initialized(base().updater(new Sgd(0.1))
                .list()
                .layer(dense("code", FEATURES, 7, Activation.TANH))
                .layer(output(7)));
        MultiLayerNetwork left = asked.clone();
        INDArray x = rows(4);
        for (int i = 0; i < 3; i++) {
            Autoencoders.of(asked, "code").reconstruct(x);
            asked.fit(new DataSet(x, x));
            left.fit(new DataSet(x, x));
        }

        assertThatArray(asked.params()).isEqualTo(left.params());
        assertThat(asked.getIterationCount()).isEqualTo(3);
    }

    @ParameterizedTest
    @MethodSource("networksAlone")
    void restoredNetwork_givesTheSame(Model network, @TempDir Path folder) throws IOException {
        File file = folder.resolve("model.zip").toFile();
        ModelSerializer.writeModel(network, file, true);
        Model restored = network instanceof MultiLayerNetwork
                ? ModelSerializer.restoreMultiLayerNetwork(file)
                : ModelSerializer.restoreComputationGraph(file);
        INDArray x = rows(3);

        assertThat(leavesInputs(restored, () -> autoencoder(restored).encode(x)))
                .isTrue();
        assertThatArray(autoencoder(restored).encode(x))
                .isEqualTo(autoencoder(network).encode(x));
        assertThatArray(autoencoder(restored).reconstruct(x))
                .isEqualTo(autoencoder(network).reconstruct(x));
    }

    /** The lock of the network is held by a training or output call of another thread, for example. */
    @Test
    void rows_doNotWaitForTheNetwork() throws InterruptedException, ExecutionException, TimeoutException {
        MultiLayerNetwork network = stack();
        Autoencoder autoencoder = Autoencoders.of(network, "code");
        ExecutorService other = Executors.newSingleThreadExecutor();
        try {
            synchronized (network) {
                assertThat(other.submit(() -> autoencoder.reconstruct(rows(40))).get(60, TimeUnit.SECONDS))
                        .isNotNull();
            }
        } finally {
            other.shutdownNow();
        }
    }

    @Test
    void eightThreads_getWhatOneGets() throws InterruptedException {
        MultiLayerNetwork network = stack();
        Autoencoder autoencoder = Autoencoders.of(network, "code");
        INDArray all = rows(64);
        List<INDArray> parts = IntStream.range(0, 64)
                .mapToObj(i -> all.get(NDArrayIndex.interval(i - i % (1 + i % 40), i + 1))
                        .dup())
                .toList();
        List<INDArray> expected = parts.stream().map(autoencoder::reconstruct).toList();
        ExecutorService threads = Executors.newFixedThreadPool(8);
        try {
            List<Future<Boolean>> results = threads.invokeAll(IntStream.range(0, 8)
                    .mapToObj(thread -> (Callable<Boolean>) () -> {
                        for (int i = 0; i < 1000; i++) {
                            int part = (thread * 11 + i) % parts.size();
                            if (!autoencoder.reconstruct(parts.get(part)).equals(expected.get(part))) {
                                return false;
                            }
                        }
                        return true;
                    })
                    .toList());
            assertThat(results).allSatisfy(result -> assertThat(result)
                    .succeedsWithin(Duration.ofSeconds(1), InstanceOfAssertFactories.BOOLEAN)
                    .isTrue());
        } finally {
            threads.shutdownNow();
        }
    }

    @Test
    void parallelStream_givesWhatOneThreadGives() {
        Autoencoder autoencoder = Autoencoders.of(stack(), "code");
        List<INDArray> parts =
                IntStream.range(0, 100).mapToObj(i -> rows(2000).muli(i + 1)).toList();
        List<INDArray> expected = parts.stream().map(autoencoder::reconstruct).toList();

        List<INDArray> actual =
                parts.parallelStream().map(autoencoder::reconstruct).toList();

        assertThat(actual).isEqualTo(expected);
    }
}
