package io.github.dl4jae.testing;

import org.deeplearning4j.nn.conf.inputs.InputType;
import org.deeplearning4j.nn.conf.layers.ActivationLayer;
import org.deeplearning4j.nn.conf.layers.ConvolutionLayer;
import org.deeplearning4j.nn.conf.layers.DenseLayer;
import org.deeplearning4j.nn.conf.layers.LSTM;
import org.deeplearning4j.nn.conf.layers.OutputLayer;
import org.junit.jupiter.api.Test;
import org.nd4j.linalg.activations.Activation;
import org.nd4j.linalg.lossfunctions.impl.LossMSE;

class LayerContractTest {

    @Test
    void stockDense_isRight_passes() {
        LayerContract.verify(
                new DenseLayer.Builder().nOut(4).activation(Activation.TANH).build());
    }

    @Test
    void stockActivation_isRight_passes() {
        LayerContract.verify(new ActivationLayer(Activation.TANH));
    }

    @Test
    void stockOutput_isRight_passes() {
        LayerContract.verify(new OutputLayer.Builder(new LossMSE())
                .nOut(4)
                .activation(Activation.TANH)
                .build());
    }

    @Test
    void stockLstm_isRight_passes() {
        LayerContract.of(new LSTM.Builder().nOut(3).activation(Activation.TANH).build())
                .input(InputType.recurrent(3, 3))
                .verify();
    }

    @Test
    void stockConvolution_isRight_passes() {
        LayerContract.of(new ConvolutionLayer.Builder(2, 2)
                        .nOut(2)
                        .activation(Activation.TANH)
                        .build())
                .input(InputType.convolutional(4, 4, 2))
                .verify();
    }
}
