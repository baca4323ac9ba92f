package io.github.dl4jae.examples.molecules;

import io.github.dl4jae.sequence.TokenRules;
import io.github.dl4jae.sequence.Vocabulary;
import java.util.regex.Pattern;

/**
 * Which tokens may follow in a SMILES: the grammar, valences, ring bonds, and aromatic rings.
 *
 * <p>A text may end where no branch and no ring is open. Whenever the last open ring is closed, the aromatic rings so
 * far must be possible, so that what may end is a molecule. Rings stay open only up to the end of their branch, as in
 * the SMILES that programs write.
 */
final class SmilesRules implements TokenRules {

    /** One token: an atom, a bond, a branch or a ring number. */
    static final Pattern TOKEN = Pattern.compile("\\[[^\\]]*]|Br|Cl|%\\d\\d|.");

    private final String[] tokens;
    private final SmilesAtom[] atoms;

    SmilesRules(Vocabulary vocabulary) {
        tokens = new String[vocabulary.size()];
        atoms = new SmilesAtom[vocabulary.size()];
        for (int token = Vocabulary.END + 1; token < tokens.length; token++) {
            tokens[token] = vocabulary.token(token);
            atoms[token] = SmilesAtom.of(tokens[token]);
        }
    }

    @Override
    public Beginning begin() {
        return new Written(SmilesState.EMPTY);
    }

    /** A beginning of a SMILES. */
    private final class Written implements Beginning {
        private final SmilesState state;

        Written(SmilesState state) {
            this.state = state;
        }

        @Override
        public boolean allows(int token) {
            return token == Vocabulary.END ? state.mayEnd() : tokens[token] != null && next(token) != null;
        }

        private SmilesState next(int token) {
            return state.then(tokens[token], atoms[token]);
        }

        @Override
        public Beginning then(int token) {
            return new Written(next(token));
        }
    }
}
