package io.github.dl4jae.training;

import io.github.dl4jae.internal.layer.Require;
import java.util.ArrayList;
import java.util.List;
import org.deeplearning4j.nn.api.Layer;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.layers.BaseLayer;
import org.nd4j.linalg.learning.config.IUpdater;
import org.nd4j.shade.jackson.databind.JsonNode;

/** The learning rates of a network, which a plateau multiplies by a factor. */
final class LearningRates {

    /** The updaters of a layer with a rate of their own, and the rates at the beginning. */
    private record Rate(Layer layer, IUpdater updater, double initial) {}

    private final NetworkAdapter network;
    private final List<Rate> rates = new ArrayList<>();

    LearningRates(NetworkAdapter network) {
        this.network = network;
        for (Layer layer : network.layers()) {
            if (layer.conf().getLayer() instanceof BaseLayer base) {
                add(layer, base.getIUpdater());
                add(layer, base.getBiasUpdater());
            }
        }
    }

    private void add(Layer layer, IUpdater updater) {
        if (updater != null && updater.hasLearningRate()) {
            rates.add(new Rate(layer, updater, updater.getLearningRate(0, 0)));
        }
    }

    /** Refuses schedules, which know nothing of plateaus. */
    void requireConstant() {
        for (Rate rate : rates) {
            JsonNode schedule =
                    NeuralNetConfiguration.mapper().valueToTree(rate.updater()).findPath("learningRateSchedule");
            boolean scheduled = !schedule.isMissingNode() && !schedule.isNull();
            Require.that(
                    !scheduled,
                    "Trainer",
                    "the learning rate must be constant for reduceLearningRate(…)",
                    "a schedule in layer '" + rate.layer().conf().getLayer().getLayerName() + "'",
                    "leave out one of the two");
        }
        Require.that(
                !rates.isEmpty(), "Trainer", "reduceLearningRate(…) needs layers with a learning rate", "none", "");
    }

    /** Sets all rates to a multiple of those at the beginning. */
    void multiply(double factor) {
        for (Rate rate : rates) {
            rate.updater().setLrAndSchedule(rate.initial() * factor, null);
        }
        for (Rate rate : rates) {
            if (rate.layer().conf().getLayer() instanceof BaseLayer base && base.getIUpdater() == rate.updater()) {
                network.setLearningRate(rate.layer(), rate.initial() * factor);
            }
        }
    }

    /** Returns the largest rate. */
    double largest() {
        return rates.stream().mapToDouble(Rate::initial).max().orElse(0);
    }
}
