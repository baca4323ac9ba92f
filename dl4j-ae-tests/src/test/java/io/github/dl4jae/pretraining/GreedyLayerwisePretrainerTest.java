package io.github.dl4jae.pretraining;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.github.dl4jae.data.LabeledImages;
import io.github.dl4jae.data.RealImages;
import io.github.dl4jae.denoising.GaussianCorruption;
import io.github.dl4jae.denoising.MaskingNoise;
import io.github.dl4jae.likelihood.LossGaussian;
import io.github.dl4jae.penalty.KLSparsityPenalty;
import io.github.dl4jae.sparse.ActivationTopK;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.deeplearning4j.datasets.iterator.utilty.ListDataSetIterator;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.inputs.InputType;
import org.deeplearning4j.nn.conf.layers.AutoEncoder;
import org.deeplearning4j.nn.conf.layers.DenseLayer;
import org.deeplearning4j.nn.conf.layers.Layer;
import org.deeplearning4j.nn.conf.layers.OutputLayer;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.deeplearning4j.nn.transferlearning.TransferLearning;
import org.deeplearning4j.nn.weights.WeightInit;
import org.junit.jupiter.api.Named;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.nd4j.linalg.activations.Activation;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.dataset.DataSet;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.indexing.NDArrayIndex;
import org.nd4j.linalg.learning.config.Adam;
import org.nd4j.linalg.learning.config.IUpdater;
import org.nd4j.linalg.learning.config.Sgd;
import org.nd4j.linalg.ops.transforms.Transforms;

@Tag("slow")
class GreedyLayerwisePretrainerTest {

    private static final LabeledImages IMAGES = RealImages.mnistTrain().first(1_000);

    private static TiedAutoencoderLayer.Builder tied() {
        return new TiedAutoencoderLayer.Builder().activation(Activation.SIGMOID);
    }

    private static MultiLayerNetwork network(IUpdater updater, Layer... layers) {
        NeuralNetConfiguration.ListBuilder list = new NeuralNetConfiguration.Builder()
                .seed(7)
                .weightInit(WeightInit.XAVIER)
                .updater(updater)
                .list();
        for (Layer layer : layers) {
            list.layer(layer);
        }
        MultiLayerNetwork network = new MultiLayerNetwork(list.build());
        network.init();
        return network;
    }

    /** The mean squared error of reconstructing clean images by W and Wᵀ, from the formula alone. */
    private static double error(MultiLayerNetwork network, Activation up) {
        INDArray x = IMAGES.features();
        INDArray z = x.mmul(network.getParam("0_W")).addRowVector(network.getParam("0_b"));
        INDArray h = up == null
                ? new ActivationTopK(15).getActivation(z, false)
                : up.getActivationFunction().getActivation(z, false);
        INDArray down = h.mmul(network.getParam("0_W").transpose()).addRowVector(network.getParam("0_vb"));
        INDArray difference = Transforms.sigmoid(down).subi(x);
        return difference.mul(difference).sumNumber().doubleValue() / x.size(0);
    }

    static Stream<Arguments> kindsAndUpdaters() {
        List<Named<StackableLayer.Builder<?>>> kinds = List.of(
                Named.of("plain", tied()),
                Named.of("masking", tied().corruption(new MaskingNoise(0.25))),
                Named.of("Gaussian", tied().corruption(new GaussianCorruption(0.3))),
                Named.of("contractive", tied().contraction(0.1)),
                Named.of("KL", tied().penalty(new KLSparsityPenalty(0.1, 1))),
                Named.of("k-sparse", tied().activation(new ActivationTopK(15)).outputActivation(Activation.SIGMOID)),
                Named.of("Boltzmann", new RestrictedBoltzmannLayer.Builder()));
        return kinds.stream()
                .flatMap(kind -> Stream.of(
                        // linear units have larger gradients
                        Arguments.of(
                                kind, Named.of("Sgd", new Sgd(kind.getName().equals("k-sparse") ? 0.002 : 0.05))),
                        Arguments.of(kind, Named.of("Adam", new Adam(2e-3)))));
    }

    @ParameterizedTest
    @MethodSource("kindsAndUpdaters")
    void pretraining_ofEachKindWithEachUpdater_lowersTheErrorEpochByEpoch(
            StackableLayer.Builder<?> kind, IUpdater updater) {
        MultiLayerNetwork network = network(updater, kind.nIn(784).nOut(64).build());
        Activation up =
                ((StackableLayer) kind.build()).getActivationFn() instanceof ActivationTopK ? null : Activation.SIGMOID;
        List<Double> errors = new ArrayList<>(List.of(error(network, up)));
        List<Double> scores = new ArrayList<>();

        new GreedyLayerwisePretrainer.Builder(network)
                .epochs(4)
                .listener(new PretrainingListener() {
                    @Override
                    public void epochDone(int layer, int epoch, double meanScore) {
                        errors.add(error(network, up));
                        scores.add(meanScore);
                    }
                })
                .build()
                .fit(IMAGES.iterator(50).shuffle(1).build());

        assertThat(errors).isSortedAccordingTo((a, b) -> Double.compare(b, a));
        assertThat(scores).isSortedAccordingTo((a, b) -> Double.compare(b, a));
        assertThat(errors.get(4)).isLessThan(0.6 * errors.get(0));
    }

    static Stream<IUpdater> updaters() {
        return Stream.of(new Sgd(0.05), new Adam(2e-3));
    }

    /** Why this package is there. */
    @ParameterizedTest
    @MethodSource("updaters")
    void pretraining_ofTheStockLayer_raisesTheError(IUpdater updater) {
        MultiLayerNetwork network = network(
                updater,
                new AutoEncoder.Builder(0)
                        .nIn(784)
                        .nOut(64)
                        .activation(Activation.SIGMOID)
                        .build());
        double before = error(network, Activation.SIGMOID);

        network.pretrain(IMAGES.iterator(50).shuffle(1).build(), 4);

        assertThat(error(network, Activation.SIGMOID)).isGreaterThan(before);
        assertThat(StockAutoEncoderCheck.find(network)).singleElement().satisfies(finding -> {
            assertThat(finding.pretrained()).isTrue();
            assertThat(finding)
                    .hasToString("Layer 'layer0' is a stock AutoEncoder that was pretrained in the wrong"
                            + " direction: pretrain a TiedAutoencoderLayer from new weights");
        });
    }

    @Test
    void check_tellsUntrainedStockLayersFromPretrainedOnes() {
        MultiLayerNetwork network = network(
                new Sgd(0.1),
                new AutoEncoder.Builder().nIn(784).nOut(20).visibleBiasInit(0.5).build(),
                new OutputLayer.Builder()
                        .nIn(20)
                        .nOut(10)
                        .activation(Activation.SOFTMAX)
                        .build());
        network.fit(new DataSet(IMAGES.first(50).features(), Nd4j.zeros(DataType.FLOAT, 50, 10)));

        assertThat(StockAutoEncoderCheck.find(network)).singleElement().matches(finding -> !finding.pretrained());
        assertThat(StockAutoEncoderCheck.find(network.toComputationGraph()))
                .singleElement()
                .matches(finding -> !finding.pretrained());
        assertThat(StockAutoEncoderCheck.find(
                        network(new Sgd(0.1), tied().nIn(784).nOut(5).build())))
                .isEmpty();
    }

    private static MultiLayerNetwork stack() {
        return network(
                new Adam(2e-3),
                tied().nIn(784).nOut(60).corruption(new MaskingNoise(0.25, 3)).build(),
                new DenseLayer.Builder()
                        .nIn(60)
                        .nOut(40)
                        .activation(Activation.TANH)
                        .build(),
                tied().nIn(40)
                        .nOut(20)
                        .activation(Activation.TANH)
                        .lossFunction(new LossGaussian())
                        .outputActivation(Activation.IDENTITY)
                        .build());
    }

    @Test
    void layer_learnsWhatTheLayersBelowMakeOfTheExamples() {
        MultiLayerNetwork network = stack();
        INDArray dense = network.getParam("1_W").dup();
        new GreedyLayerwisePretrainer.Builder(network)
                .epochs(2, 1)
                .build()
                .fit(IMAGES.iterator(50).build());

        // the same by hand: the lower layers give the upper one its examples
        MultiLayerNetwork lower = network(
                new Adam(2e-3),
                tied().nIn(784).nOut(60).corruption(new MaskingNoise(0.25, 3)).build());
        lower.setParams(stack().params()
                .reshape(1, -1)
                .get(NDArrayIndex.point(0), NDArrayIndex.interval(0, lower.numParams())));
        new GreedyLayerwisePretrainer.Builder(lower)
                .epochs(2)
                .build()
                .fit(IMAGES.iterator(50).build());

        assertThat(network.getParam("0_W")).isEqualTo(lower.getParam("0_W"));
        assertThat(network.getParam("1_W")).isEqualTo(dense);
        INDArray code =
                Transforms.tanh(lower.output(IMAGES.features()).mmul(dense).addRowVector(network.getParam("1_b")));
        MultiLayerNetwork upper = network(
                new Adam(2e-3),
                tied().nIn(40)
                        .nOut(20)
                        .activation(Activation.TANH)
                        .lossFunction(new LossGaussian())
                        .outputActivation(Activation.IDENTITY)
                        .build());
        upper.setParam("0_W", stack().getParam("2_W"));
        new GreedyLayerwisePretrainer.Builder(upper)
                .epochs(1)
                .build()
                .fit(new ListDataSetIterator<>(new DataSet(code, code).asList(), 50));
        assertThat(network.getParam("2_W").equalsWithEps(upper.getParam("0_W"), 1e-4))
                .isTrue();
    }

    @Test
    void interruptedRun_continuesAsIfNothingHadHappened(@TempDir Path directory) {
        Path file = directory.resolve("sub").resolve("pretraining.zip");
        MultiLayerNetwork whole = stack();
        new GreedyLayerwisePretrainer.Builder(whole)
                .epochs(2, 3)
                .build()
                .fit(IMAGES.iterator(50).shuffle(9).build());

        MultiLayerNetwork broken = stack();
        GreedyLayerwisePretrainer killed = new GreedyLayerwisePretrainer.Builder(broken)
                .epochs(2, 3)
                .checkpoint(file)
                .listener(new PretrainingListener() {
                    @Override
                    public void minibatchDone(int layer, int epoch, double score) {
                        if (layer == 2 && epoch == 1) {
                            throw new IllegalStateException("killed");
                        }
                    }
                })
                .build();
        assertThatThrownBy(() -> killed.fit(IMAGES.iterator(50).shuffle(9).build()))
                .hasMessage("killed");

        MultiLayerNetwork resumed = stack();
        List<String> heard = new ArrayList<>();
        new GreedyLayerwisePretrainer.Builder(resumed)
                .epochs(2, 3)
                .checkpoint(file)
                .listener(new PretrainingListener() {
                    @Override
                    public void epochDone(int layer, int epoch, double meanScore) {
                        heard.add(layer + ":" + epoch);
                    }
                })
                .build()
                .fit(IMAGES.iterator(50).shuffle(9).build());

        assertThat(heard).containsExactly("2:1", "2:2");
        assertThat(resumed.params()).isEqualTo(whole.params());
        assertThat(directory.resolve("sub")).isDirectoryContaining(path -> path.endsWith("pretraining.zip"));
        assertThat(Files.exists(directory.resolve("sub").resolve("pretraining.zip.part")))
                .isFalse();
        assertThatThrownBy(() -> new GreedyLayerwisePretrainer.Builder(stack())
                        .epochs(4, 3)
                        .checkpoint(file)
                        .build()
                        .fit(IMAGES.iterator(50).build()))
                .hasMessageContaining("got 4 for pretrain layer 0 in place of 2");
        MultiLayerNetwork other = network(new Sgd(1), tied().nIn(784).nOut(5).build());
        assertThatThrownBy(() -> new GreedyLayerwisePretrainer.Builder(other)
                        .checkpoint(file)
                        .build()
                        .fit(IMAGES.iterator(50).build()))
                .hasMessageContaining("the checkpoint must be of a network with the same configuration")
                .hasMessageContaining(" there, ");
    }

    private static NeuralNetConfiguration.Builder settings() {
        return new NeuralNetConfiguration.Builder().seed(1).updater(new Adam(1e-3));
    }

    /** Rows are time steps: the gradient is that of a mean over them. */
    @Test
    void pretraining_onSequences_takesTimeStepsForExamples() {
        MultiLayerNetwork network = new MultiLayerNetwork(new NeuralNetConfiguration.Builder()
                .seed(7)
                .updater(new Sgd(0.5))
                .list()
                .layer(tied().nOut(4).build())
                .setInputType(InputType.recurrent(6, 5))
                .build());
        network.init();
        INDArray sequences = Nd4j.rand(DataType.FLOAT, 8, 6, 5);
        MultiLayerNetwork rows = network(new Sgd(0.5), tied().nIn(6).nOut(4).build());
        rows.setParams(network.params());
        INDArray steps = sequences.permute(0, 2, 1).dup('c').reshape('c', 40, 6);

        new GreedyLayerwisePretrainer.Builder(network)
                .epochs(3)
                .build()
                .fit(new ListDataSetIterator<>(List.of(new DataSet(sequences, sequences)), 8));
        new GreedyLayerwisePretrainer.Builder(rows)
                .epochs(3)
                .build()
                .fit(new ListDataSetIterator<>(List.of(new DataSet(steps, steps)), 40));

        assertThat(network.params().equalsWithEps(rows.params(), 1e-5)).isTrue();
    }

    @Test
    void frozenLayer_isLeftAlone() {
        MultiLayerNetwork network = network(
                new Sgd(0.1),
                tied().nIn(784).nOut(20).build(),
                tied().nIn(20).nOut(5).build());
        MultiLayerNetwork frozen =
                new TransferLearning.Builder(network).setFeatureExtractor(0).build();

        new GreedyLayerwisePretrainer.Builder(frozen)
                .epochs(1)
                .build()
                .fit(IMAGES.iterator(50).build());

        assertThat(frozen.getLayer(0).params()).isEqualTo(network.getLayer(0).params());
        assertThat(frozen.getLayer(1).params()).isNotEqualTo(network.getLayer(1).params());
    }

    /** vb is no part of the network, and counts once in pretraining. */
    @Test
    void regularizationOfBiases_countsTheVisibleBiasInPretrainingAlone() {
        MultiLayerNetwork network = network(
                new Sgd(0.1),
                tied().nIn(784)
                        .nOut(5)
                        .l2Bias(0.1)
                        .biasInit(2)
                        .visibleBiasInit(1)
                        .build());

        assertThat(network.getLayer(0).calcRegularizationScore(true)).isCloseTo(0.05 * 4 * 5, within(1e-6));
        assertThat(network.getLayer(0).calcRegularizationScore(false)).isCloseTo(0.05 * (4 * 5 + 784), within(1e-4));
    }

    @Test
    void unrolledStack_reconstructsByTheLayersAndTheirTransposes() {
        MultiLayerNetwork network = network(
                new Sgd(0.1),
                new RestrictedBoltzmannLayer.Builder().nIn(784).nOut(30).build(),
                new RestrictedBoltzmannLayer.Builder()
                        .nIn(30)
                        .nOut(5)
                        .hidden(RestrictedBoltzmannLayer.Unit.GAUSSIAN)
                        .build());
        GreedyLayerwisePretrainer pretrainer =
                new GreedyLayerwisePretrainer.Builder(network).epochs(1).build();
        pretrainer.fit(IMAGES.iterator(50).build());

        MultiLayerNetwork deep = pretrainer.unroll(settings());

        INDArray x = IMAGES.first(20).features();
        INDArray h1 = Transforms.sigmoid(x.mmul(network.getParam("0_W")).addRowVector(network.getParam("0_b")));
        INDArray code = h1.mmul(network.getParam("1_W")).addRowVector(network.getParam("1_b"));
        INDArray down = Transforms.sigmoid(
                code.mmul(network.getParam("1_W").transpose()).addRowVector(network.getParam("1_vb")));
        INDArray restored = Transforms.sigmoid(
                down.mmul(network.getParam("0_W").transpose()).addRowVector(network.getParam("0_vb")));
        assertThat(deep.feedForward(x).get(2).equalsWithEps(code, 1e-4)).isTrue();
        assertThat(deep.output(x).equalsWithEps(restored, 1e-5)).isTrue();
        ComputationGraph tied = pretrainer.unrollTied(settings());
        assertThat(tied.outputSingle(x).equalsWithEps(restored, 1e-5)).isTrue();
        double tiedBefore = tied.score(new DataSet(IMAGES.features(), IMAGES.features()));
        tied.fit(IMAGES.iterator(50).build(), 3);
        assertThat(tied.score(new DataSet(IMAGES.features(), IMAGES.features())))
                .isLessThan(tiedBefore);
        double before = deep.score(new DataSet(IMAGES.features(), IMAGES.features()));
        deep.fit(IMAGES.iterator(50).build(), 3);
        assertThat(deep.score(new DataSet(IMAGES.features(), IMAGES.features())))
                .isLessThan(before);
    }

    @Test
    void classifier_standsOnTheStack() {
        MultiLayerNetwork network =
                network(new Adam(2e-3), tied().nIn(784).nOut(64).build());
        GreedyLayerwisePretrainer pretrainer =
                new GreedyLayerwisePretrainer.Builder(network).epochs(3).build();
        pretrainer.fit(IMAGES.iterator(50).build());

        MultiLayerNetwork classifier = pretrainer.toClassifier(settings(), 10);

        INDArray x = IMAGES.first(20).features();
        assertThat(classifier.feedForward(x).get(1).equalsWithEps(network.output(x), 1e-5))
                .isTrue();
        classifier.fit(IMAGES.iterator(50).withLabels().shuffle(2).build(), 15);
        assertThat(classifier.evaluate(IMAGES.iterator(50).withLabels().build()).accuracy())
                .isGreaterThan(0.9);
        assertThatThrownBy(() -> pretrainer.toClassifier(settings(), 1))
                .hasMessageContaining("classes must be at least 2");
    }

    @Test
    void input_thatCannotBe_isRefused() {
        MultiLayerNetwork dense =
                network(new Sgd(0.1), new DenseLayer.Builder().nIn(784).nOut(5).build());
        assertThatThrownBy(() -> new GreedyLayerwisePretrainer.Builder(dense).build())
                .hasMessageContaining("must have a layer that can be pretrained, got none among 1 layers");
        assertThatThrownBy(() -> new GreedyLayerwisePretrainer.Builder(null)).hasMessageContaining("got null");
        assertThatThrownBy(() -> new GreedyLayerwisePretrainer.Builder(stack())
                        .epochs(1, 2, 3)
                        .build())
                .hasMessageContaining("one for each of the 2 pretrain layers, got [1, 2, 3]");
        assertThatThrownBy(() ->
                        new GreedyLayerwisePretrainer.Builder(stack()).epochs(0).build())
                .hasMessageContaining("got [0]");
        GreedyLayerwisePretrainer mixed = new GreedyLayerwisePretrainer.Builder(stack()).build();
        assertThatThrownBy(() -> mixed.unroll(settings())).hasMessageContaining("got DenseLayer as layer 1");
        MultiLayerNetwork stock =
                network(new Sgd(0.1), new AutoEncoder.Builder().nIn(784).nOut(5).build());
        assertThatThrownBy(() -> new GreedyLayerwisePretrainer.Builder(stock).build())
                .hasMessageContaining("got a stock AutoEncoder, layer 'layer0'")
                .hasMessageContaining("put a TiedAutoencoderLayer in its place");
        assertThatThrownBy(() -> new GreedyLayerwisePretrainer.Builder(stack())
                        .build()
                        .fit(new ListDataSetIterator<>(List.<DataSet>of(), 1)))
                .hasMessageContaining("must have examples");
        MultiLayerNetwork wild = network(
                new Sgd(1e30),
                tied().activation(Activation.IDENTITY)
                        .lossFunction(new LossGaussian())
                        .nIn(784)
                        .nOut(5)
                        .build());
        assertThatThrownBy(() -> new GreedyLayerwisePretrainer.Builder(wild)
                        .build()
                        .fit(IMAGES.iterator(50).build()))
                .hasMessageContaining("must stay finite");
    }
}
