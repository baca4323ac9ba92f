package io.github.dl4jae.dictionary;

import static io.github.dl4jae.dictionary.Dictionaries.backward;
import static io.github.dl4jae.dictionary.Dictionaries.network;
import static io.github.dl4jae.dictionary.Dictionaries.normal;
import static io.github.dl4jae.testing.NdArrayAssert.assertThatArray;
import static io.github.dl4jae.testing.Networks.fit;
import static io.github.dl4jae.testing.Networks.initialized;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.github.dl4jae.data.SyntheticDigits;
import io.github.dl4jae.schedule.LinearSchedule;
import io.github.dl4jae.training.ProgressListener;
import io.github.dl4jae.training.StopReason;
import io.github.dl4jae.training.Trainer;
import io.github.dl4jae.training.TrainingResult;
import io.github.dl4jae.updater.FastAdam;
import java.io.IOException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.stream.Stream;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.deeplearning4j.util.ModelSerializer;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.dataset.DataSet;
import org.nd4j.linalg.dataset.MultiDataSet;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.indexing.NDArrayIndex;
import org.nd4j.linalg.learning.GradientUpdater;
import org.nd4j.linalg.learning.config.AMSGrad;
import org.nd4j.linalg.learning.config.Adam;
import org.nd4j.linalg.learning.config.IUpdater;
import org.nd4j.linalg.learning.config.Nesterovs;
import org.nd4j.linalg.schedule.ExponentialSchedule;
import org.nd4j.linalg.schedule.ScheduleType;

/** Adam over the rows of active units, and other updaters of a dictionary. */
class LazyAdamTest {

    private static final int IN = 5;
    private static final int UNITS = 9;

    @TempDir
    private Path directory;

    private static DictionaryLayer.Builder layer(DictionaryEncoder encoder) {
        return new DictionaryLayer.Builder()
                .nIn(IN)
                .nOut(IN)
                .units(UNITS)
                .encoder(encoder)
                .unitNorm(false);
    }

    static Stream<IUpdater> updaters() {
        return Stream.of(
                new FastAdam(0.03),
                new Adam(0.03, 0.8, 0.95, 1e-6),
                new FastAdam(new ExponentialSchedule(ScheduleType.ITERATION, 0.05, 0.7)));
    }

    /** The step of an updater on the gradients of a network, parameter by parameter. */
    private static Map<String, INDArray> next(
            MultiLayerNetwork network, INDArray x, Map<String, GradientUpdater<?>> steps, IUpdater updater, int i) {
        Map<String, INDArray> expected = new LinkedHashMap<>();
        backward(network, x, x, null).gradients().forEach((name, gradient) -> {
            INDArray step = gradient.dup('c').reshape(1, gradient.length());
            steps.computeIfAbsent(
                            name,
                            key -> updater.instantiate(
                                    Nd4j.zeros(gradient.dataType(), 1, updater.stateSize(gradient.length())), true))
                    .applyUpdater(step, i, 0);
            expected.put(name, network.getParam("0_" + name).sub(step.reshape('c', gradient.shape())));
        });
        return expected;
    }

    /** Every unit is among the k largest. */
    @ParameterizedTest
    @MethodSource("updaters")
    void unitsThatAreAlwaysActive_getTheStepsOfAdam(IUpdater updater) {
        MultiLayerNetwork network = network(
                DataType.FLOAT, updater, layer(new AbsTopKEncoder(UNITS)).build());
        Map<String, GradientUpdater<?>> steps = new LinkedHashMap<>();
        for (int i = 0; i < 6; i++) {
            INDArray x = normal(i, DataType.FLOAT, 12, IN);
            Map<String, INDArray> expected = next(network, x, steps, updater.clone(), i);
            fit(network, new DataSet(x, x), 1);
            for (String name : new String[] {"Wenc", "Wdec", "benc", "bdec"}) {
                assertThatArray(network.getParam("0_" + name)).as(name).isCloseTo(expected.get(name), 1e-7);
            }
        }
    }

    static Stream<IUpdater> updatersWithMomentum() {
        return Stream.of(new Nesterovs(0.05, 0.9), new AMSGrad(0.03));
    }

    /** Their steps move rows without a gradient, too; the next gradient must not contain these steps. */
    @ParameterizedTest
    @MethodSource("updatersWithMomentum")
    void updatersWithMomentum_getTheGradientAlone(IUpdater updater) {
        MultiLayerNetwork network =
                network(DataType.FLOAT, updater, layer(new TopKEncoder(1)).build());
        Map<String, GradientUpdater<?>> steps = new LinkedHashMap<>();
        for (int i = 0; i < 6; i++) {
            INDArray x = normal(i, DataType.FLOAT, 2, IN);
            Map<String, INDArray> expected = next(network, x, steps, updater.clone(), i);
            fit(network, new DataSet(x, x), 1);
            for (String name : new String[] {"Wenc", "Wdec"}) {
                assertThatArray(network.getParam("0_" + name)).as(name).isCloseTo(expected.get(name), 1e-6);
            }
        }
    }

    /** Two networks, one of which computes each gradient in an array that no step was written to. */
    @ParameterizedTest
    @MethodSource("updatersWithMomentum")
    void gradientAfterAStep_isThatOfARestoredNetwork(IUpdater updater) throws IOException {
        MultiLayerNetwork network =
                network(DataType.FLOAT, updater, layer(new TopKEncoder(1)).build());
        for (int i = 0; i < 4; i++) {
            INDArray x = normal(i, DataType.FLOAT, 2, IN);
            fit(network, new DataSet(x, x), 1);
        }
        INDArray x = normal(9, DataType.FLOAT, 2, IN);
        Dictionaries.Pass fresh = backward(restored(network), x, x, null);

        assertThatArray(backward(network, x, x, null).gradients().get("Wdec"))
                .isEqualTo(fresh.gradients().get("Wdec"));
    }

    private MultiLayerNetwork restored(MultiLayerNetwork network) throws IOException {
        Path file = directory.resolve("network.zip");
        ModelSerializer.writeModel(network, file.toFile(), true);
        return ModelSerializer.restoreMultiLayerNetwork(file.toFile(), true);
    }

    /** Unit 0 sees the first axis, unit 1 the second: an example on one axis activates one of them. */
    @Test
    void rareUnit_takesTheStepOfTheFormula() {
        double beta1 = 0.9;
        double beta2 = 0.999;
        double rate = 0.01;
        double epsilon = 1e-8;
        MultiLayerNetwork network = network(
                DataType.DOUBLE,
                new FastAdam(rate, beta1, beta2, epsilon),
                layer(new TopKEncoder(1)).nIn(2).nOut(2).units(3).build());
        network.getParam("0_Wenc").assign(Nd4j.createFromArray(new double[][] {{1, 0, -1}, {0, 1, -1}}));
        network.getParam("0_Wdec").assign(Nd4j.createFromArray(new double[][] {{0.7, 0}, {0, 0.7}, {0.5, 0.5}}));
        int[] axes = {1, 0, 1, 1, 1, 0, 1, 0, 0};
        double[][] m = new double[2][2];
        double[][] v = new double[2][2];
        int[] n = new int[2];
        int[] last = new int[2];
        for (int i = 0; i < axes.length; i++) {
            int j = axes[i];
            INDArray x = Nd4j.zeros(DataType.DOUBLE, 1, 2).putScalar(0, j, 1.5 + 0.1 * i);
            INDArray gradient = backward(network, x, x, null).gradients().get("Wdec");
            INDArray before = network.getParam("0_Wdec").dup();
            fit(network, new DataSet(x, x), 1);

            int t = i + 1;
            n[j]++;
            INDArray expected = before.dup();
            for (int o = 0; o < 2; o++) {
                double g = gradient.getDouble(j, o);
                m[j][o] = beta1 * m[j][o] + (1 - beta1) * g;
                v[j][o] = Math.pow(beta2, t - last[j]) * v[j][o] + (1 - beta2) * g * g;
                double step = rate
                        * Math.sqrt(1 - Math.pow(beta2, t))
                        / (1 - Math.pow(beta1, n[j]))
                        * m[j][o]
                        / (Math.sqrt(v[j][o]) + epsilon);
                expected.putScalar(j, o, before.getDouble(j, o) - step);
            }
            last[j] = t;
            assertThat(gradient.getDouble(j, j)).isNotZero();
            assertThatArray(network.getParam("0_Wdec")).isCloseTo(expected, 1e-14);
        }
    }

    /** The state is m and v of W_enc, then the counts. */
    @Test
    void inactiveRowsAndTheirMoments_areUntouched() {
        int units = 40;
        MultiLayerNetwork network = network(
                DataType.FLOAT,
                new FastAdam(0.05),
                layer(new TopKEncoder(1)).units(units).unitNorm(true).build());
        INDArray x = normal(1, DataType.FLOAT, 30, IN);
        fit(network, new DataSet(x, x), 3);
        INDArray next = normal(2, DataType.FLOAT, 3, IN);
        INDArray encoder = network.getParam("0_Wenc").dup();
        INDArray decoder = network.getParam("0_Wdec").dup();
        INDArray state = moments(network, units);
        fit(network, new DataSet(next, next), 1);

        int changed = 0;
        for (int j = 0; j < units; j++) {
            boolean active = network.getParam("0_idle").getDouble(j) == 0;
            changed += active ? 1 : 0;
            if (!active) {
                assertThatArray(network.getParam("0_Wenc").getColumn(j)).isEqualTo(encoder.getColumn(j));
                assertThatArray(network.getParam("0_Wdec").getRow(j)).isEqualTo(decoder.getRow(j));
                assertThatArray(moments(network, units).getRow(j)).isEqualTo(state.getRow(j));
            } else {
                assertThat(network.getParam("0_Wdec").getRow(j)).isNotEqualTo(decoder.getRow(j));
            }
        }
        assertThat(changed).isBetween(1, 3);
    }

    private static INDArray moments(MultiLayerNetwork network, int units) {
        INDArray state = network.getUpdater().getStateViewArray().dup();
        return state.reshape(state.length())
                .get(NDArrayIndex.interval(0, (long) units * IN))
                .reshape(units, IN);
    }

    static Stream<DictionaryLayer> trainings() {
        LinearSchedule k = new LinearSchedule(ScheduleType.ITERATION, 6, 2, 9);
        return Stream.of(
                layer(new TopKEncoder(k))
                        .unitNorm(true)
                        .revival(new AuxiliaryLoss(2, 0.1, 20))
                        .build(),
                layer(new BatchTopKEncoder(k)).build(),
                layer(new AbsTopKEncoder(2)).revival(new Resampling(3, 20)).build(),
                layer(JumpReLUEncoder.tanh(0.1)).revival(new Resampling(3, 20)).build(),
                layer(new GatedEncoder(new LinearSchedule(ScheduleType.ITERATION, 0, 0.5, 8)))
                        .build(),
                layer(new L1Encoder(0.1)).matryoshka(4).build(),
                layer(new MatchingPursuitEncoder(2))
                        .revival(new Resampling(3, 20))
                        .build());
    }

    private static void train(MultiLayerNetwork network, int from, int to) {
        for (int i = from; i < to; i++) {
            INDArray x = normal(i, DataType.FLOAT, 7, IN);
            fit(network, new DataSet(x, x), 1);
        }
    }

    @Tag("slow")
    @ParameterizedTest
    @MethodSource("trainings")
    void savedNetwork_continuesBitForBit(DictionaryLayer layer) throws IOException {
        MultiLayerNetwork whole = network(DataType.FLOAT, new FastAdam(0.02), layer);
        train(whole, 0, 60);
        MultiLayerNetwork saved = network(DataType.FLOAT, new FastAdam(0.02), layer);
        train(saved, 0, 7);
        MultiLayerNetwork resumed = restored(saved);
        train(resumed, 7, 60);

        assertThatArray(resumed.params()).isEqualTo(whole.params());
        assertThatArray(resumed.getUpdater().getStateViewArray())
                .isEqualTo(whole.getUpdater().getStateViewArray());
    }

    private static MultiLayerNetwork ofDigits(DictionaryLayer layer) {
        return network(
                DataType.FLOAT,
                new FastAdam(0.01),
                new DictionaryLayer.Builder()
                        .nIn(28 * 28)
                        .nOut(28 * 28)
                        .units(50)
                        .encoder(layer.getEncoder())
                        .revival(layer.getRevival())
                        .build());
    }

    private static Trainer.Builder training(MultiLayerNetwork network) {
        return new Trainer.Builder(
                        network,
                        SyntheticDigits.generate(50, 1).iterator(20).shuffle(7).build())
                .validation(SyntheticDigits.generate(20, 2).iterator(20).build())
                .epochs(4);
    }

    @Tag("slow")
    @ParameterizedTest
    @MethodSource("trainings")
    void trainer_resumesBitForBit(DictionaryLayer layer) {
        MultiLayerNetwork whole = ofDigits(layer);
        training(whole).build().fit();
        Path file = directory.resolve("training.zip");
        Trainer[] trainer = new Trainer[1];
        trainer[0] = training(ofDigits(layer))
                .checkpoint(file)
                .listener(new ProgressListener() {
                    @Override
                    public void stepDone(int epoch, long step, double score) {
                        if (step == 5) {
                            trainer[0].stop();
                        }
                    }
                })
                .build();
        TrainingResult first = trainer[0].fit();
        MultiLayerNetwork resumed = ofDigits(layer);
        training(resumed).checkpoint(file).build().fit();

        assertThat(first.reason()).isEqualTo(StopReason.STOPPED);
        assertThatArray(resumed.params()).isEqualTo(whole.params());
    }

    @Test
    void twoDictionariesOfAGraph_trainAsIfAlone() {
        DictionaryLayer a = layer(new TopKEncoder(2)).build();
        DictionaryLayer b = layer(new BatchTopKEncoder(3)).units(14).build();
        ComputationGraph graph = initialized(new NeuralNetConfiguration.Builder()
                .seed(7)
                .updater(new FastAdam(0.02))
                .graphBuilder()
                .addInputs("x")
                .addLayer("a", a, "x")
                .addLayer("b", b, "x")
                .setOutputs("a", "b"));
        MultiLayerNetwork aloneA = network(DataType.FLOAT, new FastAdam(0.02), a);
        MultiLayerNetwork aloneB = network(DataType.FLOAT, new FastAdam(0.02), b);
        for (int i = 0; i < 6; i++) {
            INDArray x = normal(i, DataType.FLOAT, 10, IN);
            graph.fit(new MultiDataSet(new INDArray[] {x}, new INDArray[] {x, x}));
            fit(aloneA, new DataSet(x, x), 1);
            fit(aloneB, new DataSet(x, x), 1);
            assertThat(graph.score()).isCloseTo(aloneA.score() + aloneB.score(), within(1e-5));
        }
        INDArray x = normal(99, DataType.FLOAT, 10, IN);

        assertThatArray(SparseDictionary.of(graph, "a").reconstruct(x)).isEqualTo(aloneA.output(x));
        assertThatArray(SparseDictionary.of(graph, "b").reconstruct(x)).isEqualTo(aloneB.output(x));
        assertThatArray(graph.output(x)[1]).isEqualTo(aloneB.output(x));
    }
}
