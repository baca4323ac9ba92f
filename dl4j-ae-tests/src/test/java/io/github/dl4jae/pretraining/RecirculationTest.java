package io.github.dl4jae.pretraining;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.github.dl4jae.data.LabeledImages;
import io.github.dl4jae.data.RealImages;
import io.github.dl4jae.dense.FastDenseLayer;
import io.github.dl4jae.dense.FastOutputLayer;
import org.deeplearning4j.datasets.iterator.utilty.ListDataSetIterator;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.deeplearning4j.nn.weights.WeightInit;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.nd4j.linalg.activations.Activation;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.dataset.DataSet;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.lossfunctions.impl.LossL2;

@Tag("slow")
class RecirculationTest {

    private static MultiLayerNetwork network(int visible, int hidden, Activation activation, DataType type) {
        MultiLayerNetwork network = new MultiLayerNetwork(new NeuralNetConfiguration.Builder()
                .seed(4)
                .dataType(type)
                .weightInit(WeightInit.XAVIER)
                .activation(activation)
                .list()
                .layer(new FastDenseLayer.Builder().nIn(visible).nOut(hidden).build())
                .layer(new FastOutputLayer.Builder(new LossL2())
                        .nIn(hidden)
                        .nOut(visible)
                        .activation(activation)
                        .build())
                .build());
        network.init();
        return network;
    }

    /** One visible and one hidden unit, linear, by hand: x = 2, W = 0.5, V = 0.8, biases 0, λ = 0.75, ε = 0.1. */
    @Test
    void oneStep_isWhatTheRulesSay() {
        MultiLayerNetwork network = network(1, 1, Activation.IDENTITY, DataType.DOUBLE);
        network.setParam("0_W", Nd4j.createFromArray(new double[][] {{0.5}}));
        network.setParam("1_W", Nd4j.createFromArray(new double[][] {{0.8}}));
        INDArray x = Nd4j.createFromArray(new double[][] {{2}});

        new Recirculation.Builder(network).build().fit(new ListDataSetIterator<>(new DataSet(x, x).asList(), 1), 1);

        // y1 = 1, y2 = 0.75·2 + 0.25·0.8 = 1.7, y3 = 0.75·1 + 0.25·0.85 = 0.9625
        assertThat(network.getParam("1_W").getDouble(0)).isCloseTo(0.8 + 0.1 * 1 * (2 - 1.7), within(1e-12));
        assertThat(network.getParam("1_b").getDouble(0)).isCloseTo(0.1 * (2 - 1.7), within(1e-12));
        assertThat(network.getParam("0_W").getDouble(0)).isCloseTo(0.5 + 0.1 * 1.7 * (1 - 0.9625), within(1e-12));
        assertThat(network.getParam("0_b").getDouble(0)).isCloseTo(0.1 * (1 - 0.9625), within(1e-12));
    }

    @Test
    void training_onRealImages_lowersTheErrorAndAlignsTheWeights() {
        LabeledImages images = RealImages.mnistTrain().first(2_000);
        MultiLayerNetwork network = network(784, 64, Activation.SIGMOID, DataType.FLOAT);
        DataSet all = new DataSet(images.features(), images.features());
        double before = network.score(all);
        double alignedBefore = alignment(network);

        new Recirculation.Builder(network)
                .learningRate(0.5)
                .build()
                .fit(images.iterator(20).shuffle(1).build(), 10);

        assertThat(network.score(all)).isLessThan(0.5 * before);
        assertThat(alignment(network)).isGreaterThan(alignedBefore + 0.1);
    }

    /** The cosine between W and Vᵀ. */
    private static double alignment(MultiLayerNetwork network) {
        INDArray W = network.getParam("0_W");
        INDArray V = network.getParam("1_W").transpose();
        return W.mul(V).sumNumber().doubleValue()
                / (W.norm2Number().doubleValue() * V.norm2Number().doubleValue());
    }

    @Test
    void input_thatCannotBe_isRefused() {
        MultiLayerNetwork network = network(3, 2, Activation.SIGMOID, DataType.FLOAT);
        assertThatThrownBy(() -> new Recirculation.Builder(null))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("network must be given, got null");
        MultiLayerNetwork one = new MultiLayerNetwork(new NeuralNetConfiguration.Builder()
                .list()
                .layer(new FastDenseLayer.Builder().nIn(2).nOut(2).build())
                .build());
        assertThatThrownBy(() -> new Recirculation.Builder(one))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("one without parameters");
        one.init();
        assertThatThrownBy(() -> new Recirculation.Builder(one))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("have two dense layers");
        assertThatThrownBy(() -> new Recirculation.Builder(network(3, 2, Activation.SOFTMAX, DataType.FLOAT)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("must be elementwise");
        assertThatThrownBy(() -> new Recirculation.Builder(network).learningRate(0))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("learningRate must");
        assertThatThrownBy(() -> new Recirculation.Builder(network).regression(1))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("in [0, 1), got 1.0");
    }
}
