package io.github.dl4jae.selection;

import io.github.dl4jae.internal.kernel.FiniteArrays;
import io.github.dl4jae.internal.layer.Require;
import java.util.Arrays;
import org.nd4j.linalg.api.ndarray.INDArray;

/** Checks of arguments that the selectors share. */
final class SelectionChecks {

    private SelectionChecks() {}

    static void require(String subject, INDArray examples, int k) {
        requireExamples(subject, examples);
        long d = examples.size(1);
        Require.that(
                k >= 1 && k <= d, subject, "k must be in [1, " + d + "] (the examples have " + d + " columns)", k, "");
    }

    static void requireExamples(String subject, INDArray examples) {
        Require.given(subject, "examples", examples, "pass an array [N, d]");
        String shape = Arrays.toString(examples.shape());
        Require.that(
                !examples.isEmpty(), subject, "examples must be [N, d] with at least one row and column", shape, "");
        Require.that(examples.rank() == 2, subject, "examples must be [N, d]", shape, "flatten images to rows");
        Require.that(
                FiniteArrays.isFinite(examples),
                subject,
                "examples must be finite",
                "NaN or an infinite value",
                "remove or replace it, for example by the imputation of a TableReader");
    }
}
