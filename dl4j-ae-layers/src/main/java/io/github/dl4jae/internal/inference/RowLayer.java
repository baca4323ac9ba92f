package io.github.dl4jae.internal.inference;

import io.github.dl4jae.internal.kernel.RowStep;
import org.jspecify.annotations.Nullable;

/** A layer whose forward pass at inference is a function of float32 rows, independent of Deeplearning4j's state. */
public interface RowLayer {

    /**
     * Returns the function with the current parameters and options. Threads can call it concurrently as long as none
     * replaces the parameter arrays or options of the layer.
     *
     * @return null if only {@code activate} computes it
     */
    @Nullable
    RowStep rowStep();
}
