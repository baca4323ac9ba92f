package io.github.dl4jae.bundle;

import static io.github.dl4jae.testing.NdArrayAssert.assertThatArray;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.dl4jae.Autoencoders;
import io.github.dl4jae.tabular.TableSchema;
import io.github.dl4jae.zoo.DataShape;
import io.github.dl4jae.zoo.UndercompleteAutoencoder;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.layers.DenseLayer;
import org.deeplearning4j.nn.conf.layers.OutputLayer;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.deeplearning4j.util.ModelSerializer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.dataset.DataSet;
import org.nd4j.linalg.dataset.api.preprocessor.DataNormalization;
import org.nd4j.linalg.dataset.api.preprocessor.ImagePreProcessingScaler;
import org.nd4j.linalg.dataset.api.preprocessor.NormalizerMinMaxScaler;
import org.nd4j.linalg.dataset.api.preprocessor.NormalizerStandardize;
import org.nd4j.linalg.dataset.api.preprocessor.VGG16ImagePreProcessor;
import org.nd4j.linalg.learning.config.AdaGrad;
import org.nd4j.linalg.learning.config.Sgd;

class ModelBundleTest {

    @TempDir
    private Path directory;

    private ModelBundle restored(ModelBundle bundle) {
        return ModelBundle.load(bundle.save(directory.resolve("model.zip")));
    }

    private ModelBundle restored(MultiLayerNetwork network) {
        return restored(new ModelBundle.Builder(network).build());
    }

    @Test
    void network_restored_computesTheSame() {
        MultiLayerNetwork network = BundledNetworks.layers();

        MultiLayerNetwork restored = restored(network).multiLayerNetwork();

        assertThatArray(restored.output(BundledNetworks.rows(9))).isEqualTo(network.output(BundledNetworks.rows(9)));
        assertThat(restored.getLayerWiseConfigurations()).isEqualTo(network.getLayerWiseConfigurations());
        assertThat(restored.getIterationCount()).isEqualTo(network.getIterationCount());
    }

    @Test
    void network_restored_continuesTrainingIdentically() {
        MultiLayerNetwork network = BundledNetworks.layers();
        MultiLayerNetwork restored = restored(network).multiLayerNetwork();

        for (int i = 0; i < 5; i++) {
            network.fit(BundledNetworks.data());
            restored.fit(BundledNetworks.data());
        }

        assertThatArray(restored.params()).isEqualTo(network.params());
        assertThatArray(restored.getUpdater().getStateViewArray())
                .isEqualTo(network.getUpdater().getStateViewArray());
        assertThatArray(restored.output(BundledNetworks.rows(9))).isEqualTo(network.output(BundledNetworks.rows(9)));
    }

    /** The code keeps k of 4 units by a schedule that had not ended: the configuration stores the time. */
    @Test
    void annealedLayer_restored_keepsItsPlaceInTheSchedule() {
        MultiLayerNetwork network = BundledNetworks.layers();

        ModelBundle restored =
                restored(new ModelBundle.Builder(network).codeLayer("code").build());

        INDArray codes = restored.autoencoder().encode(BundledNetworks.rows(9));
        assertThatArray(codes).isEqualTo(Autoencoders.of(network, "code").encode(BundledNetworks.rows(9)));
        assertThat(codes.neq(0).castTo(DataType.FLOAT).sum(1).maxNumber().intValue())
                .isEqualTo(3);
    }

    @Test
    void graph_restored_continuesTrainingIdentically() {
        ComputationGraph graph = BundledNetworks.graph();
        ComputationGraph restored =
                restored(new ModelBundle.Builder(graph).build()).computationGraph();

        assertThatArray(restored.output(BundledNetworks.rows(9))[1])
                .isEqualTo(graph.output(BundledNetworks.rows(9))[1]);
        for (int i = 0; i < 5; i++) {
            BundledNetworks.fit(graph);
            BundledNetworks.fit(restored);
        }
        assertThatArray(restored.params()).isEqualTo(graph.params());
        assertThatArray(restored.getUpdater().getStateViewArray())
                .isEqualTo(graph.getUpdater().getStateViewArray());
        assertThat(restored.getConfiguration()).isEqualTo(graph.getConfiguration());
    }

    private static MultiLayerNetwork untrained(NeuralNetConfiguration.Builder options) {
        MultiLayerNetwork network = new MultiLayerNetwork(options.seed(1)
                .list()
                .layer(new DenseLayer.Builder().nIn(5).nOut(3).build())
                .layer(new OutputLayer.Builder().nIn(3).nOut(5).build())
                .build());
        network.init();
        return network;
    }

    @ParameterizedTest
    @EnumSource(names = {"DOUBLE", "FLOAT", "HALF"})
    void parameters_ofEachType_areRestored(DataType type) {
        MultiLayerNetwork network = untrained(new NeuralNetConfiguration.Builder().dataType(type));

        MultiLayerNetwork restored = restored(network).multiLayerNetwork();

        assertThat(restored.params().dataType()).isEqualTo(type);
        assertThatArray(restored.params()).isEqualTo(network.params());
    }

    @Test
    void updaterWithoutState_needsNoEntry() {
        MultiLayerNetwork network = untrained(new NeuralNetConfiguration.Builder().updater(new Sgd(0.1)));
        network.fit(BundledNetworks.data());

        MultiLayerNetwork restored = restored(network).multiLayerNetwork();

        network.fit(BundledNetworks.data());
        restored.fit(BundledNetworks.data());
        assertThatArray(restored.params()).isEqualTo(network.params());
    }

    /** AdaGrad's state does not begin with zeros. */
    @Test
    void networkThatNeverTrained_beginsAsTheOriginal() {
        MultiLayerNetwork network = untrained(new NeuralNetConfiguration.Builder().updater(new AdaGrad(0.1)));
        MultiLayerNetwork restored = restored(network).multiLayerNetwork();

        network.fit(BundledNetworks.data());
        restored.fit(BundledNetworks.data());

        assertThatArray(restored.params()).isEqualTo(network.params());
    }

    @Test
    void details_areRestored() throws IOException {
        TableSchema schema = BundledNetworks.schema(directory);
        ModelBundle bundle = new ModelBundle.Builder(BundledNetworks.layers())
                .schema(schema)
                .codeLayer("code")
                .threshold("squared error per row", 3.25)
                .metric("validation error", 0.1)
                .metric("anomalies", 7)
                .build();

        ModelBundle restored = restored(bundle);

        assertThat(restored.schema()).isEqualTo(schema);
        assertThat(restored.featureNames()).isEqualTo(schema.names()).hasSize(BundledNetworks.FEATURES);
        assertThat(restored.threshold()).isEqualTo(new Threshold("squared error per row", 3.25));
        assertThat(restored.metrics()).containsExactly(Map.entry("validation error", 0.1), Map.entry("anomalies", 7.0));
        assertThat(restored.libraryVersion()).isEqualTo(bundle.libraryVersion()).isNotBlank();
        assertThat(restored.normalizer()).isNull();
        assertThat(restored).hasToString(bundle.toString());
    }

    @Test
    void builderOfABundle_keepsTheOtherParts() throws IOException {
        ModelBundle bundle = new ModelBundle.Builder(BundledNetworks.layers())
                .schema(BundledNetworks.schema(directory))
                .codeLayer("code")
                .metric("validation error", 0.1)
                .build();

        ModelBundle more = bundle.toBuilder()
                .threshold("squared error per row", 3)
                .metric("anomalies", 7)
                .build();

        assertThat(more.network()).isSameAs(bundle.network());
        assertThat(more.schema()).isSameAs(bundle.schema());
        assertThat(more.metrics()).containsOnlyKeys("validation error", "anomalies");
        assertThat(more.threshold()).isEqualTo(new Threshold("squared error per row", 3));
        assertThat(more.autoencoder()).isNotNull();
        assertThat(bundle.threshold()).isNull();
        assertThat(bundle.metrics()).containsOnlyKeys("validation error");
    }

    @Test
    void imageShape_isRestoredAndKept() {
        ModelBundle bundle = new ModelBundle.Builder(BundledNetworks.layers())
                .imageShape(new ImageShape(1, 5, 1))
                .build();

        ModelBundle restored = restored(bundle);

        assertThat(restored.imageShape()).isEqualTo(new ImageShape(1, 5, 1));
        assertThat(restored).hasToString(bundle.toString()).asString().contains("images of 1×5×1");
        assertThat(restored.toBuilder().metric("error", 1).build().imageShape()).isEqualTo(new ImageShape(1, 5, 1));
    }

    @Test
    void imageShape_ofAnotherNetwork_isRefused() throws IOException {
        ModelBundle.Builder dense =
                new ModelBundle.Builder(BundledNetworks.layers()).imageShape(new ImageShape(2, 3, 1));
        ModelBundle.Builder table = new ModelBundle.Builder(BundledNetworks.layers())
                .schema(BundledNetworks.schema(directory))
                .imageShape(new ImageShape(1, 5, 1));
        MultiLayerNetwork convolutions = new UndercompleteAutoencoder.Builder(DataShape.image(8, 12, 3))
                .build()
                .network();
        ModelBundle.Builder turned = new ModelBundle.Builder(convolutions).imageShape(new ImageShape(12, 8, 3));

        assertThatThrownBy(dense::build)
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("ModelBundle: imageShape must have the 5 values of the network's input, got 2×3×1, which"
                        + " has 6");
        assertThatThrownBy(table::build)
                .hasMessage("ModelBundle: must have a schema or an imageShape, got both; a table has no images");
        assertThatThrownBy(turned::build)
                .hasMessage("ModelBundle: imageShape must be that of the network, 8×12×3, got 12×8×3");
        assertThat(turned.imageShape(new ImageShape(8, 12, 3)).build().imageShape())
                .isNotNull();
        assertThatThrownBy(() -> new ImageShape(28, 0, 1)).hasMessage("ImageShape: width must be at least 1, got 0");
        assertThatThrownBy(() -> new ImageShape(1 << 15, 1 << 15, 3))
                .hasMessage("ImageShape: an image must have at most 2147483647 values, got 32768 × 32768 × 3");
    }

    @ParameterizedTest
    @ValueSource(strings = {"\"width\" : 0", "\"width\" : 6", "\"width\" : \"5\"", "\"with\" : 5"})
    void imageShape_ofAFileThatIsWrong_isRefused(String wrong) throws IOException {
        new ModelBundle.Builder(BundledNetworks.layers())
                .imageShape(new ImageShape(1, 5, 1))
                .build()
                .save(directory.resolve("model.zip"));
        Map<String, byte[]> entries = ZipForge.entries(directory.resolve("model.zip"));
        String details = new String(entries.get(BundleDetails.NAME), StandardCharsets.UTF_8);
        assertThat(details).contains("\"width\" : 5");
        entries.put(BundleDetails.NAME, details.replace("\"width\" : 5", wrong).getBytes(StandardCharsets.UTF_8));
        ZipForge.sign(entries);
        Path file =
                Files.write(directory.resolve("wrong.zip"), ZipForge.of(entries).bytes());

        assertThatThrownBy(() -> ModelBundle.load(file))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageStartingWith("ModelBundle " + file);
    }

    @Test
    void details_canBeMissing() {
        ModelBundle restored = restored(BundledNetworks.layers());

        assertThat(restored.schema()).isNull();
        assertThat(restored.threshold()).isNull();
        assertThat(restored.featureNames()).isEmpty();
        assertThat(restored.metrics()).isEmpty();
        assertThatThrownBy(restored::autoencoder)
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("ModelBundle: codeLayer must be given, got none; name it with Builder.codeLayer");
        assertThatThrownBy(restored::computationGraph).hasMessageContaining("call multiLayerNetwork()");
    }

    @Test
    void autoencoder_ofAGraphWithTwoOutputs_isThatOfTheNamedOne() {
        ComputationGraph graph = BundledNetworks.graph();

        ModelBundle restored = restored(
                new ModelBundle.Builder(graph).codeLayer("code").output("other").build());

        assertThatArray(restored.autoencoder().reconstruct(BundledNetworks.rows(4)))
                .isEqualTo(graph.output(BundledNetworks.rows(4))[1]);
        assertThatThrownBy(restored::multiLayerNetwork).hasMessageContaining("call computationGraph()");
    }

    @Test
    void autoencoder_ofALayerByIndex_isThatOfTheLayer() {
        MultiLayerNetwork network = BundledNetworks.layers();

        ModelBundle restored =
                restored(new ModelBundle.Builder(network).codeLayer(0).build());

        assertThatArray(restored.autoencoder().encode(BundledNetworks.rows(4)))
                .isEqualTo(Autoencoders.of(network, 0).encode(BundledNetworks.rows(4)));
    }

    static List<DataNormalization> normalizers() {
        DataSet images = new DataSet(BundledNetworks.rows(12).mul(3).sub(1), BundledNetworks.rows(12));
        NormalizerStandardize standardize = new NormalizerStandardize();
        standardize.fit(images);
        NormalizerStandardize withLabels = new NormalizerStandardize();
        withLabels.fitLabel(true);
        withLabels.fit(images);
        NormalizerMinMaxScaler minMax = new NormalizerMinMaxScaler(-1, 1);
        minMax.fitLabel(true);
        minMax.fit(images);
        return List.of(standardize, withLabels, minMax, new ImagePreProcessingScaler(-1, 1, 16));
    }

    @ParameterizedTest
    @MethodSource("normalizers")
    void normalizer_isRestored(DataNormalization normalizer) {
        ModelBundle restored = restored(new ModelBundle.Builder(BundledNetworks.layers())
                .normalizer(normalizer)
                .build());

        DataSet expected = BundledNetworks.data();
        DataSet actual = BundledNetworks.data();
        normalizer.transform(expected);
        restored.normalizer().transform(actual);
        assertThat(restored.normalizer()).isEqualTo(normalizer);
        assertThatArray(actual.getFeatures()).isEqualTo(expected.getFeatures());
        assertThatArray(actual.getLabels()).isEqualTo(expected.getLabels());
    }

    @Test
    void normalizer_ofAnotherKind_isRefused() {
        ModelBundle.Builder builder = new ModelBundle.Builder(BundledNetworks.layers());

        assertThatThrownBy(() -> builder.normalizer(new VGG16ImagePreProcessor()))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("must be a NormalizerStandardize, a NormalizerMinMaxScaler")
                .hasMessageContaining("got org.nd4j.linalg.dataset.api.preprocessor.VGG16ImagePreProcessor;");
        assertThatThrownBy(() -> builder.normalizer(new NormalizerStandardize()))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("call fit");
    }

    @Test
    void parts_thatDoNotFit_areRefused() throws IOException {
        MultiLayerNetwork network = BundledNetworks.layers();
        TableSchema schema = BundledNetworks.schema(directory);

        assertThatThrownBy(
                        () -> new ModelBundle.Builder(network).codeLayer("cod").build())
                .hasMessageContaining("'cod'");
        assertThatThrownBy(() -> new ModelBundle.Builder(network).output("out").build())
                .hasMessage("ModelBundle: output needs a code layer, got none; set codeLayer");
        assertThatThrownBy(() -> new ModelBundle.Builder(network)
                        .codeLayer("code")
                        .output("out")
                        .build())
                .hasMessageContaining("output needs a ComputationGraph");
        assertThatThrownBy(() -> new ModelBundle.Builder(network)
                        .schema(schema)
                        .normalizer(new ImagePreProcessingScaler())
                        .build())
                .hasMessageContaining("must have a schema or a normalizer, got both");
        assertThatThrownBy(() -> new ModelBundle.Builder(network)
                        .schema(schema)
                        .featureNames(List.of("a"))
                        .build())
                .hasMessageContaining("featureNames must be those of the schema, got 1 others");
        assertThatThrownBy(() -> new ModelBundle.Builder(network).metric("loss", Double.NaN))
                .hasMessage("ModelBundle: metric 'loss' must be finite, got NaN");
        assertThatThrownBy(() -> new ModelBundle.Builder(network).featureNames(List.of("a", "a")))
                .hasMessageContaining("must be different");
        assertThatThrownBy(() -> new ModelBundle.Builder(new MultiLayerNetwork(network.getLayerWiseConfigurations())))
                .hasMessageContaining("must be initialized");
    }

    @Test
    void parametersWithNaN_areNotSaved() {
        MultiLayerNetwork network = BundledNetworks.layers();
        network.params().putScalar(3, Double.NaN);
        ModelBundle bundle = new ModelBundle.Builder(network).build();
        Path file = directory.resolve("diverged.zip");

        assertThatThrownBy(() -> bundle.save(file))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("ModelBundle " + file + ": parameters must be finite, got NaN or infinity at 3;"
                        + " training diverged: use an earlier model");
        assertThat(file).doesNotExist();
    }

    /** Compression of parameters takes most of the time of saving, and saves a tenth. */
    @Test
    void arrays_areStored_andTextsAreCompressed() throws IOException {
        MultiLayerNetwork network = BundledNetworks.layers();
        network.fit(BundledNetworks.data());
        Path file = new ModelBundle.Builder(network).build().save(directory.resolve("model.zip"));

        try (ZipFile zip = new ZipFile(file.toFile())) {
            assertThat(zip.stream().filter(entry -> entry.getMethod() == ZipEntry.STORED))
                    .extracting(ZipEntry::getName)
                    .containsExactly("coefficients.bin", "updaterState.bin");
            assertThat(zip.getEntry("configuration.json").getMethod()).isEqualTo(ZipEntry.DEFLATED);
        }
    }

    @Test
    void sameModel_givesTheSameBytes() throws IOException {
        ModelBundle bundle = new ModelBundle.Builder(BundledNetworks.layers())
                .codeLayer("code")
                .build();

        byte[] first = Files.readAllBytes(bundle.save(directory.resolve("first.zip")));
        byte[] second = Files.readAllBytes(
                ModelBundle.load(directory.resolve("first.zip")).save(directory.resolve("second.zip")));

        assertThat(second).isEqualTo(first);
    }

    /** Programs without this package can read a bundle. */
    @Test
    void modelSerializer_readsABundle() throws IOException {
        MultiLayerNetwork network = BundledNetworks.layers();
        Path file = new ModelBundle.Builder(network).build().save(directory.resolve("model.zip"));

        MultiLayerNetwork restored = ModelSerializer.restoreMultiLayerNetwork(file.toFile(), true);

        assertThatArray(restored.params()).isEqualTo(network.params());
        assertThatArray(restored.getUpdater().getStateViewArray())
                .isEqualTo(network.getUpdater().getStateViewArray());
    }
}
