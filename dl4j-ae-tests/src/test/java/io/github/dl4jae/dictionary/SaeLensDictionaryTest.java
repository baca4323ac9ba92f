package io.github.dl4jae.dictionary;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.github.dl4jae.safetensors.SafetensorsFile;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.learning.config.Adam;
import org.nd4j.linalg.ops.transforms.Transforms;

/** The resources and their expected codes are of Python: see {@code saelens.py} beside them. */
class SaeLensDictionaryTest {

    @TempDir
    Path directory;

    private static SaeLensDictionary read(String name) {
        return SaeLensDirectories.read(name, SaeLensDirectories.original(name));
    }

    private static Map<String, INDArray> expected(String name) {
        return SafetensorsFile.read(SaeLensDirectories.original(name).resolve("expected.safetensors"));
    }

    private static void assertClose(INDArray actual, INDArray expected, double tolerance) {
        assertThat(actual.shape()).isEqualTo(expected.shape());
        assertThat(actual.castTo(DataType.DOUBLE).sub(expected).amaxNumber().doubleValue())
                .isCloseTo(0, within(tolerance));
    }

    @ParameterizedTest
    @MethodSource("io.github.dl4jae.dictionary.SaeLensDirectories#names")
    void codesAndReconstructions_areThoseOfNumpy(String name) {
        SparseDictionary dictionary = read(name).dictionary();
        Map<String, INDArray> expected = expected(name);
        DataType type = dictionary.decoderWeights().dataType();
        double tolerance = type == DataType.DOUBLE ? 1e-12 : 2e-5;
        INDArray x = expected.get("x").castTo(type);
        // codes of scaled inputs have the unit of the input here, and of the scaled input in SAELens
        INDArray codes = expected.get("f").div(name.equals("scaled") ? 1.75 : 1);

        assertClose(dictionary.encode(x).toDense(), codes, Math.max(tolerance, 1e-6));
        assertClose(dictionary.reconstruct(x), expected.get("y"), tolerance);
        assertThat(type).isEqualTo(name.equals("float64") ? DataType.DOUBLE : DataType.FLOAT);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "standard",
                "uncentered",
                "gated",
                "topk",
                "jumprelu",
                "transcoder",
                "skip_transcoder",
                "jumprelu_transcoder",
                "jumprelu_skip_transcoder",
                "float64",
                "old-topk"
            })
    void tensorsThatWereRead_areWrittenBitByBit(String name) {
        // a negative threshold is written as 0, which SAELens takes it for
        SaeLensDictionary.of(read(name).dictionary()).write(directory);
        Map<String, INDArray> original =
                SafetensorsFile.read(SaeLensDirectories.original(name).resolve("sae_weights.safetensors"));
        original.computeIfPresent("threshold", (key, each) -> Transforms.relu(each));

        assertThat(directory.resolve("sae_weights.safetensors"))
                .hasSameBinaryContentAs(SafetensorsFile.write(directory.resolve("expected"), original));
    }

    @ParameterizedTest
    @MethodSource("io.github.dl4jae.dictionary.SaeLensDirectories#names")
    void dictionaryThatIsWritten_computesTheSame(String name) {
        SaeLensDictionary original = read(name);
        INDArray x = expected(name)
                .get("x")
                .castTo(original.dictionary().decoderWeights().dataType());

        SaeLensDictionary copy = SaeLensDictionary.read(original.write(directory));

        assertThat(copy.dictionary().encode(x).toDense())
                .isEqualTo(original.dictionary().encode(x).toDense());
        assertThat(copy.dictionary().reconstruct(x))
                .isEqualTo(original.dictionary().reconstruct(x));
        assertThat(copy.dictionary().layer()).isEqualTo(original.dictionary().layer());
    }

    @Test
    void configurationThatIsWritten_hasTheKeysOfSaeLens() throws IOException {
        SaeLensDictionary.of(read("topk-rescaled").dictionary())
                .withMetadata("hook_name", "layer2")
                .withMetadata("context_size", 1)
                .withMetadata("prepend_bos", false)
                .withMetadata("mean", 0.5f)
                .write(directory);

        assertThat(directory.resolve("cfg.json")).hasContent("""
                        {
                          "architecture" : "topk",
                          "d_in" : 6,
                          "d_sae" : 12,
                          "k" : 3,
                          "rescale_acts_by_decoder_norm" : false,
                          "dtype" : "float32",
                          "device" : "cpu",
                          "apply_b_dec_to_input" : true,
                          "normalize_activations" : "none",
                          "reshape_activations" : "none",
                          "metadata" : {
                            "hook_name" : "layer2",
                            "context_size" : 1,
                            "prepend_bos" : false,
                            "mean" : 0.5,
                            "sae_lens_version" : "6.0.0"
                          }
                        }""");
        assertThat(SaeLensDictionary.read(directory).metadata())
                .isEqualTo(Map.of(
                        "hook_name",
                        "layer2",
                        "context_size",
                        1L,
                        "prepend_bos",
                        false,
                        "mean",
                        0.5,
                        "sae_lens_version",
                        "6.0.0"));
    }

    @Test
    void transcoder_hasTheWidthOfItsOutput() throws IOException {
        read("skip_transcoder").write(directory);

        assertThat(Files.readString(directory.resolve("cfg.json")))
                .contains(
                        "\"architecture\" : \"skip_transcoder\"", "\"d_out\" : 4", "\"apply_b_dec_to_input\" : false");
        assertThat(SafetensorsFile.read(directory.resolve("sae_weights.safetensors"))
                        .get("W_skip")
                        .shape())
                .containsExactly(4, 6);
    }

    @Test
    void metadata_isRead() {
        assertThat(read("standard").metadata())
                .isEqualTo(Map.of(
                        "sae_lens_version",
                        "6.49.0",
                        "model_name",
                        "gpt2-small",
                        "hook_name",
                        "blocks.8.hook_resid_pre",
                        "context_size",
                        128L,
                        "prepend_bos",
                        true));
    }

    @Test
    void metadata_ofAFlatConfiguration_isRead() {
        assertThat(read("old-relu").metadata())
                .isEqualTo(Map.of(
                        "model_name",
                        "gpt2-small",
                        "hook_name",
                        "blocks.8.hook_resid_pre",
                        "dataset_path",
                        "Skylion007/openwebtext",
                        "context_size",
                        128L));
    }

    @Test
    void sparsity_isReadAndWritten() {
        SaeLensDictionary original = read("standard");
        INDArray sparsity = original.logSparsity().orElseThrow();

        assertThat(sparsity.toFloatVector()[0]).isEqualTo(-10);
        assertThat(SaeLensDictionary.read(original.write(directory)).logSparsity())
                .hasValue(sparsity);
        assertThat(SaeLensDictionary.read(SaeLensDictionary.of(original.dictionary())
                                .withLogSparsity(sparsity)
                                .write(directory))
                        .logSparsity())
                .hasValue(sparsity);
    }

    @Test
    void sparsityOfAnotherDictionary_isDeleted() {
        read("standard").write(directory);

        read("topk").write(directory);

        assertThat(SaeLensDictionary.read(directory).logSparsity()).isEmpty();
        assertThat(directory.resolve("sparsity.safetensors")).doesNotExist();
    }

    @Test
    void sparsityOfAnotherShape_isRefused() throws IOException {
        SaeLensDirectories.copy("standard", directory);
        SafetensorsFile.write(directory.resolve("sparsity.safetensors"), Map.of("sparsity", Nd4j.ones(11)));

        assertThatThrownBy(() -> SaeLensDictionary.read(directory))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("sparsity.safetensors: 'sparsity' must have floating point numbers of shape [12]")
                .hasMessageContaining("got F32 of shape [11]");
        SafetensorsFile.write(directory.resolve("sparsity.safetensors"), Map.of("other", Nd4j.ones(12)));
        assertThatThrownBy(() -> SaeLensDictionary.read(directory))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("must have the tensor 'sparsity', got [other]");
        SaeLensDictionary dictionary = read("standard");
        assertThatThrownBy(() -> dictionary.withLogSparsity(Nd4j.ones(1, 12)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("logSparsity must have the shape [12], got [1, 12]");
    }

    private static MultiLayerNetwork trained(DictionaryLayer.Builder layer) {
        MultiLayerNetwork network = new MultiLayerNetwork(new NeuralNetConfiguration.Builder()
                .seed(1)
                .updater(new Adam(0.01))
                .list()
                .layer(layer.nIn(6).units(16).build())
                .build());
        network.init();
        INDArray x = Nd4j.randn(DataType.FLOAT, 64, 6);
        for (int i = 0; i < 20; i++) {
            network.fit(x, x);
        }
        return network;
    }

    private void assertSurvives(DictionaryLayer.Builder layer, String architecture) throws IOException {
        SparseDictionary dictionary = SparseDictionary.of(trained(layer));
        INDArray x = Nd4j.randn(DataType.FLOAT, 32, 6);

        SparseDictionary read = SaeLensDictionary.read(
                        SaeLensDictionary.of(dictionary).write(directory))
                .dictionary();

        assertThat(read.encode(x).size()).isPositive();
        assertThat(read.encode(x).toDense()).isEqualTo(dictionary.encode(x).toDense());
        assertThat(read.reconstruct(x)).isEqualTo(dictionary.reconstruct(x));
        assertThat(Files.readString(directory.resolve("cfg.json")))
                .contains("\"architecture\" : \"" + architecture + "\"");
    }

    @Test
    void batchTopK_isWrittenAsJumpRelu() throws IOException {
        assertSurvives(new DictionaryLayer.Builder().encoder(new BatchTopKEncoder(3)), "jumprelu");
        INDArray threshold = SafetensorsFile.read(directory.resolve("sae_weights.safetensors"))
                .get("threshold");
        assertThat(threshold.shape()).containsExactly(16);
        assertThat(threshold.minNumber().doubleValue())
                .isPositive()
                .isEqualTo(threshold.maxNumber().doubleValue());
    }

    @Test
    void trainedMatryoshka_isWritten() throws IOException {
        assertSurvives(
                new DictionaryLayer.Builder().encoder(new BatchTopKEncoder(3)).matryoshka(4, 8), "jumprelu");
    }

    @Test
    void trainedJumpRelu_isWritten() throws IOException {
        assertSurvives(new DictionaryLayer.Builder().encoder(JumpReLUEncoder.targetL0(3, 0.1)), "jumprelu");
    }

    @Test
    void trainedGated_isWritten() throws IOException {
        assertSurvives(new DictionaryLayer.Builder().encoder(new GatedEncoder(0.1)), "gated");
    }

    @Test
    void trainedTopK_isWritten() throws IOException {
        assertSurvives(new DictionaryLayer.Builder().encoder(new TopKEncoder(3)), "topk");
    }

    @Test
    void dictionariesThatSaeLensDoesNotHave_areRefused() {
        for (DictionaryLayer.Builder layer : List.of(
                new DictionaryLayer.Builder().encoder(new AbsTopKEncoder(3)),
                new DictionaryLayer.Builder().encoder(new MatchingPursuitEncoder(3)),
                new DictionaryLayer.Builder().encoder(new TopKEncoder(3)).skip(true),
                new DictionaryLayer.Builder().encoder(new GatedEncoder(0.1)).skip(true))) {
            SaeLensDictionary dictionary = SaeLensDictionary.of(SparseDictionary.of(trained(layer)));
            assertThatThrownBy(() -> dictionary.write(directory))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageStartingWith("SaeLensDictionary " + directory + ": ")
                    .hasMessageContaining("the dictionary must have an architecture of [standard, topk, jumprelu,");
        }
        SaeLensDictionary centered = SaeLensDictionary.of(SparseDictionary.of(trained(new DictionaryLayer.Builder()
                .encoder(new L1Encoder(0.1))
                .skip(true)
                .centeredInput(true))));
        assertThatThrownBy(() -> centered.write(directory))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("a transcoder must have centeredInput(false)");
        assertThat(directory).isEmptyDirectory();
    }

    @Test
    void scaleOfTheInput_mustBeGivenWhereItIsNeeded() {
        assertThatThrownBy(() -> SaeLensDictionary.read(SaeLensDirectories.original("scaled")))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining(
                        "inputScale must be given where normalize_activations is expected_average_only_in, got none");
        assertThatThrownBy(() -> SaeLensDictionary.read(SaeLensDirectories.original("standard"), 2))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("inputScale must not be given where normalize_activations is none, got 2.0");
        assertThatThrownBy(() -> SaeLensDictionary.read(SaeLensDirectories.original("scaled"), 0))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("inputScale");
    }

    @Test
    void metadataOfOtherTypes_isRefused() {
        SaeLensDictionary dictionary = read("standard");
        Map<String, Object> list = new HashMap<>();

        assertThatThrownBy(() -> dictionary.withMetadata("x", list))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("metadata must be a text, a finite number or a boolean, got {}");
        assertThatThrownBy(() -> dictionary.withMetadata("x", Double.NaN))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("got NaN");
    }

    @Test
    void missingFiles_areInputErrors() throws IOException {
        assertThatThrownBy(() -> SaeLensDictionary.read(directory))
                .isInstanceOf(UncheckedIOException.class)
                .hasMessage("SaeLensDictionary " + directory + ": cfg.json can't be read");
        SaeLensDirectories.copy("standard", directory);
        Files.delete(directory.resolve("sae_weights.safetensors"));
        assertThatThrownBy(() -> SaeLensDictionary.read(directory)).isInstanceOf(UncheckedIOException.class);
    }
}
