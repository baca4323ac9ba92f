package io.github.dl4jae.bundle;

import static io.github.dl4jae.testing.NdArrayAssert.assertThatArray;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.net.URISyntaxException;
import java.net.URL;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import java.util.zip.ZipFile;
import org.deeplearning4j.nn.api.Model;
import org.deeplearning4j.nn.conf.MultiLayerConfiguration;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.layers.ActivationLayer;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.deeplearning4j.util.ModelSerializer;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.nd4j.linalg.activations.Activation;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.dataset.DataSet;
import org.nd4j.linalg.dataset.api.preprocessor.NormalizerStandardize;
import org.nd4j.linalg.factory.Nd4j;

/** Files of {@code ModelSerializer}, among them a model of every layer of this library. */
class ImportedModelsTest {

    /** What the saved models have beside the network. */
    static final List<String> DATA = List.of("x.bin", "labels.bin", "output.bin", "score.bin");

    private static final LoadOptions WITHOUT_DATA =
            new LoadOptions.Builder().ignoreEntries(DATA.toArray(String[]::new)).build();

    @TempDir
    private Path directory;

    static Stream<Path> files() throws IOException, URISyntaxException {
        URL models = ImportedModelsTest.class.getResource("/models");
        try (Stream<Path> files = Files.walk(Path.of(models.toURI()))) {
            return files.filter(file -> file.toString().endsWith(".zip")).sorted().toList().stream();
        }
    }

    private static INDArray array(Path file, String entry) throws IOException {
        try (ZipFile zip = new ZipFile(file.toFile())) {
            return Nd4j.read(new ByteArrayInputStream(
                    zip.getInputStream(zip.getEntry(entry)).readAllBytes()));
        }
    }

    private static INDArray output(Model model, INDArray x) {
        Nd4j.getRandom().setSeed(17);
        return model instanceof MultiLayerNetwork network
                ? network.output(x)
                : ((ComputationGraph) model).outputSingle(x);
    }

    private static void fit(Model model, DataSet data) {
        Nd4j.getRandom().setSeed(18);
        if (model instanceof MultiLayerNetwork network) {
            network.fit(data);
        } else {
            ((ComputationGraph) model).fit(data);
        }
    }

    /** The outputs are those that were stored with the model, and a bundle of it continues training in the same way. */
    @Tag("slow")
    @ParameterizedTest
    @MethodSource("files")
    void savedModel_importedAndBundled_staysTheSame(Path file) throws IOException {
        INDArray x = array(file, "x.bin");
        DataSet data = new DataSet(x, array(file, "labels.bin"));

        ModelBundle imported = ModelBundle.importModel(file, WITHOUT_DATA);
        Model restored =
                ModelBundle.load(imported.save(directory.resolve("bundle.zip"))).network();

        assertThatArray(output(imported.network(), x)).isCloseTo(array(file, "output.bin"), 1e-9);
        assertThatArray(output(restored, x)).isEqualTo(output(imported.network(), x));
        fit(imported.network(), data);
        fit(restored, data);
        assertThatArray(restored.params()).isEqualTo(imported.network().params());
        assertThat(NetworkData.configuration(restored)).isEqualTo(NetworkData.configuration(imported.network()));
    }

    private Path stock(Model model) throws IOException {
        Path file = directory.resolve("stock.zip");
        ModelSerializer.writeModel(model, file.toFile(), true);
        return file;
    }

    @Test
    void network_imported_continuesTrainingIdentically() throws IOException {
        MultiLayerNetwork network = BundledNetworks.layers();

        ModelBundle bundle = ModelBundle.importModel(stock(network));

        network.fit(BundledNetworks.data());
        bundle.multiLayerNetwork().fit(BundledNetworks.data());
        assertThatArray(bundle.network().params()).isEqualTo(network.params());
        assertThat(bundle.libraryVersion()).isEqualTo("unknown");
    }

    @Test
    void networkWithoutParameters_isImportedAndBundled() throws IOException {
        MultiLayerConfiguration configuration = new NeuralNetConfiguration.Builder()
                .list()
                .layer(new ActivationLayer.Builder().activation(Activation.TANH).build())
                .build();
        MultiLayerNetwork network = new MultiLayerNetwork(configuration);
        network.init();

        ModelBundle imported = ModelBundle.importModel(stock(network));
        ModelBundle restored = ModelBundle.load(imported.save(directory.resolve("bundle.zip")));

        assertThatArray(restored.multiLayerNetwork().output(BundledNetworks.rows(3)))
                .isEqualTo(network.output(BundledNetworks.rows(3)));
    }

    @Test
    void normalizer_isRefused_unlessIgnored() throws IOException {
        Path file = stock(BundledNetworks.layers());
        NormalizerStandardize normalizer = new NormalizerStandardize();
        normalizer.fit(BundledNetworks.data());
        ModelSerializer.addNormalizerToModel(file.toFile(), normalizer);

        assertThatThrownBy(() -> ModelBundle.importModel(file))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("ModelBundle " + file + ": must have known entries only, got 'normalizer.bin'; it can run"
                        + " code or name any class, so it is not read; leave it out with"
                        + " LoadOptions.Builder.ignoreEntries, and take its contents from elsewhere");
        LoadOptions options =
                new LoadOptions.Builder().ignoreEntries("normalizer.bin").build();
        assertThat(ModelBundle.importModel(file, options).normalizer()).isNull();
    }

    @Test
    void bundle_isNotImported_andModelIsNotLoaded() throws IOException {
        Path model = stock(BundledNetworks.layers());
        Path bundle = ModelBundle.importModel(model).save(directory.resolve("bundle.zip"));

        assertThatThrownBy(() -> ModelBundle.importModel(bundle)).hasMessageContaining("read it with ModelBundle.load");
        assertThatThrownBy(() -> ModelBundle.load(model))
                .hasMessageContaining("must be a bundle, with manifest.json")
                .hasMessageContaining("ModelBundle.importModel reads files of ModelSerializer");
    }
}
