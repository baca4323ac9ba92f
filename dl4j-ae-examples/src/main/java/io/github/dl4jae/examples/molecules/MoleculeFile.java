package io.github.dl4jae.examples.molecules;

import io.github.dl4jae.sequence.TokenRules;
import io.github.dl4jae.sequence.Vocabulary;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.zip.GZIPInputStream;

/** SMILES from a file, or generated ones. */
record MoleculeFile(String name, List<String> smiles) {

    /** Fragments of the generated molecules, each with one free bond at either end. */
    private static final List<String> CHAIN = List.of(
            "C",
            "CC",
            "N",
            "O",
            "C(=O)",
            "c1ccc(cc1)",
            "c1cc(ccc1)",
            "C1CCC(CC1)",
            "S",
            "NC(=O)",
            "C(C)",
            "c1ncc(cn1)");

    private static final List<String> ENDS = List.of(
            "C", "O", "N", "F", "Cl", "Br", "C#N", "C(=O)O", "C(=O)N", "c1ccccc1", "C1CCCC1", "c1ccncc1", "C(F)(F)F");

    private static final int LONGEST_CHAIN = 5;

    /** Reads one SMILES a line, in random order. */
    static MoleculeFile read(Path file, long seed) throws IOException {
        String name = file.getFileName().toString();
        try (InputStream bytes = Files.newInputStream(file);
                BufferedReader lines = new BufferedReader(new InputStreamReader(
                        name.endsWith(".gz") ? new GZIPInputStream(bytes) : bytes, StandardCharsets.UTF_8))) {
            Set<String> all = new LinkedHashSet<>(lines.lines()
                    .map(String::strip)
                    .filter(line -> !line.isEmpty())
                    .toList());
            return shuffled(name, all, new Random(seed));
        }
    }

    /** Generates molecules: an end, a chain of fragments, an end. */
    static MoleculeFile generated(int count, long seed) {
        Random random = new Random(seed);
        Set<String> all = new LinkedHashSet<>();
        while (all.size() < count) {
            StringBuilder smiles = new StringBuilder(ENDS.get(random.nextInt(3)));
            for (int i = random.nextInt(LONGEST_CHAIN); i >= 0; i--) {
                smiles.append(CHAIN.get(random.nextInt(CHAIN.size())));
            }
            Smiles.parse(smiles + ENDS.get(random.nextInt(ENDS.size())))
                    .ifPresent(molecule -> all.add(Smiles.canonical(molecule)));
        }
        return shuffled("generated molecules", all, random);
    }

    private static MoleculeFile shuffled(String name, Set<String> all, Random random) {
        List<String> smiles = new ArrayList<>(all);
        Collections.shuffle(smiles, random);
        return new MoleculeFile(name, smiles);
    }

    /** Returns the molecules that the rules allow: others could be neither read nor written. */
    MoleculeFile allowed(Vocabulary vocabulary, SmilesRules rules) {
        return new MoleculeFile(
                name,
                smiles.stream()
                        .filter(each -> isAllowed(vocabulary.encode(each), rules))
                        .toList());
    }

    private static boolean isAllowed(int[] tokens, SmilesRules rules) {
        TokenRules.Beginning beginning = rules.begin();
        for (int token : tokens) {
            if (token == Vocabulary.UNKNOWN || !beginning.allows(token)) {
                return false;
            }
            beginning = beginning.then(token);
        }
        return beginning.allows(Vocabulary.END);
    }

    MoleculeFile part(int from, int to) {
        return new MoleculeFile(name, smiles.subList(Math.min(from, smiles.size()), Math.min(to, smiles.size())));
    }

    int size() {
        return smiles.size();
    }
}
