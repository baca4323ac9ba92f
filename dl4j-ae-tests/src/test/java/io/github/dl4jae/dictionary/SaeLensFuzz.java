package io.github.dl4jae.dictionary;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.dl4jae.safetensors.SafetensorsMutator;
import io.github.dl4jae.testing.FuzzRun;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/**
 * Reads damaged dictionaries. Each encodes and reconstructs, or is refused by an {@code IllegalArgumentException}.
 *
 * <p>A program of its own, so that the heap can be small: {@code SaeLensFuzz FIRST COUNT} reads the mutants of the
 * seeds FIRST to FIRST + COUNT − 1 and prints {@code refused R, read S, failed F}. Two thirds are of cfg.json.
 */
final class SaeLensFuzz {

    private static final int SLOW_MILLIS = 5_000;
    private static final String[] TEXTS = {
        "\"\"",
        "null",
        "7",
        "true",
        "[]",
        "{}",
        "\"standard\"",
        "\"topk\"",
        "\"jumprelu\"",
        "\"gated\"",
        "\"transcoder\"",
        "\"skip_transcoder\"",
        "\"jumprelu_skip_transcoder\"",
        "\"matching_pursuit\"",
        "\"float64\"",
        "\"bfloat16\"",
        "\"int8\"",
        "\"none\"",
        "\"layer_norm\"",
        "\"expected_average_only_in\"",
        "\"hook_z\"",
        "\"relu\"",
        "\"k\"",
        "\"d_in\"",
        "\"d_out\"",
        "\"activation_fn\"",
        "\"architecture\"",
        "\"metadata\"",
        "\"normalize_activations\"",
        "\"apply_b_dec_to_input\"",
        "\"rescale_acts_by_decoder_norm\"",
        "\"\\ud800\"",
        "\""
    };

    private final Path directory;
    private final List<String> names = SaeLensDirectories.names().toList();
    private int refused;
    private int read;

    private SaeLensFuzz(Path directory) {
        this.directory = directory;
    }

    private void read(long seed) throws IOException {
        String name = names.get((int) (seed / 3 % names.size()));
        Path original = SaeLensDirectories.original(name);
        byte[] weights = Files.readAllBytes(original.resolve("sae_weights.safetensors"));
        String json = Files.readString(original.resolve("cfg.json"));
        boolean ofWeights = seed % 3 == 0;
        SafetensorsMutator.Mutant mutant =
                ofWeights ? SafetensorsMutator.mutate(weights, seed) : SafetensorsMutator.mutateJson(json, seed, TEXTS);
        Files.write(directory.resolve("sae_weights.safetensors"), ofWeights ? mutant.bytes() : weights);
        if (ofWeights) {
            Files.writeString(directory.resolve("cfg.json"), json);
        } else {
            Files.write(directory.resolve("cfg.json"), mutant.bytes());
        }
        long start = System.currentTimeMillis();
        try {
            compute(SaeLensDirectories.read(name, directory).dictionary());
            read++;
        } catch (IllegalArgumentException e) {
            assertThat(e)
                    .hasMessageMatching("(?s)(SaeLensDictionary|SafetensorsFile|SparseDictionary)[ :].*")
                    .isExactlyInstanceOf(IllegalArgumentException.class);
            assertThat(e.getMessage()).hasSizeLessThan(1500);
            refused++;
        } catch (Throwable e) {
            throw new AssertionError("seed " + seed + ": " + name + " " + mutant.steps(), e);
        }
        assertThat(System.currentTimeMillis() - start)
                .as("seed " + seed + ": " + name + " " + mutant.steps())
                .isLessThan(SLOW_MILLIS);
    }

    /** A dictionary that was read can do everything. */
    private void compute(SparseDictionary dictionary) {
        INDArray x = Nd4j.ones(dictionary.decoderWeights().dataType(), 2, dictionary.inputs());
        SparseCodes codes = dictionary.encode(x);
        assertThat(codes.units()).isEqualTo(dictionary.units());
        assertThat(dictionary.reconstruct(x).shape()).containsExactly(2, dictionary.outputs());
        SaeLensDictionary copy =
                SaeLensDictionary.read(SaeLensDictionary.of(dictionary).write(directory.resolve("copy")));
        Map<String, INDArray> parameters = dictionary.parameters();
        assertThat(copy.dictionary().parameters()).isEqualTo(parameters);
        assertThat(dictionary.toNetwork().output(x).shape()).containsExactly(2, dictionary.outputs());
    }

    public static void main(String[] arguments) throws IOException {
        SaeLensFuzz fuzz = new SaeLensFuzz(Files.createTempDirectory("saelens-fuzz"));
        int failures = FuzzRun.checkAll(arguments, fuzz::read);
        System.out.println("refused " + fuzz.refused + ", read " + fuzz.read + ", failed " + failures);
        System.exit(failures > 0 ? 1 : 0);
    }
}
