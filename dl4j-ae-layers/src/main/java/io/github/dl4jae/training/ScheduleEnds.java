package io.github.dl4jae.training;

import io.github.dl4jae.internal.layer.ScheduledLayer;
import io.github.dl4jae.internal.layer.TrainingTime;
import io.github.dl4jae.schedule.ScheduleValues;
import java.util.Arrays;
import java.util.List;
import java.util.function.DoubleSupplier;
import org.deeplearning4j.nn.api.Layer;
import org.deeplearning4j.nn.api.Model;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.deeplearning4j.nn.layers.FrozenLayer;
import org.deeplearning4j.nn.layers.FrozenLayerWithBackprop;
import org.deeplearning4j.nn.layers.wrapper.BaseWrapperLayer;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.jspecify.annotations.Nullable;

/**
 * The ends of the schedules of a network's layers. Frozen layers stay where they are.
 *
 * <p>The schedules of this library have a final value, which they hold; other schedules do not, and are taken at the
 * planned end of training.
 */
final class ScheduleEnds {

    /** Later than the end of every schedule; small enough to be added to counts. */
    private static final TrainingTime FAR = new TrainingTime(1 << 28, 1 << 28);

    private final List<ScheduledLayer> layers;
    private final @Nullable TrainingTime given;
    private final TrainingTime planned;

    /**
     * Prepares the ends.
     *
     * @param given the end of all schedules; null to find it
     * @param planned the counts of the network at the planned end of training
     */
    ScheduleEnds(Model network, @Nullable TrainingTime given, TrainingTime planned) {
        this.layers = layers(network).stream()
                .filter(ScheduledLayer.class::isInstance)
                .map(ScheduledLayer.class::cast)
                .toList();
        this.given = given;
        this.planned = planned;
    }

    private static List<Layer> layers(Model network) {
        Layer[] layers = network instanceof MultiLayerNetwork stack
                ? stack.getLayers()
                : ((ComputationGraph) network).getLayers();
        return Arrays.stream(layers).map(ScheduleEnds::unfrozen).toList();
    }

    /** Takes a layer out of its wrappers, unless one of them freezes it. */
    private static Layer unfrozen(Layer layer) {
        Layer inner = layer;
        while (inner instanceof BaseWrapperLayer wrapper
                && !(inner instanceof FrozenLayer || inner instanceof FrozenLayerWithBackprop)) {
            inner = wrapper.getUnderlying();
        }
        return inner;
    }

    private TrainingTime end(ScheduledLayer layer) {
        if (given != null) {
            return given;
        }
        return ScheduleValues.of(layer.schedule()).isEmpty() ? layer.clock().timeOf(planned) : FAR;
    }

    /** Holds the layers at the ends of their schedules while a score is computed. */
    double during(DoubleSupplier score) {
        layers.forEach(layer -> layer.clock().hold(end(layer)));
        try {
            return score.getAsDouble();
        } finally {
            layers.forEach(layer -> layer.clock().release());
        }
    }

    /** Leaves the layers at the ends of their schedules, as if training had reached them. */
    void reach() {
        for (ScheduledLayer layer : layers) {
            layer.reach(end(layer));
            layer.clock().restart(null, false);
        }
    }
}
