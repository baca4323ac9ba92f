package io.github.dl4jae.contractive;

import io.github.dl4jae.internal.layer.Require;

/** Checks of the numbers of a contraction. */
final class ContractionWeights {

    private ContractionWeights() {}

    static double require(String subject, String name, double weight) {
        return Require.nonNegative(subject, name, weight, "0.1 is usual, 0 leaves the term out");
    }

    static double requirePerturbation(String subject, double sigma) {
        return Require.positive(subject, "the perturbation", sigma, "0.1 is usual");
    }

    static int requireDraws(String subject, int count) {
        return Require.atLeast(1, subject, "perturbations", count, "4 are usual");
    }
}
