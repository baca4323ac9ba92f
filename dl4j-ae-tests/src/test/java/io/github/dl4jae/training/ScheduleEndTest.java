package io.github.dl4jae.training;

import static io.github.dl4jae.testing.Networks.initialized;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.github.dl4jae.concrete.ConcreteSelectorLayer;
import io.github.dl4jae.concrete.SelectorState;
import io.github.dl4jae.dense.FastDenseLayer;
import io.github.dl4jae.dense.FastOutputLayer;
import io.github.dl4jae.likelihood.LossGaussian;
import io.github.dl4jae.schedule.GeometricSchedule;
import io.github.dl4jae.schedule.LinearSchedule;
import io.github.dl4jae.sparse.TopKLayer;
import io.github.dl4jae.variational.GaussianLatentLayer;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.inputs.InputType;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.deeplearning4j.nn.transferlearning.TransferLearning;
import org.junit.jupiter.api.Test;
import org.nd4j.linalg.activations.Activation;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.dataset.DataSet;
import org.nd4j.linalg.dataset.adapter.SingletonDataSetIterator;
import org.nd4j.linalg.dataset.api.iterator.DataSetIterator;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.learning.config.Sgd;
import org.nd4j.linalg.lossfunctions.impl.LossL2;
import org.nd4j.linalg.schedule.ExponentialSchedule;
import org.nd4j.linalg.schedule.ISchedule;
import org.nd4j.linalg.schedule.ScheduleType;

/** Networks are validated with the final values of their schedules, and train with the current ones. */
class ScheduleEndTest {

    private static final INDArray X =
            Nd4j.linspace(DataType.DOUBLE, -1, 2.0 / 39, 40).reshape(8, 5);

    private static DataSetIterator data() {
        return new SingletonDataSetIterator(new DataSet(X, X));
    }

    private static MultiLayerNetwork variational(Object beta) {
        GaussianLatentLayer.Builder latents =
                new GaussianLatentLayer.Builder().name("z").nOut(2);
        return initialized(new NeuralNetConfiguration.Builder()
                .seed(5)
                .dataType(DataType.DOUBLE)
                .updater(new Sgd(0.01))
                .list()
                .layer(new FastDenseLayer.Builder().nOut(6).build())
                .layer((beta instanceof ISchedule schedule ? latents.beta(schedule) : latents.beta((Double) beta))
                        .build())
                .layer(new FastOutputLayer.Builder(new LossGaussian(0.3))
                        .nOut(5)
                        .build())
                .setInputType(InputType.feedForward(5)));
    }

    private static ComputationGraph sparse(ISchedule k) {
        return initialized(new NeuralNetConfiguration.Builder()
                .seed(5)
                .dataType(DataType.DOUBLE)
                .updater(new Sgd(0.01))
                .graphBuilder()
                .addInputs("x")
                .addLayer("encoder", new FastDenseLayer.Builder().nOut(9).build(), "x")
                .addLayer("code", new TopKLayer.Builder().k(k).build(), "encoder")
                .addLayer(
                        "out",
                        new FastOutputLayer.Builder(new LossGaussian()).nOut(5).build(),
                        "code")
                .setOutputs("out")
                .setInputTypes(InputType.feedForward(5)));
    }

    private static long activeUnits(ComputationGraph network) {
        return network.feedForward(X, false)
                        .get("code")
                        .neq(0)
                        .castTo(DataType.INT32)
                        .sumNumber()
                        .longValue()
                / X.size(0);
    }

    /** With the same parameters, the score is that of a network whose β is constant at its final value. */
    @Test
    void trainer_validatesAtTheFinalBeta_andTrainsWithTheCurrentOne() {
        MultiLayerNetwork network = variational(new LinearSchedule(ScheduleType.EPOCH, 0, 4, 50));
        MultiLayerNetwork byDeeplearning4j = variational(new LinearSchedule(ScheduleType.EPOCH, 0, 4, 50));
        MultiLayerNetwork constant = variational(4.0);

        TrainingResult result = new Trainer.Builder(network, data())
                .epochs(3)
                .validation(data())
                .restoreBest(false)
                .build()
                .fit();
        byDeeplearning4j.fit(data(), 3);
        constant.setParams(network.params());

        assertThat(network.params()).isEqualTo(byDeeplearning4j.params());
        assertThat(result.curve().get(2).validation()).isCloseTo(constant.score(new DataSet(X, X)), within(1e-12));
        assertThat(result.curve().get(2).validation()).isGreaterThan(network.score(new DataSet(X, X)) + 0.01);
    }

    /** The temperature of a selector acts in training alone: inference copies the columns of the largest logits. */
    @Test
    void trainer_validatesSelectors_withoutTheirTemperature() {
        MultiLayerNetwork network = initialized(new NeuralNetConfiguration.Builder()
                .seed(5)
                .dataType(DataType.DOUBLE)
                .updater(new Sgd(0.01))
                .list()
                .layer(new ConcreteSelectorLayer.Builder()
                        .nOut(2)
                        .temperature(new GeometricSchedule(ScheduleType.EPOCH, 10, 0.01, 50))
                        .build())
                .layer(new FastOutputLayer.Builder(new LossL2())
                        .nOut(5)
                        .activation(Activation.IDENTITY)
                        .build())
                .setInputType(InputType.feedForward(5)));

        TrainingResult result = new Trainer.Builder(network, data())
                .epochs(3)
                .validation(data())
                .restoreBest(false)
                .build()
                .fit();

        INDArray selected = X.getColumns(SelectorState.of(network).selectedColumns());
        INDArray found = selected.mmul(network.getParam("1_W")).addRowVector(network.getParam("1_b"));
        double expected = found.sub(X).norm2Number().doubleValue();
        assertThat(result.curve().get(2).validation()).isCloseTo(expected * expected / X.size(0), within(1e-12));
        assertThat(result.curve().get(2).training())
                .isNotCloseTo(result.curve().get(2).validation(), within(1e-3));
    }

    @Test
    void bestNetwork_keepsTheFinalK_withWhichItWasScored() {
        LinearSchedule k = new LinearSchedule(ScheduleType.EPOCH, 8, 2, 50);
        ComputationGraph last = sparse(k);
        ComputationGraph best = sparse(k);

        new Trainer.Builder(last, data())
                .epochs(3)
                .validation(data())
                .restoreBest(false)
                .build()
                .fit();
        new Trainer.Builder(best, data()).epochs(3).validation(data()).build().fit();

        assertThat(activeUnits(last)).isEqualTo(8); // 7.64 after three epochs
        assertThat(activeUnits(best)).isEqualTo(2);
        assertThat(best.getConfiguration().getEpochCount()).isEqualTo(3);
    }

    @Test
    void scheduleEnd_canBeSet() {
        MultiLayerNetwork network = variational(new LinearSchedule(ScheduleType.EPOCH, 0, 4, 4));
        TrainingResult result = new Trainer.Builder(network, data())
                .epochs(1)
                .validation(data())
                .scheduleEnd(0, 2)
                .restoreBest(false)
                .build()
                .fit();
        MultiLayerNetwork constant = variational(2.0);
        constant.setParams(network.params());

        assertThat(result.curve().get(0).validation()).isCloseTo(constant.score(new DataSet(X, X)), within(1e-12));
    }

    /** This schedule of Deeplearning4j has no final value: 4·0.5^t. */
    @Test
    void scheduleWithoutAFinalValue_isTakenAtThePlannedEnd() {
        MultiLayerNetwork network = variational(new ExponentialSchedule(ScheduleType.EPOCH, 4, 0.5));
        TrainingResult result = new Trainer.Builder(network, data())
                .epochs(2)
                .validation(data())
                .restoreBest(false)
                .build()
                .fit();
        MultiLayerNetwork constant = variational(1.0);
        MultiLayerNetwork oneEpoch = variational(4.0);
        oneEpoch.fit(data(), 1);
        constant.setParams(oneEpoch.params());

        assertThat(result.curve().get(0).validation()).isCloseTo(constant.score(new DataSet(X, X)), within(1e-12));
    }

    @Test
    void frozenLayer_staysWhereItIs() {
        MultiLayerNetwork trained = variational(new LinearSchedule(ScheduleType.EPOCH, 0, 4, 8));
        trained.fit(data(), 2);
        MultiLayerNetwork frozen =
                new TransferLearning.Builder(trained).setFeatureExtractor(1).build();

        TrainingResult result = new Trainer.Builder(frozen, data())
                .epochs(1)
                .validation(data())
                .build()
                .fit();

        assertThat(result.curve().get(0).validation()).isCloseTo(frozen.score(new DataSet(X, X)), within(1e-12));
    }

    @Test
    void calculator_scoresAtTheEnd_andLeavesTheNetworkWhereItIs() {
        MultiLayerNetwork network = variational(new LinearSchedule(ScheduleType.ITERATION, 0, 4, 100));
        network.fit(data(), 3);
        double now = network.score(new DataSet(X, X));
        MultiLayerNetwork constant = variational(4.0);
        constant.setParams(network.params());
        ScheduleEndScoreCalculator<MultiLayerNetwork> calculator = ScheduleEndScoreCalculator.ofLoss(data());

        assertThat(calculator.calculateScore(network)).isCloseTo(constant.score(new DataSet(X, X)), within(1e-12));
        assertThat(network.score(new DataSet(X, X))).isEqualTo(now);
        assertThat(calculator.minimizeScore()).isTrue();
        assertThat(calculator.at(3, 3).calculateScore(network)).isCloseTo(now, within(1e-12));
        assertThat(ScheduleEndScoreCalculator.of(calculator.at(0, 0)).calculateScore(network))
                .isLessThan(now);
    }
}
