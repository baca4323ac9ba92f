package io.github.dl4jae.recurrent;

import static io.github.dl4jae.testing.NdArrayAssert.assertThatArray;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.dl4jae.dense.FastLayers;
import io.github.dl4jae.testing.Clause;
import io.github.dl4jae.testing.LayerContract;
import io.github.dl4jae.testing.Networks;
import org.deeplearning4j.exception.DL4JInvalidInputException;
import org.deeplearning4j.nn.conf.MultiLayerConfiguration;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.RNNFormat;
import org.deeplearning4j.nn.conf.inputs.InputType;
import org.deeplearning4j.nn.conf.layers.DenseLayer;
import org.deeplearning4j.nn.conf.layers.LSTM;
import org.deeplearning4j.nn.conf.layers.RnnOutputLayer;
import org.deeplearning4j.nn.conf.layers.misc.RepeatVector;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.nd4j.linalg.activations.Activation;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.dataset.DataSet;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.learning.config.Sgd;
import org.nd4j.linalg.lossfunctions.impl.LossMSE;

class FastRepeatVectorLayerTest {

    private static final int EXAMPLES = 37;
    private static final int STEPS = 5;

    private static MultiLayerNetwork decoder(RNNFormat format) {
        return Networks.initialized(new NeuralNetConfiguration.Builder()
                .seed(1)
                .dataType(DataType.FLOAT)
                .updater(new Sgd(0.1))
                .list()
                .layer(new DenseLayer.Builder()
                        .nIn(4)
                        .nOut(6)
                        .activation(Activation.TANH)
                        .build())
                .layer(new RepeatVector.Builder<>(STEPS).dataFormat(format).build())
                .layer(new LSTM.Builder()
                        .nOut(7)
                        .activation(Activation.TANH)
                        .dataFormat(format)
                        .build())
                .layer(new RnnOutputLayer.Builder(new LossMSE())
                        .nOut(3)
                        .activation(Activation.IDENTITY)
                        .dataFormat(format)
                        .build())
                .setInputType(InputType.feedForward(4)));
    }

    @ParameterizedTest
    @EnumSource(RNNFormat.class)
    void decoder_givesTheStockNumbers(RNNFormat format) {
        MultiLayerNetwork stock = decoder(format);
        MultiLayerNetwork fast = FastLayers.convert(stock);
        assertThat(fast.getLayer(1).conf().getLayer()).isInstanceOf(FastRepeatVectorLayer.class);
        INDArray x = Nd4j.randn(DataType.FLOAT, EXAMPLES, 4);
        INDArray y = format == RNNFormat.NCW
                ? Nd4j.randn(DataType.FLOAT, EXAMPLES, 3, STEPS)
                : Nd4j.randn(DataType.FLOAT, EXAMPLES, STEPS, 3);

        assertThatArray(fast.feedForward(x).get(2))
                .isCloseTo(stock.feedForward(x).get(2), 1e-6);
        Networks.fit(stock, new DataSet(x, y), 4);
        Networks.fit(fast, new DataSet(x, y), 4);
        assertThatArray(fast.params()).isCloseTo(stock.params(), 2e-6);
    }

    @Tag("slow")
    @Test
    void layer_keepsTheContract() {
        LayerContract.of(new FastRepeatVectorLayer.Builder(3).build())
                .without(Clause.MASK) // a mask of vectors is none of sequences
                .verify();
    }

    @Test
    void configuration_survivesJson() {
        MultiLayerConfiguration configuration =
                FastLayers.convert(decoder(RNNFormat.NWC)).getLayerWiseConfigurations();

        assertThat(MultiLayerConfiguration.fromJson(configuration.toJson())).isEqualTo(configuration);
        assertThat(configuration.getConf(1).getLayer())
                .isNotEqualTo(new FastRepeatVectorLayer.Builder(STEPS).build())
                .hasToString(configuration.getConf(1).getLayer().clone().toString());
    }

    @Test
    void repetitionsAndInput_thatDoNotFit_areRefused() {
        assertThatThrownBy(() -> new FastRepeatVectorLayer.Builder(0).build())
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("repetitionFactor")
                .hasMessageContaining("0");
        MultiLayerNetwork network = Networks.initialized(new NeuralNetConfiguration.Builder()
                .list()
                .layer(new FastRepeatVectorLayer.Builder(3).nIn(4).nOut(4).build())
                .build());
        assertThatThrownBy(() -> network.output(Nd4j.ones(2, 4, 3)))
                .isInstanceOf(DL4JInvalidInputException.class)
                .hasMessageContaining("[batch, n], got [2, 4, 3]");
    }
}
