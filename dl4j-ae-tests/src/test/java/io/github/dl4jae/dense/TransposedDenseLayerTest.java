package io.github.dl4jae.dense;

import static io.github.dl4jae.testing.GradientCheck.requireGradient;
import static io.github.dl4jae.testing.NdArrayAssert.assertThatArray;
import static io.github.dl4jae.testing.Networks.initialized;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.dl4jae.likelihood.LossBernoulli;
import io.github.dl4jae.testing.DefaultType;
import org.deeplearning4j.exception.DL4JInvalidConfigException;
import org.deeplearning4j.nn.conf.ComputationGraphConfiguration;
import org.deeplearning4j.nn.conf.MultiLayerConfiguration;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.WorkspaceMode;
import org.deeplearning4j.nn.conf.layers.Layer;
import org.deeplearning4j.nn.conf.layers.LossLayer;
import org.deeplearning4j.nn.conf.weightnoise.DropConnect;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.nd4j.linalg.activations.Activation;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.dataset.DataSet;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.learning.config.Adam;
import org.nd4j.linalg.learning.config.IUpdater;
import org.nd4j.linalg.learning.config.NoOp;
import org.nd4j.linalg.ops.transforms.Transforms;

@DefaultType(DataType.DOUBLE)
class TransposedDenseLayerTest {

    private static NeuralNetConfiguration.Builder base(WorkspaceMode workspaces, boolean miniBatch, IUpdater updater) {
        return new NeuralNetConfiguration.Builder()
                .seed(3)
                .dataType(DataType.DOUBLE)
                .activation(Activation.TANH)
                .updater(updater)
                .l2(0.01)
                .miniBatch(miniBatch)
                .trainingWorkspaceMode(workspaces)
                .inferenceWorkspaceMode(workspaces);
    }

    private static FastDenseLayer.Builder encoder(int in, int out) {
        return new FastDenseLayer.Builder().nIn(in).nOut(out);
    }

    private static TransposedDenseLayer decoder(String tiedTo, int in, int out) {
        return new TransposedDenseLayer.Builder(tiedTo).nIn(in).nOut(out).build();
    }

    private static LossLayer loss() {
        return new LossLayer.Builder(new LossBernoulli())
                .activation(Activation.SIGMOID)
                .build();
    }

    /** The stock loss layer's score is a mean also where it should be a sum. */
    private static FastOutputLayer output() {
        return new FastOutputLayer.Builder(new LossBernoulli())
                .nIn(6)
                .nOut(6)
                .activation(Activation.SIGMOID)
                .build();
    }

    /** 6-4-2-4-6. */
    private static ComputationGraph graph(NeuralNetConfiguration.Builder base, Layer top) {
        return initialized(base.graphBuilder()
                .addInputs("in")
                .addLayer("e1", encoder(6, 4).build(), "in")
                .addLayer("e2", encoder(4, 2).rowMajorWeights(true).build(), "e1")
                .addLayer("d2", decoder("e2", 2, 4), "e2")
                .addLayer("d1", decoder("e1", 4, 6), "d2")
                .addLayer("out", top, "d1")
                .setOutputs("out"));
    }

    private static MultiLayerNetwork layers(NeuralNetConfiguration.Builder base, Layer top) {
        return initialized(base.list()
                .layer(encoder(6, 4).rowMajorWeights(true).name("e1").build())
                .layer(encoder(4, 2).name("e2").build())
                .layer(decoder("e2", 2, 4))
                .layer(decoder("e1", 4, 6))
                .layer(top));
    }

    private static DataSet data() {
        Nd4j.getRandom().setSeed(9);
        INDArray x = Nd4j.rand(DataType.DOUBLE, 5, 6);
        return new DataSet(x, x.dup());
    }

    @Tag("slow")
    @ParameterizedTest
    @CsvSource({"ENABLED,true", "ENABLED,false", "NONE,true", "NONE,false"})
    void gradient_ofATiedDeepAutoencoder_isRight(WorkspaceMode workspaces, boolean miniBatch) {
        DataSet data = data();
        requireGradient(graph(base(workspaces, miniBatch, new NoOp()), miniBatch ? loss() : output()), data);
        requireGradient(layers(base(workspaces, miniBatch, new NoOp()), miniBatch ? loss() : output()), data);
    }

    @Test
    void weights_stayTied() {
        ComputationGraph graph = graph(base(WorkspaceMode.ENABLED, true, new Adam(0.01)), loss());
        DataSet data = data();
        double before = graph.score(data);
        for (int i = 0; i < 50; i++) {
            graph.fit(data);
        }

        assertThat(graph.score(data)).isLessThan(before);
        assertThat(graph.numParams()).isEqualTo(6 * 4 + 4 + 4 * 2 + 2 + 4 + 6);
        INDArray code = graph.feedForward(data.getFeatures(), false).get("e2");
        INDArray down = code.mmul(graph.getParam("e2_W").transpose()).addRowVector(graph.getParam("d2_b"));
        assertThatArray(graph.feedForward(data.getFeatures(), false).get("d2")).isCloseTo(Transforms.tanh(down), 1e-12);
    }

    /** Two networks with layers of the same names, made in turn: neither looks into the other. */
    @Test
    void networks_withTheSameNames_areNotMixedUp() {
        NeuralNetConfiguration.Builder base = base(WorkspaceMode.ENABLED, true, new Adam(0.01));
        ComputationGraph one = graph(base, loss());
        ComputationGraph other = graph(base, loss());
        DataSet data = data();
        INDArray output = other.outputSingle(data.getFeatures()).dup();

        one.fit(data);

        assertThatArray(other.outputSingle(data.getFeatures())).isEqualTo(output);
        MultiLayerNetwork without = new MultiLayerNetwork(
                base.list().layer(decoder("e1", 4, 6)).layer(loss()).build());
        assertThatThrownBy(without::init)
                .isInstanceOf(DL4JInvalidConfigException.class)
                .hasMessageContaining("must name a FastDenseLayer")
                .hasMessageContaining("'e1'");
    }

    @Test
    void savedNetwork_isTiedAgain() {
        ComputationGraph graph = graph(base(WorkspaceMode.ENABLED, true, new Adam(0.01)), loss());
        ComputationGraph restored = initialized(
                ComputationGraphConfiguration.fromJson(graph.getConfiguration().toJson()));
        restored.setParams(graph.params());
        DataSet data = data();
        graph.fit(data);
        restored.fit(data);
        assertThatArray(restored.params()).isEqualTo(graph.params());

        MultiLayerNetwork network = layers(base(WorkspaceMode.ENABLED, true, new Adam(0.01)), loss());
        MultiLayerConfiguration configuration = network.getLayerWiseConfigurations();
        assertThat(MultiLayerConfiguration.fromYaml(configuration.toYaml())).isEqualTo(configuration);
        MultiLayerNetwork clone = network.clone();
        network.fit(data);
        clone.fit(data);
        assertThatArray(clone.params()).isEqualTo(network.params());
    }

    @Test
    void settings_thatCannotBe_areRefused() {
        NeuralNetConfiguration.Builder base = base(WorkspaceMode.ENABLED, true, new NoOp());
        assertThatThrownBy(() -> new TransposedDenseLayer.Builder("").build())
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("an empty one");
        MultiLayerNetwork wrongSize = new MultiLayerNetwork(base.list()
                .layer(new FastDenseLayer.Builder().name("e").nIn(6).nOut(4).build())
                .layer(decoder("e", 4, 5))
                .build());
        assertThatThrownBy(wrongSize::init)
                .isInstanceOf(DL4JInvalidConfigException.class)
                .hasMessageContaining("4 and 6, got 4 and 5");
        MultiLayerNetwork noisy = new MultiLayerNetwork(base.list()
                .layer(new FastDenseLayer.Builder()
                        .name("e")
                        .nIn(6)
                        .nOut(4)
                        .weightNoise(new DropConnect(0.5))
                        .build())
                .layer(decoder("e", 4, 6))
                .build());
        assertThatThrownBy(noisy::init)
                .isInstanceOf(DL4JInvalidConfigException.class)
                .hasMessageContaining("must have no weight noise");
        assertThat(decoder("e", 4, 6)).isEqualTo(decoder("e", 4, 6)).isNotEqualTo(decoder("f", 4, 6));
    }
}
