package io.github.dl4jae;

import static io.github.dl4jae.SmallAutoencoders.base;
import static io.github.dl4jae.testing.NdArrayAssert.assertThatArray;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.github.dl4jae.baseline.PcaAutoencoder;
import java.util.Random;
import java.util.stream.Stream;
import org.deeplearning4j.nn.conf.RNNFormat;
import org.deeplearning4j.nn.conf.graph.rnn.LastTimeStepVertex;
import org.deeplearning4j.nn.conf.inputs.InputType;
import org.deeplearning4j.nn.conf.layers.Convolution1DLayer;
import org.deeplearning4j.nn.conf.layers.DenseLayer;
import org.deeplearning4j.nn.conf.layers.LSTM;
import org.deeplearning4j.nn.conf.layers.RnnOutputLayer;
import org.deeplearning4j.nn.conf.layers.misc.RepeatVector;
import org.deeplearning4j.nn.conf.layers.recurrent.LastTimeStep;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.dataset.DataSet;
import org.nd4j.linalg.dataset.adapter.SingletonDataSetIterator;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.indexing.NDArrayIndex;
import org.nd4j.linalg.lossfunctions.impl.LossMSE;

/** Padded sequences, whose padding must have no effect. */
class MaskedSequencesTest {

    private static final int FEATURES = 3;
    private static final int STEPS = 6;
    private static final int[] LENGTHS = {6, 4, 1, 3};

    private static LSTM lstm(RNNFormat format) {
        return new LSTM.Builder().nOut(5).dataFormat(format).build();
    }

    private static RnnOutputLayer output() {
        return new RnnOutputLayer.Builder(new LossMSE()).nOut(FEATURES).build();
    }

    private static MultiLayerNetwork layers(RNNFormat format) {
        MultiLayerNetwork network = new MultiLayerNetwork(base().list()
                .layer(new LastTimeStep(lstm(format)))
                .layer(new DenseLayer.Builder().nOut(2).name("code").build())
                .layer(new RepeatVector.Builder<>().repetitionFactor(STEPS).build())
                .layer(lstm(RNNFormat.NCW))
                .layer(output())
                .setInputType(InputType.recurrent(FEATURES, STEPS, format))
                .build());
        network.init();
        return network;
    }

    private static ComputationGraph graph() {
        ComputationGraph graph = new ComputationGraph(base().graphBuilder()
                .addInputs("in")
                .setInputTypes(InputType.recurrent(FEATURES, STEPS))
                .addLayer("encoder", lstm(RNNFormat.NCW), "in")
                .addVertex("last", new LastTimeStepVertex("in"), "encoder")
                .addLayer("code", new DenseLayer.Builder().nOut(2).build(), "last")
                .addLayer(
                        "repeat",
                        new RepeatVector.Builder<>().repetitionFactor(STEPS).build(),
                        "code")
                .addLayer("decoder", lstm(RNNFormat.NCW), "repeat")
                .addLayer("out", output(), "decoder")
                .setOutputs("out")
                .build());
        graph.init();
        return graph;
    }

    /** A code per time step, and convolutions that see their neighbors. */
    private static MultiLayerNetwork codesOfTimeSteps() {
        MultiLayerNetwork network = new MultiLayerNetwork(base().list()
                .layer(new Convolution1DLayer.Builder(3).padding(1).nOut(4).build())
                .layer(lstm(RNNFormat.NCW))
                .layer(new DenseLayer.Builder().nOut(2).name("code").build())
                .layer(lstm(RNNFormat.NCW))
                .layer(output())
                .setInputType(InputType.recurrent(FEATURES, STEPS))
                .build());
        network.init();
        return network;
    }

    static Stream<Autoencoder> autoencoders() {
        return Stream.of(
                Autoencoders.of(layers(RNNFormat.NCW), "code"),
                Autoencoders.of(graph(), "code"),
                Autoencoders.of(codesOfTimeSteps(), "code"));
    }

    private static INDArray mask() {
        INDArray mask = Nd4j.zeros(DataType.FLOAT, LENGTHS.length, STEPS);
        for (int i = 0; i < LENGTHS.length; i++) {
            mask.get(NDArrayIndex.point(i), NDArrayIndex.interval(0, LENGTHS[i]))
                    .assign(1);
        }
        return mask;
    }

    /** {@code [N, features, time]}, padded with a value. */
    private static INDArray padded(double padding) {
        Random random = new Random(5);
        INDArray sequences = Nd4j.create(DataType.FLOAT, LENGTHS.length, FEATURES, STEPS);
        for (int i = 0; i < LENGTHS.length; i++) {
            for (int step = 0; step < STEPS; step++) {
                for (int feature = 0; feature < FEATURES; feature++) {
                    double value = random.nextGaussian();
                    sequences.putScalar(i, feature, step, step < LENGTHS[i] ? value : padding);
                }
            }
        }
        return sequences;
    }

    @ParameterizedTest
    @MethodSource("autoencoders")
    void padding_doesNotMatter_toTheBit(Autoencoder autoencoder) {
        INDArray code = autoencoder.encode(padded(0), mask());
        INDArray reconstruction = autoencoder.reconstruct(padded(0), mask());
        double[] error =
                ReconstructionError.squaredPerExample(autoencoder, new DataSet(padded(0), padded(0), mask(), mask()));
        for (double padding : new double[] {9, Double.NaN, Double.POSITIVE_INFINITY}) {
            INDArray x = padded(padding);
            assertThatArray(autoencoder.encode(x, mask())).isEqualTo(code);
            assertThatArray(autoencoder.reconstruct(x, mask())).isEqualTo(reconstruction);
            assertThat(ReconstructionError.squaredPerExample(autoencoder, new DataSet(x, x, mask(), mask())))
                    .containsExactly(error);
            assertThat(ReconstructionError.squaredPerExample(autoencoder, new DataSet(x, null, mask(), null)))
                    .containsExactly(error);
            assertThat(x.data().asFloat())
                    .containsExactly(padded(padding).data().asFloat());
        }
        assertThat(autoencoder.encode(padded(9))).isNotEqualTo(code);
    }

    @ParameterizedTest
    @MethodSource("autoencoders")
    void sequenceOfOneLength_isTheSameWithAndWithoutMask(Autoencoder autoencoder) {
        INDArray x = padded(0).get(NDArrayIndex.interval(0, 1));
        INDArray all = Nd4j.ones(DataType.FLOAT, 1, STEPS);
        assertThatArray(autoencoder.encode(x, all)).isEqualTo(autoencoder.encode(x));
        assertThatArray(autoencoder.encode(x, null)).isEqualTo(autoencoder.encode(x));
        assertThatArray(autoencoder.reconstruct(x, all)).isEqualTo(autoencoder.reconstruct(x));
    }

    @Test
    void code_isThatOfTheSequenceCutShort() {
        Autoencoder autoencoder = Autoencoders.of(layers(RNNFormat.NCW), "code");
        INDArray codes = autoencoder.encode(padded(9), mask());
        for (int i = 0; i < LENGTHS.length; i++) {
            INDArray whole = padded(9)
                    .get(NDArrayIndex.interval(i, i + 1), NDArrayIndex.all(), NDArrayIndex.interval(0, LENGTHS[i]))
                    .dup();
            INDArray expected = autoencoder.encode(whole);
            assertThat(codes.getDouble(i, 0)).isCloseTo(expected.getDouble(0, 0), within(1e-6));
            assertThat(codes.getDouble(i, 1)).isCloseTo(expected.getDouble(0, 1), within(1e-6));
        }
    }

    @Test
    void reconstruction_isWhatTheNetworkPutsOut() {
        MultiLayerNetwork network = layers(RNNFormat.NCW);
        assertThatArray(Autoencoders.of(network, "code").reconstruct(padded(0), mask()))
                .isEqualTo(network.output(padded(0), false, mask(), null));
        ComputationGraph graph = graph();
        assertThatArray(Autoencoders.of(graph, "code").reconstruct(padded(0), mask()))
                .isEqualTo(graph.output(false, new INDArray[] {padded(0)}, new INDArray[] {mask()}, null)[0]);
        assertThatArray(network.getLayer(0).getMaskArray()).isNull();
    }

    /** With as many features as time steps, only the layer's format identifies the axes. */
    @ParameterizedTest
    @EnumSource(RNNFormat.class)
    void timeAxis_isThatOfTheLayer(RNNFormat format) {
        MultiLayerNetwork network = new MultiLayerNetwork(base().list()
                .layer(new LastTimeStep(lstm(format)))
                .layer(new DenseLayer.Builder().nOut(2).name("code").build())
                .layer(new DenseLayer.Builder().nOut(2).build())
                .setInputType(InputType.recurrent(STEPS, STEPS, format))
                .build());
        network.init();
        Autoencoder autoencoder = Autoencoders.of(network, "code");
        INDArray x = Nd4j.rand(DataType.FLOAT, LENGTHS.length, STEPS, STEPS);
        INDArray other = x.dup();
        INDArray lastStep = format == RNNFormat.NWC
                ? other.get(NDArrayIndex.point(2), NDArrayIndex.point(STEPS - 1), NDArrayIndex.all())
                : other.get(NDArrayIndex.point(2), NDArrayIndex.all(), NDArrayIndex.point(STEPS - 1));
        lastStep.assign(Double.NaN);
        assertThatArray(autoencoder.encode(other, mask())).isEqualTo(autoencoder.encode(x, mask()));
    }

    @Test
    void error_isThatOfRealTimeStepsAlone() {
        Autoencoder autoencoder = Autoencoders.of(layers(RNNFormat.NCW), "code");
        INDArray reconstruction = autoencoder.reconstruct(padded(0), mask());
        double sum = 0;
        for (int i = 0; i < LENGTHS.length; i++) {
            for (int step = 0; step < LENGTHS[i]; step++) {
                for (int feature = 0; feature < FEATURES; feature++) {
                    double difference = reconstruction.getDouble(i, feature, step)
                            - padded(0).getDouble(i, feature, step);
                    sum += difference * difference;
                }
            }
        }
        double found = ReconstructionError.meanSquared(
                autoencoder, new SingletonDataSetIterator(new DataSet(padded(9), padded(9), mask(), mask())));
        assertThat(found).isCloseTo(sum / LENGTHS.length, within(1e-6));
    }

    @Test
    void masksThatDoNotFit_areClearErrors() {
        Autoencoder autoencoder = Autoencoders.of(layers(RNNFormat.NCW), "code");
        assertThatThrownBy(() -> autoencoder.encode(padded(0), Nd4j.ones(4, 5)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("a mask must have a row per sequence and a column per time step, got shape [4, 5]"
                        + " for examples of shape [4, 3, 6]");
        INDArray rows = Nd4j.rand(DataType.FLOAT, 9, 4);
        assertThatThrownBy(() -> PcaAutoencoder.fit(rows, 2).encode(rows, Nd4j.ones(9, 1)))
                .isInstanceOf(UnsupportedOperationException.class)
                .hasMessageContaining("examples must come without a mask, got one of shape [9, 1]");
    }
}
