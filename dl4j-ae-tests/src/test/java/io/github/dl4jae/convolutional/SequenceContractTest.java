package io.github.dl4jae.convolutional;

import io.github.dl4jae.testing.Clause;
import io.github.dl4jae.testing.LayerContract;
import java.util.stream.Stream;
import org.deeplearning4j.nn.conf.ConvolutionMode;
import org.deeplearning4j.nn.conf.inputs.InputType;
import org.deeplearning4j.nn.conf.layers.SubsamplingLayer.PoolingType;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.nd4j.linalg.activations.Activation;

/** The contract of a layer, which uses float64, for convolutions of sequences. */
@Tag("slow")
class SequenceContractTest {

    private static final int CHANNELS = 2;
    private static final int STEPS = 5;

    static Stream<FastConvolution1DBuilder<?>> layers() {
        return Stream.of(
                new FastConvolution1DLayer.Builder(2).convolutionMode(ConvolutionMode.Same),
                new FastConvolution1DLayer.Builder(2)
                        .convolutionMode(ConvolutionMode.Causal)
                        .dilation(2),
                new FastDeconvolution1DLayer.Builder(2).convolutionMode(ConvolutionMode.Same),
                new FastDeconvolution1DLayer.Builder(2).convolutionMode(ConvolutionMode.Causal));
    }

    /** As in the stock layer, an active step reads masked ones within its kernel. */
    @ParameterizedTest
    @MethodSource("layers")
    void contract_ofAConvolutionOfSequences_holds(FastConvolution1DBuilder<?> layer) {
        LayerContract.of(layer.nOut(3).activation(Activation.TANH).build())
                .input(InputType.recurrent(CHANNELS, STEPS))
                .without(Clause.MASK)
                .verify();
    }

    static Stream<FastSubsampling1DLayer> poolings() {
        return Stream.of(PoolingType.values())
                .flatMap(type -> Stream.of(
                        new FastSubsampling1DLayer.Builder(type, 2)
                                .pnorm(3)
                                .convolutionMode(ConvolutionMode.Causal)
                                .build(),
                        new FastSubsampling1DLayer.Builder(type, 3)
                                .pnorm(2)
                                .stride(2)
                                .padding(1)
                                .build()));
    }

    /** As in the stock layer, an active window contains masked steps. */
    @ParameterizedTest
    @MethodSource("poolings")
    void contract_ofPoolingOfSequences_holds(FastSubsampling1DLayer layer) {
        LayerContract.of(layer)
                .input(InputType.recurrent(CHANNELS, STEPS))
                .without(Clause.MASK)
                .verify();
    }

    /** The kit's mask of labels has as many steps as the input. {@link SequencePoolingTest} has one that fits. */
    @Test
    void contract_ofUpsamplingOfSequences_holds() {
        LayerContract.of(new FastUpsampling1DLayer.Builder(3).build())
                .input(InputType.recurrent(CHANNELS, STEPS))
                .without(Clause.MASK)
                .verify();
    }
}
