package io.github.dl4jae;

import io.github.dl4jae.internal.layer.UnitAxis;
import java.util.List;
import java.util.function.Supplier;
import org.nd4j.shade.jackson.annotation.JsonProperty;

/** Mentions an internal type in every place that users see: {@link ArchitectureTest} must report it. */
public final class MentionsInternals implements Supplier<UnitAxis> {
    public UnitAxis field;

    @JsonProperty
    private UnitAxis json;

    public MentionsInternals(UnitAxis inConstructor) {}

    public void parameter(UnitAxis inParameter) {}

    public List<? extends UnitAxis> result() {
        return List.of();
    }

    @Override
    public UnitAxis get() {
        return json;
    }

    /** Mentions internal types in private members only. */
    public static final class KeepsInternals {
        private UnitAxis field;

        private UnitAxis field() {
            return field;
        }

        @Override
        public String toString() {
            return "KeepsInternals " + field();
        }
    }
}
