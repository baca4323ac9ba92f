package io.github.dl4jae.sequence;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import org.junit.jupiter.api.Test;

class BleuTest {

    /**
     * By hand. Output 1 has 7 words, of which "the" counts twice only: 5 of 7 words, 3 of 6 pairs (the cat, on the, the
     * mat), 1 of 5 triples (on the mat), 0 of 4 runs of four. Output 2 equals its reference of 5 words: 5, 4, 3 and 2
     * runs. p = 10/12, 7/10, 4/8, 2/6; 12 words against 6 + 5.
     */
    @Test
    void score_isThatByHand() {
        List<String> outputs = List.of("the the cat the on the mat", "a b c d e");
        List<String> references = List.of("the cat sat on the mat", "a b c d e");
        double expected = Math.pow(10 / 12.0 * 7 / 10.0 * 4 / 8.0 * 2 / 6.0, 0.25);

        assertThat(Bleu.of(outputs, references)).isCloseTo(expected, within(1e-12));
    }

    /** Four of the five words: every p is 1, and the brevity penalty is e^{1 − 5/4}. */
    @Test
    void shortOutput_isPenalized() {
        assertThat(Bleu.of(List.of("a b c d"), List.of("a b c d e"))).isCloseTo(Math.exp(-0.25), within(1e-12));
    }

    @Test
    void outputWithoutARunOfFour_scoresZero() {
        assertThat(Bleu.of(List.of("a b c x"), List.of("a b c d"))).isZero();
        assertThat(Bleu.of(List.of(""), List.of("a b c d"))).isZero();
    }

    @Test
    void equalTexts_scoreOne() {
        assertThat(Bleu.of(List.of("a b c d"), List.of("a  b c d "))).isEqualTo(1);
        assertThat(ExactMatch.of(List.of("a", "b", "c", "d"), List.of("a", "x", "c", "d")))
                .isEqualTo(0.75);
    }

    @Test
    void pairs_thatDoNotFit_areRefused() {
        assertThatThrownBy(() -> Bleu.of(List.of("a"), List.of()))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("1 outputs and 0 references");
        assertThatThrownBy(() -> ExactMatch.of(List.of(), List.of()))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("0 outputs");
    }
}
