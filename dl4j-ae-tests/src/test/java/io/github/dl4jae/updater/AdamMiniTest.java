package io.github.dl4jae.updater;

import static io.github.dl4jae.testing.NdArrayAssert.assertThatArray;
import static io.github.dl4jae.testing.Networks.initialized;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;
import static org.assertj.core.api.Assertions.withinPercentage;

import io.github.dl4jae.testing.FloatTypes;
import java.util.Arrays;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.layers.DenseLayer;
import org.deeplearning4j.nn.conf.layers.OutputLayer;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.nd4j.linalg.activations.Activation;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.dataset.DataSet;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.learning.GradientUpdater;
import org.nd4j.linalg.learning.config.Sgd;
import org.nd4j.linalg.lossfunctions.impl.LossMSE;

class AdamMiniTest {

    /** t = 1: m = 0.1·g, v_b = 0.001·mean g², the step is η·g/√(mean g²): a root mean square of η in every block. */
    @ParameterizedTest
    @FloatTypes
    void firstStep_hasTheRootMeanSquareOfTheLearningRate_inEveryBlock(DataType type) {
        INDArray g = Nd4j.createFromArray(new double[] {3, 4, -1e-3, 0}).castTo(type);
        INDArray state = Nd4j.create(type, 1, 6).assign(5);
        new AdamMini(0.5, 2).instantiate(state, true).applyUpdater(g, 0, 0);

        double second = 1e-3 / Math.sqrt(2) + 1e-8 / Math.sqrt(1e-3); // with ε as it counts at t = 1
        assertThat(g.toDoubleVector())
                .containsExactly(
                        new double[] {0.5 * 3 / Math.sqrt(12.5), 0.5 * 4 / Math.sqrt(12.5), -0.5 * 1e-3 / second, 0},
                        within(1e-6));
        assertThat(state.toDoubleVector())
                .containsExactly(new double[] {0.3, 0.4, -1e-4, 0, 0.0125, 5e-10}, within(1e-7));
        assertThat(state.getDouble(0, 5)).isCloseTo(5e-10, withinPercentage(0.001));
    }

    @ParameterizedTest
    @FloatTypes
    void steps_areThoseOfTheFormula(DataType type) {
        int n = 1003;
        int blocks = 70; // several threads
        double[] m = new double[n * blocks];
        double[] v = new double[blocks];
        INDArray state = Nd4j.create(type, 1, (n + 1L) * blocks);
        GradientUpdater<?> step = new AdamMini(new FastAdam(0.02, 0.8, 0.99, 1e-7), n).instantiate(state, true);
        Nd4j.getRandom().setSeed(1);
        for (int t = 1; t <= 4; t++) {
            INDArray g = Nd4j.randn(type, 1, (long) n * blocks);
            double[] values = g.toDoubleVector();
            step.applyUpdater(g, t - 1, 0);
            double[] expected = new double[n * blocks];
            for (int b = 0; b < blocks; b++) {
                double square = 0;
                for (int i = b * n; i < (b + 1) * n; i++) {
                    m[i] = 0.8 * m[i] + 0.2 * values[i];
                    square += values[i] * values[i] / n;
                }
                v[b] = 0.99 * v[b] + 0.01 * square;
                double rate = 0.02 * Math.sqrt(1 - Math.pow(0.99, t)) / (1 - Math.pow(0.8, t));
                for (int i = b * n; i < (b + 1) * n; i++) {
                    expected[i] = rate * m[i] / (Math.sqrt(v[b]) + 1e-7);
                }
            }
            assertThatArray(g.castTo(DataType.DOUBLE)).isCloseTo(Nd4j.create(new double[][] {expected}), 1e-6);
        }
    }

    @Test
    void equality_looksAtTheBlockLength() {
        assertThat(new AdamMini(0.1, 5)).isEqualTo(new AdamMini(0.1, 5)).isNotEqualTo(new AdamMini(0.1, 6));
    }

    /** Blocks of one parameter share nothing. */
    @Test
    void blocksOfOne_areAdam() {
        INDArray g = Nd4j.createFromArray(3f, -0.01f, 0f);
        INDArray h = g.dup();
        new AdamMini(0.5, 1)
                .instantiate(Nd4j.create(DataType.FLOAT, 1, 6), true)
                .applyUpdater(g, 0, 0);
        new FastAdam(0.5).instantiate(Nd4j.create(DataType.FLOAT, 1, 6), true).applyUpdater(h, 0, 0);
        assertThat(g.toDoubleVector()).containsExactly(h.toDoubleVector(), within(1e-7));
    }

    /** Deeplearning4j gives neighboring parameters of the same updater one state. */
    @Test
    void layersThatShareAnUpdater_haveBlocksOfTheirOwn() {
        NeuralNetConfiguration.ListBuilder layers = new NeuralNetConfiguration.Builder()
                .updater(new AdamMini(0.01, 5))
                .miniBatch(false)
                .list();
        for (int i = 0; i < 2; i++) {
            layers.layer(new DenseLayer.Builder()
                    .hasBias(false)
                    .nIn(5)
                    .nOut(5)
                    .activation(Activation.TANH)
                    .build());
        }
        MultiLayerNetwork network = initialized(layers.layer(new OutputLayer.Builder(new LossMSE())
                .updater(new Sgd(0.1))
                .nIn(5)
                .nOut(5)
                .activation(Activation.IDENTITY)
                .build()));
        INDArray before = network.params().dup();
        INDArray x = Nd4j.rand(DataType.FLOAT, 6, 5);
        network.fit(new DataSet(x, x));

        double[] step = network.params().sub(before).toDoubleVector();
        for (int block = 0; block < 10; block++) {
            double[] own = Arrays.copyOfRange(step, 5 * block, 5 * block + 5);
            double meanSquare =
                    Arrays.stream(own).map(value -> value * value).average().orElseThrow();
            assertThat(Math.sqrt(meanSquare)).as("block %d", block).isCloseTo(0.01, withinPercentage(1));
        }
    }

    @Test
    void settings_outOfRange_areRefused() {
        assertThatThrownBy(() -> new AdamMini(0.1, 0))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("blockLength must be at least 1, got 0");
        assertThatThrownBy(() -> new AdamMini(-1, 2))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("must not be negative, got -1.0");
    }
}
