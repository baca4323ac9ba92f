package io.github.dl4jae.variational;

import static io.github.dl4jae.testing.Networks.initialized;
import static io.github.dl4jae.variational.SmallModels.examples;
import static io.github.dl4jae.variational.SmallModels.layers;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.github.dl4jae.likelihood.LossBernoulli;
import org.deeplearning4j.datasets.iterator.utilty.ListDataSetIterator;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.dataset.DataSet;
import org.nd4j.linalg.learning.config.NoOp;

class LikelihoodEstimateCornersTest {

    @ParameterizedTest
    @CsvSource({"1, 1", "1, 5", "4, 5"})
    void figures_doNotDependOnMinibatches(int components, int samples) {
        requireFiguresOfMinibatches(components, samples);
    }

    /** 3000 samples of 20 examples do not go through the network at once, those of 3 or 7 do. */
    @Tag("slow")
    @Test
    void figures_ofManySamples_doNotDependOnMinibatches() {
        requireFiguresOfMinibatches(1, 3000);
    }

    private static void requireFiguresOfMinibatches(int components, int samples) {
        GaussianLatentLayer.Builder latents = new GaussianLatentLayer.Builder();
        if (components > 1) {
            latents.prior(new LatentPrior.GaussianMixture(components));
        }
        VariationalModel model = VariationalModel.of(
                initialized(layers(DataType.DOUBLE, new NoOp(), latents, new LossBernoulli())), "z");
        INDArray x = examples(DataType.DOUBLE, 20);
        LikelihoodEstimate whole = LikelihoodEstimate.estimate(model, x, samples, 6);

        for (int batch : new int[] {3, 7}) {
            LikelihoodEstimate parts = LikelihoodEstimate.estimate(
                    model, new ListDataSetIterator<>(new DataSet(x, x).asList(), batch), samples, 6);
            assertThat(parts.elboPerExample()).containsExactly(whole.elboPerExample(), within(1e-6));
            assertThat(parts.logLikelihoodPerExample()).containsExactly(whole.logLikelihoodPerExample(), within(1e-6));
            assertThat(parts.elbo()).isCloseTo(whole.elbo(), within(1e-6));
            assertThat(parts.reconstruction()).isCloseTo(whole.reconstruction(), within(1e-6));
            assertThat(parts.klDivergence()).isCloseTo(whole.klDivergence(), within(1e-6));
            assertThat(parts.negativeLogLikelihood()).isCloseTo(whole.negativeLogLikelihood(), within(1e-6));
            assertThat(parts.divergencePerLatent()).containsExactly(whole.divergencePerLatent(), within(1e-6));
        }
        assertThat(LikelihoodEstimate.estimate(model, x, samples, 7).elbo()).isNotEqualTo(whole.elbo());
    }
}
