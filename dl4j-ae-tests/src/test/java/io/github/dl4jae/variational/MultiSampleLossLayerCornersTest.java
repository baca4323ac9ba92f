package io.github.dl4jae.variational;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.dl4jae.likelihood.LossBernoulli;
import org.junit.jupiter.api.Test;

class MultiSampleLossLayerCornersTest {

    @Test
    void bound_ofNull_isRefused() {
        MultiSampleLossLayer.Builder builder = new MultiSampleLossLayer.Builder(new LossBernoulli());

        assertThatThrownBy(() -> builder.bound(null))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("MultiSampleLossLayer: bound must be given, got null; omit it for IMPORTANCE_WEIGHTED");
        assertThat(builder.build().getBound()).isEqualTo(MultiSampleLossLayer.Bound.IMPORTANCE_WEIGHTED);
    }
}
