package io.github.dl4jae.sequence;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.github.dl4jae.noise.NoiseStream;
import io.github.dl4jae.variational.GaussianPosterior;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

class TextAutoencoderTest {

    private static final List<String> TEXTS = List.of("abba", "baab", "abab", "b", "aab", "bbaab");

    private static SequenceAutoencoder.Builder tokens(Vocabulary vocabulary) {
        return new SequenceAutoencoder.Builder()
                .features(vocabulary.size())
                .code(5)
                .hidden(24)
                .conditioned(true)
                .likelihood(StepLikelihood.categorical());
    }

    private static Vocabulary vocabulary() {
        return Vocabulary.ofCharacters(TEXTS);
    }

    private static TextAutoencoder untrained(boolean variational) {
        SequenceAutoencoder.Builder builder = tokens(vocabulary());
        return TextAutoencoder.of(vocabulary(), (variational ? builder.variational() : builder).build());
    }

    private static SequenceTraining epochs(int count) {
        return new SequenceTraining.Builder().epochs(count).batch(3).build();
    }

    @Test
    void trainedModel_writesItsTextsAgain() {
        TextAutoencoder model = untrained(false);

        model.fit(TEXTS, epochs(500));

        assertThat(model.reconstruct(TEXTS)).isEqualTo(TEXTS);
    }

    @Test
    void training_isThatOfOneHotSequences() {
        TextAutoencoder ofTexts = untrained(false);
        SequenceAutoencoder ofSequences = tokens(vocabulary()).build();
        Vocabulary.OneHot oneHot = vocabulary().oneHot(TEXTS);

        ofTexts.fit(TEXTS, epochs(2));
        ofSequences.fit(oneHot.sequences(), oneHot.mask(), epochs(2));

        assertThat(ofTexts.autoencoder().network().params())
                .isEqualTo(ofSequences.network().params());
    }

    @ParameterizedTest
    @ValueSource(doubles = {0, 0.5, 1})
    void texts_doNotDependOnOtherTexts(double temperature) {
        TextAutoencoder model = untrained(true);
        INDArray codes = model.autoencoder().variationalModel().samplePrior(40, 1);
        TextDecoding decoding = new TextDecoding(temperature, 9, TokenRules.none(), 3);

        List<String> all = model.decode(codes, decoding);

        assertThat(model.decode(codes.getRows(0, 1, 2), decoding)).isEqualTo(all.subList(0, 3));
        assertThat(model.decode(codes, decoding)).isEqualTo(all);
    }

    @Test
    void temperatures_chooseBetweenTheMostLikelyTokenAndChance() {
        double[] p = {0, 0, 0, 0.1, 0.6, 0.3};
        int count = 4000;

        double[] cold = frequencies(0, p, count);
        double[] warm = frequencies(1, p, count);
        double[] half = frequencies(0.5, p, count);

        assertThat(cold).containsExactly(0, 0, 0, 0, 1, 0);
        assertThat(warm[4]).isCloseTo(0.6, within(0.04));
        assertThat(warm[5]).isCloseTo(0.3, within(0.04));
        assertThat(half[4]).isCloseTo(0.36 / (0.36 + 0.09 + 0.01), within(0.04)); // p² normalized
        assertThat(half[3]).isCloseTo(0.01 / (0.36 + 0.09 + 0.01), within(0.02));
    }

    private static double[] frequencies(double temperature, double[] p, int count) {
        double[] shares = new double[p.length];
        for (int i = 0; i < count; i++) {
            shares[new TextWriter(new TextDecoding(temperature, 0, TokenRules.none(), 8), i).write(p)] += 1.0 / count;
        }
        for (int token = 0; token < p.length; token++) {
            shares[token] = Math.round(shares[token] * 1e9) / 1e9;
        }
        return shares;
    }

    /** Texts of a's only, with at most three of them. */
    private record OnlyA(int a, int written) implements TokenRules.Beginning {
        @Override
        public boolean allows(int token) {
            return token == Vocabulary.END ? written >= 2 : token == a && written < 3;
        }

        @Override
        public TokenRules.Beginning then(int token) {
            return new OnlyA(a, written + 1);
        }
    }

    @Test
    void rules_areNeverBroken() {
        TextAutoencoder model = untrained(true);
        int a = model.vocabulary().encode("a")[0];
        TokenRules rules = () -> new OnlyA(a, 0);

        List<String> texts =
                model.sample(60, TextDecoding.sampling(1, 4).withRules(rules).withLongest(20));

        assertThat(Set.copyOf(texts)).isEqualTo(Set.of("aa", "aaa"));
    }

    @Test
    void textWithoutAnAllowedToken_ends() {
        TokenRules nothing = () -> new OnlyA(-1, 0);
        TextWriter writer = new TextWriter(TextDecoding.greedy().withRules(nothing), 0);

        assertThat(writer.write(new double[] {0.2, 0.2, 0.2, 0.2, 0.2})).isEqualTo(Vocabulary.END);
        assertThat(writer.hasEnded()).isTrue();
        assertThat(writer.tokens()).isEmpty();
    }

    /** By hand: the likelihood of the true tokens, from the probabilities that the decoder gives after each. */
    @Test
    void perplexity_isTheExponentialOfTheBoundPerToken() {
        TextAutoencoder model = untrained(true);
        Vocabulary.OneHot oneHot = model.vocabulary().oneHot(TEXTS);
        SequenceVariationalModel tokens = model.autoencoder().variationalModel();
        GaussianPosterior posterior = tokens.posterior(oneHot.sequences(), oneHot.mask());
        int seeds = 40;

        double mean = IntStream.range(0, seeds)
                .mapToDouble(seed -> Math.log(model.perplexity(TEXTS, 1, seed)))
                .average()
                .orElseThrow();

        int count = TEXTS.stream().mapToInt(text -> text.length() + 1).sum();
        double reconstruction = 0;
        for (int seed = 0; seed < seeds; seed++) {
            INDArray z = Nd4j.createFromArray(posterior.sample(NoiseStream.of(seed, "test"), 1))
                    .reshape(TEXTS.size(), tokens.latents());
            reconstruction += Arrays.stream(tokens.logLikelihood(oneHot.sequences(), oneHot.mask(), z))
                            .sum()
                    / seeds;
        }
        double divergence = Arrays.stream(posterior.divergence(new double[0])).sum();
        assertThat(mean).isCloseTo((divergence - reconstruction) / count, within(0.02));
        assertThat(model.perplexity(TEXTS, 200, 1)).isLessThan(Math.exp(mean));
    }

    @Test
    void savedModel_isTheSame(@TempDir Path folder) {
        TextAutoencoder model = untrained(true);
        model.fit(TEXTS, epochs(1));

        TextAutoencoder loaded = TextAutoencoder.load(model.save(folder.resolve("model.zip")));

        assertThat(loaded.vocabulary()).isEqualTo(model.vocabulary());
        assertThat(loaded.sample(5, TextDecoding.sampling(1, 2)))
                .isEqualTo(model.sample(5, TextDecoding.sampling(1, 2)));
        assertThatThrownBy(() -> TextAutoencoder.load(model.autoencoder().save(folder.resolve("tokens.zip"))))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("must have the attachment 'text-vocabulary'");
    }

    @Test
    void codesOfTexts_areThoseOfTheSequences() {
        TextAutoencoder model = untrained(false);
        Vocabulary.OneHot oneHot = model.vocabulary().oneHot(TEXTS);

        assertThat(model.encode(TEXTS)).isEqualTo(model.autoencoder().encode(oneHot.sequences(), oneHot.mask()));
    }

    @Test
    void wrongArguments_areRefused() {
        Vocabulary vocabulary = vocabulary();
        assertThatThrownBy(() -> TextAutoencoder.of(
                        vocabulary, tokens(vocabulary).features(3).build()))
                .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> TextAutoencoder.of(
                        vocabulary,
                        new SequenceAutoencoder.Builder()
                                .features(vocabulary.size())
                                .build()))
                .hasMessageContaining("likelihood must be categorical");
        assertThatThrownBy(() -> untrained(false).sample(1, TextDecoding.greedy()))
                .hasMessageContaining("must be variational");
        assertThatThrownBy(() -> untrained(false).fit(List.of())).hasMessageContaining("texts must be given");
        assertThatThrownBy(() -> TextDecoding.sampling(0, 1)).hasMessageContaining("temperature must be");
        assertThatThrownBy(() -> new TextDecoding(-1, 0, TokenRules.none(), 0)).hasMessageContaining("temperature");
    }

    @Test
    void parts_areTheLongestThatFit() {
        List<String> formulas = List.of("CCl", "[nH]cC", "C%12C");
        Vocabulary atoms = Vocabulary.ofParts(formulas, Pattern.compile("\\[[^\\]]*]|Cl|%\\d\\d|."), 100);

        List<String> tokens = IntStream.of(atoms.encode("CClC[nH]c%12"))
                .mapToObj(atoms::token)
                .collect(Collectors.toList());

        assertThat(tokens).containsExactly("C", "Cl", "C", "[nH]", "c", "%12");
        assertThat(atoms.encode("C?C")).containsExactly(4, Vocabulary.UNKNOWN, 4);
        assertThat(atoms.decode(atoms.encode("CCl%12"))).isEqualTo("CCl%12");
        assertThat(Vocabulary.fromJson(atoms.toJson())).isEqualTo(atoms);
        assertThat(atoms).hasToString("Vocabulary(5 parts)");
        assertThatThrownBy(() -> atoms.token(3)).hasMessageContaining("number must be in [4, 9)");
    }
}
