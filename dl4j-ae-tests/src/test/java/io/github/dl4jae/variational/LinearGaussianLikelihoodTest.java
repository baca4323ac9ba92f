package io.github.dl4jae.variational;

import static io.github.dl4jae.testing.Networks.initialized;
import static io.github.dl4jae.variational.LinearGaussianModel.CENTER;
import static io.github.dl4jae.variational.LinearGaussianModel.DEVIATION;
import static io.github.dl4jae.variational.LinearGaussianModel.LOADINGS;
import static io.github.dl4jae.variational.LinearGaussianModel.probabilisticPca;
import static io.github.dl4jae.variational.SmallModels.examples;
import static io.github.dl4jae.variational.SmallModels.layers;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.github.dl4jae.likelihood.LossBernoulli;
import java.util.Arrays;
import org.apache.commons.math3.distribution.MultivariateNormalDistribution;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.learning.config.Adam;

@Tag("slow")
class LinearGaussianLikelihoodTest {
    private static double exactLogLikelihood(INDArray x) {
        double[][] covariance = new double[4][4];
        for (int i = 0; i < 4; i++) {
            for (int j = 0; j < 4; j++) {
                covariance[i][j] = LOADINGS[0][i] * LOADINGS[0][j]
                        + LOADINGS[1][i] * LOADINGS[1][j]
                        + (i == j ? DEVIATION * DEVIATION : 0);
            }
        }
        MultivariateNormalDistribution exact = new MultivariateNormalDistribution(CENTER, covariance);
        return Arrays.stream(x.toDoubleMatrix())
                .mapToDouble(row -> Math.log(exact.density(row)))
                .average()
                .orElseThrow();
    }

    @ParameterizedTest
    @ValueSource(doubles = {1, 1.5})
    void logLikelihood_ofALinearGaussianModel_isExactToThreeDecimals(double varianceFactor) {
        Nd4j.getRandom().setSeed(4);
        INDArray x = Nd4j.randn(DataType.DOUBLE, 20, 4);
        VariationalModel model = VariationalModel.of(probabilisticPca(varianceFactor), "z");
        double exact = exactLogLikelihood(x);
        LikelihoodEstimate evidence = LikelihoodEstimate.estimate(model, x, 50_000, 1);
        assertThat(-evidence.negativeLogLikelihood()).isCloseTo(exact, within(5e-4));
        assertThat(evidence.elbo()).isLessThan(exact - 0.01);
        assertThat(evidence.bitsPerDimension()).isCloseTo(-exact / 4 / Math.log(2), within(5e-4));
    }

    /** The gap is KL(q‖p(z|x)), whose closed form for two Gaussians is independent of the code under test. */
    @Test
    void elbo_ofALinearGaussianModel_isTheLikelihoodLessTheDivergenceFromThePosterior() {
        Nd4j.getRandom().setSeed(4);
        INDArray x = Nd4j.randn(DataType.DOUBLE, 20, 4);
        double[][] m = new double[2][2];
        for (int i = 0; i < 2; i++) {
            for (int j = 0; j < 2; j++) {
                for (int d = 0; d < 4; d++) {
                    m[i][j] += LOADINGS[i][d] * LOADINGS[j][d];
                }
                m[i][j] += i == j ? DEVIATION * DEVIATION : 0;
            }
        }
        double determinant = m[0][0] * m[1][1] - m[0][1] * m[1][0];
        // the same means; S_q = 1.5 diag(S), S = s² M⁻¹: ½(tr(S⁻¹ S_q) − 2 + ln|S| − ln|S_q|)
        double first = DEVIATION * DEVIATION * m[1][1] / determinant;
        double second = DEVIATION * DEVIATION * m[0][0] / determinant;
        double trace = 1.5 * (m[0][0] * first + m[1][1] * second) / (DEVIATION * DEVIATION);
        double logS = 4 * Math.log(DEVIATION) - Math.log(determinant);
        double gap = 0.5 * (trace - 2 + logS - Math.log(1.5 * first) - Math.log(1.5 * second));
        LikelihoodEstimate evidence =
                LikelihoodEstimate.estimate(VariationalModel.of(probabilisticPca(1.5), "z"), x, 50_000, 1);
        assertThat(evidence.elbo()).isCloseTo(exactLogLikelihood(x) - gap, within(2e-3));
    }

    private static VariationalModel bernoulliModel() {
        return VariationalModel.of(
                initialized(layers(
                        DataType.DOUBLE, new Adam(0.01), new GaussianLatentLayer.Builder(), new LossBernoulli())),
                "z");
    }

    /** ELBO and the mean of ln w have the same expectation: the terms of one sample are unbiased. */
    @Test
    void oneSample_estimatesTheElbo() {
        INDArray x = examples(DataType.DOUBLE, 20_000);
        VariationalModel model = bernoulliModel();
        LikelihoodEstimate one = LikelihoodEstimate.estimate(model, x, 1, 3);
        assertThat(-one.negativeLogLikelihood()).isCloseTo(one.elbo(), within(0.03));
        assertThat(LikelihoodEstimate.estimate(model, x, 20, 3).negativeLogLikelihood())
                .isLessThan(-one.elbo());
    }

    @Test
    void samples_inSeveralBatches_giveTheSameAsInOne() {
        INDArray x = examples(DataType.DOUBLE, 3);
        VariationalModel model = bernoulliModel();
        GaussianPosterior q = model.posterior(x);
        LikelihoodEstimate many =
                LikelihoodEstimate.estimate(model, x, 30_000, 3); // 10,922 samples of three examples fit in a batch
        LikelihoodEstimate first =
                LikelihoodEstimate.estimate(model, x.getRow(0, true), 30_000, 3); // all of one example do
        assertThat(first.logLikelihoodPerExample()[0]).isCloseTo(many.logLikelihoodPerExample()[0], within(1e-9));
        assertThat(first.elboPerExample()[0]).isCloseTo(many.elboPerExample()[0], within(1e-9));
        assertThat(many.klDivergence())
                .isCloseTo(Arrays.stream(q.divergence(null)).average().orElseThrow(), within(1e-12));
        assertThat(LikelihoodEstimate.estimate(model, x, 30_000, 3).elboPerExample())
                .containsExactly(many.elboPerExample());
    }
}
