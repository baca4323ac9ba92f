package io.github.dl4jae.selection;

import io.github.dl4jae.internal.kernel.FiniteArrays;
import java.util.Arrays;
import org.nd4j.linalg.api.ndarray.INDArray;

/** What all selectors refuse. */
final class SelectionChecks {

    /** Above this a matrix [d, d] of float64 takes more than 3 GiB. */
    private static final int LARGEST_COVARIANCE = 20_000;

    private SelectionChecks() {}

    static void require(String subject, INDArray examples, int k) {
        requireExamples(subject, examples);
        long d = examples.size(1);
        if (k < 1 || k > d) {
            throw new IllegalArgumentException(subject + ": k must be in [1, " + d + "] (the examples have " + d
                    + " columns), got " + k + "; " + (k < 1 ? "raise" : "lower") + " it");
        }
    }

    static void requireExamples(String subject, INDArray examples) {
        if (examples.isEmpty()) {
            throw new IllegalArgumentException(
                    subject + ": examples must be [N, d] with at least one row and column, got "
                            + Arrays.toString(examples.shape()) + "; check how they were read");
        }
        if (examples.rank() != 2) {
            throw new IllegalArgumentException(subject + ": examples must be [N, d], got "
                    + Arrays.toString(examples.shape()) + "; flatten images to rows");
        }
        if (!FiniteArrays.isFinite(examples)) {
            throw new IllegalArgumentException(subject + ": examples must be finite, got NaN or an infinite value"
                    + "; remove or replace it, as the imputation of a TableReader does");
        }
    }

    static void requireCovariance(String subject, INDArray examples) {
        if (examples.size(1) > LARGEST_COVARIANCE) {
            throw new IllegalArgumentException(subject + ": examples must have at most " + LARGEST_COVARIANCE
                    + " columns, got " + examples.size(1) + "; GreedyColumnSelection needs no matrix of that size");
        }
    }
}
