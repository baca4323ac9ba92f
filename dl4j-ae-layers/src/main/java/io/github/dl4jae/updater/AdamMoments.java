package io.github.dl4jae.updater;

import io.github.dl4jae.internal.layer.Require;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.indexing.NDArrayIndex;
import org.nd4j.linalg.learning.GradientUpdater;
import org.nd4j.linalg.learning.config.IUpdater;

/**
 * The state of an Adam-like updater: m, with one value per parameter, followed by v.
 *
 * @param <C> the updater's configuration
 */
abstract class AdamMoments<C extends IUpdater> implements GradientUpdater<C> {

    final C config;
    private final String origin;
    INDArray m;
    INDArray v;

    /** Creates an empty state; {@code origin} names the updaters whose state it accepts. */
    @SuppressWarnings("NullAway.Init") // Deeplearning4j calls setState before the first update
    AdamMoments(C config, String origin) {
        this.config = config;
        this.origin = origin;
    }

    /** Returns the number of values of v in a state of the given size. */
    abstract long squares(long stateSize);

    @Override
    public final C getConfig() {
        return config;
    }

    @Override
    public final void setState(Map<String, INDArray> state, boolean initialize) {
        Require.that(
                state.keySet().equals(Set.of("M", "V")),
                config.getClass().getSimpleName(),
                "the state must have the entries M and V",
                state.keySet(),
                "use the state of " + origin);
        m = Objects.requireNonNull(state.get("M"));
        v = Objects.requireNonNull(state.get("V"));
        if (initialize) {
            m.assign(0);
            v.assign(0);
        }
    }

    @Override
    public final Map<String, INDArray> getState() {
        return Map.of("M", m, "V", v);
    }

    @Override
    public final void setStateViewArray(INDArray state, long[] gradientShape, char order, boolean initialize) {
        if (initialize) {
            state.assign(0);
        }
        INDArray flat = state.reshape(state.length());
        long means = state.length() - squares(state.length());
        m = flat.get(NDArrayIndex.interval(0, means));
        v = flat.get(NDArrayIndex.interval(means, state.length()));
    }
}
