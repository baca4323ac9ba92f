package io.github.dl4jae.convolutional;

import io.github.dl4jae.convolutional.ImageNetworks.Kind;
import io.github.dl4jae.likelihood.LossBernoulli;
import io.github.dl4jae.testing.LayerContract;
import java.util.stream.Stream;
import org.deeplearning4j.nn.conf.CNN2DFormat;
import org.deeplearning4j.nn.conf.ConvolutionMode;
import org.deeplearning4j.nn.conf.inputs.InputType;
import org.deeplearning4j.nn.conf.layers.ConvolutionLayer;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.nd4j.linalg.activations.Activation;
import org.nd4j.linalg.lossfunctions.ILossFunction;
import org.nd4j.linalg.lossfunctions.impl.LossMSE;

/** The contract of a layer, which uses float64. {@link ConvolutionInFloat32Test} has its clauses for float32. */
@Tag("slow")
class ConvolutionalContractTest {

    private static InputType images(CNN2DFormat format) {
        return InputType.convolutional(4, 3, 2, format);
    }

    static Stream<Arguments> convolutions() {
        return Stream.of(Kind.values())
                .flatMap(kind -> Stream.of(CNN2DFormat.values()).map(format -> Arguments.of(kind, format)));
    }

    @ParameterizedTest
    @MethodSource("convolutions")
    void contract_ofAConvolution_holds(Kind kind, CNN2DFormat format) {
        ConvolutionLayer layer = kind.fast(2, 2)
                .nOut(3)
                .dataFormat(format)
                .convolutionMode(ConvolutionMode.Same)
                .activation(Activation.TANH)
                .build();
        LayerContract.of(layer).input(images(format)).verify();
    }

    static Stream<Arguments> losses() {
        return Stream.of(new LossMSE(), new LossBernoulli())
                .flatMap(loss -> Stream.of(CNN2DFormat.values()).map(format -> Arguments.of(loss, format)));
    }

    @ParameterizedTest
    @MethodSource("losses")
    void contract_ofALoss_holds(ILossFunction loss, CNN2DFormat format) {
        FastCnnLossLayer layer = new FastCnnLossLayer.Builder(loss)
                .format(format)
                .activation(Activation.SIGMOID)
                .build();
        LayerContract.of(layer).input(images(format)).verify();
    }
}
