package io.github.dl4jae.sequence;

import static io.github.dl4jae.testing.NdArrayAssert.assertThatArray;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.nd4j.linalg.factory.Nd4j;

class VocabularyTest {

    @Test
    void characters_haveNumbersInTheOrderOfUnicode() {
        Vocabulary vocabulary = Vocabulary.ofCharacters(List.of("b\uD83D\uDE00a", "ab"));

        assertThat(vocabulary.size()).isEqualTo(7);
        assertThat(vocabulary.encode("ab\uD83D\uDE00z")).containsExactly(4, 5, 6, Vocabulary.UNKNOWN);
        assertThat(vocabulary.decode(Vocabulary.START, 6, 4, 1, Vocabulary.END, 5))
                .isEqualTo("\uD83D\uDE00a\uFFFD");
        assertThat(vocabulary).hasToString("Vocabulary(3 characters)");
    }

    @Test
    void words_areTheMostFrequentOnes() {
        Vocabulary vocabulary = Vocabulary.ofWords(List.of("the cat  sat", " the dog sat", "the end"), 3);

        assertThat(vocabulary.encode("the sat cat dog")).containsExactly(4, 5, 6, Vocabulary.UNKNOWN);
        assertThat(vocabulary.decode(4, 6, 5)).isEqualTo("the cat sat");
        assertThat(vocabulary.isOfWords()).isTrue();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"{\"kind\":\"words\",\"tokens\":[\"a\",\"a\"]}", "{\"kind\":\"other\",\"tokens\":[\"a\"]}", "[]"
            })
    void json_ofSomethingElse_isRefused(String json) {
        assertThatThrownBy(() -> Vocabulary.fromJson(json))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageStartingWith("Vocabulary");
    }

    @Test
    void vocabulary_survivesJson() {
        Vocabulary words = Vocabulary.ofWords(List.of("a \"quoted\" word"), 9);
        Vocabulary characters = Vocabulary.ofCharacters(List.of("äö\\"));

        assertThat(Vocabulary.fromJson(words.toJson())).isEqualTo(words).hasSameHashCodeAs(words);
        assertThat(Vocabulary.fromJson(characters.toJson()))
                .isEqualTo(characters)
                .isNotEqualTo(words);
    }

    @Test
    void oneHotTexts_haveAnEndAndAMask() {
        Vocabulary vocabulary = Vocabulary.ofCharacters(List.of("ab"));

        Vocabulary.OneHot texts = vocabulary.oneHot(List.of("ba", ""));

        assertThat(texts.sequences().shape()).containsExactly(2, 6, 3);
        assertThatArray(texts.mask()).isEqualTo(Nd4j.createFromArray(new float[][] {{1, 1, 1}, {1, 0, 0}}));
        assertThat(texts.sequences().argMax(1).toIntMatrix()[0]).containsExactly(5, 4, Vocabulary.END);
        assertThat(vocabulary.mostLikely(texts.sequences())).containsExactly("ba", "");
    }

    @Test
    void arguments_outOfRange_areRefused() {
        Vocabulary vocabulary = Vocabulary.ofCharacters(List.of("ab"));
        assertThatThrownBy(() -> vocabulary.decode(6))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("[0, 6), got 6");
        assertThatThrownBy(() -> Vocabulary.ofCharacters(List.of("")))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("tokens must be given");
        assertThatThrownBy(() -> Vocabulary.ofWords(List.of("a"), 0))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("largest must be at least 1, got 0");
    }
}
