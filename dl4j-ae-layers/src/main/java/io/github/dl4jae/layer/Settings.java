package io.github.dl4jae.layer;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * The options of a layer by name: two layers of a class are equal if their options are.
 *
 * <pre>{@code
 * @Override
 * protected Settings settings() {
 *     return Settings.none().with("contraction", contraction).with("perturbations", perturbations);
 * }
 * }</pre>
 */
public final class Settings {

    private static final Settings NONE = new Settings(List.of());

    private final List<Setting> all;

    /** An option. Arrays are kept as lists, so that they compare by content. */
    private record Setting(String name, @Nullable Object value) {

        @Override
        public String toString() {
            return name + "=" + value;
        }
    }

    private Settings(List<Setting> all) {
        this.all = all;
    }

    /**
     * Returns the settings of a layer without options.
     *
     * @return empty settings
     */
    public static Settings none() {
        return NONE;
    }

    /**
     * Adds an option.
     *
     * @param name as in the layer's text
     * @param value compared by {@code equals}; null if it is not set
     * @return new settings
     */
    public Settings with(String name, @Nullable Object value) {
        List<Setting> more = new ArrayList<>(all);
        more.add(new Setting(name, value));
        return new Settings(more);
    }

    /**
     * Adds an option that is an array.
     *
     * @param name as in the layer's text
     * @param values compared one by one; null if it is not set
     * @return new settings
     */
    public Settings with(String name, long @Nullable [] values) {
        return with(name, values == null ? null : Arrays.stream(values).boxed().toList());
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof Settings that && all.equals(that.all);
    }

    @Override
    public int hashCode() {
        return all.hashCode();
    }

    /** Returns the options as {@code a=1, b=2}. */
    @Override
    public String toString() {
        return all.stream().map(Setting::toString).collect(Collectors.joining(", "));
    }
}
