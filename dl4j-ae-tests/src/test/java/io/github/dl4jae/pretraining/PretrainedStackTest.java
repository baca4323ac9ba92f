package io.github.dl4jae.pretraining;

import static io.github.dl4jae.pretraining.PretrainingNetworks.IMAGES;
import static io.github.dl4jae.pretraining.PretrainingNetworks.network;
import static io.github.dl4jae.pretraining.PretrainingNetworks.stack;
import static io.github.dl4jae.pretraining.PretrainingNetworks.tied;
import static io.github.dl4jae.testing.NdArrayAssert.assertThatArray;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.github.dl4jae.likelihood.LossGaussian;
import java.util.List;
import org.deeplearning4j.datasets.iterator.utilty.ListDataSetIterator;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.layers.AutoEncoder;
import org.deeplearning4j.nn.conf.layers.DenseLayer;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.nd4j.linalg.activations.Activation;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.dataset.DataSet;
import org.nd4j.linalg.learning.config.Adam;
import org.nd4j.linalg.learning.config.Sgd;
import org.nd4j.linalg.ops.transforms.Transforms;

@Tag("slow")
class PretrainedStackTest {
    private static NeuralNetConfiguration.Builder settings() {
        return new NeuralNetConfiguration.Builder().seed(1).updater(new Adam(1e-3));
    }

    /** vb does not contribute to the network's output, and counts only in pretraining. */
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

        MultiLayerNetwork deep = PretrainedStack.of(network).unroll(settings());

        INDArray x = IMAGES.first(20).features();
        INDArray h1 = Transforms.sigmoid(x.mmul(network.getParam("0_W")).addRowVector(network.getParam("0_b")));
        INDArray code = h1.mmul(network.getParam("1_W")).addRowVector(network.getParam("1_b"));
        INDArray down = Transforms.sigmoid(
                code.mmul(network.getParam("1_W").transpose()).addRowVector(network.getParam("1_vb")));
        INDArray restored = Transforms.sigmoid(
                down.mmul(network.getParam("0_W").transpose()).addRowVector(network.getParam("0_vb")));
        assertThatArray(deep.feedForward(x).get(2)).isCloseTo(code, 1e-4);
        assertThatArray(deep.output(x)).isCloseTo(restored, 1e-5);
        ComputationGraph tied = PretrainedStack.of(network).unrollTied(settings());
        assertThatArray(tied.outputSingle(x)).isCloseTo(restored, 1e-5);
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

        MultiLayerNetwork classifier = PretrainedStack.of(network).toClassifier(settings(), 10);

        INDArray x = IMAGES.first(20).features();
        assertThatArray(classifier.feedForward(x).get(1)).isCloseTo(network.output(x), 1e-5);
        classifier.fit(IMAGES.iterator(50).withLabels().shuffle(2).build(), 15);
        assertThat(classifier.evaluate(IMAGES.iterator(50).withLabels().build()).accuracy())
                .isGreaterThan(0.9);
        assertThatThrownBy(() -> PretrainedStack.of(network).toClassifier(settings(), 1))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("classes must be at least 2");
    }

    @Test
    void input_thatCannotBe_isRefused() {
        MultiLayerNetwork dense =
                network(new Sgd(0.1), new DenseLayer.Builder().nIn(784).nOut(5).build());
        assertThatThrownBy(() -> new GreedyLayerwisePretrainer.Builder(dense).build())
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("must have a layer that can be pretrained, got none among 1 layers");
        assertThatThrownBy(() -> new GreedyLayerwisePretrainer.Builder(null))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("got null");
        assertThatThrownBy(() -> new GreedyLayerwisePretrainer.Builder(stack())
                        .epochs(1, 2, 3)
                        .build())
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("one for each of the 2 pretrain layers, got [1, 2, 3]");
        assertThatThrownBy(() ->
                        new GreedyLayerwisePretrainer.Builder(stack()).epochs(0).build())
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("got [0]");
        assertThatThrownBy(() -> PretrainedStack.of(stack()))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("got DenseLayer as layer 1");
        MultiLayerNetwork stock =
                network(new Sgd(0.1), new AutoEncoder.Builder().nIn(784).nOut(5).build());
        assertThatThrownBy(() -> new GreedyLayerwisePretrainer.Builder(stock).build())
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("got a stock AutoEncoder, layer 'layer0'")
                .hasMessageContaining("replace it by a TiedAutoencoderLayer");
        assertThatThrownBy(() -> new GreedyLayerwisePretrainer.Builder(stack())
                        .build()
                        .fit(new ListDataSetIterator<>(List.<DataSet>of(), 1)))
                .isInstanceOf(IllegalArgumentException.class)
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
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("must stay finite");
    }
}
