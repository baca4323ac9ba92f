package io.github.dl4jae.training;

import static io.github.dl4jae.testing.NdArrayAssert.assertThatArray;
import static io.github.dl4jae.testing.Networks.initialized;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.dl4jae.dense.FastDenseLayer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.Collections;
import java.util.Iterator;
import java.util.List;
import java.util.stream.IntStream;
import org.deeplearning4j.datasets.iterator.ExistingDataSetIterator;
import org.deeplearning4j.earlystopping.scorecalc.ScoreCalculator;
import org.deeplearning4j.nn.api.Model;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.inputs.InputType;
import org.deeplearning4j.nn.conf.layers.OutputLayer;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.deeplearning4j.optimize.api.BaseTrainingListener;
import org.deeplearning4j.optimize.api.TrainingListener;
import org.junit.jupiter.api.Test;
import org.nd4j.linalg.activations.Activation;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.dataset.DataSet;
import org.nd4j.linalg.dataset.adapter.MultiDataSetIteratorAdapter;
import org.nd4j.linalg.dataset.adapter.SingletonDataSetIterator;
import org.nd4j.linalg.dataset.api.iterator.DataSetIterator;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.learning.config.Adam;
import org.nd4j.linalg.learning.config.Sgd;
import org.nd4j.linalg.lossfunctions.impl.LossMSE;
import org.nd4j.linalg.schedule.ExponentialSchedule;
import org.nd4j.linalg.schedule.ScheduleType;

class TrainerTest {

    private static final INDArray X =
            Nd4j.linspace(DataType.DOUBLE, -1, 2.0 / 19, 20).reshape(5, 4);

    private static NeuralNetConfiguration.Builder base() {
        return new NeuralNetConfiguration.Builder()
                .seed(3)
                .dataType(DataType.DOUBLE)
                .updater(new Adam(0.01));
    }

    private static OutputLayer output() {
        return new OutputLayer.Builder(new LossMSE())
                .name("out")
                .nOut(4)
                .activation(Activation.IDENTITY)
                .build();
    }

    private static MultiLayerNetwork layers(NeuralNetConfiguration.Builder settings) {
        return initialized(settings.list()
                .layer(new FastDenseLayer.Builder()
                        .name("code")
                        .nOut(3)
                        .activation(Activation.TANH)
                        .build())
                .layer(output())
                .setInputType(InputType.feedForward(4)));
    }

    private static ComputationGraph graph() {
        return initialized(base().graphBuilder()
                .addInputs("x")
                .addLayer(
                        "code",
                        new FastDenseLayer.Builder()
                                .nOut(3)
                                .activation(Activation.TANH)
                                .build(),
                        "x")
                .addLayer("out", output(), "code")
                .setOutputs("out")
                .setInputTypes(InputType.feedForward(4)));
    }

    private static DataSetIterator data() {
        return new SingletonDataSetIterator(new DataSet(X, X));
    }

    /** A metric that says what it is told to, one value per call. */
    private static ScoreCalculator<Model> metric(boolean minimize, double... values) {
        Iterator<Double> all = Arrays.stream(values).iterator();
        return new ScoreCalculator<>() {
            private static final long serialVersionUID = 1L;

            @Override
            public double calculateScore(Model network) {
                return all.next();
            }

            @Override
            public boolean minimizeScore() {
                return minimize;
            }
        };
    }

    @Test
    void training_isThatOfDeeplearning4j() {
        MultiLayerNetwork ours = layers(base());
        MultiLayerNetwork theirs = layers(base());
        List<Integer> epochs = new ArrayList<>();
        ours.setListeners(new BaseTrainingListener() {
            @Override
            public void onEpochEnd(Model model) {
                epochs.add(((MultiLayerNetwork) model).getEpochCount());
            }
        });
        Collection<TrainingListener> listeners = ours.getListeners();

        TrainingResult result =
                new Trainer.Builder(ours, data()).epochs(4).build().fit();
        theirs.fit(data(), 4);

        assertThatArray(ours.params()).isEqualTo(theirs.params());
        assertThat(ours.getEpochCount()).isEqualTo(4);
        assertThat(ours.getIterationCount()).isEqualTo(4);
        assertThat(result.epochs()).isEqualTo(4);
        assertThat(result.steps()).isEqualTo(4);
        assertThat(result.reason()).isEqualTo(StopReason.LIMIT);
        assertThat(result.best()).isEmpty();
        assertThat(result.seconds()).isPositive();
        assertThat(result.curve()).extracting(CurvePoint::validation).containsOnly(Double.NaN);
        assertThat(result.curve().get(3).training()).isEqualTo(ours.score());
        assertThat(epochs).containsExactly(0, 1, 2, 3);
        assertThat(ours.getListeners()).containsExactlyElementsOf(listeners);
    }

    @Test
    void graph_trainsOnDataOfEitherKind() {
        ComputationGraph ours = graph();
        ComputationGraph multi = graph();
        ComputationGraph theirs = graph();

        new Trainer.Builder(ours, data()).epochs(3).build().fit();
        new Trainer.Builder(multi, new MultiDataSetIteratorAdapter(data()))
                .epochs(3)
                .validation(new MultiDataSetIteratorAdapter(data()))
                .restoreBest(false)
                .build()
                .fit();
        theirs.fit(data(), 3);

        assertThatArray(ours.params()).isEqualTo(theirs.params());
        assertThatArray(multi.params()).isEqualTo(theirs.params());
    }

    @Test
    void iteratorAtItsEnd_isResetFirst() {
        DataSetIterator used = data();
        used.next();

        TrainingResult result =
                new Trainer.Builder(layers(base()), used).epochs(2).build().fit();

        assertThat(result.steps()).isEqualTo(2);
    }

    @Test
    void validation_isTheMeanLossOfTheExamples() {
        MultiLayerNetwork network = layers(base());
        INDArray held = X.mul(2);
        DataSet all = new DataSet(held, held);

        TrainingResult result = new Trainer.Builder(network, data())
                .epochs(1)
                .validation(new org.deeplearning4j.datasets.iterator.utilty.ListDataSetIterator<>(all.batchBy(3), 3))
                .build()
                .fit();

        assertThat(result.curve().get(0).validation())
                .isCloseTo(network.score(all), org.assertj.core.api.Assertions.within(1e-12));
    }

    @Test
    void earlyStopping_restoresTheBestParameters() {
        MultiLayerNetwork network = layers(base());
        MultiLayerNetwork twoEpochs = layers(base());

        TrainingResult result = new Trainer.Builder(network, data())
                .epochs(10)
                .validation("told", metric(true, 5, 3, 4, 3, 9))
                .patience(3)
                .build()
                .fit();
        twoEpochs.fit(data(), 2);

        assertThat(result.reason()).isEqualTo(StopReason.PATIENCE);
        assertThat(result.epochs()).isEqualTo(5);
        assertThat(result.best().orElseThrow().epoch()).isEqualTo(2);
        assertThatArray(network.params()).isEqualTo(twoEpochs.params());
        assertThatArray(network.getUpdater().getStateViewArray())
                .isEqualTo(twoEpochs.getUpdater().getStateViewArray());
        assertThat(network.getEpochCount()).isEqualTo(2);
    }

    @Test
    void metricToMaximize_hasItsBestAtTheLargest() {
        TrainingResult result = new Trainer.Builder(layers(base()), data())
                .epochs(10)
                .validation("told", metric(false, 1, 2, 2.05, 1.9, 1.8, 7))
                .minimumImprovement(0.1)
                .patience(3)
                .build()
                .fit();

        assertThat(result.epochs()).isEqualTo(5);
        assertThat(result.best().orElseThrow().validation()).isEqualTo(2);
    }

    @Test
    void withoutRestoreBest_theNetworkIsTheLast() {
        MultiLayerNetwork network = layers(base());
        MultiLayerNetwork threeEpochs = layers(base());

        new Trainer.Builder(network, data())
                .epochs(3)
                .validation("told", metric(true, 1, 2, 3))
                .restoreBest(false)
                .build()
                .fit();
        threeEpochs.fit(data(), 3);

        assertThatArray(network.params()).isEqualTo(threeEpochs.params());
    }

    @Test
    void plateau_reducesAllLearningRates_downToTheMinimum() {
        MultiLayerNetwork network = layers(base().biasUpdater(new Sgd(0.5)));

        TrainingResult result = new Trainer.Builder(network, data())
                .epochs(9)
                .validation("told", metric(true, 3, 2, 2, 2, 1, 1, 1, 1, 1))
                .reduceLearningRate(0.5, 2)
                .minimumLearningRate(0.1)
                .restoreBest(false)
                .build()
                .fit();

        assertThat(result.curve().stream().map(CurvePoint::rateFactor))
                .containsExactly(1.0, 1.0, 1.0, 1.0, 0.5, 0.5, 0.5, 0.25, 0.25);
        assertThat(network.getLearningRate(0)).isEqualTo(0.01 * 0.2); // 0.1 is a fifth of the largest rate
        assertThat(network.getLearningRate(1)).isEqualTo(0.01 * 0.2);
        assertThat(network.getLayer(0).conf().getLayer())
                .extracting(layer -> ((org.deeplearning4j.nn.conf.layers.BaseLayer) layer)
                        .getBiasUpdater()
                        .getLearningRate(0, 0))
                .isEqualTo(0.1);
    }

    @Test
    void plateau_withALearningRateSchedule_isRefused() {
        MultiLayerNetwork network =
                layers(base().updater(new Adam(new ExponentialSchedule(ScheduleType.EPOCH, 0.1, 0.9))));
        Trainer trainer = new Trainer.Builder(network, data())
                .epochs(1)
                .validation(data())
                .reduceLearningRate(0.5, 1)
                .build();

        assertThatThrownBy(trainer::fit)
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("the learning rate must be constant")
                .hasMessageContaining("layer 'code'");
    }

    @Test
    void steps_endTrainingWithinAnEpoch_withAPointOfTheCurve() {
        List<DataSet> minibatches = new DataSet(X, X).batchBy(1);
        TrainingData data = TrainingData.perEpoch(epoch -> new ExistingDataSetIterator(minibatches));

        TrainingResult result = new Trainer.Builder(layers(base()), data)
                .steps(8)
                .evaluateEvery(3)
                .validation(data())
                .build()
                .fit();

        assertThat(result.steps()).isEqualTo(8);
        assertThat(result.epochs()).isEqualTo(1);
        assertThat(result.curve().stream().map(CurvePoint::step)).containsExactly(3L, 6L, 8L);
    }

    @Test
    void dataThatEnd_endTraining() {
        TrainingData data = TrainingData.perEpoch(epoch ->
                new ExistingDataSetIterator(epoch < 2 ? List.of(new DataSet(X, X)) : Collections.<DataSet>emptyList()));

        TrainingResult result =
                new Trainer.Builder(layers(base()), data).epochs(9).build().fit();

        assertThat(result.reason()).isEqualTo(StopReason.DATA_ENDED);
        assertThat(result.epochs()).isEqualTo(2);
    }

    @Test
    void listener_receivesTheCourseOfTraining() {
        List<String> events = new ArrayList<>();
        new Trainer.Builder(layers(base()), data())
                .epochs(2)
                .listener(new ProgressListener() {
                    @Override
                    public void trainingBegun(int epochs, long steps, List<CurvePoint> curve) {
                        events.add("begin " + epochs + " " + steps + " " + curve);
                    }

                    @Override
                    public void epochBegun(int epoch) {
                        events.add("epoch " + epoch);
                    }

                    @Override
                    public void stepDone(int epoch, long step, double score) {
                        events.add("step " + epoch + " " + step);
                    }

                    @Override
                    public void evaluated(CurvePoint point) {
                        events.add("point " + point.epoch() + " " + point.step());
                    }

                    @Override
                    public void trainingEnded(TrainingResult result) {
                        events.add("end " + result.reason());
                    }
                })
                .build()
                .fit();

        assertThat(events)
                .containsExactly(
                        "begin 0 0 []",
                        "epoch 0",
                        "step 0 1",
                        "point 1 1",
                        "epoch 1",
                        "step 1 2",
                        "point 2 2",
                        "end LIMIT");
    }

    @Test
    void stop_byAnotherThread_andInterrupt_endTraining() throws InterruptedException {
        Trainer trainer =
                new Trainer.Builder(layers(base()), data()).epochs(1_000_000).build();
        TrainingResult[] result = new TrainingResult[1];
        Thread training = new Thread(() -> result[0] = trainer.fit());
        training.start();
        Thread.sleep(50);
        trainer.stop();
        training.join(30_000);
        assertThat(result[0].reason()).isEqualTo(StopReason.STOPPED);

        boolean[] flag = new boolean[1];
        Thread interrupted = new Thread(() -> {
            result[0] = new Trainer.Builder(layers(base()), data())
                    .epochs(1_000_000)
                    .build()
                    .fit();
            flag[0] = Thread.currentThread().isInterrupted();
        });
        interrupted.start();
        Thread.sleep(50);
        interrupted.interrupt();
        interrupted.join(30_000);
        assertThat(result[0].reason()).isEqualTo(StopReason.STOPPED);
        assertThat(flag[0]).isTrue();
    }

    @Test
    void wrongOptions_areRefused() {
        MultiLayerNetwork network = layers(base());
        assertThatThrownBy(() -> new Trainer.Builder(network, data()).build())
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("Trainer: epochs or steps must be set, got neither; call epochs(10), for example");
        assertThatThrownBy(() -> new Trainer.Builder(network, data())
                        .epochs(1)
                        .patience(2)
                        .build())
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("patience needs validation, got none");
        assertThatThrownBy(() -> new Trainer.Builder(network, data())
                        .epochs(1)
                        .reduceLearningRate(0.5, 2)
                        .build())
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("reduceLearningRate needs validation, got none");
        assertThatThrownBy(() -> new Trainer.Builder(network, data()).reduceLearningRate(1, 2))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("factor must be in (0, 1), got 1.0");
        assertThatThrownBy(
                        () -> new Trainer.Builder(new MultiLayerNetwork(network.getLayerWiseConfigurations()), data()))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("Trainer: the network must be initialized, got none; call init() on it first");
        assertThatThrownBy(() -> new Trainer.Builder(network.getLayer(0), data()))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("must be a MultiLayerNetwork or a ComputationGraph");
        assertThatThrownBy(() -> TrainingData.of(
                        new ExistingDataSetIterator(List.of(new DataSet(X, X)).iterator())))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("the iterator must support reset()");
    }

    @Test
    void emptyData_andASecondCall_areRefused() {
        Trainer trainer = new Trainer.Builder(
                        layers(base()),
                        TrainingData.perEpoch(epoch -> new ExistingDataSetIterator(Collections.<DataSet>emptyList())))
                .epochs(1)
                .build();
        assertThatThrownBy(trainer::fit)
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("the training data must have a mini-batch, got none");
        assertThatThrownBy(trainer::fit)
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("fit() can be called once");
    }

    @Test
    void exceptionOfTheIterator_passesThrough() {
        TrainingData data = TrainingData.perEpoch(epoch -> new ExistingDataSetIterator(IntStream.range(0, 3)
                .mapToObj(i -> {
                    if (i == 2) {
                        throw new IllegalStateException("broken file");
                    }
                    return new DataSet(X, X);
                })
                .iterator()));
        assertThatThrownBy(() -> new Trainer.Builder(layers(base()), data)
                        .epochs(1)
                        .build()
                        .fit())
                .isInstanceOf(IllegalStateException.class)
                .hasMessage("broken file");
    }
}
