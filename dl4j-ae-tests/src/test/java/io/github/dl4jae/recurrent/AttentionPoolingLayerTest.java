package io.github.dl4jae.recurrent;

import static io.github.dl4jae.testing.NdArrayAssert.assertThatArray;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.github.dl4jae.testing.LayerContract;
import io.github.dl4jae.testing.Networks;
import org.deeplearning4j.exception.DL4JInvalidConfigException;
import org.deeplearning4j.exception.DL4JInvalidInputException;
import org.deeplearning4j.nn.conf.MultiLayerConfiguration;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.RNNFormat;
import org.deeplearning4j.nn.conf.inputs.InputType;
import org.deeplearning4j.nn.conf.layers.OutputLayer;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.indexing.NDArrayIndex;
import org.nd4j.linalg.lossfunctions.impl.LossMSE;

class AttentionPoolingLayerTest {

    private static final int FEATURES = 5;
    private static final int STEPS = 4;
    private static final int UNITS = 3;

    private static MultiLayerConfiguration configuration(DataType type) {
        return new NeuralNetConfiguration.Builder()
                .seed(3)
                .dataType(type)
                .biasInit(0.3)
                .list()
                .layer(new AttentionPoolingLayer.Builder().attention(UNITS).build())
                .layer(new OutputLayer.Builder(new LossMSE()).nOut(2).build())
                .setInputType(InputType.recurrent(FEATURES, STEPS))
                .build();
    }

    private static MultiLayerNetwork network(DataType type) {
        return Networks.initialized(configuration(type));
    }

    private static INDArray pooled(MultiLayerNetwork network, INDArray x, INDArray mask) {
        network.setLayerMaskArrays(mask, null);
        INDArray output = network.feedForward(x, false).get(1);
        network.clearLayerMaskArrays();
        return output;
    }

    private static INDArray sequences(int count) {
        Nd4j.getRandom().setSeed(7);
        return Nd4j.randn(DataType.DOUBLE, count, FEATURES, STEPS);
    }

    @Tag("slow")
    @Test
    void layer_keepsTheContract() {
        LayerContract.of(new AttentionPoolingLayer.Builder().attention(UNITS).build())
                .input(InputType.recurrent(FEATURES, 3))
                .verify();
    }

    /** The formula, one number at a time. */
    @Test
    void pooledVector_isThatOfTheFormula() {
        MultiLayerNetwork network = network(DataType.DOUBLE);
        INDArray x = sequences(1);
        double[][] W = network.getParam("0_W").toDoubleMatrix();
        double[] b = network.getParam("0_b").toDoubleVector();
        double[] v = network.getParam("0_v").toDoubleVector();
        double[] weights = new double[3]; // the last step is masked
        double sum = 0;
        for (int t = 0; t < weights.length; t++) {
            double score = 0;
            for (int a = 0; a < UNITS; a++) {
                double z = b[a];
                for (int f = 0; f < FEATURES; f++) {
                    z += W[f][a] * x.getDouble(0, f, t);
                }
                score += v[a] * Math.tanh(z);
            }
            weights[t] = Math.exp(score);
            sum += weights[t];
        }

        INDArray h = pooled(network, x, Nd4j.createFromArray(new double[][] {{1, 1, 1, 0}}));

        for (int f = 0; f < FEATURES; f++) {
            double expected = 0;
            for (int t = 0; t < weights.length; t++) {
                expected += weights[t] / sum * x.getDouble(0, f, t);
            }
            assertThat(h.getDouble(0, f)).isCloseTo(expected, within(1e-12));
        }
    }

    @ParameterizedTest
    @ValueSource(doubles = {0, 1e6, Double.NaN, Double.NEGATIVE_INFINITY})
    void maskedSteps_haveNoEffect_toTheBit(double padding) {
        MultiLayerNetwork network = network(DataType.FLOAT);
        INDArray mask = Nd4j.createFromArray(new float[][] {{1, 1, 0, 0}, {0, 1, 0, 1}});
        INDArray x = sequences(2).castTo(DataType.FLOAT);
        INDArray padded = x.dup();
        padded.get(NDArrayIndex.point(0), NDArrayIndex.all(), NDArrayIndex.interval(2, 4))
                .assign(padding);
        padded.get(NDArrayIndex.point(1), NDArrayIndex.all(), NDArrayIndex.point(2))
                .assign(padding);

        assertThatArray(pooled(network, padded, mask)).isEqualTo(pooled(network, x, mask));
    }

    @Test
    void rows_areThoseOfTheExampleAlone() {
        MultiLayerNetwork network = network(DataType.FLOAT);
        INDArray x = sequences(9).castTo(DataType.FLOAT);

        INDArray alone = pooled(network, x.get(NDArrayIndex.interval(4, 5)).dup(), null);

        assertThatArray(pooled(network, x, null).getRow(4, true).dup()).isEqualTo(alone);
    }

    @Test
    void sequenceWithoutSteps_givesZeros() {
        INDArray h = pooled(network(DataType.FLOAT), sequences(2), Nd4j.zeros(2, STEPS));

        assertThatArray(h).isEqualTo(Nd4j.zeros(DataType.FLOAT, 2, FEATURES));
    }

    @Test
    void configuration_survivesJson() {
        MultiLayerConfiguration configuration = configuration(DataType.FLOAT);

        assertThat(MultiLayerConfiguration.fromJson(configuration.toJson())).isEqualTo(configuration);
        assertThat(configuration.getConf(0).getLayer().toString()).contains("attention=3");
    }

    @Test
    void sizesAndInputs_thatDoNotFit_areRefused() {
        assertThatThrownBy(
                        () -> new AttentionPoolingLayer.Builder().attention(0).build())
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("attention must be at least 1, got 0");
        assertThatThrownBy(() -> new AttentionPoolingLayer.Builder()
                        .build()
                        .setNIn(InputType.recurrent(3, 4, RNNFormat.NWC), false))
                .isInstanceOf(DL4JInvalidConfigException.class)
                .hasMessageContaining("NCW, got NWC");
        assertThatThrownBy(() -> network(DataType.FLOAT).output(Nd4j.ones(2, 4, 3)))
                .isInstanceOf(DL4JInvalidInputException.class)
                .hasMessageContaining("[batch, 5, time], got [2, 4, 3]");
    }
}
