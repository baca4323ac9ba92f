package io.github.dl4jae.penalty;

import org.jspecify.annotations.Nullable;
import org.nd4j.linalg.api.ndarray.INDArray;

/** Arrays of one row per position, without the rows that are padding. */
final class Masked {

    private Masked() {}

    /** Sets the masked rows of an array to 0, in place; the mask is {@code [N, 1]}, or null for none. */
    static INDArray rows(INDArray own, @Nullable INDArray mask) {
        return mask == null ? own : own.muliColumnVector(mask);
    }

    /** Sums the unmasked rows of an array, which it overwrites. */
    static double sum(INDArray own, @Nullable INDArray mask) {
        return rows(own, mask).sumNumber().doubleValue();
    }
}
