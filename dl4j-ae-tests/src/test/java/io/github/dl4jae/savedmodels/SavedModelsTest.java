package io.github.dl4jae.savedmodels;

import static io.github.dl4jae.testing.NdArrayAssert.assertThatArray;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaModifier;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import io.github.dl4jae.dictionary.DictionaryEncoder;
import io.github.dl4jae.dictionary.Revival;
import io.github.dl4jae.penalty.ActivityPenalty;
import io.github.dl4jae.penalty.L1Penalty;
import io.github.dl4jae.variational.LatentPrior;
import io.github.dl4jae.variational.LatentRegularizer;
import java.io.IOException;
import java.net.URISyntaxException;
import java.net.URL;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.deeplearning4j.nn.conf.InputPreProcessor;
import org.deeplearning4j.nn.conf.dropout.IDropout;
import org.deeplearning4j.nn.conf.graph.GraphVertex;
import org.deeplearning4j.nn.conf.layers.Layer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.nd4j.linalg.activations.IActivation;
import org.nd4j.linalg.learning.config.IUpdater;
import org.nd4j.linalg.lossfunctions.ILossFunction;
import org.nd4j.linalg.schedule.ISchedule;

/**
 * Models that earlier versions saved are read by this one.
 *
 * <p>{@code src/test/resources/models/VERSION} holds one file for each model of {@link SavedModels}. A new class needs
 * a model there and a file, which a run with {@code -Ddl4jae.writeFixtures=true} writes:
 *
 * <pre>
 * mvn -pl dl4j-ae-tests -am test -Dtest=SavedModelsTest -Dsurefire.failIfNoSpecifiedTests=false \
 *     -Ddl4jae.writeFixtures=true
 * </pre>
 *
 * <p>Existing files stay as they are: after a release they are what users have. {@code -Ddl4jae.writeFixtures=force}
 * overwrites them, which is right only before the release of their version.
 */
class SavedModelsTest {

    private static final String VERSION = "0.1.0";
    private static final String WRITE = "dl4jae.writeFixtures";
    private static final long MOST_BYTES = 1 << 20;
    private static final double TOLERANCE = 1e-9;

    private static final Map<String, Supplier<SavedModel>> MODELS = SavedModels.all();

    /** What Deeplearning4j or this library stores by class name. */
    private static final List<Class<?>> STORED = List.of(
            Layer.class,
            GraphVertex.class,
            InputPreProcessor.class,
            ILossFunction.class,
            IActivation.class,
            IUpdater.class,
            ISchedule.class,
            IDropout.class,
            LatentPrior.class,
            LatentRegularizer.class,
            ActivityPenalty.class,
            DictionaryEncoder.class,
            Revival.class);

    /** A loss that is replaced by a stock one before a network leaves the library, and an updater in place of Adam. */
    private static final List<String> OF_TRAINING_ALONE =
            List.of("io.github.dl4jae.anomaly.SoftBoundaryLoss", "io.github.dl4jae.dictionary.LazyAdam$Config");

    static Stream<String> names() {
        return MODELS.keySet().stream();
    }

    @ParameterizedTest
    @MethodSource("names")
    void everyModel_hasAFile_whichIsWrittenOnRequest(String name) throws IOException {
        String request = System.getProperty(WRITE, "false");
        Path file = Path.of("src", "test", "resources", "models", VERSION, name + ".zip");
        if (request.equals("force") || (request.equals("true") && Files.notExists(file))) {
            MODELS.get(name).get().write(file);
        }
        assertThat(file).as("run with -D" + WRITE + "=true to write it").isNotEmptyFile();
    }

    static Stream<Path> files() throws IOException, URISyntaxException {
        URL models = SavedModelsTest.class.getResource("/models");
        assertThat(models).as("the folder of saved models").isNotNull();
        try (Stream<Path> files = Files.walk(Path.of(models.toURI()))) {
            return files.filter(file -> file.toString().endsWith(".zip")).sorted().toList().stream();
        }
    }

    private static String nameOf(Path file) {
        return file.getFileName().toString().replace(".zip", "");
    }

    @ParameterizedTest
    @MethodSource("files")
    void savedModel_isRestored_andComputesWhatItDid(Path file) throws IOException {
        SavedModel.Restored restored = SavedModel.read(file);

        assertThatArray(restored.saved().output()).isFinite().isCloseTo(restored.output(), TOLERANCE);
        assertThat(restored.saved().score()).isFinite().isCloseTo(restored.score(), within(TOLERANCE));
    }

    @ParameterizedTest
    @MethodSource("files")
    void savedModel_hasTheConfigurationAndTheStateOfItsOriginal(Path file) throws IOException {
        assertThat(MODELS).as("a saved model needs its original in SavedModels").containsKey(nameOf(file));
        SavedModel original = MODELS.get(nameOf(file)).get();

        SavedModel restored = SavedModel.read(file).saved();

        assertThat(restored.configuration()).isEqualTo(original.configuration());
        if (original.updaterState() != null) {
            assertThatArray(restored.updaterState()).isEqualTo(original.updaterState());
        }
    }

    private static List<String> missing(Stream<String> classes) throws IOException, URISyntaxException {
        StringBuilder stored = new StringBuilder();
        for (Path file :
                files().filter(each -> each.getParent().endsWith(VERSION)).toList()) {
            stored.append(SavedModel.read(file).configuration());
        }
        return classes.filter(name -> stored.indexOf('"' + name + '"') < 0).toList();
    }

    private static List<String> storedClasses() {
        URL library =
                ActivityPenalty.class.getProtectionDomain().getCodeSource().getLocation();
        return new ClassFileImporter()
                .importUrl(library).stream()
                        .filter(type -> !type.getModifiers().contains(JavaModifier.ABSTRACT) && !type.isInterface())
                        .filter(type -> !type.isAnonymousClass())
                        .map(JavaClass::reflect)
                        .filter(type -> STORED.stream().anyMatch(stored -> stored.isAssignableFrom(type)))
                        .map(Class::getName)
                        .filter(name -> !OF_TRAINING_ALONE.contains(name))
                        .sorted()
                        .toList();
    }

    @Test
    void everyStoredClass_hasASavedModel() throws IOException, URISyntaxException {
        List<String> stored = storedClasses();

        assertThat(stored).hasSizeGreaterThan(40);
        assertThat(missing(stored.stream()))
                .as("add a model to SavedModels and run this test with -D" + WRITE + "=true")
                .isEmpty();
    }

    @Test
    void classWithoutASavedModel_isNamed() throws IOException, URISyntaxException {
        assertThat(missing(Stream.of("io.github.dl4jae.NewLayer", L1Penalty.class.getName())))
                .containsExactly("io.github.dl4jae.NewLayer");
    }

    @Test
    void configurationThatDiffers_isNotEqual() {
        assertThatThrownBy(() -> assertThat(MODELS.get("L1Penalty").get().configuration())
                        .isEqualTo(MODELS.get("L2Penalty").get().configuration()))
                .isInstanceOf(AssertionError.class);
    }

    @Test
    void files_areSmall() throws IOException, URISyntaxException {
        long bytes = 0;
        for (Path file : files().toList()) {
            bytes += Files.size(file);
        }
        assertThat(bytes).isLessThan(MOST_BYTES);
    }
}
