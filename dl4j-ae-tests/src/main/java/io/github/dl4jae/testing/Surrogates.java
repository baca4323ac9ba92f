package io.github.dl4jae.testing;

import io.github.dl4jae.layer.StraightThrough;
import java.util.List;
import java.util.function.DoubleSupplier;
import java.util.stream.Stream;
import org.deeplearning4j.nn.api.Layer;
import org.deeplearning4j.nn.layers.wrapper.BaseWrapperLayer;
import org.jspecify.annotations.Nullable;

/** The layers of a network whose gradient is that of a surrogate. */
final class Surrogates {

    private final List<StraightThrough> layers;

    private Surrogates(List<StraightThrough> layers) {
        this.layers = layers;
    }

    /**
     * Finds the layers of a network that have a surrogate.
     *
     * @param declared whether the contract declares one
     * @param layers of the network
     */
    static Surrogates of(boolean declared, Layer... layers) {
        if (!declared) {
            return new Surrogates(List.of());
        }
        List<StraightThrough> found = Stream.of(layers)
                .map(layer -> layer instanceof BaseWrapperLayer wrapper ? wrapper.getUnderlying() : layer)
                .filter(StraightThrough.class::isInstance)
                .map(StraightThrough.class::cast)
                .toList();
        if (found.isEmpty()) {
            throw new AssertionError(
                    "the contract declares a straight-through gradient, but no layer of the network is a "
                            + StraightThrough.class.getSimpleName());
        }
        return new Surrogates(found);
    }

    boolean isEmpty() {
        return layers.isEmpty();
    }

    /**
     * Compares with central differences of the surrogate, which must have the score of the layer itself.
     *
     * @param score of the network at its parameters
     * @param comparison returns null if all gradients agree, else a message
     */
    void compare(DoubleSupplier score, Comparison comparison) {
        double expected = score.getAsDouble();
        layers.forEach(StraightThrough::holdSurrogate);
        try {
            GradientClauses.requireClose(
                    "the score of the pass that sets the surrogate", score.getAsDouble(), expected);
            GradientClauses.requireClose("the score of the surrogate", score.getAsDouble(), expected);
            String difference = comparison.run();
            if (difference != null) {
                throw new AssertionError(difference);
            }
        } finally {
            layers.forEach(StraightThrough::releaseSurrogate);
        }
    }

    /** Returns null if all gradients agree, else a message. */
    @FunctionalInterface
    interface Comparison {
        @Nullable
        String run();
    }
}
