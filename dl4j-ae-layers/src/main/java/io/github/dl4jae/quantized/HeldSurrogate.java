package io.github.dl4jae.quantized;

import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** The constants of a surrogate, which the first pass after {@link #hold} sets. */
final class HeldSurrogate<T> {

    private boolean holding;
    private @Nullable T constants;

    void hold() {
        holding = true;
        constants = null;
    }

    void release() {
        holding = false;
        constants = null;
    }

    /** Returns whether passes compute the surrogate instead of the layer. */
    boolean isSet() {
        return constants != null;
    }

    /** Takes the constants of a pass of the layer itself, where they are wanted. */
    void offer(T ofPass) {
        if (holding && constants == null) {
            constants = ofPass;
        }
    }

    T constants() {
        return Objects.requireNonNull(constants);
    }
}
