package io.github.dl4jae.pretraining;

import static io.github.dl4jae.pretraining.PretrainingNetworks.IMAGES;
import static io.github.dl4jae.pretraining.PretrainingNetworks.network;
import static io.github.dl4jae.pretraining.PretrainingNetworks.stack;
import static io.github.dl4jae.pretraining.PretrainingNetworks.tied;
import static io.github.dl4jae.pretraining.PretrainingNetworks.upper;
import static io.github.dl4jae.testing.NdArrayAssert.assertThatArray;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.dl4jae.denoising.GaussianCorruption;
import io.github.dl4jae.denoising.MaskingNoise;
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
import org.deeplearning4j.nn.conf.layers.OutputLayer;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.deeplearning4j.nn.transferlearning.TransferLearning;
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

    /** The defect of the stock layer that this package avoids. */
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

        assertThatArray(network.getParam("0_W")).isEqualTo(lower.getParam("0_W"));
        assertThatArray(network.getParam("1_W")).isEqualTo(dense);
        INDArray code =
                Transforms.tanh(lower.output(IMAGES.features()).mmul(dense).addRowVector(network.getParam("1_b")));
        MultiLayerNetwork upper = network(new Adam(2e-3), upper());
        upper.setParam("0_W", stack().getParam("2_W"));
        new GreedyLayerwisePretrainer.Builder(upper)
                .epochs(1)
                .build()
                .fit(new ListDataSetIterator<>(new DataSet(code, code).asList(), 50));
        assertThatArray(network.getParam("2_W")).isCloseTo(upper.getParam("0_W"), 1e-4);
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
                .isInstanceOf(IllegalStateException.class)
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
        assertThatArray(resumed.params()).isEqualTo(whole.params());
        assertThat(directory.resolve("sub")).isDirectoryContaining(path -> path.endsWith("pretraining.zip"));
        assertThat(Files.exists(directory.resolve("sub").resolve("pretraining.zip.part")))
                .isFalse();
        assertThatThrownBy(() -> new GreedyLayerwisePretrainer.Builder(stack())
                        .epochs(4, 3)
                        .checkpoint(file)
                        .build()
                        .fit(IMAGES.iterator(50).build()))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("got 4 for pretrain layer 0 in place of 2");
        MultiLayerNetwork other = network(new Sgd(1), tied().nIn(784).nOut(5).build());
        assertThatThrownBy(() -> new GreedyLayerwisePretrainer.Builder(other)
                        .checkpoint(file)
                        .build()
                        .fit(IMAGES.iterator(50).build()))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("the checkpoint must be of a network with the same configuration")
                .hasMessageContaining(" there, ");
    }

    /** Rows are time steps, and the gradient is that of a mean over them. */
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

        assertThatArray(network.params()).isCloseTo(rows.params(), 1e-5);
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

        assertThatArray(frozen.getLayer(0).params())
                .isEqualTo(network.getLayer(0).params());
        assertThat(frozen.getLayer(1).params()).isNotEqualTo(network.getLayer(1).params());
    }
}
