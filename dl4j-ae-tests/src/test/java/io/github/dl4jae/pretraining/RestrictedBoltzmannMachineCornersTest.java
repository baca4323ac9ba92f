package io.github.dl4jae.pretraining;

import static io.github.dl4jae.testing.NdArrayAssert.assertThatArray;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.github.dl4jae.pretraining.RestrictedBoltzmannLayer.Unit;
import java.util.Arrays;
import java.util.stream.Stream;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/** Samples that start from whole numbers, and those of rectified units. */
@Tag("slow")
class RestrictedBoltzmannMachineCornersTest {

    private static RestrictedBoltzmannMachine machine(
            Unit hidden, double[][] weights, double[] bias, double[] visibleBias) {
        MultiLayerNetwork network = new MultiLayerNetwork(new NeuralNetConfiguration.Builder()
                .seed(5)
                .dataType(DataType.DOUBLE)
                .list()
                .layer(new RestrictedBoltzmannLayer.Builder()
                        .hidden(hidden)
                        .nIn(weights.length)
                        .nOut(bias.length)
                        .build())
                .build());
        network.init();
        network.setParam("0_W", Nd4j.createFromArray(weights));
        network.setParam("0_b", Nd4j.createFromArray(bias).reshape(1, bias.length));
        network.setParam("0_vb", Nd4j.createFromArray(visibleBias).reshape(1, visibleBias.length));
        return RestrictedBoltzmannMachine.of(network, 0);
    }

    private static RestrictedBoltzmannMachine small(Unit hidden) {
        return machine(
                hidden, new double[][] {{0.5, -1}, {1, 0.3}, {-0.7, 0.8}}, new double[] {0.2, -0.1}, new double[] {
                    0, 0.4, -0.3
                });
    }

    static Stream<DataType> integers() {
        return Stream.of(DataType.INT32, DataType.INT64, DataType.UINT8);
    }

    @ParameterizedTest
    @MethodSource("integers")
    void sample_fromIntegers_isThatFromTheSameNumbersInFloat32(DataType type) {
        INDArray bits = Nd4j.createFromArray(new int[][] {{0, 1, 1}, {1, 0, 0}, {1, 1, 0}, {0, 0, 0}});
        INDArray start = bits.castTo(type);

        for (Unit hidden : Unit.values()) {
            INDArray sample = small(hidden).sample(start, 3, 7);
            assertThat(sample.dataType()).isEqualTo(DataType.FLOAT);
            assertThatArray(sample).isEqualTo(small(hidden).sample(bits.castTo(DataType.FLOAT), 3, 7));
        }
        assertThatArray(start).isEqualTo(bits.castTo(type));
    }

    /** Σ_i ln(1 + e^{z − i + ½}), the free energy of the binary copies that a rectified unit stands for. */
    private static double copies(double z) {
        double sum = 0;
        for (int i = 1; i < 60; i++) {
            sum += Math.log1p(Math.exp(z - i + 0.5));
        }
        return sum;
    }

    /** One visible unit: p(v = 1) is a quotient of two sums. Its mean given h has a deviation of at most ½. */
    @ParameterizedTest
    @CsvSource({"1, 0, -1", "-2, 1, 1", "1.5, -1, -0.5", "3, -2, -1", "0.5, 0.3, 0"})
    void sample_ofRectifiedUnits_hasTheMeanOfTheLikelihood(double weight, double bias, double visibleBias) {
        RestrictedBoltzmannMachine model = machine(
                Unit.RECTIFIED, new double[][] {{weight, weight}}, new double[] {bias, bias}, new double[] {visibleBias
                });
        double logOdds = visibleBias + 2 * (copies(weight + bias) - copies(bias));
        double expected = 1 / (1 + Math.exp(-logOdds));
        int chains = 40_000;

        double[] likelihood = model.logLikelihood(Nd4j.createFromArray(new double[][] {{0}, {1}}));
        double mean = model.sample(Nd4j.zeros(DataType.DOUBLE, chains, 1), 100, 3)
                .meanNumber()
                .doubleValue();

        assertThat(Math.exp(likelihood[1])).isCloseTo(expected, within(1e-9));
        assertThat(mean).isCloseTo(expected, within(4 * 0.5 / Math.sqrt(chains)));
    }

    /** The same for three visible units that depend on each other, by their states' probabilities. */
    @Test
    void sample_ofASmallRectifiedMachine_hasTheMeansOfTheLikelihood() {
        RestrictedBoltzmannMachine model = machine(
                Unit.RECTIFIED,
                new double[][] {{1.2, -0.8}, {-0.6, 1.5}, {0.9, 0.7}},
                new double[] {-0.5, -0.8},
                new double[] {-0.7, -0.6, -1.4});
        INDArray states = Nd4j.createFromArray(
                new double[][] {{0, 0, 0}, {1, 0, 0}, {0, 1, 0}, {1, 1, 0}, {0, 0, 1}, {1, 0, 1}, {0, 1, 1}, {1, 1, 1}
                });
        INDArray probability = Nd4j.createFromArray(
                Arrays.stream(model.logLikelihood(states)).map(Math::exp).toArray());
        double[] expected = states.mulColumnVector(probability).sum(0).toDoubleVector();
        int chains = 40_000;

        double[] means = model.sample(Nd4j.zeros(DataType.DOUBLE, chains, 3), 100, 3)
                .mean(0)
                .toDoubleVector();

        assertThat(means).containsExactly(expected, within(4 * 0.5 / Math.sqrt(chains)));
    }
}
