package io.github.dl4jae.sparse;

import io.github.dl4jae.internal.layer.UnitAxis;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * The values among which a top-k activation chooses: an axis of sequences {@code [batch, units, time]} or images
 * {@code [batch, channels, height, width]}.
 *
 * <p>Among equal values the one at the first position wins, and at one position the one of the first unit. In {@code
 * [batch, n]} each example has one position, so that {@link #UNITS} and {@link #EXAMPLE} agree.
 */
public enum SparsityAxis {
    /** Each position keeps k of its units or channels. */
    UNITS,
    /**
     * Each unit or channel keeps k of its positions, that is, of its time steps or pixels. This is called spatial
     * sparsity.
     */
    POSITIONS,
    /** Each example keeps k of all its values, wherever they are. */
    EXAMPLE;

    /** Returns the number of values to choose from. */
    long choices(UnitAxis axis, INDArray activations) {
        long units = axis.units(activations);
        long perExample = activations.length() / Math.max(activations.size(0), 1);
        return switch (this) {
            case UNITS -> units;
            case POSITIONS -> perExample / units;
            case EXAMPLE -> perExample;
        };
    }

    /** Returns the word for the values to choose from. */
    String noun() {
        return switch (this) {
            case UNITS -> "units";
            case POSITIONS -> "positions";
            case EXAMPLE -> "values per example";
        };
    }
}
