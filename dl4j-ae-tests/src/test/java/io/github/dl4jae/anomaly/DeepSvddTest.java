package io.github.dl4jae.anomaly;

import static io.github.dl4jae.testing.NdArrayAssert.assertThatArray;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.github.dl4jae.convolutional.FastBatchNormalizationLayer;
import io.github.dl4jae.data.SyntheticDigits;
import io.github.dl4jae.dense.FastDenseLayer;
import io.github.dl4jae.testing.RefusesNull;
import java.util.Arrays;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.deeplearning4j.nn.conf.MultiLayerConfiguration;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.inputs.InputType;
import org.deeplearning4j.nn.conf.layers.ActivationLayer;
import org.deeplearning4j.nn.conf.layers.ConvolutionLayer;
import org.deeplearning4j.nn.conf.layers.DenseLayer;
import org.deeplearning4j.nn.conf.layers.Layer;
import org.deeplearning4j.nn.conf.layers.LossLayer;
import org.deeplearning4j.nn.conf.layers.OutputLayer;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.nd4j.linalg.activations.Activation;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.learning.config.Adam;
import org.nd4j.linalg.learning.config.Sgd;
import org.nd4j.linalg.lossfunctions.impl.LossL2;

@Tag("slow")
class DeepSvddTest implements RefusesNull {

    private static final double RATE = 0.05;
    private static final double DECAY = 0.02;

    private static INDArray random(DataType type, int... shape) {
        Nd4j.getRandom().setSeed(3);
        return Nd4j.rand(type, Arrays.stream(shape).asLongStream().toArray());
    }

    private static void requireWeights(DeepSvddScore score, double[][] expected) {
        assertThatArray(score.network().getParam("0_W")).isCloseTo(Nd4j.createFromArray(expected), 1e-12);
    }

    @Test
    void oneClass_descendsTheObjective() {
        INDArray x = random(DataType.DOUBLE, 9, 4);
        MultiLayerConfiguration encoder = LinearEncoder.configuration(4, 3, RATE, DECAY);
        double[][] W = LinearEncoder.initialWeights(encoder);
        double[] c = LinearEncoder.center(x, W, 0.1);
        for (int epoch = 0; epoch < 3; epoch++) {
            W = LinearEncoder.step(x, W, c, -1, 1, RATE, DECAY);
        }

        DeepSvddScore score =
                new DeepSvdd.Builder(encoder).epochs(3).batch(9).build().fit(x);

        requireWeights(score, W);
        assertThat(score.center().toDoubleVector()).containsExactly(c, within(1e-12));
        assertThat(score.score(x)).containsExactly(LinearEncoder.distances(x, W, c), within(1e-12));
        assertThat(score.radius()).isEmpty();
    }

    @Test
    void softBoundary_updatesTheRadius_afterTheWarmUpOnly() {
        double nu = 0.3;
        INDArray x = random(DataType.DOUBLE, 11, 4);
        MultiLayerConfiguration encoder = LinearEncoder.configuration(4, 3, RATE, DECAY);
        double[][] W = LinearEncoder.initialWeights(encoder);
        double[] c = LinearEncoder.center(x, W, 0.1);
        W = LinearEncoder.step(x, W, c, 0, 1 / nu, RATE, DECAY);
        W = LinearEncoder.step(x, W, c, 0, 1 / nu, RATE, DECAY);
        for (int epoch = 0; epoch < 2; epoch++) {
            W = LinearEncoder.step(x, W, c, fourthLargest(LinearEncoder.distances(x, W, c)), 1 / nu, RATE, DECAY);
        }

        DeepSvddScore score = new DeepSvdd.Builder(encoder)
                .softBoundary(nu)
                .warmUpEpochs(2)
                .epochs(4)
                .batch(11)
                .build()
                .fit(x);

        requireWeights(score, W);
        assertThat(score.radius().orElseThrow())
                .isCloseTo(Math.sqrt(fourthLargest(LinearEncoder.distances(x, W, c))), within(1e-12));
        assertThat(((LossLayer) score.network().getLayer(1).conf().getLayer())
                        .getLossFn()
                        .getClass()
                        .getPackageName())
                .as("the network can be stored without this library's classes")
                .isEqualTo("org.nd4j.linalg.lossfunctions.impl");
    }

    /** Of 11 distances, 3 may lie outside at ν = 0.3. */
    private static double fourthLargest(double[] distances) {
        return Arrays.stream(distances).sorted().toArray()[7];
    }

    @Test
    void center_isMovedAwayFromZero_withItsSign() {
        INDArray x = random(DataType.DOUBLE, 20, 4).subi(0.5);
        MultiLayerConfiguration encoder = LinearEncoder.configuration(4, 6, RATE, 0);
        double[] means = LinearEncoder.center(x, LinearEncoder.initialWeights(encoder), 0);
        double[] c = new DeepSvdd.Builder(encoder)
                .centerMargin(0.5)
                .epochs(1)
                .build()
                .fit(x)
                .center()
                .toDoubleVector();

        assertThat(Arrays.stream(means).boxed()).anyMatch(mean -> mean < 0).anyMatch(mean -> mean > 0);
        assertThat(c)
                .containsExactly(
                        Arrays.stream(means).map(mean -> mean < 0 ? -0.5 : 0.5).toArray());
    }

    /** Eights among ones: the easy case. */
    @ParameterizedTest
    @CsvSource({"false,0,0", "false,5,0", "false,0,0.1", "true,0,0"})
    void digits_differ_fromThoseOfTheNormalClass(boolean images, int pretraining, double nu) {
        INDArray normal = Digits.of(1, 300, 1);
        MultiLayerConfiguration encoder = images
                ? new SvddEncoder.Builder(28, 28, 1).build()
                : new SvddEncoder.Builder(784).hidden(64).build();
        DeepSvdd.Builder svdd = new DeepSvdd.Builder(encoder)
                .pretraining(pretraining)
                .epochs(images ? 5 : 15)
                .batch(32)
                .heldOut(Digits.of(1, 50, 2));
        if (nu > 0) {
            svdd.softBoundary(nu).warmUpEpochs(5);
        }

        DeepSvddScore score = svdd.build().fit(normal);

        assertThat(Roc.area(score.score(Digits.of(1, 100, 3)), score.score(Digits.of(8, 100, 3))))
                .isGreaterThan(0.9);
        if (nu > 0) {
            double squaredRadius = Math.pow(score.radius().orElseThrow(), 2);
            assertThat(Arrays.stream(score.score(normal))
                            .filter(s -> s > squaredRadius * (1 + 1e-9))
                            .count())
                    .isLessThanOrEqualTo(30);
        }
    }

    @Test
    void tables_withoutTheUsualDependencies_haveLargerScores() {
        INDArray table = CorruptedTable.unitInterval(900);
        DeepSvddScore score = new DeepSvdd.Builder(
                        new SvddEncoder.Builder(20).code(16).build())
                .epochs(40)
                .batch(32)
                .build()
                .fit(CorruptedTable.rows(table, 0, 700));

        INDArray held = CorruptedTable.rows(table, 700, 900);
        assertThat(Roc.area(score.score(held), score.score(CorruptedTable.shuffledColumns(held))))
                .isGreaterThan(0.9);
    }

    @Test
    void images_ofRankFour_areAccepted() {
        MultiLayerConfiguration encoder = new NeuralNetConfiguration.Builder()
                .updater(new Adam(1e-3))
                .list()
                .layer(new ConvolutionLayer.Builder(3, 3)
                        .nOut(4)
                        .hasBias(false)
                        .activation(Activation.RELU)
                        .build())
                .layer(new DenseLayer.Builder()
                        .nOut(5)
                        .hasBias(false)
                        .activation(Activation.IDENTITY)
                        .build())
                .setInputType(InputType.convolutional(6, 6, 2))
                .build();
        INDArray x = random(DataType.FLOAT, 12, 2, 6, 6);

        DeepSvddScore score =
                new DeepSvdd.Builder(encoder).pretraining(1).epochs(1).build().fit(x);

        assertThat(score.score(x)).hasSize(12);
        assertThatArray(score.attribution(x)).hasShape(12, 2, 6, 6).hasType(DataType.FLOAT);
    }

    @Test
    void pretrainedEncoder_keepsItsParameters_andTheNetworkIsLeftAlone() {
        MultiLayerNetwork autoencoder = autoencoder();
        INDArray x = random(DataType.DOUBLE, 10, 4);
        double[][] W = LinearEncoder.weights(autoencoder);
        INDArray before = autoencoder.params().dup();

        DeepSvddScore score =
                new DeepSvdd.Builder(autoencoder, "code").epochs(1).build().fit(x);

        assertThat(score.center().toDoubleVector()).containsExactly(LinearEncoder.center(x, W, 0.1), within(1e-12));
        assertThatArray(autoencoder.params()).isCloseTo(before, 0);
        assertThat(score.network().getnLayers()).isEqualTo(2);
    }

    /** The parameters are not those of the seed. */
    private static MultiLayerNetwork autoencoder() {
        MultiLayerNetwork autoencoder = new MultiLayerNetwork(new NeuralNetConfiguration.Builder()
                .dataType(DataType.DOUBLE)
                .updater(new Sgd(RATE))
                .list()
                .layer(new FastDenseLayer.Builder()
                        .name("code")
                        .nIn(4)
                        .nOut(3)
                        .hasBias(false)
                        .activation(Activation.IDENTITY)
                        .build())
                .layer(new OutputLayer.Builder(new LossL2())
                        .nIn(3)
                        .nOut(4)
                        .activation(Activation.IDENTITY)
                        .build())
                .build());
        autoencoder.init();
        autoencoder.params().addi(0.5);
        return autoencoder;
    }

    @Test
    void pretraining_movesTheEncoder_towardReconstruction() {
        INDArray x = random(DataType.DOUBLE, 10, 4);
        MultiLayerConfiguration encoder = LinearEncoder.configuration(4, 3, RATE, 0);
        DeepSvddScore without = new DeepSvdd.Builder(encoder).epochs(1).build().fit(x);
        DeepSvddScore with =
                new DeepSvdd.Builder(encoder).epochs(1).pretraining(5).build().fit(x);

        assertThat(with.center()).isNotEqualTo(without.center());
    }

    @Test
    void collapse_byWeightDecay_isAnErrorWithRemedies() {
        MultiLayerConfiguration encoder =
                new SvddEncoder.Builder(8).updater(new Sgd(0.1)).weightDecay(9).build();
        DeepSvdd svdd = new DeepSvdd.Builder(encoder).epochs(20).build();

        assertThatThrownBy(() -> svdd.fit(random(DataType.FLOAT, 50, 8)))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageStartingWith("DeepSvdd: scores of held-out examples must differ, got a mean of ")
                .hasMessageContaining("lower weightDecay");
    }

    static Stream<Arguments> refusedLayers() {
        FastDenseLayer.Builder dense =
                new FastDenseLayer.Builder().nIn(4).nOut(4).name("bad");
        return Stream.of(
                Arguments.of(
                        new DenseLayer.Builder().nIn(4).nOut(4).name("bad").build(),
                        "layer 'bad': layers must have no bias, with which all outputs can equal the center, got"
                                + " DenseLayer with a bias; call hasBias(false) on its builder"),
                Arguments.of(
                        dense.hasBias(false).activation(Activation.SIGMOID).build(),
                        "layer 'bad': activations must be unbounded, because saturated units act as biases, got"
                                + " sigmoid; use LEAKYRELU"),
                Arguments.of(
                        new ActivationLayer.Builder()
                                .activation(Activation.SOFTMAX)
                                .build(),
                        "layer 'layer1': activations must be unbounded"),
                Arguments.of(
                        new FastBatchNormalizationLayer.Builder()
                                .nOut(4)
                                .name("bad")
                                .build(),
                        "layer 'bad': batch normalization must have no offset, with which all outputs can equal the"
                                + " center, got a trained beta; call lockGammaBeta(true)"),
                Arguments.of(
                        new FastBatchNormalizationLayer.Builder()
                                .nOut(4)
                                .lockGammaBeta(true)
                                .beta(0.5)
                                .build(),
                        "layer 'layer1': batch normalization must have no offset, with which all outputs can equal the"
                                + " center, got beta 0.5"),
                Arguments.of(
                        new LossLayer.Builder().name("bad").build(),
                        "layer 'bad': the encoder must end with the layer of the code, got LossLayer"));
    }

    @ParameterizedTest
    @MethodSource("refusedLayers")
    void layer_thatCanBeConstant_isRefusedByName(Layer layer, String message) {
        MultiLayerConfiguration encoder = new NeuralNetConfiguration.Builder()
                .list()
                .layer(new FastDenseLayer.Builder()
                        .nIn(4)
                        .nOut(4)
                        .hasBias(false)
                        .activation(Activation.LEAKYRELU)
                        .build())
                .layer(layer)
                .build();

        assertThatThrownBy(() -> new DeepSvdd.Builder(encoder))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageStartingWith("DeepSvdd, " + message);
    }

    @ParameterizedTest
    @EnumSource(
            value = Activation.class,
            names = {"RELU", "LEAKYRELU", "ELU", "SELU", "SOFTPLUS", "GELU", "SWISH", "MISH", "CUBE", "IDENTITY"})
    void activation_withoutBound_isAccepted(Activation activation) {
        assertThat(new DeepSvdd.Builder(withActivation(activation)).build()).isNotNull();
    }

    @ParameterizedTest
    @EnumSource(
            value = Activation.class,
            names = {
                "SIGMOID",
                "TANH",
                "HARDTANH",
                "HARDSIGMOID",
                "SOFTSIGN",
                "RATIONALTANH",
                "RECTIFIEDTANH",
                "SOFTMAX",
                "RELU6"
            })
    void activation_withBound_isRefused(Activation activation) {
        assertThatThrownBy(() -> new DeepSvdd.Builder(withActivation(activation)))
                .hasMessageContaining("activations must be unbounded");
    }

    private static MultiLayerConfiguration withActivation(Activation activation) {
        return new NeuralNetConfiguration.Builder()
                .list()
                .layer(new DenseLayer.Builder()
                        .nIn(4)
                        .nOut(4)
                        .hasBias(false)
                        .activation(activation)
                        .build())
                .build();
    }

    @Test
    void settings_thatDoNotFit_areRefused() {
        MultiLayerConfiguration encoder = LinearEncoder.configuration(4, 3, RATE, 0);
        DeepSvdd.Builder svdd = new DeepSvdd.Builder(encoder);

        assertThatThrownBy(() -> svdd.softBoundary(0)).hasMessageContaining("nu must be in (0, 1], got 0.0");
        assertThatThrownBy(() -> svdd.epochs(0)).hasMessageContaining("epochs must be at least 1, got 0");
        assertThatThrownBy(() -> svdd.softBoundary(0.1).epochs(10).build())
                .hasMessageContaining("warmUpEpochs must be less than the 10 epochs, got 10");
        assertThatThrownBy(() -> new DeepSvdd.Builder(autoencoder(), "codes"))
                .hasMessageContaining("codeLayer must name a layer of the network, [code, layer1], got 'codes'");
        assertThatThrownBy(() -> new DeepSvdd.Builder(encoder).build().fit(Nd4j.valueArrayOf(2, 4, Double.NaN)))
                .hasMessageContaining("examples must be finite, got NaN or infinity");
        assertThatThrownBy(() ->
                        new SvddEncoder.Builder(28, 28, 1).hidden(4, 4, 4, 4, 4).build())
                .hasMessageContaining("the sides of images must be at least 32");
    }

    static Stream<Arguments> nulls() {
        DeepSvdd.Builder svdd = new DeepSvdd.Builder(LinearEncoder.configuration(4, 3, RATE, 0));
        return Stream.of(
                RefusesNull.call("encoder must be given", () -> new DeepSvdd.Builder(null)),
                RefusesNull.call("autoencoder must be given", () -> new DeepSvdd.Builder(null, "code")),
                RefusesNull.call("heldOut must be given", () -> svdd.heldOut(null)),
                RefusesNull.call("examples must be an array", () -> svdd.build().fit(null)));
    }

    /** Gray images of one synthetic digit. */
    private static final class Digits {
        private Digits() {}

        static INDArray of(int digit, int count, long seed) {
            var images = SyntheticDigits.generate(count * 14, seed);
            int[] labels = images.labels();
            int[] rows = IntStream.range(0, labels.length)
                    .filter(i -> labels[i] == digit)
                    .limit(count)
                    .toArray();
            return images.features().getRows(rows);
        }
    }
}
