package io.github.dl4jae.dictionary;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.dl4jae.safetensors.SafetensorsFile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/** Dictionaries of SAELens with one thing wrong. */
class HostileSaeLensTest {

    @TempDir
    Path directory;

    private void assertRefused(String reason) {
        assertThatThrownBy(() -> SaeLensDictionary.read(directory))
                .isExactlyInstanceOf(IllegalArgumentException.class)
                .hasMessageStartingWith("S")
                .hasMessageContaining(reason);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "standard | 'standard' | 'matching_pursuit' | cfg.json: architecture must be one of [standard, topk,",
                "standard | 'standard' | 'batchtopk' | BatchTopK and Matryoshka dictionaries for inference as jumprelu",
                "standard | 'standard' | 'STANDARD' | architecture must be one of",
                "standard | 'standard' | 3 | architecture must be a text",
                "standard | 'standard' | 'gated' | tensor 'b_gate': must be in the file, got none",
                "standard | 'standard' | 'jumprelu' | tensor 'threshold': must be in the file, got none",
                "standard | 'standard' | 'topk' | k must be given",
                "standard | 'd_in': 6 | 'd_in': 7 | 'W_enc': must have the shape [7, 12] of cfg.json, got [6, 12]",
                "standard | 'd_in': 6 | 'd_in': 0 | d_in must be at least 1, got 0",
                "standard | 'd_in': 6 | 'd_in': -6 | d_in must be at least 1, got -6",
                "standard | 'd_in': 6 | 'd_in': 6.5 | d_in must be an integer",
                "standard | 'd_in': 6 | 'd_in': '6' | d_in must be an integer",
                "standard | 'd_in': 6 | 'd_in': null | d_in must be given",
                "standard | 'd_in': 6 | 'd_in': 2147483648 | d_in must be an integer",
                "standard | 'd_in': 6 | 'd_in': 6, 'd_in': 6 | Duplicate field 'd_in'",
                "standard | 'd_in': 6 | 'd_in': 6, 'd_out': 7 | d_out must be d_in, 6, for standard, got 7",
                "standard | 'd_sae': 12 | 'd_sae': 2147483647 | must have the shape [6, 2147483647] of cfg.json",
                "standard | 'float32' | 'int8' | dtype must be float64, float32, float16 or bfloat16, got 'int8'",
                "standard | 'float32' | 'torch.torch.float32' | dtype must be",
                "standard | 'normalize_activations': 'none' | 'normalize_activations': 'layer_norm' | got 'layer_norm'",
                "standard | 'normalize_activations': 'none' | 'normalize_activations': 'x' | must be none or expected",
                "standard | 'normalize_activations': 'none' | 'normalize_activations': true | inputScale must be given",
                "standard | 'reshape_activations': 'none' | 'reshape_activations': 'x' | none or hook_z, got 'x'",
                "standard | 'apply_b_dec_to_input': true | 'apply_b_dec_to_input': 1 | must be true or false",
                "standard | 'd_in': 6 | 'd_in': 6, 'rescale_acts_by_decoder_norm': true | must be false for standard",
                "standard | 'd_in': 6 | 'd_in': 6, 'activation_fn': 'tanh-relu' | relu or topk, got 'tanh-relu'",
                "standard | 'metadata': { | 'metadata': 3, 'x': { | metadata must be an object",
                "topk | 'k': 3 | 'k': 0 | k must be in [1, 12], the number of units, got 0",
                "topk | 'k': 3 | 'k': 13 | k must be in [1, 12], the number of units, got 13",
                "topk | 'k': 3 | 'k': 3.5 | k must be an integer",
                "old-topk | 'k': 3 | 'k': 13 | k must be in [1, 12], the number of units, got 13",
                "old-topk | 'k': 3 | 'x': 3 | k must be given",
                "transcoder | 'd_out': 4 | 'd_out': 5 | tensor 'W_dec': must have the shape [12, 5] of cfg.json",
                "transcoder | 'd_out': 4 | 'x': 4 | d_out must be given",
                "transcoder | 'apply_b_dec_to_input': false | 'apply_b_dec_to_input': true | false for a transcoder",
                "transcoder | 'transcoder' | 'skip_transcoder' | tensor 'W_skip': must be in the file",
                "skip_transcoder | 'skip_transcoder' | 'transcoder' | among [W_enc, W_dec, b_dec, b_enc]",
            })
    void configuration_thatIsWrong_isRefused(String name, String found, String replacement, String reason)
            throws IOException {
        SaeLensDirectories.copy(name, directory);
        String json = Files.readString(directory.resolve("cfg.json"));
        assertThat(json).contains(found.replace('\'', '"'));
        Files.writeString(
                directory.resolve("cfg.json"), json.replace(found.replace('\'', '"'), replacement.replace('\'', '"')));

        assertRefused(reason);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "[]", "null", "{", "{}{}", "{\"d_in\": NaN}", "\u0000"})
    void configuration_thatIsNotAnObject_isRefused(String json) throws IOException {
        SaeLensDirectories.copy("standard", directory);
        Files.writeString(directory.resolve("cfg.json"), json);

        assertRefused("cfg.json: must be");
    }

    @Test
    void configurationOfMoreThanAMegabyte_isRefused() throws IOException {
        SaeLensDirectories.copy("standard", directory);
        Files.writeString(directory.resolve("cfg.json"), "{\"x\": \"" + "x".repeat(1 << 20) + "\"}");

        assertRefused("cfg.json: must have at most 1048576 bytes, got more");
    }

    @Test
    void nesting_isRefused() throws IOException {
        SaeLensDirectories.copy("standard", directory);
        Files.writeString(directory.resolve("cfg.json"), "{\"x\": " + "[".repeat(100_000));

        assertRefused("cfg.json: must be nested at most 64 deep");
    }

    private void change(String name, Consumer<Map<String, INDArray>> change) throws IOException {
        SaeLensDirectories.copy(name, directory);
        Path file = directory.resolve("sae_weights.safetensors");
        Map<String, INDArray> tensors = new LinkedHashMap<>(SafetensorsFile.read(file));
        change.accept(tensors);
        SafetensorsFile.write(file, tensors);
    }

    @Test
    void missingTensor_isRefused() throws IOException {
        change("standard", all -> all.remove("b_dec"));
        assertRefused("tensor 'b_dec': must be in the file, got none");
    }

    @Test
    void unknownTensor_isRefused() throws IOException {
        change("standard", all -> all.put("x", Nd4j.ones(1)));
        assertRefused("tensors must be among [W_enc, W_dec, b_dec, b_enc], got 'x'; see architecture in cfg.json");
    }

    @Test
    void scalingFactor_thatIsNotOne_isRefused() throws IOException {
        change("old-relu", all -> all.get("scaling_factor").putScalar(3, 1.1));
        assertRefused("got 'scaling_factor'; multiply the rows of W_dec by it");
    }

    @Test
    void transposedTensor_isRefused() throws IOException {
        change("standard", all -> all.put("W_enc", all.get("W_enc").transpose()));
        assertRefused("tensor 'W_enc': must have the shape [6, 12] of cfg.json, got [12, 6]");
    }

    @Test
    void biasOfAnotherRank_isRefused() throws IOException {
        change("standard", all -> all.put("b_enc", all.get("b_enc").reshape(1, 12)));
        assertRefused("tensor 'b_enc': must have the shape [12] of cfg.json, got [1, 12]");
    }

    @Test
    void integers_areRefused() throws IOException {
        change("standard", all -> all.put("b_enc", Nd4j.ones(DataType.INT32, 12)));
        assertRefused("tensor 'b_enc': must have floating point numbers, got I32");
    }

    @ParameterizedTest
    @ValueSource(strings = {"W_enc", "W_dec", "b_dec", "b_enc", "threshold"})
    void tensorThatIsNotFinite_isRefused(String name) throws IOException {
        change("jumprelu", all -> all.get(name).putScalar(2, Double.NaN));
        assertRefused("must be finite");
    }

    @Test
    void logThresholdThatOverflows_isRefused() throws IOException {
        change("old-jumprelu", all -> all.get("log_threshold").putScalar(2, 1000));
        assertRefused("threshold must be finite");
    }

    @Test
    void twoThresholds_areRefused() throws IOException {
        change("jumprelu", all -> all.put("log_threshold", Nd4j.zeros(12)));
        assertRefused("got 'log_threshold'");
    }

    @Test
    void truncatedWeights_areRefused() throws IOException {
        SaeLensDirectories.copy("standard", directory);
        Path file = directory.resolve("sae_weights.safetensors");
        byte[] bytes = Files.readAllBytes(file);
        Files.write(file, Arrays.copyOf(bytes, bytes.length - 1));

        assertRefused("the file is truncated");
    }

    @Test
    void directionsOfLengthZero_areReadWhereNormsAreFolded() throws IOException {
        change("topk-rescaled", all -> all.get("W_dec").getRow(4).assign(0));

        SparseDictionary dictionary = SaeLensDictionary.read(directory).dictionary();

        assertThat(dictionary.decoderWeights().getRow(4).sumNumber().doubleValue())
                .isZero();
        assertThat(dictionary.encoderWeights().getColumn(4).sumNumber().doubleValue())
                .isZero();
    }
}
