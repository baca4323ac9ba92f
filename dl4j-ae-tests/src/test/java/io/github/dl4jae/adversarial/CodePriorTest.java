package io.github.dl4jae.adversarial;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import org.junit.jupiter.api.Test;
import org.nd4j.linalg.api.ndarray.INDArray;

class CodePriorTest {

    private static final int ROWS = 20_000;

    private static INDArray samples(CodePrior prior, int latents) {
        return new PriorSamples(new AdversarialMode.Unsupervised(latents), prior, 3).latents(ROWS, 0);
    }

    @Test
    void normal_hasItsDeviation() {
        INDArray samples = samples(new CodePrior.Normal(5), 3);

        assertThat(samples.std(0).toDoubleVector()).containsExactly(new double[] {5, 5, 5}, within(0.1));
        assertThat(samples.mean(0).toDoubleVector()).containsExactly(new double[] {0, 0, 0}, within(0.15));
    }

    @Test
    void ring_hasEquallyLikelyPetalsAtItsRadius() {
        double[][] samples = samples(new CodePrior.Ring(4, 3, 0.5, 0.1), 2).toDoubleMatrix();

        double radius = 0;
        int right = 0;
        for (double[] z : samples) {
            radius += Math.hypot(z[0], z[1]) / ROWS;
            right += z[0] > 1 ? 1 : 0;
        }
        assertThat(radius).isCloseTo(3, within(0.02));
        assertThat(right / (double) ROWS).isCloseTo(0.25, within(0.01));
    }

    @Test
    void swissRoll_liesOnItsSpiral() {
        double[][] samples = samples(new CodePrior.SwissRoll(2, 3, 1e-6), 2).toDoubleMatrix();

        for (double[] z : samples) {
            double angle = 4 * Math.PI * Math.hypot(z[0], z[1]) / 3;
            assertThat(z[0]).isCloseTo(Math.hypot(z[0], z[1]) * Math.cos(angle), within(1e-3));
        }
    }

    @Test
    void planePriors_ofOneLatent_areRefused() {
        assertThatThrownBy(() -> new CodePrior.Ring(4, 3, 0.5, 0.1).requireLatents(1))
                .hasMessageContaining("at least 2 latents");
        assertThatThrownBy(() -> new CodePrior.SwissRoll(2, 3, 0.1).requireLatents(1))
                .hasMessageContaining("at least 2 latents");
    }

    @Test
    void categories_areOneHotAndEquallyLikely() {
        INDArray y =
                new PriorSamples(new AdversarialMode.Clustering(4, 1), new CodePrior.Normal(1), 3).categories(ROWS, 0);

        assertThat(y.mean(0).toDoubleVector()).containsExactly(new double[] {0.25, 0.25, 0.25, 0.25}, within(0.01));
        assertThat(y.max(1).minNumber().doubleValue()).isOne();
        assertThat(y.sum(1).maxNumber().doubleValue()).isOne();
    }
}
