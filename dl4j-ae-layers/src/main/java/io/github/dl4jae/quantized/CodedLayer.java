package io.github.dl4jae.quantized;

import io.github.dl4jae.internal.layer.UnitAxis;
import org.jspecify.annotations.Nullable;

/** An implementation of a layer whose output has indices. */
interface CodedLayer {

    /** Returns the map between vectors and indices, as it is now. */
    CodeTable table();

    /** Returns the axis of a vector's features. */
    UnitAxis unitAxis();

    /** Returns the indices of the last training pass, {@code [N·stages]} without masked positions; null before it. */
    int @Nullable [] lastIndices();
}
