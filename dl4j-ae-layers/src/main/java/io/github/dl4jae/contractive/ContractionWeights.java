package io.github.dl4jae.contractive;

/** What may be asked of the numbers of a contraction. */
final class ContractionWeights {

    private ContractionWeights() {}

    static double require(String subject, String name, double weight) {
        if (!(weight >= 0) || Double.isInfinite(weight)) {
            throw new IllegalArgumentException(subject + ": " + name + " must be at least 0 and finite, got " + weight
                    + "; 0.1 is a usual weight, 0 is none");
        }
        return weight;
    }

    static double requirePerturbation(String subject, double sigma) {
        if (!(sigma > 0) || Double.isInfinite(sigma)) {
            throw new IllegalArgumentException(
                    subject + ": the perturbation must be above 0 and finite, got " + sigma + "; 0.1 is a usual size");
        }
        return sigma;
    }

    static int requireDraws(String subject, int count) {
        if (count < 1) {
            throw new IllegalArgumentException(
                    subject + ": perturbations must be at least 1, got " + count + "; 4 are usual");
        }
        return count;
    }
}
