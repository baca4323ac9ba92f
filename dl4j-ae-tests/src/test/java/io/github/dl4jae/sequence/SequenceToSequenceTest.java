package io.github.dl4jae.sequence;

import static io.github.dl4jae.testing.NdArrayAssert.assertThatArray;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.github.dl4jae.recurrent.RecurrentCell;
import io.github.dl4jae.testing.GradientCheck;
import io.github.dl4jae.updater.FastAdam;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Random;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.dataset.api.MultiDataSet;
import org.nd4j.linalg.learning.config.NoOp;

/** The language to learn: a text in capitals, backwards. */
class SequenceToSequenceTest {

    private static final Vocabulary SOURCE = Vocabulary.ofCharacters(List.of("abc"));
    private static final Vocabulary TARGET = Vocabulary.ofCharacters(List.of("ABC"));

    private static List<String> sources(int count) {
        Random random = new Random(3);
        return IntStream.range(0, count)
                .mapToObj(i -> random.ints(1 + random.nextInt(3), 'a', 'd')
                        .mapToObj(Character::toString)
                        .reduce("", String::concat))
                .toList();
    }

    private static List<String> targets(List<String> sources) {
        return sources.stream()
                .map(text -> new StringBuilder(text.toUpperCase(Locale.ROOT))
                        .reverse()
                        .toString())
                .toList();
    }

    private static SequenceToSequence.Builder small() {
        return new SequenceToSequence.Builder(SOURCE, TARGET)
                .embedding(6)
                .hidden(16)
                .attentionUnits(8)
                .updater(new FastAdam(1e-2));
    }

    @Tag("slow")
    @ParameterizedTest
    @CsvSource({"GRU, true, 40", "LSTM, false, 90"})
    void smallLanguage_isLearned(RecurrentCell cell, boolean attention, int epochs) {
        SequenceToSequence model =
                small().cell(cell).attention(attention).reversed(!attention).build();
        List<String> sources = sources(120);

        model.fit(
                sources,
                targets(sources),
                new SequenceTraining.Builder().epochs(epochs).batch(30).build());

        assertThat(ExactMatch.of(model.translate(sources), targets(sources))).isGreaterThan(0.9);
        assertThat(model.longest()).isEqualTo(6);
        Translation best = model.translate(List.of("abc"), Search.beam(4)).get(0);
        assertThat(best.text()).isEqualTo("CBA");
        assertThat(best.attention() == null ? null : best.attention().shape())
                .isEqualTo(attention ? new long[] {4, 3} : null);
    }

    /** Beam search finds a probability at least as large, and that of the graph itself. */
    @ParameterizedTest
    @CsvSource({"true, true", "false, true", "false, false"})
    void logProbability_isThatOfTheGraph(boolean attention, boolean conditioned) {
        SequenceToSequence model = small().attention(attention)
                .conditioned(conditioned)
                .network(base -> base.dataType(DataType.DOUBLE))
                .build();
        List<String> source = List.of("abca");
        model.fit(
                sources(30),
                targets(sources(30)),
                new SequenceTraining.Builder().epochs(4).build()); // learns to end

        Translation found = model.translate(source, new Search(1, 0)).get(0);

        MultiDataSet batch = model.validationBatch(source, List.of(found.text()));
        double loss = model.network().score(batch);
        assertThat(found.logProbability()).isCloseTo(-loss, within(1e-5));
        assertThat(model.translate(source, new Search(5, 0)).get(0).logProbability())
                .isGreaterThanOrEqualTo(found.logProbability() - 1e-9);
    }

    @ParameterizedTest
    @CsvSource({"true, 1", "true, 3", "false, 1", "false, 3"})
    void translation_dependsOnItsSourceAlone_toTheBit(boolean attention, int width) {
        SequenceToSequence model = small().attention(attention).build();
        List<String> many = sources(70);

        List<Translation> all = model.translate(many, Search.beam(width));
        Translation alone =
                model.translate(many.subList(40, 41), Search.beam(width)).get(0);

        assertThat(all.get(40).text()).isEqualTo(alone.text());
        assertThat(all.get(40).logProbability()).isEqualTo(alone.logProbability());
        assertThat(all.get(40).attention()).isEqualTo(alone.attention());
    }

    @Tag("slow")
    @ParameterizedTest
    @CsvSource({"true, true, false", "false, true, true", "false, false, true"})
    void gradient_isThatOfTheMaskedLoss(boolean attention, boolean conditioned, boolean reversed) {
        SequenceToSequence model = new SequenceToSequence.Builder(
                        Vocabulary.ofCharacters(List.of("a")), Vocabulary.ofCharacters(List.of("A")))
                .embedding(2)
                .hidden(2)
                .attentionUnits(2)
                .attention(attention)
                .conditioned(conditioned)
                .reversed(reversed)
                .updater(new NoOp())
                .network(base -> base.dataType(DataType.DOUBLE))
                .build();
        MultiDataSet batch = model.validationBatch(List.of("aa", "a"), List.of("A", "AA"));

        GradientCheck.requireGradient(
                model.network(),
                batch.getFeatures(),
                batch.getLabels(0),
                Stream.of(batch.getFeaturesMaskArrays())
                        .map(mask -> mask.castTo(DataType.DOUBLE))
                        .toArray(INDArray[]::new),
                batch.getLabelsMaskArray(0));
    }

    @Test
    void resumedTraining_endsLikeAnUninterruptedOne(@TempDir Path directory) {
        List<String> sources = sources(30);
        SequenceToSequence whole = small().build();
        whole.fit(
                sources,
                targets(sources),
                scheduled(3, directory.resolve("a.zip")).build());
        small().build()
                .fit(
                        sources,
                        targets(sources),
                        scheduled(9, directory.resolve("b.zip"))
                                .trainer(trainer -> trainer.steps(4).checkpointEvery(1))
                                .build());
        SequenceToSequence resumed = small().build();

        resumed.fit(
                sources,
                targets(sources),
                scheduled(3, directory.resolve("b.zip")).build());

        assertThatArray(resumed.network().params()).isEqualTo(whole.network().params());
    }

    private static SequenceTraining.Builder scheduled(int epochs, Path checkpoint) {
        return new SequenceTraining.Builder()
                .epochs(epochs)
                .batch(12)
                .teacherForcing(TeacherForcing.linear(0.2, 3))
                .checkpoint(checkpoint);
    }

    @Test
    void savedModel_translatesTheSame(@TempDir Path directory) {
        SequenceToSequence model =
                small().bidirectional(false).decoderHidden(9, 5).build();
        List<String> sources = sources(20);
        model.fit(
                sources,
                targets(sources),
                new SequenceTraining.Builder().epochs(1).build());

        SequenceToSequence loaded = SequenceToSequence.load(model.save(directory.resolve("model.zip")));

        assertThat(loaded.translate(sources)).isEqualTo(model.translate(sources));
        assertThat(loaded.longest()).isEqualTo(model.longest());
        assertThat(loaded.source()).isEqualTo(SOURCE);
        assertThat(loaded.target()).isEqualTo(TARGET);
        assertThat(loaded).hasToString("SequenceToSequence(Vocabulary(3 characters) → Vocabulary(3 characters))");
    }

    @Test
    void arguments_thatDoNotFit_areRefused() {
        SequenceToSequence model = small().build();
        assertThatThrownBy(() -> model.translate(""))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("sources must have a token, got an empty text at 0");
        assertThatThrownBy(() -> model.fit(List.of("a"), List.of()))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("1 outputs and 0 references");
        assertThatThrownBy(() -> small().conditioned(false).build())
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("must be conditioned");
        assertThatThrownBy(
                        () -> SequenceToSequence.of(model.network(), TARGET, Vocabulary.ofCharacters(List.of("x")), 5))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("the target vocabulary must have the 7 tokens of the network, got 5");
    }
}
