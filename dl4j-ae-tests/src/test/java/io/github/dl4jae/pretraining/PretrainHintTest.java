package io.github.dl4jae.pretraining;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.dl4jae.testing.CapturedLog;
import org.deeplearning4j.exception.DL4JException;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.inputs.InputType;
import org.deeplearning4j.nn.conf.layers.OutputLayer;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.junit.jupiter.api.Test;
import org.nd4j.linalg.activations.Activation;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.dataset.DataSet;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.lossfunctions.impl.LossMSE;

/** Deeplearning4j's own message does not mention pretraining. */
class PretrainHintTest {

    private static final INDArray X = Nd4j.rand(DataType.FLOAT, 5, 3);

    private static MultiLayerNetwork network(boolean withOutput) {
        NeuralNetConfiguration.ListBuilder builder = new NeuralNetConfiguration.Builder()
                .list()
                .layer(new TiedAutoencoderLayer.Builder()
                        .name("code")
                        .nOut(4)
                        .activation(Activation.SIGMOID)
                        .build());
        if (withOutput) {
            builder.layer(new OutputLayer.Builder(new LossMSE())
                    .nOut(3)
                    .activation(Activation.IDENTITY)
                    .build());
        }
        MultiLayerNetwork network = new MultiLayerNetwork(
                builder.setInputType(InputType.feedForward(3)).build());
        network.init();
        return network;
    }

    @Test
    void fit_ofANetworkThatEndsInAPretrainLayer_isToldToPretrain() {
        MultiLayerNetwork network = network(false);
        assertThat(CapturedLog.of(() ->
                        assertThatThrownBy(() -> network.fit(new DataSet(X, X))).isInstanceOf(DL4JException.class)))
                .contains("TiedAutoencoderLayer 'code': fit needs an output layer after this one")
                .contains("call network.pretrain(iterator)");
    }

    @Test
    void inference_andTrainingWithAnOutputLayer_areNot() {
        MultiLayerNetwork alone = network(false);
        MultiLayerNetwork whole = network(true);
        assertThat(CapturedLog.of(() -> {
                    alone.output(X);
                    whole.fit(new DataSet(X, X));
                }))
                .doesNotContain("fit needs an output layer");
    }
}
