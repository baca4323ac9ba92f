package io.github.dl4jae.bundle;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;

class LoadOptionsTest {

    @Test
    void options_collectNames() {
        LoadOptions options = new LoadOptions.Builder()
                .maxBytes(5)
                .maxJsonBytes(6)
                .allowClasses("a.B", "a.C")
                .allowClasses("a.D")
                .ignoreEntries("x.bin")
                .build();

        assertThat(options)
                .hasToString("LoadOptions(maxBytes=5, maxJsonBytes=6, allowedClasses=[a.B, a.C, a.D],"
                        + " ignoredEntries=[x.bin])");
        assertThat(LoadOptions.defaults())
                .hasToString("LoadOptions(maxBytes=1073741824, maxJsonBytes=8388608, allowedClasses=[],"
                        + " ignoredEntries=[])");
    }

    @Test
    void limits_thatAreNotPositive_areRefused() {
        LoadOptions.Builder builder = new LoadOptions.Builder();

        assertThatThrownBy(() -> builder.maxBytes(0)).hasMessage("LoadOptions: maxBytes must be above 0, got 0");
        assertThatThrownBy(() -> builder.maxJsonBytes(-1)).hasMessageContaining("must be at least 1, got -1");
        assertThatThrownBy(() -> builder.allowClasses((String) null)).hasMessageContaining("must be given");
    }

    @Test
    void threshold_needsANameAndAFiniteValue() {
        assertThatThrownBy(() -> new Threshold(" ", 1)).hasMessageContaining("score must not be empty");
        assertThatThrownBy(() -> new Threshold("a", Double.NaN)).hasMessage("Threshold: value must be finite, got NaN");
    }
}
