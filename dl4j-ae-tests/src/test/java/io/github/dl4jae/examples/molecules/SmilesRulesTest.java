package io.github.dl4jae.examples.molecules;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.github.dl4jae.data.DataDirectory;
import io.github.dl4jae.sequence.TokenRules;
import io.github.dl4jae.sequence.Vocabulary;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class SmilesRulesTest {

    private static final Vocabulary VOCABULARY = Vocabulary.ofParts(
            List.of("CNOSPFIBrClcnos[nH][N+][O-][C@@H][n+][Se]=#-/\\()123%10"), SmilesRules.TOKEN, 100);

    private static final SmilesRules RULES = new SmilesRules(VOCABULARY);

    /** Returns what follows a text, or nothing if one of its tokens is not allowed. */
    private static Optional<TokenRules.Beginning> after(String smiles) {
        TokenRules.Beginning beginning = RULES.begin();
        for (int token : VOCABULARY.encode(smiles)) {
            if (!beginning.allows(token)) {
                return Optional.empty();
            }
            beginning = beginning.then(token);
        }
        return Optional.of(beginning);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "C",
                "CC(=O)O",
                "C#N",
                "C1CC1",
                "c1ccccc1",
                "c1cc[nH]c1",
                "Cn1cccc1",
                "c1cccn1C",
                "O=c1cccc[nH]1",
                "c1ccc2c(c1)CCC2",
                "c1ccc(cc1)-c1ccccc1",
                "C[N+](C)(C)C",
                "O=[N+]([O-])c1ccccc1",
                "C[n+]1ccccc1",
                "CS(=O)(=O)C",
                "N[C@@H](C)C(=O)O",
                "F/C=C/F",
                "C%10CC%10",
                "c1ccc2[nH]c3ccccc3c2c1",
                "BrCCl"
            })
    void molecule_isAllowed(String smiles) {
        assertThat(Smiles.parse(smiles)).isPresent();
        assertThat(after(smiles)).hasValueSatisfying(beginning -> assertThat(beginning.allows(Vocabulary.END))
                .isTrue());
    }

    @ParameterizedTest
    @ValueSource(strings = {"C1CC", "C(C", "C=", "c1cccc1", "n1cccc1", "cc", "c", "c1ccccc1-c", ""})
    void textThatIsNoMolecule_cannotEnd(String smiles) {
        assertThat(after(smiles).filter(beginning -> beginning.allows(Vocabulary.END)))
                .isEmpty();
    }

    @ParameterizedTest
    @CsvSource({
        "CC(C)(C)(C), C",
        "CF, C",
        "FC, )",
        "C=O, =",
        "O#, C",
        "C1, 1",
        "C1C, 1",
        "C(, )",
        "N(C)(C), =",
        "c, C",
        "C==, C"
    })
    void tokenThatCannotFollow_isRefused(String beginning, String next) {
        Optional<TokenRules.Beginning> before = after(beginning);

        assertThat(before.filter(it -> it.allows(VOCABULARY.encode(next)[0])).isPresent()
                        && after(beginning + next).isPresent())
                .isFalse();
    }

    /** Ends as soon as possible, so that most texts end. */
    @Test
    void textByChance_thatMayEnd_isAMolecule() {
        Random random = new Random(5);
        List<String> ended = new ArrayList<>();
        for (int walk = 0; walk < 400; walk++) {
            TokenRules.Beginning beginning = RULES.begin();
            List<Integer> tokens = new ArrayList<>();
            for (int step = 0; step < 60; step++) {
                TokenRules.Beginning now = beginning;
                int[] allowed = IntStream.range(Vocabulary.END + 1, VOCABULARY.size())
                        .filter(now::allows)
                        .toArray();
                boolean ends = now.allows(Vocabulary.END) && random.nextDouble() < 0.2;
                if (ends || allowed.length == 0) {
                    break;
                }
                int token = allowed[random.nextInt(allowed.length)];
                beginning = beginning.then(token);
                tokens.add(token);
            }
            if (beginning.allows(Vocabulary.END)) {
                ended.add(VOCABULARY.decode(
                        tokens.stream().mapToInt(token -> token).toArray()));
            }
        }

        assertThat(ended).hasSizeGreaterThan(100);
        assertThat(ended.stream().filter(smiles -> Smiles.parse(smiles).isEmpty()))
                .isEmpty();
    }

    @Test
    void realMolecules_areAllowed() throws IOException {
        assumeTrue(DataDirectory.isConfigured(), "the data directory must be set");
        Path file = DataDirectory.find().path().resolve("molecules").resolve("hiv-smiles.txt.gz");
        MoleculeFile all = MoleculeFile.read(file, 1).part(0, 4000);
        Vocabulary vocabulary = Vocabulary.ofParts(all.smiles(), SmilesRules.TOKEN, 200);

        MoleculeFile allowed = all.allowed(vocabulary, new SmilesRules(vocabulary));

        assertThat(allowed.size()).isGreaterThanOrEqualTo(3996);
    }

    @Test
    void generatedMolecules_areMolecules() {
        MoleculeFile generated = MoleculeFile.generated(200, 3);

        assertThat(generated.smiles()).doesNotHaveDuplicates().hasSize(200);
        assertThat(generated.smiles())
                .allSatisfy(smiles -> assertThat(Smiles.parse(smiles)).isPresent());
    }

    @Test
    void inventions_areCounted() {
        Inventions inventions =
                Inventions.of(List.of("CCO", "OCC", "C1CC", "CCN", "CCC"), Inventions.canonical(List.of("NCC")));

        assertThat(inventions.valid()).isEqualTo(0.8);
        assertThat(inventions.unique()).isEqualTo(0.75);
        assertThat(inventions.novel()).isEqualTo(2.0 / 3);
        assertThat(inventions.molecules()).hasSize(3);
    }
}
