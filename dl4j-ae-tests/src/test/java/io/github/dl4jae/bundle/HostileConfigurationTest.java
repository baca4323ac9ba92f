package io.github.dl4jae.bundle;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Map;
import java.util.function.UnaryOperator;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.distribution.NormalDistribution;
import org.deeplearning4j.nn.conf.layers.DenseLayer;
import org.deeplearning4j.nn.conf.layers.OutputLayer;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.deeplearning4j.util.ModelSerializer;
import org.example.hostile.CanaryActivation;
import org.example.hostile.CanaryDistribution;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.nd4j.linalg.activations.impl.ActivationTanH;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.lossfunctions.impl.LossMSE;

/** Configurations that an attacker wrote: sizes and digests are right. */
class HostileConfigurationTest {

    private static final String TANH = "org.nd4j.linalg.activations.impl.ActivationTanH";
    private static final String ACTIVATION = CanaryActivation.class.getName();
    private static final String DISTRIBUTION = CanaryDistribution.class.getName();

    @TempDir
    private Path directory;

    private Map<String, byte[]> entries;

    @BeforeEach
    void saveBundle() throws IOException {
        MultiLayerNetwork network = new MultiLayerNetwork(new NeuralNetConfiguration.Builder()
                .weightInit(new NormalDistribution(0, 0.1))
                .list()
                .layer(new DenseLayer.Builder()
                        .nIn(5)
                        .nOut(4)
                        .activation(new ActivationTanH())
                        .build())
                .layer(new OutputLayer.Builder(new LossMSE(Nd4j.ones(DataType.FLOAT, 1, 5)))
                        .nIn(4)
                        .nOut(5)
                        .build())
                .build());
        network.init();
        Path file = new ModelBundle.Builder(network).build().save(directory.resolve("good.zip"));
        entries = ZipForge.entries(file);
        System.clearProperty(CanaryActivation.TRACE);
    }

    private Path forged(UnaryOperator<String> change) throws IOException {
        String configuration = new String(entries.get("configuration.json"), StandardCharsets.UTF_8);
        String changed = change.apply(configuration);
        assertThat(changed).isNotEqualTo(configuration);
        entries.put("configuration.json", changed.getBytes(StandardCharsets.UTF_8));
        ZipForge.sign(entries);
        return ZipForge.of(entries).write(directory.resolve("bad.zip"));
    }

    static Stream<Arguments> hostileNames() {
        UnaryOperator<String> property = json -> json.replace(TANH, ACTIVATION);
        UnaryOperator<String> array =
                json -> json.replaceAll("\\{\\s*\"@class\" : \"" + TANH + "\"\\s*\\}", "[\"" + ACTIVATION + "\", {}]");
        UnaryOperator<String> distribution =
                json -> json.replaceAll("(?s)\\{\\s*\"type\"[^}]*\\}", "{\"type\" : \"" + DISTRIBUTION + "\"}");
        return Stream.of(
                Arguments.arguments(ACTIVATION, property),
                Arguments.arguments(ACTIVATION, array),
                Arguments.arguments(DISTRIBUTION, distribution));
    }

    /** Each way of naming a class is one that runs it in stock Deeplearning4j. */
    @ParameterizedTest
    @MethodSource("hostileNames")
    void class_thatIsNotAllowed_runsInStockDeeplearning4j_butNotHere(String name, UnaryOperator<String> change)
            throws IOException {
        Path file = forged(change);

        assertThatThrownBy(() -> ModelBundle.load(file))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("ModelBundle " + file + ": entry 'configuration.json': must name only classes of"
                        + " Deeplearning4j's configurations and of this library, got '" + name + "'; if it is yours"
                        + " and you trust the file, allow it with LoadOptions.Builder.allowClasses");
        assertThat(System.getProperty(CanaryActivation.TRACE)).isNull();
        ModelSerializer.restoreMultiLayerNetwork(file.toFile());
        assertThat(System.getProperty(CanaryActivation.TRACE)).isEqualTo("ran");
        assertThat(ModelBundle.load(
                                file,
                                new LoadOptions.Builder().allowClasses(name).build())
                        .network())
                .isNotNull();
    }

    private static String nested(int depth) {
        return "[".repeat(depth) + "]".repeat(depth);
    }

    static Stream<Arguments> changes() {
        return Stream.of(
                change("got 'java.lang.Runtime'", "\"seed\"", "\"x\" : \"java.lang.Runtime\", \"seed\""),
                change("got 'java.lang.Runtime'", "\"seed\"", "\"java.lang.Runtime\" : 1, \"seed\""),
                change("'java.lang.Thread'", "\"seed\"", "\"x\" : [\"a.b.List<java.lang.Thread>\"], \"seed\""),
                change("got 'com.example.Absent'", TANH, "com.example.Absent"),
                change(
                        "got 'org.deeplearning4j.nn.conf.memory.NetworkMemoryReport'",
                        TANH,
                        "org.deeplearning4j.nn.conf.memory.NetworkMemoryReport"),
                change(
                        "got 'org.deeplearning4j.nn.modelimport.keras.layers.TFOpLayer'",
                        TANH,
                        "org.deeplearning4j.nn.modelimport.keras.layers.TFOpLayer"),
                change("Helper'", TANH, "org.nd4j.serde.json.LegacyIActivationDeserializerHelper"),
                change("no such class found", TANH, "org.nd4j.linalg.activations.impl.Absent"),
                change("can be built", TANH, "org.nd4j.linalg.learning.config.Sgd"),
                change("@class must be a text", "\"" + TANH + "\"", "7"),
                change("got 'dataBuffer'", "\"seed\"", "\"dataBuffer\" : 1, \"seed\""),
                change("nested at most 64 deep", "\"seed\"", "\"x\" : " + nested(65) + ", \"seed\""),
                change("nested at most 64 deep", "\"seed\"", "\"x\" : " + nested(1_000_000) + ", \"seed\""),
                change("numbers must fit a long or a double", "\"seed\"", "\"x\" : 1e999, \"seed\""),
                change("numbers must fit a long or a double", "\"seed\"", "\"x\" : 9223372036854775808, \"seed\""),
                change("numbers must fit", "\"seed\"", "\"x\" : " + "9".repeat(100_000) + ", \"seed\""),
                change("without repeated names", "\"seed\"", "\"seed\" : 1, \"seed\""),
                change("without repeated names", "\"confs\"", "\"confs\" : [], \"confs\""),
                change("must be JSON", "\"seed\"", "\"x\" : NaN, \"seed\""),
                change("at most 1049600 values", "\"seed\"", "\"x\" : [" + "0,".repeat(1_100_000) + "0], \"seed\""),
                change("neither or both", "\"confs\"", "\"vertices\" : {}, \"confs\""),
                change("neither or both", "\"confs\"", "\"other\""),
                change("must have the 2000029", "\"nin\" : 5", "\"nin\" : 500000"),
                change("", "\"nin\" : 5", "\"nin\" : 4611686018427387904"),
                change("", "\"nin\" : 5", "\"nin\" : -5"));
    }

    private static Arguments change(String reason, String found, String replacement) {
        return Arguments.arguments(reason, found, replacement);
    }

    @ParameterizedTest
    @MethodSource("changes")
    void configuration_thatIsWrong_isRefused(String reason, String found, String replacement) throws IOException {
        Path file = forged(json -> json.replaceFirst(Pattern.quote(found), Matcher.quoteReplacement(replacement)));

        assertThatThrownBy(() -> ModelBundle.load(file))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageStartingWith("ModelBundle " + file)
                .hasMessageContaining(reason);
    }

    @Test
    void text_thatIsNotUtf8OrGoesOn_isRefused() throws IOException {
        entries.put("bundle.json", new byte[] {'{', '"', (byte) 0xff, '"', ':', '1', '}'});
        ZipForge.sign(entries);
        Path file = ZipForge.of(entries).write(directory.resolve("bad.zip"));
        assertThatThrownBy(() -> ModelBundle.load(file)).hasMessageContaining("must be UTF-8");

        entries.put("bundle.json", "{} {}".getBytes(StandardCharsets.UTF_8));
        ZipForge.sign(entries);
        ZipForge.of(entries).write(file);
        assertThatThrownBy(() -> ModelBundle.load(file))
                .hasMessageContaining("must be one JSON object, got more after it");
    }

    static Stream<Arguments> details() {
        return Stream.of(
                change("must have known properties only, got 'x'", "{", "{\"x\" : 1,"),
                change("featureNames must be a list of texts", "[ ]", "[1]"),
                change("metrics must be an object of numbers", "{ }", "1"),
                change("'threshold': value must be a number", "{", "{\"threshold\":{\"score\":\"a\",\"value\":\"b\"},"),
                change("codeLayer must name a layer", "{", "{\"codeLayer\":\"absent\","),
                change("codeLayer must be in [0, 1]", "{", "{\"codeLayer\":-1,"),
                change("output needs a code layer", "{", "{\"output\":\"out\","),
                change("codeLayer must be an integer", "{", "{\"codeLayer\":1.5,"));
    }

    @ParameterizedTest
    @MethodSource("details")
    void details_thatAreWrong_areRefused(String reason, String found, String replacement) throws IOException {
        String details = new String(entries.get("bundle.json"), StandardCharsets.UTF_8);
        assertThat(details).contains(found);
        entries.put(
                "bundle.json",
                details.replaceFirst(Pattern.quote(found), replacement).getBytes(StandardCharsets.UTF_8));
        ZipForge.sign(entries);
        Path file = ZipForge.of(entries).write(directory.resolve("bad.zip"));

        assertThatThrownBy(() -> ModelBundle.load(file))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining(reason);
    }
}
