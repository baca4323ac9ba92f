package io.github.dl4jae.zoo;

import static io.github.dl4jae.testing.NdArrayAssert.assertThatArray;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.dl4jae.Autoencoder;
import io.github.dl4jae.Autoencoders;
import io.github.dl4jae.convolutional.FastConvolutionLayer;
import io.github.dl4jae.denoising.MaskingNoise;
import io.github.dl4jae.likelihood.LossBernoulli;
import io.github.dl4jae.likelihood.LossMixed;
import io.github.dl4jae.variational.LikelihoodEstimate;
import io.github.dl4jae.variational.VariationalModel;
import java.util.stream.Stream;
import org.deeplearning4j.nn.conf.MultiLayerConfiguration;
import org.deeplearning4j.nn.conf.layers.BaseLayer;
import org.deeplearning4j.nn.conf.layers.FeedForwardLayer;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.nd4j.linalg.activations.Activation;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.dataset.DataSet;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.indexing.NDArrayIndex;
import org.nd4j.linalg.learning.config.Sgd;

@Tag("slow")
class ZooAutoencoderTest {

    private static final LossMixed TABLE = new LossMixed.Builder()
            .learnedVariance(3)
            .categorical(3)
            .bernoulli(2)
            .poisson(1)
            .build();

    private static final DataShape FEATURES = DataShape.features(12);
    private static final DataShape PIXELS = DataShape.pixels(16);
    private static final DataShape COLUMNS = DataShape.columns(TABLE);
    private static final DataShape IMAGE = DataShape.image(8, 12, 3);
    private static final DataShape SEQUENCE = DataShape.sequence(3, 5);

    /** Returns examples between 0 and 1 that suit a shape, with structure to learn. */
    private static INDArray examples(DataShape shape, int count) {
        Nd4j.getRandom().setSeed(7);
        INDArray causes = Nd4j.rand(DataType.FLOAT, count, 2);
        INDArray x = causes.mmul(Nd4j.rand(DataType.FLOAT, 2, shape.size())).muli(0.5);
        if (shape == COLUMNS) {
            x.get(NDArrayIndex.all(), NDArrayIndex.interval(3, 9)).assign(0);
            for (int i = 0; i < count; i++) {
                x.putScalar(i, 3 + i % 3, 1);
                x.putScalar(i, 6, i % 2);
                x.putScalar(i, 8, i % 4);
            }
        }
        return shape == SEQUENCE ? x.reshape(count, 3, 5) : x;
    }

    static Stream<Arguments> autoencoders() {
        Stream<ZooAutoencoder> anyShape = shapes().flatMap(shape -> Stream.of(
                new UndercompleteAutoencoder.Builder(shape).code(4).build(),
                new DenoisingAutoencoder.Builder(shape).code(4).build(),
                new KSparseAutoencoder.Builder(shape).code(10).k(4).build(),
                new KLSparseAutoencoder.Builder(shape)
                        .code(10)
                        .sparsity(0.2, 0.1)
                        .build(),
                new VariationalAutoencoder.Builder(shape).code(4).build()));
        Stream<ZooAutoencoder> vectors = Stream.of(FEATURES, PIXELS, COLUMNS)
                .flatMap(shape -> Stream.of(
                        new ContractiveAutoencoder.Builder(shape)
                                .code(10)
                                .contraction(0.01)
                                .build(),
                        new ConcreteAutoencoder.Builder(shape)
                                .code(4)
                                .steps(200)
                                .build()));
        return Stream.concat(anyShape, vectors).map(each -> Arguments.of(each, shapeOf(each)));
    }

    private static DataShape shapeOf(ZooAutoencoder autoencoder) {
        return shapes().filter(shape -> autoencoder.toString().contains("(" + shape + ","))
                .findFirst()
                .orElseThrow();
    }

    @ParameterizedTest
    @MethodSource("autoencoders")
    void network_learnsAndReconstructsInTheShapeOfTheExamples(ZooAutoencoder zoo, DataShape shape) {
        INDArray x = examples(shape, 24);
        MultiLayerNetwork network = zoo.network();
        DataSet data = new DataSet(x, x);
        double before = network.score(data);

        for (int i = 0; i < 20; i++) {
            network.fit(data);
        }

        assertThat(network.score(data)).isLessThan(before).isFinite();
        Autoencoder autoencoder = Autoencoders.of(network, ZooAutoencoder.CODE);
        assertThatArray(autoencoder.encode(x)).hasShape(24, zoo.code());
        if (shape != COLUMNS && !(zoo instanceof VariationalAutoencoder)) {
            assertThatArray(autoencoder.reconstruct(x)).hasShape(x.shape());
        }
    }

    @ParameterizedTest
    @MethodSource("autoencoders")
    void configuration_isPlainAndSurvivesJson(ZooAutoencoder zoo) {
        MultiLayerConfiguration configuration = zoo.configuration();

        assertThat(MultiLayerConfiguration.fromJson(configuration.toJson())).isEqualTo(configuration);
        assertThat(zoo.configuration()).isEqualTo(configuration);
        assertThatArray(zoo.network().params()).isEqualTo(zoo.network().params());
    }

    static Stream<ZooAutoencoder> defaults() {
        return shapes().flatMap(shape -> Stream.of(
                new UndercompleteAutoencoder.Builder(shape).build(),
                new DenoisingAutoencoder.Builder(shape).build(),
                new KSparseAutoencoder.Builder(shape).build(),
                new KLSparseAutoencoder.Builder(shape).build(),
                new VariationalAutoencoder.Builder(shape).build()));
    }

    @ParameterizedTest
    @MethodSource("defaults")
    void defaults_makeANetwork(ZooAutoencoder zoo) {
        assertThat(zoo.network().numParams()).isPositive();
    }

    static Stream<DataShape> shapes() {
        return Stream.of(FEATURES, PIXELS, COLUMNS, IMAGE, SEQUENCE);
    }

    @ParameterizedTest
    @MethodSource("shapes")
    void variational_isAVariationalModel(DataShape shape) {
        MultiLayerNetwork network =
                new VariationalAutoencoder.Builder(shape).build().network();
        VariationalModel model = VariationalModel.of(network, ZooAutoencoder.CODE);
        INDArray x = examples(shape, 6);

        assertThat(LikelihoodEstimate.estimate(model, x, 5, 1).negativeLogLikelihood())
                .isFinite();
        assertThatArray(model.decode(model.samplePrior(6, 1))).hasShape(x.shape());
        assertThatArray(model.sample(model.samplePrior(6, 1), 1)).hasShape(x.shape());
    }

    @Test
    void hidden_isMirrored() {
        MultiLayerConfiguration dense = new UndercompleteAutoencoder.Builder(FEATURES)
                .hidden(9, 7)
                .code(2)
                .build()
                .configuration();

        assertThat(dense.getConfs().stream()
                        .map(each -> ((FeedForwardLayer) each.getLayer()).getNOut())
                        .toList())
                .containsExactly(9L, 7L, 2L, 7L, 9L, 12L);
        assertThat(new UndercompleteAutoencoder.Builder(DataShape.image(16, 16, 1))
                        .hidden(4)
                        .build()
                        .configuration()
                        .getConf(0)
                        .getLayer())
                .isInstanceOfSatisfying(FastConvolutionLayer.class, layer -> assertThat(layer.getNOut())
                        .isEqualTo(4));
    }

    @Test
    void options_reachTheLayers() {
        MultiLayerConfiguration configuration = new DenoisingAutoencoder.Builder(FEATURES)
                .updater(new Sgd(0.1))
                .activation(Activation.TANH)
                .l2(1e-4)
                .seed(5)
                .corruption(new MaskingNoise(0.5))
                .loss(new LossBernoulli(), Activation.SIGMOID)
                .build()
                .configuration();

        BaseLayer first = (BaseLayer) configuration.getConf(0).getLayer();
        assertThat(first.getIUpdater()).isEqualTo(new Sgd(0.1));
        assertThat(first.getActivationFn()).isEqualTo(Activation.TANH.getActivationFunction());
        assertThat(first.getIDropout()).isEqualTo(new MaskingNoise(0.5));
        assertThat(configuration.getConf(0).getSeed()).isEqualTo(5);
        assertThat(configuration.toJson()).contains("LossBernoulli", "\"value\" : 1.0E-4");
    }

    @Test
    void toString_hasKindShapeAndSizes() {
        assertThat(new KSparseAutoencoder.Builder(DataShape.pixels(784)).build())
                .hasToString("KSparseAutoencoder(784 features, code 1568)");
        assertThat(new VariationalAutoencoder.Builder(DataShape.image(28, 28, 1)).build())
                .hasToString("VariationalAutoencoder(images of 28 × 28 × 1, hidden [16, 32], code 28)");
        assertThat(new UndercompleteAutoencoder.Builder(SEQUENCE).build())
                .hasToString("UndercompleteAutoencoder(sequences of 5 × 3, hidden [64], code 4)");
    }

    @Test
    void unsuitableShapes_areRefused() {
        assertThatThrownBy(() -> DataShape.image(27, 28, 1))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("DataShape: height must be even and at least 8, got 27; scale or pad the images, or take"
                        + " pixels(…) and dense layers");
        assertThatThrownBy(() -> new UndercompleteAutoencoder.Builder(DataShape.image(12, 10, 1))
                        .hidden(8, 16)
                        .build()
                        .configuration())
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("the sides of images must be multiples of 4, because each of the 2 hidden layers"
                        + " halves them, got 12 × 10");
        assertThatThrownBy(() -> new ContractiveAutoencoder.Builder(IMAGE))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("ContractiveAutoencoder: examples must be vectors");
        assertThatThrownBy(() -> new ConcreteAutoencoder.Builder(FEATURES).build())
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("ConcreteAutoencoder: steps must be at least 1, got 0");
        assertThatThrownBy(() -> new UndercompleteAutoencoder.Builder(SEQUENCE)
                        .hidden()
                        .build()
                        .configuration())
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("sequences must have at least one hidden layer");
    }
}
