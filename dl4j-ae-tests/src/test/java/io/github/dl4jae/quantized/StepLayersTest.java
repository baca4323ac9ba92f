package io.github.dl4jae.quantized;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.inputs.InputType;
import org.deeplearning4j.nn.conf.layers.LossLayer;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.deeplearning4j.nn.workspace.LayerWorkspaceMgr;
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
import org.nd4j.linalg.lossfunctions.impl.LossL2;

/** Values of scalar quantization and binary codes. */
class StepLayersTest {

    /**
     * By NumPy 1.26, for L levels: {@code half = (L-1)*1.001/2; off = 0.5 if L%2==0 else 0; b = np.tanh(z +
     * np.arctanh(off/half))*half - off}, then {@code np.round(b)/(L//2)}.
     */
    @ParameterizedTest
    @CsvSource({
        "8, -5, -1",
        "8, 0, 0",
        "8, 0.2, 0.25",
        "8, 5, 0.75",
        "5, -0.4, -0.5",
        "5, 0.9, 0.5",
        "5, 3, 1",
        "6, -0.5, -0.33333333333333333",
        "3, 0.5, 0",
        "3, 0.6, 1",
        "2, -9, -1",
        "2, 9, 0"
    })
    void levels_areThoseOfTheFormula(int levels, double z, double expected) {
        LevelTable table = new LevelTable(new int[] {levels});

        assertThat(table.rounded(table.bounded(new double[] {z}))[0]).isCloseTo(expected, within(1e-12));
    }

    @Test
    void bounded_atZero_isZero() {
        LevelTable table = new LevelTable(new int[] {8, 6, 5});

        assertThat(table.bounded(new double[3])).containsExactly(new double[] {0, 0, 0}, within(1e-12));
    }

    @Test
    void indices_countAllVectors_andAreInvertible() {
        LevelTable table = new LevelTable(new int[] {8, 6, 5});
        int[] all = IntStream.range(0, 240).toArray();

        double[] vectors = table.vectors(all);

        assertThat(table.codes()).isEqualTo(240);
        assertThat(table.indicesOf(vectors)).isEqualTo(all);
        assertThat(Arrays.stream(vectors).min().orElseThrow()).isEqualTo(-1);
        assertThat(IntStream.range(0, 240)
                        .mapToObj(k -> Arrays.toString(Arrays.copyOfRange(vectors, 3 * k, 3 * k + 3)))
                        .distinct()
                        .count())
                .isEqualTo(240);
    }

    private static MultiLayerNetwork network(BinaryCodeLayer.Builder layer) {
        MultiLayerNetwork network = new MultiLayerNetwork(new NeuralNetConfiguration.Builder()
                .seed(3)
                .dataType(DataType.DOUBLE)
                .list()
                .layer(layer.name("bits").build())
                .layer(new LossLayer.Builder(new LossL2())
                        .activation(Activation.IDENTITY)
                        .build())
                .setInputType(InputType.feedForward(4))
                .build());
        network.init();
        return network;
    }

    private static INDArray outputs(BinaryCodeLayer.Builder layer, double z, boolean training) {
        return network(layer)
                .getLayer("bits")
                .activate(
                        Nd4j.valueArrayOf(new long[] {5000, 4}, z, DataType.DOUBLE),
                        training,
                        LayerWorkspaceMgr.noWorkspaces());
    }

    @ParameterizedTest
    @EnumSource(BinarySampling.class)
    void bits_atInference_areThresholds(BinarySampling sampling) {
        BinaryCodeLayer.Builder layer = new BinaryCodeLayer.Builder().sampling(sampling);

        assertThat(outputs(layer, 0.1, false).meanNumber().doubleValue()).isEqualTo(1);
        assertThat(outputs(layer, -0.1, false).meanNumber().doubleValue()).isZero();
    }

    /** A share of 20,000 bits has a standard error of 0.0033. */
    @Test
    void bernoulliBits_haveTheProbabilityOfTheLogit() {
        INDArray bits = outputs(new BinaryCodeLayer.Builder(), 0.8, true);

        assertThat(bits.meanNumber().doubleValue()).isCloseTo(1 / (1 + Math.exp(-0.8)), within(0.014));
        assertThat(bits.eq(0).castTo(DataType.DOUBLE).add(bits).minNumber().doubleValue())
                .as("only 0 and 1")
                .isEqualTo(1);
    }

    /** P(q > ½) = P(z + ℓ > 0) = σ(z), at any temperature. */
    @Test
    void concreteBits_liesBetween_andRoundToTheBernoulliProbability() {
        BinaryCodeLayer.Builder layer =
                new BinaryCodeLayer.Builder().sampling(BinarySampling.CONCRETE).temperature(0.4);

        INDArray relaxed = outputs(layer, -0.5, true);
        INDArray rounded = outputs(layer.hard(true), -0.5, true);

        assertThat(relaxed.gt(0).castTo(DataType.DOUBLE).meanNumber().doubleValue())
                .isEqualTo(1);
        assertThat(relaxed.gt(0.5).castTo(DataType.DOUBLE).meanNumber().doubleValue())
                .isCloseTo(1 / (1 + Math.exp(0.5)), within(0.014));
        assertThat(rounded.sub(relaxed.gt(0.5).castTo(DataType.DOUBLE))
                        .norm2Number()
                        .doubleValue())
                .isZero();
    }

    static Stream<Arguments> wrong() {
        return Stream.of(
                call("levels must be set, got none", () -> new FiniteScalarQuantizationLayer.Builder().build()),
                call("each level count must be at least 2, got 1", () -> new FiniteScalarQuantizationLayer.Builder()
                        .levels(5, 1)
                        .build()),
                call("there must be at most 2147483647 codes", () -> new FiniteScalarQuantizationLayer.Builder()
                        .levels(2000, 2000, 2000)
                        .build()),
                call("temperature must be above 0 and finite, got 0.0", () -> new BinaryCodeLayer.Builder()
                        .sampling(BinarySampling.CONCRETE)
                        .temperature(0)
                        .build()),
                call(
                        "temperature and hard must be left out",
                        () -> new BinaryCodeLayer.Builder().temperature(1).build()),
                call("the number of bits must be known, got 0", () -> new NeuralNetConfiguration.Builder()
                        .list()
                        .layer(new BinaryCodeLayer.Builder().build())
                        .build()
                        .getConf(0)
                        .getLayer()
                        .instantiate(null, null, 0, null, true, DataType.FLOAT)),
                call("the input must have 2 features per position", () -> new NeuralNetConfiguration.Builder()
                        .list()
                        .layer(new FiniteScalarQuantizationLayer.Builder()
                                .levels(4, 4)
                                .build())
                        .setInputType(InputType.feedForward(3))
                        .build()));
    }

    private static Arguments call(String message, Runnable call) {
        return Arguments.of(message, call);
    }

    @ParameterizedTest
    @MethodSource("wrong")
    void option_outsideOfItsRange_isRefused(String message, Runnable call) {
        assertThatThrownBy(call::run)
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining(message);
    }
}
