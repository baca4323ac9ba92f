package io.github.dl4jae.examples.molecules;

import com.actelion.research.chem.StereoMolecule;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * What invented texts are worth.
 *
 * @param valid share of texts that are molecules
 * @param unique share of different ones among the valid
 * @param novel share of the different ones that were not trained on
 * @param molecules the different ones, as canonical SMILES
 */
record Inventions(double valid, double unique, double novel, List<String> molecules) {

    /**
     * Judges texts.
     *
     * @param texts at least one
     * @param known canonical SMILES of the training molecules
     */
    static Inventions of(List<String> texts, Set<String> known) {
        List<String> valid = texts.stream()
                .map(Smiles::parse)
                .flatMap(Optional::stream)
                .map(Smiles::canonical)
                .toList();
        List<String> unique = valid.stream().distinct().toList();
        long novel = unique.stream().filter(each -> !known.contains(each)).count();
        return new Inventions(
                (double) valid.size() / texts.size(),
                (double) unique.size() / Math.max(1, valid.size()),
                (double) novel / Math.max(1, unique.size()),
                unique);
    }

    /** Returns the canonical SMILES of molecules. */
    static Set<String> canonical(List<String> smiles) {
        Set<String> all = new HashSet<>();
        for (String each : smiles) {
            Optional<StereoMolecule> molecule = Smiles.parse(each);
            molecule.map(Smiles::canonical).ifPresent(all::add);
        }
        return all;
    }
}
