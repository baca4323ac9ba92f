package io.github.dl4jae.cli;

import io.github.dl4jae.selection.ConcreteSelection;
import io.github.dl4jae.selection.FeatureSelector;
import io.github.dl4jae.selection.GreedyColumnSelection;
import io.github.dl4jae.selection.LaplacianScore;
import io.github.dl4jae.selection.PcaLoadings;
import io.github.dl4jae.selection.PrincipalFeatureAnalysis;
import io.github.dl4jae.selection.RandomSelection;
import io.github.dl4jae.selection.VarianceSelection;
import java.util.Locale;

/** The methods of {@code select}. */
enum SelectionMethod {
    GREEDY,
    CONCRETE,
    PRINCIPAL_FEATURE_ANALYSIS,
    PCA_LOADINGS,
    LAPLACIAN_SCORE,
    VARIANCE,
    RANDOM;

    FeatureSelector selector(long seed) {
        return switch (this) {
            case GREEDY -> new GreedyColumnSelection();
            case CONCRETE -> new ConcreteSelection.Builder().seed(seed).build();
            case PRINCIPAL_FEATURE_ANALYSIS -> new PrincipalFeatureAnalysis(seed);
            case PCA_LOADINGS -> new PcaLoadings();
            case LAPLACIAN_SCORE -> new LaplacianScore(5);
            case VARIANCE -> new VarianceSelection();
            case RANDOM -> new RandomSelection(seed);
        };
    }

    /** Returns the name on the command line. */
    @Override
    public String toString() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }
}
