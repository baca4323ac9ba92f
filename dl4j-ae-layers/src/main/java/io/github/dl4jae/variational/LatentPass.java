package io.github.dl4jae.variational;

import org.jspecify.annotations.Nullable;

/**
 * The values of a forward pass that backprop starts from. Backprop consumes the pass, because it adds to its
 * gradients.
 */
final class LatentPass {

    /** The codes of the rows that are not masked. */
    final LatentCodes codes;
    /** The indices of these rows; null if there is no mask. */
    private final int @Nullable [] present;
    /** h·W + b, {@code [N·2n]}, with masked rows and pseudo-inputs. */
    private final double[] preActivations;

    /** Takes ownership of the arrays. */
    LatentPass(LatentCodes codes, int @Nullable [] present, double[] preActivations) {
        this.codes = codes;
        this.present = present;
        this.preActivations = preActivations;
    }

    /** Returns the row of the input that belongs to a row of the codes. */
    int row(int code) {
        return present == null ? code : present[code];
    }

    /** Returns the array of h·W + b itself; must not be modified. */
    double[] sharedPreActivations() {
        return preActivations;
    }
}
