package io.github.dl4jae.timeseries;

import io.github.dl4jae.internal.layer.Require;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * Decoded series as the sum of their parts, in the unit of the data.
 *
 * <pre>
 * x̂ = level + trend + season1 + … + residual
 * </pre>
 *
 * <p>The parts of a model that has no trend, season or residual are absent.
 */
public final class SeriesParts {

    /** The name of the constant part of each feature, which is always there. */
    public static final String LEVEL = "level";

    /** The name of the polynomial. */
    public static final String TREND = "trend";

    /** The name of what the other parts leave. */
    public static final String RESIDUAL = "residual";

    private static final String SEASON = "season";

    private final Map<String, INDArray> parts;

    SeriesParts(Map<String, INDArray> parts) {
        this.parts = new LinkedHashMap<>(parts);
    }

    /**
     * Returns the name of a season.
     *
     * @param index the index of the season in the order of the builder, from 0
     * @return "season1" for the first
     */
    public static String season(int index) {
        return SEASON + (index + 1);
    }

    /**
     * Returns the names of the parts that the model has.
     *
     * @return in the order of the sum
     */
    public List<String> names() {
        return List.copyOf(parts.keySet());
    }

    /**
     * Returns a part.
     *
     * @param name one of {@link #names}
     * @return {@code [N, features, time]}, a new array
     * @throws IllegalArgumentException if the model has no such part
     */
    public INDArray get(String name) {
        INDArray part = parts.get(name);
        Require.that(part != null, "SeriesParts", "the name must be one of " + names(), name, "");
        return Objects.requireNonNull(part).dup('c');
    }

    /**
     * Returns the sum of all parts: the decoded series.
     *
     * @return {@code [N, features, time]}, a new array
     */
    public INDArray sum() {
        return parts.values().stream()
                .reduce(INDArray::add)
                .map(sum -> sum.dup('c'))
                .orElseThrow();
    }
}
