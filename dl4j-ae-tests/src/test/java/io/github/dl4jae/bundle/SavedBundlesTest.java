package io.github.dl4jae.bundle;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.io.IOException;
import java.net.URISyntaxException;
import java.net.URL;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.dataset.api.preprocessor.NormalizerMinMaxScaler;
import org.nd4j.linalg.dataset.api.preprocessor.NormalizerStandardize;

/**
 * Bundles that earlier versions saved are read by this one.
 *
 * <p>{@code src/test/resources/bundles/format-VERSION} holds bundles of each format that was released. Their metrics
 * are what the model computed when it was saved. A run with {@code -Ddl4jae.writeFixtures=true} writes missing files of
 * the newest format. Files of a released format stay as they are.
 */
class SavedBundlesTest {

    private static final String WRITE = "dl4jae.writeFixtures";
    private static final double TOLERANCE = 1e-4;
    private static final int MORE_STEPS = 3;
    private static final String OUTPUT = "sum of outputs, weighted";
    private static final String CODE = "sum of codes, weighted";
    private static final String TRAINED = "sum of outputs after three more steps, weighted";

    @TempDir
    private Path directory;

    private ModelBundle.Builder builder(String name) throws IOException {
        NormalizerStandardize standardize = new NormalizerStandardize();
        standardize.fit(BundledNetworks.data());
        NormalizerMinMaxScaler minMax = new NormalizerMinMaxScaler(-1, 1);
        minMax.fit(BundledNetworks.data());
        return switch (name) {
            case "layers-schema" ->
                new ModelBundle.Builder(BundledNetworks.layers())
                        .codeLayer("code")
                        .schema(BundledNetworks.schema(directory))
                        .threshold("squared error per row", 3.25);
            case "graph-standardize" ->
                new ModelBundle.Builder(BundledNetworks.graph())
                        .codeLayer("code")
                        .output("other")
                        .normalizer(standardize);
            case "layers-images" ->
                new ModelBundle.Builder(BundledNetworks.layers())
                        .codeLayer("code")
                        .imageShape(new ImageShape(1, 5, 1))
                        .threshold("squared error per image", 2.5);
            default ->
                new ModelBundle.Builder(BundledNetworks.layers()).codeLayer(1).normalizer(minMax);
        };
    }

    private static double sum(INDArray array) {
        double sum = 0;
        for (long i = 0; i < array.length(); i++) {
            sum += (1 + i % 7) * array.getDouble(i);
        }
        return sum;
    }

    /** Computes what the metrics of a fixture say, and trains the network. */
    private static Map<String, Double> computed(ModelBundle bundle) {
        INDArray rows = BundledNetworks.rows(9);
        Map<String, Double> computed = new TreeMap<>();
        computed.put(OUTPUT, sum(bundle.autoencoder().reconstruct(rows)));
        computed.put(CODE, sum(bundle.autoencoder().encode(rows)));
        for (int i = 0; i < MORE_STEPS; i++) {
            if (bundle.network() instanceof MultiLayerNetwork network) {
                network.fit(BundledNetworks.data());
            } else {
                BundledNetworks.fit((ComputationGraph) bundle.network());
            }
        }
        computed.put(TRAINED, sum(bundle.autoencoder().reconstruct(rows)));
        return computed;
    }

    @ParameterizedTest
    @ValueSource(strings = {"layers-schema", "graph-standardize", "layers-min-max", "layers-images"})
    void everyBundle_hasAFile_whichIsWrittenOnRequest(String name) throws IOException {
        Path file = Path.of("src", "test", "resources", "bundles", "format-" + Manifest.VERSION, name + ".zip");
        if (Boolean.getBoolean(WRITE) && Files.notExists(file)) {
            Path untrained = builder(name).build().save(directory.resolve("untrained.zip"));
            ModelBundle.Builder builder = builder(name);
            computed(ModelBundle.load(untrained)).forEach(builder::metric);
            builder.build().save(file);
        }
        assertThat(file).as("run with -D" + WRITE + "=true to write it").isNotEmptyFile();
    }

    static Stream<Path> files() throws IOException, URISyntaxException {
        URL bundles = SavedBundlesTest.class.getResource("/bundles");
        assertThat(bundles).as("the folder of saved bundles").isNotNull();
        try (Stream<Path> files = Files.walk(Path.of(bundles.toURI()))) {
            return files.filter(file -> file.toString().endsWith(".zip")).sorted().toList().stream();
        }
    }

    @ParameterizedTest
    @MethodSource("files")
    void savedBundle_isRestored_andContinuesAsItDid(Path file) {
        ModelBundle bundle = ModelBundle.load(file);

        Map<String, Double> computed = computed(bundle);

        assertThat(bundle.metrics()).containsOnlyKeys(OUTPUT, CODE, TRAINED);
        bundle.metrics()
                .forEach(
                        (name, value) -> assertThat(computed.get(name)).as(name).isCloseTo(value, within(TOLERANCE)));
    }

    @Test
    void savedBundles_haveTheirParts() throws IOException, URISyntaxException {
        Map<String, ModelBundle> bundles = new TreeMap<>();
        files().forEach(file -> bundles.put(file.getFileName().toString(), ModelBundle.load(file)));

        ModelBundle table = bundles.get("layers-schema.zip");
        assertThat(table.schema()).isEqualTo(BundledNetworks.schema(directory));
        assertThat(table.featureNames()).containsExactly("a", "b", "color[blue]", "color[green]", "color[red]");
        assertThat(table.threshold()).isEqualTo(new Threshold("squared error per row", 3.25));
        assertThat(bundles.get("graph-standardize.zip").normalizer()).isInstanceOf(NormalizerStandardize.class);
        assertThat(bundles.get("layers-min-max.zip").normalizer()).isInstanceOf(NormalizerMinMaxScaler.class);
        assertThat(bundles.get("layers-images.zip").imageShape()).isEqualTo(new ImageShape(1, 5, 1));
        assertThat(table.imageShape()).isNull();
    }

    @Test
    void files_areSmall() throws IOException, URISyntaxException {
        assertThat(files()).allSatisfy(file -> assertThat(Files.size(file)).isLessThan(10_000));
    }
}
