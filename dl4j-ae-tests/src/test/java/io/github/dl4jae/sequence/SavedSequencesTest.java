package io.github.dl4jae.sequence;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.github.dl4jae.bundle.ModelBundle;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * Models of sequences that earlier versions saved are read by this one. A run with {@code -Ddl4jae.writeFixtures=true}
 * writes missing files.
 */
class SavedSequencesTest {

    private static final Path FILES = Path.of("src", "test", "resources", "sequences", "0.1.0");
    private static final String FIGURE = "figure";
    private static final int[] LENGTHS = {2, 4};

    private static double figure(SequenceAutoencoder autoencoder) {
        INDArray x = RandomSequences.of(LENGTHS, 2, 4, 0);
        INDArray codes = autoencoder.encode(x, RandomSequences.mask(LENGTHS, 4));
        return codes.sumNumber().doubleValue()
                + autoencoder.decode(codes).sumNumber().doubleValue();
    }

    private static double figure(SequenceToSequence model) {
        return model.translate(List.of("ab", "b"), Search.beam(2)).stream()
                .mapToDouble(Translation::logProbability)
                .sum();
    }

    private static void write(Path file, ModelBundle.Builder bundle, double figure) {
        if (Boolean.getBoolean("dl4jae.writeFixtures") && Files.notExists(file)) {
            bundle.metric(FIGURE, figure).build().save(file);
        }
    }

    private static ModelBundle read(String name) throws URISyntaxException {
        return ModelBundle.load(
                Path.of(Objects.requireNonNull(SavedSequencesTest.class.getResource("/sequences/0.1.0/" + name), name)
                        .toURI()));
    }

    @Test
    void savedAutoencoder_computesWhatItDid() throws URISyntaxException {
        SequenceAutoencoder autoencoder = new SequenceAutoencoder.Builder()
                .features(2)
                .code(2)
                .hidden(3, 2)
                .bidirectional(true)
                .pooling(Pooling.ATTENTION)
                .attention(2)
                .conditioned(true)
                .variational()
                .likelihood(StepLikelihood.gaussianLearnedVariance())
                .build();
        autoencoder.data(
                RandomSequences.of(LENGTHS, 2, 4, 0), null, new SequenceTraining.Builder().build()); // sets the length
        write(FILES.resolve("autoencoder.zip"), autoencoder.bundle(), figure(autoencoder));

        ModelBundle bundle = read("autoencoder.zip");

        SequenceAutoencoder loaded = SequenceAutoencoder.of(bundle);
        assertThat(figure(loaded)).isCloseTo(bundle.metrics().get(FIGURE), within(1e-4));
        assertThat(loaded.steps()).isEqualTo(4);
        assertThat(loaded.variationalModel().latents()).isEqualTo(2);
    }

    @Test
    void savedTranslation_computesWhatItDid() throws URISyntaxException {
        Vocabulary vocabulary = Vocabulary.ofWords(List.of("a b"), 5);
        SequenceToSequence model = new SequenceToSequence.Builder(Vocabulary.ofCharacters(List.of("ab")), vocabulary)
                .embedding(2)
                .hidden(3)
                .attentionUnits(2)
                .build();
        write(FILES.resolve("translation.zip"), model.bundle(), figure(model));

        ModelBundle bundle = read("translation.zip");

        SequenceToSequence loaded = SequenceToSequence.of(bundle);
        assertThat(figure(loaded)).isCloseTo(bundle.metrics().get(FIGURE), within(1e-4));
        assertThat(loaded.target()).isEqualTo(vocabulary);
    }

    @Test
    void bundle_ofAnotherKind_isRefused() throws URISyntaxException {
        ModelBundle translation = read("translation.zip");
        ModelBundle autoencoder = read("autoencoder.zip");
        assertThatThrownBy(() -> SequenceAutoencoder.of(translation))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("must be one of a sequence autoencoder");
        assertThatThrownBy(() -> SequenceToSequence.of(autoencoder))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("must have the attachment 'sequence-to-sequence'");
        assertThatThrownBy(() -> SequenceAutoencoder.of(translation.computationGraph(), 3))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("build it with SequenceAutoencoder.Builder");
    }
}
