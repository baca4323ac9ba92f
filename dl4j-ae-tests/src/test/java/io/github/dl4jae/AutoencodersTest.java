package io.github.dl4jae;

import static io.github.dl4jae.SmallAutoencoders.base;
import static io.github.dl4jae.SmallAutoencoders.codePerTimeStep;
import static io.github.dl4jae.SmallAutoencoders.dense;
import static io.github.dl4jae.SmallAutoencoders.examples;
import static io.github.dl4jae.SmallAutoencoders.output;
import static io.github.dl4jae.testing.NdArrayAssert.assertThatArray;
import static io.github.dl4jae.testing.Networks.initialized;
import static io.github.dl4jae.testing.StockLayers.sequenceOutput;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.stream.Stream;
import org.deeplearning4j.nn.conf.inputs.InputType;
import org.deeplearning4j.nn.conf.layers.ActivationLayer;
import org.deeplearning4j.nn.conf.layers.CnnLossLayer;
import org.deeplearning4j.nn.conf.layers.ConvolutionLayer;
import org.deeplearning4j.nn.conf.layers.DenseLayer;
import org.deeplearning4j.nn.conf.layers.LSTM;
import org.deeplearning4j.nn.conf.layers.LossLayer;
import org.deeplearning4j.nn.conf.layers.misc.RepeatVector;
import org.deeplearning4j.nn.conf.layers.recurrent.LastTimeStep;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.junit.jupiter.api.Named;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.nd4j.linalg.activations.Activation;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.indexing.NDArrayIndex;
import org.nd4j.linalg.lossfunctions.impl.LossMSE;

class AutoencodersTest {
    private static MultiLayerNetwork convolutional() {
        return initialized(base().list()
                .layer(new ConvolutionLayer.Builder(2, 2).nOut(3).build())
                .layer(new DenseLayer.Builder().name("code").nOut(4).build())
                .layer(output(36))
                .setInputType(InputType.convolutional(6, 6, 1)));
    }

    private static MultiLayerNetwork sequenceToSequence() {
        return initialized(base().list()
                .layer(new LastTimeStep(new LSTM.Builder().name("code").nOut(5).build()))
                .layer(new RepeatVector.Builder<>(4).build())
                .layer(new LSTM.Builder().nOut(6).build())
                .layer(sequenceOutput(new LossMSE(), 3, Activation.TANH))
                .setInputType(InputType.recurrent(3, 4)));
    }

    static Stream<Arguments> networks() {
        return Stream.of(
                Arguments.of(Named.of("dense", dense()), 2, new long[] {1, 12}),
                Arguments.of(Named.of("convolutional", convolutional()), 1, new long[] {1, 1, 6, 6}),
                Arguments.of(Named.of("sequence to sequence", sequenceToSequence()), 0, new long[] {1, 3, 4}),
                Arguments.of(Named.of("code per time step", codePerTimeStep()), 1, new long[] {1, 3, 4}));
    }

    @ParameterizedTest
    @MethodSource("networks")
    void reconstruction_isTheOutputOfTheNetwork_andDecodingOfEncoding(
            MultiLayerNetwork network, int codeLayer, long[] shape) {
        INDArray x = examples(5, shape);
        Autoencoder autoencoder = Autoencoders.of(network, codeLayer);
        ComputationGraph graph = network.toComputationGraph();
        Autoencoder inGraph = Autoencoders.of(
                graph, graph.getConfiguration().getTopologicalOrderStr().get(codeLayer + 1));

        assertThatArray(autoencoder.reconstruct(x)).isCloseTo(network.output(x), 1e-6);
        assertThatArray(autoencoder.decode(autoencoder.encode(x))).isCloseTo(network.output(x), 1e-6);
        assertThatArray(inGraph.reconstruct(x)).isCloseTo(network.output(x), 1e-6);
        assertThatArray(inGraph.encode(x)).isEqualTo(autoencoder.encode(x));
    }

    @ParameterizedTest
    @MethodSource("networks")
    void oneExample_givesWhatItGivesAmongOthers(MultiLayerNetwork network, int codeLayer, long[] shape) {
        INDArray x = examples(5, shape);
        Autoencoder autoencoder = Autoencoders.of(network, codeLayer);
        INDArray codes = autoencoder.encode(x);
        INDArray third = x.get(NDArrayIndex.interval(2, 3));
        INDArray thirdCode = codes.get(NDArrayIndex.interval(2, 3));

        assertThat(codes.size(0)).isEqualTo(5);
        assertThatArray(autoencoder.encode(third)).isCloseTo(thirdCode, 1e-6);
        assertThatArray(autoencoder.decode(thirdCode))
                .isCloseTo(autoencoder.decode(codes).get(NDArrayIndex.interval(2, 3)), 1e-6);
    }

    @ParameterizedTest
    @MethodSource("networks")
    void inference_leavesNetworkAndArgumentsAsTheyAre(MultiLayerNetwork network, int codeLayer, long[] shape) {
        INDArray x = examples(5, shape);
        INDArray xBefore = x.dup();
        INDArray parameters = network.params().dup();
        Autoencoder autoencoder = Autoencoders.of(network, codeLayer);
        INDArray codes = autoencoder.encode(x);
        INDArray codesBefore = codes.dup();

        autoencoder.reconstruct(x);
        autoencoder.decode(codes);

        assertThatArray(x).isEqualTo(xBefore);
        assertThatArray(codes).isEqualTo(codesBefore);
        assertThatArray(network.params()).isEqualTo(parameters);
        assertThat(network.getIterationCount()).isZero();
        assertThat(network.getEpochCount()).isZero();
    }

    @Test
    void moreExamplesThanFitInABatch_giveWhatTheNetworkGives() {
        MultiLayerNetwork network = dense();
        INDArray x = examples(2500, new long[] {1, 12});

        assertThatArray(Autoencoders.of(network, "code").reconstruct(x)).isCloseTo(network.output(x), 1e-6);
    }

    /** Stock activation layers overwrite their input at test time. */
    @Test
    void layersThatWorkInPlace_changeNeitherArgumentsNorWhatOthersNeed() {
        MultiLayerNetwork network = initialized(base().list()
                .layer(new ActivationLayer(Activation.TANH))
                .layer(new DenseLayer.Builder().name("code").nIn(12).nOut(4).build())
                .layer(new ActivationLayer(Activation.TANH))
                .layer(output(12))
                .setInputType(InputType.feedForward(12)));
        INDArray x = examples(5, new long[] {1, 12});
        INDArray xBefore = x.dup();
        Autoencoder autoencoder = Autoencoders.of(network, "code");
        INDArray codes = autoencoder.encode(x);
        INDArray codesBefore = codes.dup();
        autoencoder.decode(codes);

        assertThatArray(x).isEqualTo(xBefore);
        assertThatArray(codes).isEqualTo(codesBefore);
    }

    @Test
    void recurrentState_isLeftAsItIs() {
        MultiLayerNetwork network = codePerTimeStep();
        INDArray x = examples(5, new long[] {1, 3, 4});
        INDArray first = x.get(NDArrayIndex.all(), NDArrayIndex.all(), NDArrayIndex.interval(0, 2))
                .dup();
        INDArray second = x.get(NDArrayIndex.all(), NDArrayIndex.all(), NDArrayIndex.interval(2, 4))
                .dup();
        network.rnnTimeStep(first);
        INDArray expected = network.rnnTimeStep(second).dup();

        network.rnnClearPreviousState();
        network.rnnTimeStep(first);
        Autoencoders.of(network, "code").reconstruct(x);

        assertThatArray(network.rnnTimeStep(second)).isEqualTo(expected);
    }

    @Test
    void training_goesOnAsIfNothingHadBeenAsked() {
        MultiLayerNetwork asked = dense();
        MultiLayerNetwork left = dense();
        INDArray x = examples(8, new long[] {1, 12});
        Nd4j.getRandom().setSeed(2);
        asked.fit(x, x);
        Nd4j.getRandom().setSeed(2);
        left.fit(x, x);

        Autoencoders.of(asked, "code").reconstruct(x);
        Nd4j.getRandom().setSeed(3);
        asked.fit(x, x);
        Nd4j.getRandom().setSeed(3);
        left.fit(x, x);

        assertThatArray(asked.params()).isEqualTo(left.params());
    }

    @Test
    void codeOfTimeSteps_isASequence() {
        assertThat(Autoencoders.of(codePerTimeStep(), "code")
                        .encode(examples(5, new long[] {1, 3, 4}))
                        .shape())
                .containsExactly(5, 2, 4);
    }

    /** Activation and loss layers have the width of the layer below. */
    @Test
    void text_hasTheWidths_alsoWhereALayerKeepsThem() {
        MultiLayerNetwork images = initialized(base().list()
                .layer(new ConvolutionLayer.Builder(3, 3).padding(1, 1).nOut(4).build())
                .layer(new ActivationLayer(Activation.TANH))
                .layer(new ConvolutionLayer.Builder(3, 3).padding(1, 1).nOut(1).build())
                .layer(new CnnLossLayer.Builder(new LossMSE()).build())
                .setInputType(InputType.convolutional(6, 6, 1)));
        MultiLayerNetwork rows = initialized(base().list()
                .layer(new DenseLayer.Builder().nIn(6).nOut(2).build())
                .layer(new DenseLayer.Builder().nIn(2).nOut(6).build())
                .layer(new LossLayer.Builder(new LossMSE()).build()));

        assertThat(Autoencoders.of(images, 1)).hasToString("Autoencoder(1 channel → code 4 channels → 1 channel)");
        assertThat(Autoencoders.of(rows, 0)).hasToString("Autoencoder(6 → code 2 → 6)");
    }
}
