package io.github.dl4jae.dictionary;

import static io.github.dl4jae.dictionary.Dictionaries.backward;
import static io.github.dl4jae.dictionary.Dictionaries.network;
import static io.github.dl4jae.dictionary.Dictionaries.normal;
import static io.github.dl4jae.dictionary.Dictionaries.random;
import static io.github.dl4jae.testing.NdArrayAssert.assertThatArray;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.indexing.NDArrayIndex;
import org.nd4j.linalg.learning.config.NoOp;

/** The float32 path computes what the float64 path does, on several threads and in several parts of a mini-batch. */
class DictionaryPrecisionTest {

    private static final int IN = 24;
    private static final int UNITS = 80;

    private static DictionaryLayer.Builder layer(DictionaryEncoder encoder) {
        return new DictionaryLayer.Builder().nIn(IN).nOut(IN).units(UNITS).encoder(encoder);
    }

    static Stream<DictionaryLayer> layers() {
        JumpReLUEncoder step = JumpReLUEncoder.step(0.2).withBandwidth(0.5);
        return Stream.of(
                layer(new TopKEncoder(5)).build(),
                layer(new TopKEncoder(5)).matryoshka(10, 30).build(),
                layer(new TopKEncoder(5)).skip(true).nOut(9).build(),
                layer(new AbsTopKEncoder(5)).build(),
                layer(new BatchTopKEncoder(5)).build(),
                layer(new BatchTopKEncoder(5)).matryoshka(20).skip(true).build(),
                layer(new L1Encoder(0.2)).build(),
                layer(new GatedEncoder(0.2)).build(),
                layer(new GatedEncoder(0.2)).matryoshka(20).build(),
                layer(step).build(),
                layer(JumpReLUEncoder.targetL0(5, 0.5).withBandwidth(0.5)).build(),
                layer(JumpReLUEncoder.tanh(0.2)).matryoshka(7).build(),
                layer(new MatchingPursuitEncoder(4)).build());
    }

    private static void requireEqual(DictionaryLayer layer, int batch, boolean masked) {
        MultiLayerNetwork wide = random(layer);
        MultiLayerNetwork narrow = network(DataType.FLOAT, new NoOp(), layer);
        narrow.setParams(wide.params().castTo(DataType.FLOAT));
        wide.setParams(narrow.params().castTo(DataType.DOUBLE));
        INDArray x = normal(batch, DataType.FLOAT, batch, IN);
        INDArray y = layer.getNOut() == IN ? x : normal(5, DataType.FLOAT, batch, layer.getNOut());
        INDArray mask = masked ? normal(6, DataType.FLOAT, batch, 1).gt(-0.5).castTo(DataType.FLOAT) : null;

        INDArray output = wide.output(x.castTo(DataType.DOUBLE));
        assertThatArray(narrow.output(x).castTo(DataType.DOUBLE)).isCloseTo(output, 2e-5);
        Dictionaries.Pass expected = backward(wide, x.castTo(DataType.DOUBLE), y.castTo(DataType.DOUBLE), mask);
        Dictionaries.Pass actual = backward(narrow, x, y, mask);

        assertThat(actual.score()).isCloseTo(expected.score(), within(1e-5 * expected.score()));
        assertThatArray(actual.input().castTo(DataType.DOUBLE))
                .isCloseTo(expected.input(), 1e-5 * largest(expected.input()));
        expected.gradients().forEach((name, gradient) -> assertThatArray(
                        actual.gradients().get(name).castTo(DataType.DOUBLE))
                .as(name)
                .isCloseTo(gradient, 1e-5 * largest(gradient)));
    }

    private static double largest(INDArray array) {
        return Math.max(1e-3, array.amaxNumber().doubleValue());
    }

    @ParameterizedTest
    @MethodSource("layers")
    void singleExample_inFloat32_isThatInFloat64(DictionaryLayer layer) {
        requireEqual(layer, 1, false);
    }

    @Tag("slow")
    @ParameterizedTest
    @MethodSource("layers")
    void manyExamples_inFloat32_areThoseInFloat64(DictionaryLayer layer) {
        requireEqual(layer, 513, false);
    }

    @ParameterizedTest
    @MethodSource("layers")
    void maskedExamples_inFloat32_areThoseInFloat64(DictionaryLayer layer) {
        requireEqual(layer, 37, true);
    }

    private static DictionaryLayer.Builder large(DictionaryEncoder encoder) {
        return new DictionaryLayer.Builder().nIn(8).nOut(8).units(32_768).encoder(encoder);
    }

    static Stream<DictionaryLayer> largeLayers() {
        return Stream.of(
                large(new TopKEncoder(4)).build(),
                large(new TopKEncoder(4)).matryoshka(100, 5000).build(),
                large(new AbsTopKEncoder(4)).build(),
                large(JumpReLUEncoder.step(0.2)).build(),
                large(new L1Encoder(0.2)).build(),
                large(new GatedEncoder(0.2)).build(),
                large(new MatchingPursuitEncoder(3)).build());
    }

    /** 256 examples fit at a time. */
    @Tag("slow")
    @ParameterizedTest
    @MethodSource("largeLayers")
    void miniBatchInSeveralParts_hasTheMeanGradientOfItsParts(DictionaryLayer layer) {
        assertThat(PreActivations.examples(layer.getUnits())).isEqualTo(256);
        MultiLayerNetwork network = network(DataType.FLOAT, new NoOp(), layer);
        for (String bias : new String[] {"0_benc", "0_bgate"}) {
            if (network.paramTable().containsKey(bias)) {
                network.getParam(bias).assign(layer.hasUnitNorm() ? -2 : -0.2);
            }
        }
        INDArray x = normal(2, DataType.FLOAT, 513, 8);
        INDArray first =
                x.get(NDArrayIndex.interval(0, 200), NDArrayIndex.all()).dup();
        INDArray second =
                x.get(NDArrayIndex.interval(200, 513), NDArrayIndex.all()).dup();

        Dictionaries.Pass whole = backward(network, x, x, null);
        Dictionaries.Pass a = backward(network, first, first, null);
        Dictionaries.Pass b = backward(network, second, second, null);

        assertThat(whole.score()).isCloseTo((200 * a.score() + 313 * b.score()) / 513, within(1e-4));
        assertThatArray(whole.input()).isCloseTo(Nd4j.concat(0, a.input(), b.input()), 1e-4);
        whole.gradients().forEach((name, gradient) -> assertThatArray(gradient)
                .as(name)
                .isCloseTo(
                        a.gradients()
                                .get(name)
                                .mul(200 / 513d)
                                .add(b.gradients().get(name).mul(313 / 513d)),
                        1e-5 * largest(gradient)));
        SparseDictionary dictionary = SparseDictionary.of(network);
        assertThatArray(dictionary.reconstruct(x))
                .isCloseTo(Nd4j.concat(0, dictionary.reconstruct(first), dictionary.reconstruct(second)), 1e-4);
    }

    /** The mask lies in the second and the third part. */
    @Tag("slow")
    @Test
    void maskOfLaterParts_excludesTheirExamples() {
        MultiLayerNetwork network =
                network(DataType.FLOAT, new NoOp(), large(new TopKEncoder(4)).build());
        INDArray x = normal(2, DataType.FLOAT, 513, 8);
        INDArray mask = Nd4j.ones(DataType.FLOAT, 513, 1);
        mask.get(NDArrayIndex.interval(300, 513), NDArrayIndex.all()).assign(0);
        INDArray rest = x.get(NDArrayIndex.interval(0, 300), NDArrayIndex.all()).dup();

        Dictionaries.Pass masked = backward(network, x, x, mask);
        Dictionaries.Pass alone = backward(network, rest, rest, null);

        assertThat(masked.score()).isCloseTo(300 / 513d * alone.score(), within(1e-4));
        masked.gradients().forEach((name, gradient) -> assertThatArray(gradient)
                .as(name)
                .isCloseTo(alone.gradients().get(name).mul(300 / 513d), 1e-5 * largest(gradient)));
    }

    /** Pairs of the first parts are dropped where later ones are larger, and the reverse. */
    @Tag("slow")
    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void batchTopKInSeveralParts_keepsTheLargestOfTheMiniBatch(boolean tied) {
        DictionaryLayer layer = large(new BatchTopKEncoder(4)).build();
        MultiLayerNetwork network = network(DataType.FLOAT, new NoOp(), layer);
        INDArray x = normal(2, DataType.FLOAT, 513, 8);
        if (tied) {
            network.getParam("0_Wenc").assign(0.25);
            x.assign(1).get(NDArrayIndex.point(400)).assign(2);
        }
        PassContext context = new PassContext(network.getOutputLayer().paramTable(), 4, true, 513, DeadUnits.NONE);

        PairList kept = DictionaryPass.of(layer, new DictionaryBatch(layer, context, x, null), new PreActivations())
                .pairs();

        double[] values = IntStream.range(0, kept.size())
                .mapToDouble(kept::value)
                .sorted()
                .toArray();
        float[] all = Nd4j.toFlattened(x.mmul(network.getParam("0_Wenc"))).toFloatVector();
        Arrays.sort(all);
        assertThat(values).hasSize(4 * 513);
        for (int i = 0; i < values.length; i++) {
            assertThat(values[i]).isCloseTo(all[all.length - values.length + i], within(1e-5));
        }
        if (tied) {
            assertThat(kept.start(401) - kept.start(400)).isEqualTo(2052);
        }
    }
}
