package io.github.dl4jae.dictionary;

import static io.github.dl4jae.dictionary.Dictionaries.backward;
import static io.github.dl4jae.dictionary.Dictionaries.normal;
import static io.github.dl4jae.dictionary.Dictionaries.parameters;
import static io.github.dl4jae.dictionary.Dictionaries.random;
import static io.github.dl4jae.dictionary.Dictionaries.requireEqual;
import static io.github.dl4jae.testing.GradientCheck.requireGradient;
import static io.github.dl4jae.testing.NdArrayAssert.assertThatArray;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.Map;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/** The gradients of dictionaries, straight-through parts included, equal those of dense loops over the formulas. */
class DeclaredSurrogatesTest {

    private static final int IN = 6;
    private static final int UNITS = 11;
    private static final int BATCH = 16;
    private static final double EXACT = 1e-11;
    private static final int DEAD_AFTER = 1000;
    private static final int[] DEAD = {1, 4, 5, 8};

    private static DictionaryLayer.Builder layer(DictionaryEncoder encoder) {
        return new DictionaryLayer.Builder().nIn(IN).nOut(IN).units(UNITS).encoder(encoder);
    }

    private static JumpReLUEncoder wide(JumpReLUEncoder encoder) {
        return encoder.withBandwidth(0.5);
    }

    static Stream<DictionaryLayer> surrogates() {
        JumpReLUEncoder step = wide(JumpReLUEncoder.step(0.3));
        JumpReLUEncoder target = wide(JumpReLUEncoder.targetL0(2, 0.4));
        JumpReLUEncoder tanh = wide(JumpReLUEncoder.tanh(0.2));
        return Stream.of(
                layer(step).build(),
                layer(step).unitNorm(false).matryoshka(3, 7).build(),
                layer(step).nOut(4).build(),
                layer(step).skip(true).build(),
                layer(target).build(),
                layer(target).unitNorm(false).centeredInput(false).build(),
                layer(tanh).build(),
                layer(tanh).unitNorm(true).matryoshka(5).build(),
                layer(new GatedEncoder(0.3)).build(),
                layer(new GatedEncoder(0.3)).unitNorm(false).matryoshka(4).build(),
                layer(new GatedEncoder(0.3)).nOut(4).build(),
                layer(new TopKEncoder(3)).build(),
                layer(new TopKEncoder(3)).skip(true).matryoshka(2, 5, 11).build(),
                layer(new AbsTopKEncoder(3)).build(),
                layer(new BatchTopKEncoder(2)).matryoshka(4).build(),
                layer(new L1Encoder(0.3)).build(),
                layer(new L1Encoder(0.3)).unitNorm(true).nOut(4).build());
    }

    private static INDArray labels(DictionaryLayer layer, INDArray x) {
        return layer.getNOut() == IN && !layer.hasSkip() ? x : normal(9, DataType.DOUBLE, BATCH, layer.getNOut());
    }

    private static void requireNaive(DictionaryLayer layer, INDArray mask, int... dead) {
        MultiLayerNetwork network = random(layer);
        Arrays.stream(dead).forEach(j -> network.getParam("0_idle").putScalar(j, (float) DEAD_AFTER));
        INDArray x = normal(1, DataType.DOUBLE, BATCH, IN);
        INDArray y = labels(layer, x);
        NaiveDictionary naive = new NaiveDictionary(layer, parameters(network), x, y, mask, dead);
        INDArray idle = network.getParam("0_idle").dup();

        Dictionaries.Pass pass = backward(network, x, y, mask);

        network.getParam("0_idle").assign(idle); // the state of the first pass
        requireEqual(new Dictionaries.Pass(score(network, x, y, mask), pass.input(), pass.gradients()), naive, EXACT);
        if (!layer.hasSkip()) {
            assertThatArray(pass.input()).isCloseTo(Nd4j.createFromArray(naive.inputGradient()), EXACT);
        }
    }

    private static double score(MultiLayerNetwork network, INDArray x, INDArray y, INDArray mask) {
        network.setInput(x);
        network.setLabels(y);
        network.setLayerMaskArrays(null, mask);
        network.computeGradientAndScore();
        network.clearLayerMaskArrays();
        return network.score();
    }

    @ParameterizedTest
    @MethodSource("surrogates")
    void lossAndGradients_equalDenseLoops(DictionaryLayer layer) {
        requireNaive(layer, null);
    }

    @ParameterizedTest
    @MethodSource("surrogates")
    void maskedExamples_countForNothing(DictionaryLayer layer) {
        requireNaive(
                layer,
                Nd4j.createFromArray(1d, 0, 1, 1, 0, 1, 1, 1, 0, 1, 1, 1, 0, 0, 1, 1)
                        .reshape(BATCH, 1));
    }

    static Stream<DictionaryLayer> withDeadUnits() {
        Resampling tracked = new Resampling(1_000_000, DEAD_AFTER);
        JumpReLUEncoder tanh = wide(JumpReLUEncoder.tanh(0.2));
        return Stream.of(
                layer(tanh).revival(tracked).build(),
                layer(tanh).revival(tracked).unitNorm(true).build(),
                layer(tanh).revival(new AuxiliaryLoss(2, 0.3, DEAD_AFTER)).build(),
                layer(new TopKEncoder(3))
                        .revival(new AuxiliaryLoss(2, 0.3, DEAD_AFTER))
                        .build(),
                layer(new TopKEncoder(3))
                        .revival(new AuxiliaryLoss(8, 0.3, DEAD_AFTER))
                        .build(),
                layer(new TopKEncoder(3)).revival(new AuxiliaryLoss(DEAD_AFTER)).build(),
                layer(new TopKEncoder(3))
                        .unitNorm(false)
                        .matryoshka(4)
                        .revival(new AuxiliaryLoss(1, 0.3, DEAD_AFTER))
                        .build(),
                layer(new TopKEncoder(3))
                        .nOut(4)
                        .skip(true)
                        .revival(new AuxiliaryLoss(2, 0.3, DEAD_AFTER))
                        .build(),
                layer(new AbsTopKEncoder(3))
                        .revival(new AuxiliaryLoss(2, 0.3, DEAD_AFTER))
                        .build(),
                layer(new BatchTopKEncoder(2))
                        .revival(new AuxiliaryLoss(2, 0.3, DEAD_AFTER))
                        .build(),
                layer(new GatedEncoder(0.3))
                        .revival(new AuxiliaryLoss(2, 0.3, DEAD_AFTER))
                        .build());
    }

    @ParameterizedTest
    @MethodSource("withDeadUnits")
    void deadUnits_getTheirGradients(DictionaryLayer layer) {
        requireNaive(layer, null, DEAD);
    }

    /** The kernel is evaluated on z: on f its lower half, where f = 0, is lost. */
    @ParameterizedTest
    @MethodSource("objectives")
    void thresholdOfJumpReLU_learnsFromBothHalvesOfTheWindow(JumpReLUEncoder encoder) {
        DictionaryLayer layer = layer(encoder).build();
        MultiLayerNetwork network = random(layer);
        INDArray x = normal(1, DataType.DOUBLE, BATCH, IN);
        NaiveDictionary naive = new NaiveDictionary(layer, parameters(network), x, x, null);
        INDArray theta = network.getParam("0_threshold");

        assertThat(windows(naive, theta, -0.25, 0)).isGreaterThan(5);
        assertThat(windows(naive, theta, 0, 0.25)).isGreaterThan(5);
        assertThatArray(backward(network, x, x, null).gradients().get("threshold"))
                .isCloseTo(Nd4j.createFromArray(naive.gradients().get("threshold")), EXACT);
    }

    static Stream<JumpReLUEncoder> objectives() {
        return Stream.of(JumpReLUEncoder.step(0.3), JumpReLUEncoder.targetL0(2, 0.4), JumpReLUEncoder.tanh(0.2))
                .map(DeclaredSurrogatesTest::wide);
    }

    private static long windows(NaiveDictionary naive, INDArray theta, double from, double to) {
        return Arrays.stream(naive.z)
                .mapToLong(z -> IntStream.range(0, UNITS)
                        .filter(j -> z[j] > theta.getDouble(j) + from && z[j] < theta.getDouble(j) + to)
                        .count())
                .sum();
    }

    /** One unit whose pre-activation lies below its threshold in every example. */
    @Test
    void unitBelowItsThreshold_hasTheGradientOfTheLowerHalfOfTheWindow() {
        DictionaryLayer layer = new DictionaryLayer.Builder()
                .nIn(1)
                .nOut(1)
                .units(1)
                .encoder(JumpReLUEncoder.step(0.3).withBandwidth(0.4))
                .build();
        MultiLayerNetwork network = random(layer);
        Map.of("Wenc", 1d, "benc", 0d, "Wdec", 1d, "bdec", 0d, "threshold", 0.5)
                .forEach((name, value) -> network.getParam("0_" + name).assign(value));
        INDArray x = Nd4j.createFromArray(0.35, 0.25, 0.45).reshape(3, 1);

        INDArray gradient = backward(network, x, x, null).gradients().get("threshold");

        // in the window of [0.3, 0.7]: 0.35 and 0.45, with f = 0 and ∂L/∂f = −2x
        double expected = (-0.5 / 0.4 * (-2 * 0.35) - 0.3 / 0.4 - 0.5 / 0.4 * (-2 * 0.45) - 0.3 / 0.4) / 3;
        assertThatArray(gradient).isCloseTo(Nd4j.createFromArray(expected).reshape(1, 1), 1e-15);
    }

    static Stream<DictionaryLayer> jumpReLUs() {
        return objectives()
                .flatMap(encoder -> Stream.of(
                        layer(encoder).unitNorm(false).build(),
                        layer(encoder).unitNorm(false).matryoshka(4).build()));
    }

    @ParameterizedTest
    @MethodSource("jumpReLUs")
    void allParametersOfJumpReLUButTheThreshold_haveTheGradientOfTheScore(DictionaryLayer layer) {
        INDArray x = normal(1, DataType.DOUBLE, BATCH, IN);
        requireGradient(random(layer), x, x, "0_threshold");
    }

    /** These never fire, so they stay dead during the check. */
    @Test
    void deadUnitsOfTanh_haveTheGradientOfTheScore() {
        DictionaryLayer layer = layer(wide(JumpReLUEncoder.tanh(0.2)))
                .revival(new Resampling(1_000_000, DEAD_AFTER))
                .build();
        MultiLayerNetwork network = random(layer);
        for (int j : DEAD) {
            network.getParam("0_threshold").putScalar(j, 1000);
            network.getParam("0_idle").putScalar(j, (float) DEAD_AFTER);
        }
        INDArray x = normal(1, DataType.DOUBLE, BATCH, IN);

        requireGradient(network, x, x, "0_threshold");
    }

    /** W_dec and b_dec are constants in the reconstruction of the gate. */
    @ParameterizedTest
    @MethodSource("gated")
    void allParametersOfGatedButTheDecoder_haveTheGradientOfTheScore(DictionaryLayer layer) {
        INDArray x = normal(1, DataType.DOUBLE, BATCH, IN);
        requireGradient(random(layer), x, labels(layer, x), "0_Wdec", "0_bdec");
    }

    static Stream<DictionaryLayer> gated() {
        return Stream.of(
                layer(new GatedEncoder(0.3)).build(),
                layer(new GatedEncoder(0.3)).nOut(4).build(),
                layer(new GatedEncoder(0.3)).unitNorm(false).matryoshka(4).build());
    }
}
