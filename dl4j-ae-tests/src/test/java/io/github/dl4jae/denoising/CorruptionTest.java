package io.github.dl4jae.denoising;

import static io.github.dl4jae.testing.NdArrayAssert.assertThatArray;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.github.dl4jae.dense.FastDenseLayer;
import io.github.dl4jae.likelihood.LossBernoulli;
import io.github.dl4jae.schedule.LinearSchedule;
import io.github.dl4jae.testing.Clause;
import io.github.dl4jae.testing.DefaultType;
import io.github.dl4jae.testing.LayerContract;
import java.util.Arrays;
import java.util.stream.Stream;
import org.deeplearning4j.datasets.iterator.utilty.ListDataSetIterator;
import org.deeplearning4j.gradientcheck.GradientCheckUtil;
import org.deeplearning4j.nn.conf.MultiLayerConfiguration;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.dropout.IDropout;
import org.deeplearning4j.nn.conf.inputs.InputType;
import org.deeplearning4j.nn.conf.layers.ConvolutionLayer;
import org.deeplearning4j.nn.conf.layers.DenseLayer;
import org.deeplearning4j.nn.conf.layers.LSTM;
import org.deeplearning4j.nn.conf.layers.OutputLayer;
import org.deeplearning4j.nn.conf.layers.RnnOutputLayer;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.deeplearning4j.nn.workspace.LayerWorkspaceMgr;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.nd4j.linalg.activations.Activation;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.dataset.DataSet;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.indexing.NDArrayIndex;
import org.nd4j.linalg.learning.config.NoOp;
import org.nd4j.linalg.lossfunctions.impl.LossMSE;
import org.nd4j.linalg.schedule.ISchedule;
import org.nd4j.linalg.schedule.ScheduleType;
import org.nd4j.linalg.schedule.SigmoidSchedule;

@Tag("slow")
class CorruptionTest {

    private static final ISchedule HALF_BY_TEN = new LinearSchedule(ScheduleType.ITERATION, 0, 0.5, 10);

    static Stream<IDropout> constantCorruptions() {
        return Stream.of(new GaussianCorruption(0.3, 5), new MaskingNoise(0.3, 5), new SaltAndPepperNoise(0.3, 5));
    }

    static Stream<IDropout> corruptions() {
        return Stream.concat(
                constantCorruptions(),
                Stream.of(
                        new GaussianCorruption(HALF_BY_TEN, 5),
                        new MaskingNoise(HALF_BY_TEN, 5),
                        new SaltAndPepperNoise(HALF_BY_TEN, -1, 1, 5)));
    }

    private static INDArray corrupt(IDropout corruption, INDArray x, int iteration) {
        return corruption.applyDropout(x, x.ulike(), iteration, 0, LayerWorkspaceMgr.noWorkspaces());
    }

    @ParameterizedTest
    @MethodSource("constantCorruptions")
    void contract_ofALayerWithTheCorruption_holds(IDropout corruption) {
        LayerContract.of(new DenseLayer.Builder()
                        .nOut(4)
                        .activation(Activation.TANH)
                        .dropOut(corruption)
                        .build())
                .differsAtTestTime()
                .without(Clause.FROZEN) // frozen, stock layers backpropagate through dropout that was not applied
                .verify();
        LayerContract.of(new FastDenseLayer.Builder()
                        .nOut(4)
                        .activation(Activation.TANH)
                        .dropOut(corruption)
                        .build())
                .differsAtTestTime()
                .verify();
    }

    @ParameterizedTest
    @MethodSource("constantCorruptions")
    void contract_onImages_holds(IDropout corruption) {
        LayerContract.of(new ConvolutionLayer.Builder(2, 2)
                        .nOut(2)
                        .activation(Activation.TANH)
                        .dropOut(corruption)
                        .build())
                .input(InputType.convolutional(3, 3, 2))
                .differsAtTestTime()
                .without(Clause.FROZEN)
                .verify();
    }

    /** The noise is the same in each pass of the check, without reseeding. */
    @DefaultType(DataType.DOUBLE)
    @ParameterizedTest
    @MethodSource("constantCorruptions")
    void gradient_onSequences_isRight(IDropout corruption) {
        MultiLayerNetwork network = new MultiLayerNetwork(new NeuralNetConfiguration.Builder()
                .seed(3)
                .dataType(DataType.DOUBLE)
                .updater(new NoOp())
                .list()
                .layer(new LSTM.Builder().nIn(2).nOut(3).build())
                .layer(new LSTM.Builder().nIn(3).nOut(3).dropOut(corruption).build())
                .layer(new RnnOutputLayer.Builder(new LossMSE())
                        .nIn(3)
                        .nOut(2)
                        .activation(Activation.TANH)
                        .build())
                .build());
        network.init();
        INDArray x = Nd4j.rand(DataType.DOUBLE, 3, 2, 4);

        assertThat(GradientCheckUtil.checkGradients(new GradientCheckUtil.MLNConfig()
                        .net(network)
                        .input(x)
                        .labels(x)
                        .callEachIter(nothingToReseed -> {})
                        .maxRelError(1e-5)))
                .isTrue();
    }

    @ParameterizedTest
    @MethodSource("corruptions")
    void corruption_dependsOnSeedIterationAndPlaceAlone(IDropout corruption) {
        INDArray x = Nd4j.rand(DataType.FLOAT, 50, 40);

        INDArray once = corrupt(corruption, x, 3);

        assertThatArray(corrupt(corruption, x, 3)).isEqualTo(once);
        assertThat(corrupt(corruption, x, 4)).isNotEqualTo(once);
        assertThatArray(corrupt(corruption, x.dup('f'), 3)).isEqualTo(once);
        assertThatArray(corrupt(corruption, x.castTo(DataType.DOUBLE), 3).castTo(DataType.FLOAT))
                .isEqualTo(once);
        assertThatArray(corrupt(corruption, x.reshape(50, 2, 4, 5), 3).reshape(50, 40))
                .isEqualTo(once);
        // the first rows of a larger minibatch
        assertThatArray(corrupt(corruption, x.get(NDArrayIndex.interval(0, 7), NDArrayIndex.all()), 3))
                .isEqualTo(once.get(NDArrayIndex.interval(0, 7), NDArrayIndex.all()));
    }

    @Test
    void gaussian_hasTheDeviationAskedFor() {
        INDArray x = Nd4j.valueArrayOf(new long[] {400, 500}, 2f, DataType.FLOAT);
        INDArray noise = corrupt(new GaussianCorruption(0.3, 1), x, 0).sub(x).castTo(DataType.DOUBLE);

        assertThat(noise.meanNumber().doubleValue()).isCloseTo(0, within(5 * 0.3 / Math.sqrt(200_000)));
        assertThat(noise.stdNumber().doubleValue()).isCloseTo(0.3, within(5 * 0.3 / Math.sqrt(400_000)));
    }

    @Test
    void masking_zeroesTheFractionAndScalesNothing() {
        INDArray x = Nd4j.valueArrayOf(new long[] {400, 500}, 2f, DataType.FLOAT);
        double[] values =
                corrupt(new MaskingNoise(0.3, 1), x, 0).reshape(200_000).toDoubleVector();

        assertThat(values).containsOnly(0, 2);
        assertThat(zeros(values)).isCloseTo(0.3, within(0.005));
    }

    private static double zeros(double[] values) {
        return Arrays.stream(values).filter(value -> value == 0).count() / (double) values.length;
    }

    @Test
    void saltAndPepper_tossesAFairCoin() {
        INDArray x = Nd4j.valueArrayOf(new long[] {400, 500}, 0.5f, DataType.FLOAT);
        INDArray corrupted = corrupt(new SaltAndPepperNoise(0.3, 1), x, 0);
        double[] values = corrupted.reshape(200_000).toDoubleVector();

        assertThat(values).containsOnly(0, 0.5, 1);
        assertThat(zeros(values)).isCloseTo(0.15, within(0.005));
        assertThat(corrupted.meanNumber().doubleValue()).isCloseTo(0.5, within(0.005));
    }

    @Test
    void schedule_isFollowed() {
        INDArray x = Nd4j.ones(DataType.FLOAT, 200, 200);
        MaskingNoise noise = new MaskingNoise(HALF_BY_TEN, 1);

        assertThatArray(corrupt(noise, x, 0)).isEqualTo(x);
        assertThat(1 - corrupt(noise, x, 4).meanNumber().doubleValue()).isCloseTo(0.2, within(0.02));
        assertThat(1 - corrupt(noise, x, 99).meanNumber().doubleValue()).isCloseTo(0.5, within(0.02));
    }

    private static MultiLayerConfiguration autoencoder(IDropout corruption) {
        return new NeuralNetConfiguration.Builder()
                .seed(1)
                .list()
                .layer(new FastDenseLayer.Builder()
                        .nIn(20)
                        .nOut(10)
                        .activation(Activation.SIGMOID)
                        .dropOut(corruption)
                        .build())
                .layer(new OutputLayer.Builder(new LossBernoulli())
                        .nIn(10)
                        .nOut(20)
                        .activation(Activation.SIGMOID)
                        .build())
                .build();
    }

    @ParameterizedTest
    @MethodSource("corruptions")
    void inference_seesNoCorruption(IDropout corruption) {
        MultiLayerNetwork corrupted = new MultiLayerNetwork(autoencoder(corruption));
        corrupted.init();
        MultiLayerNetwork plain = new MultiLayerNetwork(autoencoder(null));
        plain.init();
        INDArray x = Nd4j.rand(DataType.FLOAT, 6, 20);

        assertThatArray(corrupted.output(x)).isEqualTo(plain.output(x));
        corrupted.fit(x, x); // schedules begin with no noise at iteration 0
        corrupted.setParams(plain.params());
        assertThat(corrupted.output(x, true)).isNotEqualTo(plain.output(x, true));
    }

    @ParameterizedTest
    @MethodSource("corruptions")
    void json_keepsEverySetting(IDropout corruption) {
        MultiLayerConfiguration configuration = autoencoder(corruption);
        MultiLayerConfiguration restored = MultiLayerConfiguration.fromJson(configuration.toJson());

        assertThat(restored.getConf(0).getLayer().getIDropout()).isEqualTo(corruption);
        assertThat(MultiLayerConfiguration.fromYaml(configuration.toYaml())
                        .getConf(0)
                        .getLayer()
                        .getIDropout())
                .isEqualTo(corruption);
    }

    @Test
    void iterator_corruptsFeaturesAndKeepsThemAsTargets() {
        INDArray x = Nd4j.rand(DataType.FLOAT, 6, 20);
        DataSet examples = new DataSet(x.dup(), Nd4j.zeros(DataType.FLOAT, 6, 3));
        CorruptedIterator iterator =
                new CorruptedIterator(new ListDataSetIterator<>(examples.asList(), 3), new MaskingNoise(0.4, 2));

        DataSet first = iterator.next();
        iterator.next();
        assertThat(iterator.hasNext()).isFalse();
        iterator.reset();
        DataSet again = iterator.next();

        INDArray clean = x.get(NDArrayIndex.interval(0, 3), NDArrayIndex.all());
        assertThatArray(first.getLabels()).isEqualTo(clean);
        assertThatArray(first.getFeatures()).isEqualTo(corrupt(new MaskingNoise(0.4, 2), clean, 0));
        assertThatArray(again.getLabels()).isEqualTo(clean);
        assertThat(again.getFeatures()).isNotEqualTo(first.getFeatures());
    }

    @Test
    void numbers_outOfRange_areRefused() {
        assertThatThrownBy(() -> new GaussianCorruption(-0.1))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("GaussianCorruption: standardDeviation must be in [0, ∞), got -0.1; 0 leaves examples"
                        + " unchanged");
        assertThatThrownBy(() -> new MaskingNoise(1.5))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("MaskingNoise: fraction must be in [0, 1], got 1.5");
        assertThatThrownBy(() -> new MaskingNoise(Double.NaN))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("got NaN");
        assertThatThrownBy(() -> new SaltAndPepperNoise(HALF_BY_TEN, 1, 0, 0))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("low must lie below high, both finite, got 1.0 and 0.0");
        assertThatThrownBy(() -> new MaskingNoise(new LinearSchedule(ScheduleType.EPOCH, 0, 2, 1), 0))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("fraction must be in [0, 1], got 2.0 from LinearSchedule")
                .hasMessageContaining("at the end of the schedule");
        INDArray x = Nd4j.ones(DataType.FLOAT, 2, 2);
        MaskingNoise late = new MaskingNoise(new SigmoidSchedule(ScheduleType.EPOCH, 3, 3, 1), 0);
        assertThatThrownBy(() -> late.applyDropout(x, x, 7, 1, LayerWorkspaceMgr.noWorkspaces()))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("got 1.5 from")
                .hasMessageContaining("at iteration 7, epoch 1");
    }
}
