package io.github.dl4jae.variational;

import static io.github.dl4jae.testing.Networks.initialized;
import static io.github.dl4jae.variational.LatentNetworks.data;
import static io.github.dl4jae.variational.LatentNetworks.latents;
import static io.github.dl4jae.variational.LatentNetworks.network;
import static io.github.dl4jae.variational.SmallModels.examples;
import static io.github.dl4jae.variational.SmallModels.layers;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.github.dl4jae.likelihood.LossBernoulli;
import io.github.dl4jae.schedule.CyclicalSchedule;
import java.util.List;
import java.util.stream.IntStream;
import org.deeplearning4j.nn.conf.MultiLayerConfiguration;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.deeplearning4j.nn.workspace.LayerWorkspaceMgr;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.dataset.DataSet;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.learning.config.Sgd;
import org.nd4j.linalg.schedule.ScheduleType;

class GaussianLatentLayerLimitsTest {
    @ParameterizedTest
    @CsvSource({"0, 0", "9.99, 9.99", "-10, -10", "20, 17.61594155955765", "1e9, 20", "-1e300, -20"})
    void logVariance_isBentTowardsABound(double a, double expected) {
        assertThat(LogVarianceBound.value(a)).isCloseTo(expected, within(1e-12));
        double step = Math.max(1, Math.abs(a)) * 1e-6;
        double slope = (LogVarianceBound.value(a + step) - LogVarianceBound.value(a - step)) / (2 * step);
        assertThat(LogVarianceBound.derivative(a)).isCloseTo(slope, within(1e-5));
    }

    @ParameterizedTest
    @ValueSource(doubles = {0, 1})
    void extremeExamples_giveFiniteScores(double value) {
        for (int rows : new int[] {1, 5}) {
            MultiLayerNetwork network = initialized(layers(
                    DataType.FLOAT,
                    new Sgd(10),
                    latents()
                            .regularizer(new TotalCorrelation(5, 100))
                            .regularizer(new MaximumMeanDiscrepancy(10))
                            .regularizer(new DisentangledInferredPrior(1, 1, DisentangledInferredPrior.Target.CODES)),
                    new LossBernoulli()));
            INDArray x = Nd4j.valueArrayOf(new long[] {rows, 5}, value, DataType.FLOAT);
            for (int i = 0; i < 3; i++) {
                network.fit(x, x);
                assertThat(network.score()).isFinite();
            }
            assertThat(network.params().sumNumber().doubleValue()).isFinite();
        }
    }

    @Test
    void hugeActivations_giveFiniteGradients() {
        MultiLayerNetwork network = network(DataType.FLOAT, latents());
        network.getParam("1_W").muli(1e8);
        DataSet data = data(DataType.FLOAT, 4);
        network.fit(data);
        assertThat(network.score()).isFinite();
        assertThat(network.params().sumNumber().doubleValue()).isFinite();
    }

    @Test
    void examplesThatAreNoNumbers_areAClearError() {
        MultiLayerNetwork network = network(DataType.FLOAT, latents());
        INDArray x = examples(DataType.FLOAT, 4).putScalar(2, 3, Float.NaN);
        assertThatThrownBy(() -> network.fit(x, x))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("GaussianLatentLayer 'z': the KL divergence must be finite, got NaN");
    }

    @Test
    void valuesOutsideTheUnitInterval_areAClearErrorUnderBernoulli() {
        MultiLayerNetwork network = network(DataType.FLOAT, latents());
        INDArray x = examples(DataType.FLOAT, 4).muli(255);
        assertThatThrownBy(() -> network.fit(x, x))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("LossBernoulli: labels must be in [0, 1]");
    }

    @Test
    void wrongOptions_areClearErrors() {
        assertThatThrownBy(() -> latents().nIn(1).nOut(1).beta(-1).build())
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("beta must be at least 0 and finite, got -1.0 at all times");
        assertThatThrownBy(() -> latents().nIn(1).nOut(1).freeBits(-1).build())
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("freeBits must be at least 0");
        assertThatThrownBy(() -> latents().importanceSamples(0))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("importanceSamples must be at least 1, got 0");
        assertThatThrownBy(() -> latents()
                        .freeBits(1)
                        .prior(new LatentPrior.GaussianMixture(3))
                        .build())
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("freeBits must be 0 unless the prior is standard normal");
        for (GaussianLatentLayer.Builder wrong : List.of(
                latents().beta(2),
                latents().freeBits(1),
                latents().beta(new CyclicalSchedule(ScheduleType.EPOCH, 0, 1, 2, 1, 1)),
                latents().regularizer(new TotalCorrelation(2, 5)))) {
            assertThatThrownBy(() -> wrong.importanceSamples(5).build())
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining("importanceSamples must come with beta = 1");
        }
        assertThatThrownBy(() -> new LatentPrior.Vamp(0))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("components must be at least 1");
        assertThatThrownBy(() -> new TotalCorrelation(-1, 5))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("beta must be at least 0");
        assertThatThrownBy(() -> new MaximumMeanDiscrepancy(Double.NaN))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("weight must be");
        assertThatThrownBy(() -> new DisentangledInferredPrior(1, -1, DisentangledInferredPrior.Target.MEANS))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("both weights must be at least 0");
        assertThatThrownBy(() -> initialized(
                                layers(DataType.FLOAT, new Sgd(1), latents().importanceSamples(2), new LossBernoulli()))
                        .fit(data(DataType.FLOAT, 3)))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("needs a MultiSampleLossLayer as the output of a ComputationGraph");
    }

    /** The whole score is then a sum over examples, not only the loss. */
    @Test
    void minibatchAverage_turnedOff_leavesTheBalanceOfLossAndTermAsItIs() {
        GaussianLatentLayer.Builder[] options = {
            latents(),
            latents().beta(3).freeBits(0.1),
            latents().prior(new LatentPrior.GaussianMixture(2)).regularizer(new TotalCorrelation(4, 9))
        };
        for (GaussianLatentLayer.Builder option : options) {
            MultiLayerConfiguration configuration = layers(DataType.DOUBLE, new Sgd(0), option, new LossBernoulli());
            MultiLayerNetwork average = initialized(configuration);
            MultiLayerConfiguration off = configuration.clone();
            off.getConfs().forEach(layer -> layer.setMiniBatch(false));
            MultiLayerNetwork sum = initialized(off);
            sum.setParams(average.params());
            DataSet data = data(DataType.DOUBLE, 5);
            assertThat(sum.score(data, true)).isCloseTo(5 * average.score(data, true), within(1e-9));
        }
    }

    @Test
    void minibatchOfMaskedExamplesAlone_isFinite() {
        MultiLayerNetwork network = network(
                DataType.DOUBLE,
                latents().prior(new LatentPrior.GaussianMixture(2)).regularizer(new MaximumMeanDiscrepancy(1)));
        GaussianLatentLayerImpl layer = (GaussianLatentLayerImpl) network.getLayer(1);
        layer.setMaskArray(Nd4j.zeros(DataType.DOUBLE, 3, 1));
        layer.setInputMiniBatchSize(3);
        layer.activate(Nd4j.rand(DataType.DOUBLE, 3, 4), true, LayerWorkspaceMgr.noWorkspaces());
        assertThat(layer.calcRegularizationScore(true)).isZero();
    }

    @Test
    void masksOfWholeExamples_leaveThemOut() {
        MultiLayerNetwork network = network(DataType.DOUBLE, latents());
        GaussianLatentLayerImpl layer = (GaussianLatentLayerImpl) network.getLayer(1);
        LayerWorkspaceMgr workspaces = LayerWorkspaceMgr.noWorkspaces();
        INDArray input = Nd4j.rand(DataType.DOUBLE, 3, 4);
        layer.setMaskArray(Nd4j.createFromArray(new double[][] {{1}, {0}, {1}}));
        INDArray z = layer.activate(input, false, workspaces);
        assertThat(z.getRow(1).amaxNumber().doubleValue()).isZero();
        assertThat(z.getRow(2).amaxNumber().doubleValue()).isNotZero();
        double expected = IntStream.of(0, 2)
                .mapToDouble(i ->
                        GaussianPosterior.compute(layer, input.getRow(i, true)).divergence(null)[0])
                .sum();
        assertThat(layer.calcRegularizationScore(true)).isCloseTo(expected / 3, within(1e-12));
    }
}
