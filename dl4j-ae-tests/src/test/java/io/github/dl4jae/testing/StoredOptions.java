package io.github.dl4jae.testing;

import static org.assertj.core.api.Assertions.assertThat;

import org.deeplearning4j.nn.conf.MultiLayerConfiguration;
import org.deeplearning4j.nn.conf.layers.Layer;

/** Assertions on the options of a layer that are stored with a network. */
public final class StoredOptions {

    private StoredOptions() {}

    /** Requires that JSON, YAML and copies of the first layer are equal to it, and returns this layer. */
    public static Layer assertSurviveJsonYamlAndClone(MultiLayerConfiguration configuration) {
        Layer kept = firstLayer(configuration);
        Layer fromJson = firstLayer(MultiLayerConfiguration.fromJson(configuration.toJson()));
        assertThat(fromJson).isEqualTo(kept).hasSameHashCodeAs(kept).hasToString(kept.toString());
        assertThat(firstLayer(MultiLayerConfiguration.fromYaml(configuration.toYaml())))
                .isEqualTo(kept);
        assertThat(kept.clone()).isEqualTo(kept).isNotSameAs(kept);
        assertThat(kept.toString()).startsWith(kept.getClass().getSimpleName() + "(");
        return kept;
    }

    private static Layer firstLayer(MultiLayerConfiguration configuration) {
        return configuration.getConf(0).getLayer();
    }
}
