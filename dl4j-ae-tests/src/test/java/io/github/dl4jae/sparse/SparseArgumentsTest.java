package io.github.dl4jae.sparse;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.nd4j.linalg.schedule.ISchedule;

class SparseArgumentsTest {

    @Test
    void k_ofNull_isRefusedByName() {
        assertThatThrownBy(() -> new TopKLayer.Builder().k((ISchedule) null))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("TopKLayer: k must be given, got null; use k(int) for a constant");
    }

    @Test
    void penalty_ofNull_isRefusedByName() {
        assertThatThrownBy(() -> new ActivityRegularizationLayer.Builder().penalty(null))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("ActivityRegularizationLayer: penalty must be given, got null");
    }
}
