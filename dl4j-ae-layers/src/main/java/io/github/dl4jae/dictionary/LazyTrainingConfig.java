package io.github.dl4jae.dictionary;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import org.deeplearning4j.nn.api.TrainingConfig;
import org.deeplearning4j.nn.conf.GradientNormalization;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.learning.config.IUpdater;
import org.nd4j.linalg.learning.config.NoOp;
import org.nd4j.linalg.learning.regularization.Regularization;

/**
 * The training configuration of a {@link DictionaryLayer}, with {@link LazyAdam} in place of Adam for both matrices,
 * and no updates for the state.
 */
final class LazyTrainingConfig implements TrainingConfig {

    private final DictionaryLayer layer;
    private final Supplier<int[]> active;
    /** By parameter, with the updater of the layer that they stand for. */
    private final Map<String, Replacement> replacements = new LinkedHashMap<>();

    private record Replacement(IUpdater original, LazyAdam.Config lazy) {}

    LazyTrainingConfig(DictionaryLayer layer, Supplier<int[]> active) {
        this.layer = layer;
        this.active = active;
    }

    /** Forgets the moments of units that have got new weights. */
    void reset(int[] units) {
        replacements.values().forEach(replacement -> replacement.lazy().reset(units));
    }

    /** Returns whether the updater changes the rows of active units alone. */
    boolean isLazy() {
        return AdamSettings.of(layer.getUpdaterByParam(DictionaryParamInitializer.DECODER))
                .isPresent();
    }

    @Override
    public IUpdater getUpdaterByParam(String name) {
        if (name.equals(DictionaryParamInitializer.IDLE)
                || layer.getEncoder().stateParameters().contains(name)) {
            return new NoOp();
        }
        IUpdater updater = layer.getUpdaterByParam(name);
        boolean byUnit =
                name.equals(DictionaryParamInitializer.ENCODER) || name.equals(DictionaryParamInitializer.DECODER);
        return byUnit
                ? AdamSettings.of(updater)
                        .<IUpdater>map(adam -> lazy(name, updater, adam))
                        .orElse(updater)
                : updater;
    }

    private LazyAdam.Config lazy(String name, IUpdater updater, AdamSettings adam) {
        Replacement known = replacements.get(name);
        if (known == null || !known.original().equals(updater)) {
            known = new Replacement(updater, new LazyAdam.Config(adam, layer.getUnits(), active));
            replacements.put(name, known);
        }
        return known.lazy();
    }

    @Override
    public String getLayerName() {
        return layer.getLayerName();
    }

    @Override
    public List<Regularization> getRegularizationByParam(String name) {
        return layer.getRegularizationByParam(name);
    }

    @Override
    public boolean isPretrainParam(String name) {
        return layer.isPretrainParam(name);
    }

    @Override
    public GradientNormalization getGradientNormalization() {
        return layer.getGradientNormalization();
    }

    @Override
    public double getGradientNormalizationThreshold() {
        return layer.getGradientNormalizationThreshold();
    }

    @Override
    public void setDataType(DataType dataType) {
        layer.setDataType(dataType);
    }
}
