package io.github.dl4jae.internal.layer;

import org.deeplearning4j.nn.conf.layers.FeedForwardLayer;

/**
 * The settings that a builder of Deeplearning4j holds for every layer with parameters. Some stock layers close their
 * constructors to subclasses; these copy the settings instead.
 */
public final class BuilderSettings {

    private BuilderSettings() {}

    /**
     * Copies settings.
     *
     * @param from a builder
     * @param to a layer of no settings yet
     */
    public static void copy(FeedForwardLayer.Builder<?> from, FeedForwardLayer to) {
        to.setLayerName(from.getLayerName());
        to.setIDropout(from.getIDropout());
        to.setActivationFn(from.getActivationFn());
        to.setWeightInitFn(from.getWeightInitFn());
        to.setBiasInit(from.getBiasInit());
        to.setGainInit(from.getGainInit());
        to.setRegularization(from.getRegularization());
        to.setRegularizationBias(from.getRegularizationBias());
        to.setIUpdater(from.getIupdater());
        to.setBiasUpdater(from.getBiasUpdater());
        to.setGradientNormalization(from.getGradientNormalization());
        to.setGradientNormalizationThreshold(from.getGradientNormalizationThreshold());
        to.setWeightNoise(from.getWeightNoise());
        to.setNIn(from.getNIn());
        to.setNOut(from.getNOut());
    }
}
