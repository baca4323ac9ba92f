package io.github.dl4jae.dictionary;

import static io.github.dl4jae.dictionary.Dictionaries.network;
import static io.github.dl4jae.dictionary.Dictionaries.normal;
import static io.github.dl4jae.dictionary.Dictionaries.parameters;
import static io.github.dl4jae.dictionary.Dictionaries.random;
import static io.github.dl4jae.testing.NdArrayAssert.assertThatArray;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.github.dl4jae.bundle.ModelBundle;
import io.github.dl4jae.updater.FastAdam;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.deeplearning4j.exception.DL4JInvalidConfigException;
import org.deeplearning4j.exception.DL4JInvalidInputException;
import org.deeplearning4j.nn.conf.MultiLayerConfiguration;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.layers.OutputLayer;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.nd4j.linalg.activations.Activation;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.dataset.DataSet;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.learning.config.Sgd;
import org.nd4j.linalg.lossfunctions.impl.LossMSE;

/** Trained dictionaries apart from a network, and what they refuse. */
class SparseDictionaryTest {

    private static final int IN = 6;
    private static final int UNITS = 12;

    @TempDir
    private Path directory;

    private static DictionaryLayer.Builder layer(DictionaryEncoder encoder) {
        return new DictionaryLayer.Builder().nIn(IN).nOut(IN).units(UNITS).encoder(encoder);
    }

    static Stream<DictionaryLayer> layers() {
        return Stream.of(
                layer(new TopKEncoder(3)).build(),
                layer(new TopKEncoder(3)).skip(true).nOut(4).matryoshka(5).build(),
                layer(new AbsTopKEncoder(3)).build(),
                layer(new L1Encoder(0.2)).build(),
                layer(new GatedEncoder(0.2)).build(),
                layer(JumpReLUEncoder.step(0.2)).build(),
                layer(new BatchTopKEncoder(3)).build(),
                layer(new MatchingPursuitEncoder(3)).build());
    }

    private static boolean isNaive(DictionaryLayer layer) {
        return !(layer.getEncoder() instanceof BatchTopKEncoder)
                && !(layer.getEncoder() instanceof MatchingPursuitEncoder);
    }

    @ParameterizedTest
    @MethodSource("layers")
    void dictionary_encodesAndDecodesLikeItsNetwork(DictionaryLayer layer) {
        MultiLayerNetwork network = random(layer);
        SparseDictionary dictionary = SparseDictionary.of(network);
        INDArray x = normal(1, DataType.DOUBLE, 9, IN);

        SparseCodes codes = dictionary.encode(x);

        assertThat(dictionary.inputs()).isEqualTo(IN);
        assertThat(dictionary.outputs()).isEqualTo((int) layer.getNOut());
        assertThat(dictionary.units()).isEqualTo(UNITS);
        assertThat(dictionary.layer()).isEqualTo(network.getLayer(0).conf().getLayer());
        assertThatArray(dictionary.reconstruct(x)).isEqualTo(network.output(x));
        INDArray dense = codes.toDense().castTo(DataType.DOUBLE);
        assertThatArray(dictionary.decode(codes))
                .isCloseTo(dense.mmul(dictionary.decoderWeights()).addRowVector(dictionary.decoderBias()), 1e-6);
        if (isNaive(layer)) {
            INDArray y = Nd4j.zeros(DataType.DOUBLE, 9, layer.getNOut());
            NaiveDictionary naive = new NaiveDictionary(layer, parameters(network), x, y, null);
            for (int b = 0; b < 9; b++) {
                for (int i = 0; i < codes.active(b); i++) {
                    assertThat(codes.value(b, i)).isCloseTo(naive.f[b][codes.unit(b, i)], within(1e-12));
                }
            }
            assertThatArray(dense).isCloseTo(Nd4j.createFromArray(naive.f), 1e-6);
        }
    }

    @ParameterizedTest
    @MethodSource("layers")
    void unscaledDictionary_isThatOfTheOriginalInputs(DictionaryLayer layer) {
        MultiLayerNetwork network = random(layer);
        SparseDictionary trained = SparseDictionary.of(network);
        boolean free = !layer.hasCenteredInput() && layer.getEncoder().hasEncoderWeights();
        double s = 0.25;
        double t = free ? 5 : s;
        SparseDictionary original = trained.unscaled(s, t);
        INDArray x = normal(1, DataType.DOUBLE, 9, IN);

        assertThatArray(original.reconstruct(x))
                .isCloseTo(trained.reconstruct(x.mul(s)).div(t), 1e-12);
        assertThat(original.encode(x).size()).isEqualTo(trained.encode(x.mul(s)).size());
        if (!free) {
            assertThatThrownBy(() -> trained.unscaled(1, 2))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining("both scales must be equal");
        }
    }

    @ParameterizedTest
    @MethodSource("layers")
    void network_jsonAndBundle_keepTheDictionary(DictionaryLayer layer) {
        MultiLayerNetwork network = network(DataType.FLOAT, new FastAdam(0.01), layer);
        INDArray x = normal(1, DataType.FLOAT, 9, IN);
        network.fit(new DataSet(x, normal(2, DataType.FLOAT, 9, layer.getNOut())));
        SparseDictionary dictionary = SparseDictionary.of(network);
        Path file = new ModelBundle.Builder(network).build().save(directory.resolve("dictionary.zip"));

        MultiLayerConfiguration configuration = network.getLayerWiseConfigurations();
        assertThat(MultiLayerConfiguration.fromJson(configuration.toJson())).isEqualTo(configuration);
        assertThatArray(ModelBundle.load(file).multiLayerNetwork().output(x)).isEqualTo(network.output(x));
        assertThatArray(dictionary.toNetwork().output(x)).isEqualTo(network.output(x));
        assertThatArray(SparseDictionary.of(dictionary.layer(), dictionary.parameters())
                        .reconstruct(x))
                .isEqualTo(network.output(x));
        assertThatArray(SparseDictionary.of(dictionary.toNetwork()).encode(x).toDense())
                .isEqualTo(dictionary.encode(x).toDense());
    }

    @Test
    void parameters_areCopies() {
        MultiLayerNetwork network = random(layer(new TopKEncoder(3)).build());
        SparseDictionary dictionary = SparseDictionary.of(network);
        INDArray x = normal(1, DataType.DOUBLE, 9, IN);
        INDArray before = dictionary.reconstruct(x).dup();

        dictionary.parameters().values().forEach(parameter -> parameter.assign(0));
        dictionary.decoderWeights().assign(0);
        dictionary.encoderWeights().assign(0);
        network.params().assign(0);

        assertThatArray(dictionary.reconstruct(x)).isEqualTo(before);
    }

    private static void requireRefused(Consumer<Map<String, INDArray>> change, String message) {
        DictionaryLayer layer = layer(new BatchTopKEncoder(3)).build();
        Map<String, INDArray> parameters = new HashMap<>(parameters(random(layer)));
        change.accept(parameters);
        assertThatThrownBy(() -> SparseDictionary.of(layer, parameters))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageStartingWith("SparseDictionary")
                .hasMessageContaining(message);
    }

    @Test
    void parametersOfAFile_areChecked() {
        requireRefused(p -> p.remove("benc"), "benc");
        requireRefused(p -> p.remove("Wdec"), "Wdec");
        requireRefused(p -> p.remove("threshold"), "threshold");
        requireRefused(p -> p.put("bgate", Nd4j.zeros(1, UNITS)), "parameters must be among");
        requireRefused(p -> p.put("Wenc", Nd4j.zeros(UNITS, IN)), "Wenc must have the shape [6, 12]");
        requireRefused(p -> p.get("Wdec").putScalar(3, 2, Double.NaN), "Wdec must be finite");
        requireRefused(p -> p.get("bdec").putScalar(0, Double.NEGATIVE_INFINITY), "bdec must be finite");
    }

    @Test
    void parametersOfTrainingAlone_canBeMissing() {
        DictionaryLayer layer = layer(new BatchTopKEncoder(3)).build();
        Map<String, INDArray> parameters = new HashMap<>(parameters(random(layer)));
        SparseDictionary whole = SparseDictionary.of(layer, parameters);
        parameters.remove("idle");
        parameters.remove("thresholdRest");
        INDArray x = normal(1, DataType.DOUBLE, 9, IN);

        assertThatArray(SparseDictionary.of(layer, parameters).reconstruct(x)).isEqualTo(whole.reconstruct(x));
    }

    /** Their sum is infinite in float32. */
    @Test
    void largeParameters_areFinite() {
        DictionaryLayer layer = layer(new TopKEncoder(3)).build();
        Map<String, INDArray> parameters = new HashMap<>(parameters(network(DataType.FLOAT, new Sgd(0), layer)));
        parameters.get("benc").assign(2e38);

        assertThat(SparseDictionary.of(layer, parameters)
                        .parameter("benc")
                        .maxNumber()
                        .doubleValue())
                .isGreaterThan(1e38);
    }

    @Test
    void kAboveTheNumberOfUnits_isRefused() {
        DictionaryLayer layer = layer(new TopKEncoder(UNITS + 1)).build();
        Map<String, INDArray> parameters =
                parameters(random(layer(new TopKEncoder(3)).build()));
        String message = "must be in [1, 12]";

        assertThatThrownBy(() -> SparseDictionary.of(layer, parameters)).hasMessageContaining(message);
        assertThatThrownBy(() -> network(DataType.FLOAT, new Sgd(0), layer)).hasMessageContaining(message);
    }

    @Test
    void networkWithoutADictionary_isRefused() {
        MultiLayerNetwork other = new MultiLayerNetwork(new NeuralNetConfiguration.Builder()
                .list()
                .layer(new OutputLayer.Builder().nIn(2).nOut(2).build())
                .build());

        assertThatThrownBy(() -> SparseDictionary.of(other)).hasMessageContaining("must be initialized");
        other.init();
        assertThatThrownBy(() -> SparseDictionary.of(other)).hasMessageContaining("must be a DictionaryLayer");
        assertThatThrownBy(() -> SparseDictionary.of(other.toComputationGraph(), "x"))
                .hasMessageContaining("layer 'x' must be a DictionaryLayer");
    }

    @Test
    void inputsAndCodesThatDoNotFit_areRefused() {
        SparseDictionary dictionary =
                SparseDictionary.of(random(layer(new TopKEncoder(3)).build()));

        assertThatThrownBy(() -> dictionary.encode(Nd4j.zeros(3, IN + 1)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("[examples, 6]");
        assertThatThrownBy(() -> dictionary.reconstruct(Nd4j.zeros(IN))).hasMessageContaining("[examples, 6]");
        assertThatThrownBy(() -> dictionary.decode(SparseCodes.of(Nd4j.zeros(2, UNITS + 1))))
                .hasMessageContaining("12 units");
        assertThatThrownBy(() -> dictionary.parameter("threshold")).hasMessageContaining("must be among");
    }

    @ParameterizedTest
    @ValueSource(longs = {5, 6 * 9})
    void maskOfAnotherShape_isRefused(long length) {
        MultiLayerNetwork network = random(layer(new TopKEncoder(3)).build());
        INDArray x = normal(1, DataType.DOUBLE, 9, IN);
        INDArray mask = Nd4j.ones(DataType.DOUBLE, length == 5 ? 5 : 9, length == 5 ? 1 : 6);

        assertThatThrownBy(() -> network.fit(new DataSet(x, x, null, mask)))
                .isInstanceOf(DL4JInvalidInputException.class)
                .hasMessageContaining("the mask must have the shape [9, 1]");
    }

    @Test
    void labelsOfAnotherShape_areRefused() {
        MultiLayerNetwork network = random(layer(new TopKEncoder(3)).build());

        assertThatThrownBy(() -> network.fit(
                        new DataSet(normal(1, DataType.DOUBLE, 9, IN), normal(1, DataType.DOUBLE, 9, IN + 1))))
                .isInstanceOf(DL4JInvalidInputException.class)
                .hasMessageContaining("labels must have the shape [9, 6]");
    }

    @Test
    void regularizationAndWidthsThatDoNotFit_areRefused() {
        assertThatThrownBy(() -> network(
                        DataType.FLOAT,
                        new Sgd(0),
                        layer(new TopKEncoder(3)).l2(0.1).build()))
                .isInstanceOf(DL4JInvalidConfigException.class)
                .hasMessageContaining("regularization");
        assertThatThrownBy(() -> network(
                        DataType.FLOAT,
                        new Sgd(0),
                        layer(new TopKEncoder(3)).nOut(4).centeredInput(true).build()))
                .hasMessageContaining("nIn and nOut must be equal");
        assertThatThrownBy(() -> network(
                        DataType.FLOAT,
                        new Sgd(0),
                        layer(new TopKEncoder(3))
                                .nOut(4)
                                .revival(new Resampling(5, 5))
                                .build()))
                .hasMessageContaining("with Resampling");
        assertThatThrownBy(() -> layer(new TopKEncoder(3)).matryoshka(5, 5).build())
                .hasMessageContaining("must ascend");
        assertThatThrownBy(() -> layer(new MatchingPursuitEncoder(3)).skip(true).build())
                .hasMessageContaining("matching pursuit");
        assertThatThrownBy(() -> new DictionaryLayer.Builder().units(3).build()).hasMessageContaining("encoder");
        assertThatThrownBy(() -> layer(new TopKEncoder(3)).units(0).build()).hasMessageContaining("units");
        assertThatThrownBy(() -> new TopKEncoder(0)).hasMessageContaining("k");
        assertThatThrownBy(() -> new L1Encoder(Double.NaN)).hasMessageContaining("lambda");
        assertThatThrownBy(() -> JumpReLUEncoder.targetL0(0, 1)).hasMessageContaining("targetL0");
    }

    @Test
    void optionsThatTheLayerWouldIgnore_areRefused() {
        assertThatThrownBy(() ->
                        layer(new TopKEncoder(3)).activation(Activation.RELU).build())
                .hasMessageContaining("DictionaryLayer: activation must not be set");
        assertThatThrownBy(() ->
                        layer(new TopKEncoder(3)).lossFunction(new LossMSE()).build())
                .hasMessageStartingWith("DictionaryLayer: lossFunction must not be set, got LossMSE");
        assertThatThrownBy(() -> layer(new TopKEncoder(3)).hasBias(false).build())
                .hasMessageStartingWith("DictionaryLayer: hasBias must be true, got false");
    }

    @Test
    void codes_canBeReadAndChanged() {
        SparseCodes codes = SparseCodes.of(Nd4j.createFromArray(new float[][] {{0, 2, 0, -1}, {0, 0, 0, 0}}));

        assertThat(codes.examples()).isEqualTo(2);
        assertThat(codes.units()).isEqualTo(4);
        assertThat(codes.size()).isEqualTo(2);
        assertThat(codes.active(0)).isEqualTo(2);
        assertThat(codes.active(1)).isZero();
        assertThat(codes.unit(0, 1)).isEqualTo(3);
        assertThat(codes.value(0, 1)).isEqualTo(-1);
        assertThatArray(codes.with(2, 7).toDense())
                .isEqualTo(Nd4j.createFromArray(new float[][] {{0, 2, 7, -1}, {0, 0, 7, 0}}));
        assertThatArray(codes.with(3, 0).with(1, 5).toDense())
                .isEqualTo(Nd4j.createFromArray(new float[][] {{0, 5, 0, 0}, {0, 5, 0, 0}}));
        assertThat(codes).hasToString("SparseCodes[2 examples, 4 units, L0 1.0]");
        assertThatThrownBy(() -> codes.value(0, 2)).isInstanceOf(IndexOutOfBoundsException.class);
        assertThatThrownBy(() -> codes.with(4, 1)).hasMessageContaining("unit must be in [0, 4)");
        assertThatThrownBy(() -> codes.with(1, Double.NaN)).hasMessageContaining("value");
        assertThatThrownBy(() -> SparseCodes.of(Nd4j.zeros(3))).hasMessageContaining("[examples, units]");
    }
}
