package io.github.dl4jae.sequence;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/** A language of which all probabilities are known: the first token decides what follows. */
class BeamSearchTest {

    private static final Vocabulary VOCABULARY = Vocabulary.ofCharacters(List.of("abc"));
    private static final int A = 4;
    private static final int B = 5;
    private static final int C = 6;

    /** Rows that remember their tokens, as a decoder remembers them in its state. */
    private static final class Language implements BeamSearch.Rows {
        private String[] states;

        Language(int rows, String beginning) {
            states = new String[rows];
            Arrays.fill(states, beginning);
        }

        @Override
        public INDArray logits(int[] tokens) {
            INDArray logits = Nd4j.zeros(tokens.length, VOCABULARY.size());
            for (int row = 0; row < tokens.length; row++) {
                states[row] += VOCABULARY.decode(tokens[row]);
                logits.putRow(row, Nd4j.createFromArray(next(states[row])));
            }
            return logits;
        }

        /**
         * a: 0.6, then one of three tokens at 1/3 each, then the end. b: 0.4, then c at 0.9, or the end at 0.1; then
         * the end.
         */
        private static double[] next(String text) {
            return switch (text) {
                case "" -> probabilities(0, 0.6, 0.4, 0);
                case "a" -> probabilities(0, 1 / 3.0, 1 / 3.0, 1 / 3.0);
                case "b" -> probabilities(0.1, 0, 0, 0.9);
                case "c", "cc", "ccc", "cccc" -> probabilities(0.1, 0, 0, 0.9);
                default -> probabilities(1, 0, 0, 0);
            };
        }

        private static double[] probabilities(double end, double a, double b, double c) {
            double[] logits = new double[VOCABULARY.size()];
            Arrays.fill(logits, -1e9);
            logits[Vocabulary.END] = Math.log(end);
            logits[A] = Math.log(a);
            logits[B] = Math.log(b);
            logits[C] = Math.log(c);
            return Arrays.stream(logits).map(each -> Math.max(each, -1e9)).toArray();
        }

        @Override
        public INDArray weights() {
            INDArray weights = Nd4j.zeros(states.length, 1);
            for (int row = 0; row < states.length; row++) {
                weights.putScalar(row, 0, states[row].length());
            }
            return weights;
        }

        @Override
        public void select(int[] rows) {
            states = Arrays.stream(rows).mapToObj(row -> states[row]).toArray(String[]::new);
        }
    }

    private static Translation search(Search search, int longest) {
        return search(search, longest, "");
    }

    private static Translation search(Search search, int longest, String beginning) {
        return new BeamSearch(search, 2, longest)
                .run(new Language(2 * search.width(), beginning), VOCABULARY)
                .get(1);
    }

    /** After c, each step ends with 0.1: two such ends are found long before the likeliest text, 0.9⁴ = 0.656. */
    @Test
    void unlikelyEnds_doNotStopTheSearch() {
        Translation best = search(new Search(2, 0), 10, "c");

        assertThat(best.text()).isEqualTo("cccc");
        assertThat(best.logProbability()).isCloseTo(4 * Math.log(0.9), within(1e-6));
    }

    /** Greedy takes a, whose best continuation has 0.2; "bc" has 0.36. */
    @ParameterizedTest
    @CsvSource({"1, aa, 0.2", "2, bc, 0.36", "5, bc, 0.36"})
    void widerBeam_findsTheMoreLikelyText(int width, String text, double probability) {
        Translation best = search(new Search(width, 0), 10);

        assertThat(best.text()).isEqualTo(text);
        assertThat(best.logProbability()).isCloseTo(Math.log(probability), within(1e-6));
    }

    /** What each token saw follows its hypothesis: before "b", "c" and the end there were 0, 1 and 2 characters. */
    @Test
    void attention_isThatOfTheHypothesis() {
        assertThat(search(Search.beam(3), 10).attention().toDoubleVector()).containsExactly(0, 1, 2);
    }

    @Test
    void outputWithoutAnEnd_isCutOff() {
        assertThat(search(new Search(3, 0), 1).text()).isEqualTo("a");
    }

    /** lp by hand: ((5 + 4) / 6)^0.6 = 1.5^0.6. */
    @Test
    void scores_areNormalizedByLength() {
        assertThat(Search.beam(3).score(-2, 4)).isCloseTo(-2 / Math.pow(1.5, 0.6), within(1e-12));
        assertThat(Search.greedy().score(-2, 4)).isEqualTo(-2);
        assertThatThrownBy(() -> Search.beam(0))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("width must be at least 1, got 0");
    }
}
