package io.github.dl4jae.training;

import static io.github.dl4jae.testing.Networks.initialized;
import static io.github.dl4jae.variational.SmallModels.examples;
import static io.github.dl4jae.variational.SmallModels.layers;
import static io.github.dl4jae.variational.SmallModels.multiSample;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.github.dl4jae.data.SyntheticDigits;
import io.github.dl4jae.dense.FastDenseLayer;
import io.github.dl4jae.dense.FastOutputLayer;
import io.github.dl4jae.likelihood.LossBernoulli;
import io.github.dl4jae.likelihood.LossGaussian;
import io.github.dl4jae.schedule.LinearSchedule;
import io.github.dl4jae.variational.GaussianLatentLayer;
import io.github.dl4jae.variational.LikelihoodEstimate;
import io.github.dl4jae.variational.VariationalModel;
import java.util.Random;
import org.deeplearning4j.datasets.iterator.utilty.ListDataSetIterator;
import org.deeplearning4j.earlystopping.EarlyStoppingConfiguration;
import org.deeplearning4j.earlystopping.EarlyStoppingResult;
import org.deeplearning4j.earlystopping.scorecalc.DataSetLossCalculator;
import org.deeplearning4j.earlystopping.scorecalc.ScoreCalculator;
import org.deeplearning4j.earlystopping.termination.MaxEpochsTerminationCondition;
import org.deeplearning4j.earlystopping.trainer.EarlyStoppingTrainer;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.inputs.InputType;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.nd4j.linalg.activations.Activation;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.dataset.DataSet;
import org.nd4j.linalg.dataset.adapter.SingletonDataSetIterator;
import org.nd4j.linalg.dataset.api.iterator.DataSetIterator;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.learning.config.Adam;
import org.nd4j.linalg.learning.config.Sgd;
import org.nd4j.linalg.schedule.ScheduleType;

@Tag("slow")
class ElboScoreCalculatorTest {

    private static MultiLayerNetwork withWarmUp() {
        MultiLayerNetwork network = new MultiLayerNetwork(new NeuralNetConfiguration.Builder()
                .seed(5)
                .updater(new Adam(1e-2))
                .activation(Activation.TANH)
                .list()
                .layer(new FastDenseLayer.Builder().nOut(16).build())
                .layer(new GaussianLatentLayer.Builder()
                        .name("z")
                        .nOut(2)
                        .beta(new LinearSchedule(ScheduleType.EPOCH, 0, 1, 10))
                        .build())
                .layer(new FastDenseLayer.Builder().nOut(16).build())
                .layer(new FastOutputLayer.Builder(new LossGaussian(0.3))
                        .nOut(5)
                        .build())
                .setInputType(InputType.feedForward(5))
                .build());
        network.init();
        return network;
    }

    /** Five values that depend on two latents, with a little noise. */
    private static INDArray curved(int count, long seed) {
        Random random = new Random(seed);
        INDArray x = Nd4j.create(DataType.FLOAT, count, 5);
        for (int i = 0; i < count; i++) {
            double u = random.nextGaussian();
            double v = random.nextGaussian();
            double[] clean = {u, v, Math.sin(u), u * v / 2, Math.cos(v)};
            for (int j = 0; j < 5; j++) {
                x.putScalar(i, j, clean[j] + 0.1 * random.nextGaussian());
            }
        }
        return x;
    }

    private static DataSetIterator iterator(INDArray x, int batch) {
        return new ListDataSetIterator<>(new DataSet(x, x).batchBy(batch), batch);
    }

    private static EarlyStoppingResult<MultiLayerNetwork> stopped(ScoreCalculator<?> calculator, DataSetIterator data) {
        return new EarlyStoppingTrainer(
                        new EarlyStoppingConfiguration.Builder<MultiLayerNetwork>()
                                .epochTerminationConditions(new MaxEpochsTerminationCondition(14))
                                .scoreCalculator(calculator)
                                .evaluateEveryNEpochs(1)
                                .build(),
                        withWarmUp(),
                        data)
                .fit();
    }

    private static double elbo(MultiLayerNetwork network, INDArray x) {
        return LikelihoodEstimate.estimate(VariationalModel.of(network, "z"), x, 5, 3)
                .elbo();
    }

    @Test
    void earlyStopping_duringWarmUp_findsTheBestBound() {
        DataSetIterator train = iterator(curved(3000, 1), 10);
        INDArray held = curved(500, 2);
        DataSetIterator validation = iterator(held, 100);

        var byLoss = stopped(new DataSetLossCalculator(validation, true), train);
        var byElbo = stopped(new ElboScoreCalculator.Builder(validation, "z").build(), train);

        assertThat(byLoss.getBestModelEpoch()).isLessThan(6);
        assertThat(byElbo.getBestModelEpoch()).isGreaterThan(byLoss.getBestModelEpoch());
        assertThat(elbo(byElbo.getBestModel(), held)).isGreaterThan(elbo(byLoss.getBestModel(), held) + 0.3);
    }

    @Test
    void score_isNegativeReconstructionPlusBetaTimesDivergence() {
        INDArray x = examples(DataType.DOUBLE, 7);
        MultiLayerNetwork network = initialized(layers(
                DataType.DOUBLE, new Sgd(0.1), new GaussianLatentLayer.Builder().beta(0.1), new LossBernoulli()));
        DataSetIterator data = new SingletonDataSetIterator(new DataSet(x, x));
        LikelihoodEstimate evidence = LikelihoodEstimate.estimate(VariationalModel.of(network, "z"), x, 1, 1);

        ElboScoreCalculator<MultiLayerNetwork> calculator = new ElboScoreCalculator.Builder(data, "z").build();
        assertThat(calculator.calculateScore(network)).isCloseTo(-evidence.elbo(), within(1e-12));
        assertThat(calculator.calculateScore(network)).isEqualTo(calculator.calculateScore(network));
        assertThat(new ElboScoreCalculator.Builder(data, "z").beta(4).build().calculateScore(network))
                .isCloseTo(-evidence.reconstruction() + 4 * evidence.klDivergence(), within(1e-12));
        assertThat(calculator.minimizeScore()).isTrue();
        double many = -LikelihoodEstimate.estimate(VariationalModel.of(network, "z"), x, 50, 1)
                .elbo();
        assertThat(new ElboScoreCalculator.Builder(data, "z")
                        .samples(50)
                        .build()
                        .calculateScore(network))
                .isCloseTo(many, within(1e-12));
    }

    @Test
    void graph_isScoredByTheOutputThatIsNamed() {
        INDArray x = examples(DataType.DOUBLE, 7);
        ComputationGraph graph = multiSample(new Sgd(0.1), 2);
        DataSetIterator data = new SingletonDataSetIterator(new DataSet(x, x));
        double expected = -LikelihoodEstimate.estimate(VariationalModel.of(graph, "z"), x, 1, 1)
                .elbo();
        ElboScoreCalculator.Builder calculator = new ElboScoreCalculator.Builder(data, "z");

        assertThat(calculator.build().calculateScore(graph)).isCloseTo(expected, within(1e-12));
        assertThat(calculator.output("out").build().calculateScore(graph)).isCloseTo(expected, within(1e-12));
        assertThatThrownBy(() -> calculator.output("in").build().calculateScore(graph))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("outputVertex must name an output of the graph, got 'in'; its outputs are [out]");
    }

    @Test
    void wrongOptions_areRefused() {
        ElboScoreCalculator.Builder calculator = new ElboScoreCalculator.Builder(
                SyntheticDigits.generate(2, 1).iterator(2).build(), "z");
        assertThatThrownBy(() -> calculator.beta(-1))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("beta must be at least 0 and finite, got -1.0");
        assertThatThrownBy(() -> calculator.samples(0))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("samples must be at least 1, got 0");
    }
}
