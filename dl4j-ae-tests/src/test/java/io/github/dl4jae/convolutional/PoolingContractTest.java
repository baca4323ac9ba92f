package io.github.dl4jae.convolutional;

import io.github.dl4jae.testing.Clause;
import io.github.dl4jae.testing.LayerContract;
import java.util.stream.Stream;
import org.deeplearning4j.nn.conf.CNN2DFormat;
import org.deeplearning4j.nn.conf.ConvolutionMode;
import org.deeplearning4j.nn.conf.inputs.InputType;
import org.deeplearning4j.nn.conf.layers.SubsamplingLayer.PoolingType;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.nd4j.linalg.activations.Activation;

/** The contract of pooling, upsampling and batch normalization, which uses float64. */
@Tag("slow")
class PoolingContractTest {

    private static InputType images(CNN2DFormat format) {
        return InputType.convolutional(4, 3, 2, format);
    }

    static Stream<Arguments> poolings() {
        return Stream.of(PoolingType.values())
                .flatMap(type -> Stream.of(CNN2DFormat.values()).map(format -> Arguments.of(type, format)));
    }

    @ParameterizedTest
    @MethodSource("poolings")
    void contract_ofPooling_holds(PoolingType type, CNN2DFormat format) {
        FastSubsamplingLayer layer = new FastSubsamplingLayer.Builder(type, 2, 2)
                .stride(1, 2)
                .pnorm(3)
                .dataFormat(format)
                .convolutionMode(ConvolutionMode.Same)
                .build();
        LayerContract.of(layer).input(images(format)).verify();
    }

    @ParameterizedTest
    @EnumSource(CNN2DFormat.class)
    void contract_ofUpsampling_holds(CNN2DFormat format) {
        FastUpsamplingLayer layer =
                new FastUpsamplingLayer.Builder(2, 1).dataFormat(format).build();
        LayerContract.of(layer).input(images(format)).verify();
    }

    @ParameterizedTest
    @EnumSource(
            value = Activation.class,
            names = {"TANH", "SIGMOID", "SOFTPLUS"})
    void contract_ofAnActivation_holds(Activation activation) {
        FastActivationLayer layer =
                new FastActivationLayer.Builder().activation(activation).build();
        LayerContract.of(layer).input(images(CNN2DFormat.NCHW)).verify();
        LayerContract.verify(layer);
    }

    /** Softmax acts along the last dimension, which is time in a sequence: masked steps have an effect. */
    @Test
    void contract_ofSoftmax_holds() {
        FastActivationLayer layer =
                new FastActivationLayer.Builder().activation(Activation.SOFTMAX).build();
        LayerContract.of(layer).input(images(CNN2DFormat.NHWC)).verify();
        LayerContract.of(layer).without(Clause.MASK).verify();
    }

    static Stream<Arguments> normalizations() {
        return Stream.of(true, false).flatMap(log -> Stream.of(true, false)
                .flatMap(locked -> Stream.of(CNN2DFormat.values()).map(format -> Arguments.of(log, locked, format))));
    }

    @ParameterizedTest
    @MethodSource("normalizations")
    void contract_ofBatchNormalization_holds(boolean log, boolean locked, CNN2DFormat format) {
        FastBatchNormalizationLayer layer = new FastBatchNormalizationLayer.Builder()
                .useLogStd(log)
                .lockGammaBeta(locked)
                .gamma(1.5)
                .dataFormat(format)
                .build();
        LayerContract.of(layer).input(images(format)).differsAtTestTime().verify();
    }

    @Test
    void contract_ofBatchNormalizationOfFeatures_holds() {
        LayerContract.of(new FastBatchNormalizationLayer.Builder().beta(0.3).build())
                .differsAtTestTime()
                .verify();
    }
}
