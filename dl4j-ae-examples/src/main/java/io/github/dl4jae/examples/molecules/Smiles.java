package io.github.dl4jae.examples.molecules;

import com.actelion.research.chem.IsomericSmilesCreator;
import com.actelion.research.chem.SmilesParser;
import com.actelion.research.chem.StereoMolecule;
import com.actelion.research.chem.prediction.CLogPPredictor;
import java.util.Optional;

/** Molecules by OpenChemLib. */
final class Smiles {

    private Smiles() {}

    /** Reads a molecule, or returns nothing if the text is none. */
    static Optional<StereoMolecule> parse(String smiles) {
        StereoMolecule molecule = new StereoMolecule();
        try {
            new SmilesParser().parse(molecule, smiles);
            molecule.ensureHelperArrays(StereoMolecule.cHelperParities);
        } catch (Exception e) { // the parser throws Exception, and runtime exceptions for some broken rings
            return Optional.empty();
        }
        return molecule.getAllAtoms() > 0 ? Optional.of(molecule) : Optional.empty();
    }

    /** Returns the one text that stands for a molecule. */
    static String canonical(StereoMolecule molecule) {
        return IsomericSmilesCreator.createSmiles(molecule);
    }

    /** Returns the predicted logarithm of the ratio of concentrations in octanol and water. */
    static double logP(String smiles) {
        return parse(smiles)
                .map(molecule -> (double) new CLogPPredictor().assessCLogP(molecule))
                .orElseThrow(() -> new IllegalArgumentException(
                        "logP: the text must be a molecule, got " + smiles + "; correct the SMILES"));
    }
}
