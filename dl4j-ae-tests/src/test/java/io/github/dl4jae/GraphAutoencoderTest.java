package io.github.dl4jae;

import static io.github.dl4jae.SmallAutoencoders.base;
import static io.github.dl4jae.SmallAutoencoders.examples;
import static io.github.dl4jae.SmallAutoencoders.output;
import static io.github.dl4jae.SmallAutoencoders.variational;
import static io.github.dl4jae.testing.NdArrayAssert.assertThatArray;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.deeplearning4j.nn.conf.ComputationGraphConfiguration;
import org.deeplearning4j.nn.conf.graph.ElementWiseVertex;
import org.deeplearning4j.nn.conf.graph.MergeVertex;
import org.deeplearning4j.nn.conf.graph.rnn.DuplicateToTimeSeriesVertex;
import org.deeplearning4j.nn.conf.graph.rnn.LastTimeStepVertex;
import org.deeplearning4j.nn.conf.inputs.InputType;
import org.deeplearning4j.nn.conf.layers.ActivationLayer;
import org.deeplearning4j.nn.conf.layers.DenseLayer;
import org.deeplearning4j.nn.conf.layers.LSTM;
import org.deeplearning4j.nn.conf.layers.RnnOutputLayer;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.junit.jupiter.api.Test;
import org.nd4j.linalg.activations.Activation;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.lossfunctions.impl.LossMSE;

/** Autoencoders in graphs: valid and invalid code vertices. */
class GraphAutoencoderTest {

    private static ComputationGraph graph(ComputationGraphConfiguration.GraphBuilder builder) {
        ComputationGraph graph = new ComputationGraph(builder.build());
        graph.init();
        return graph;
    }

    private static ComputationGraphConfiguration.GraphBuilder branching() {
        return base().graphBuilder()
                .addInputs("in")
                .setInputTypes(InputType.feedForward(12))
                .addLayer("left", new DenseLayer.Builder().nOut(4).build(), "in")
                .addLayer("right", new DenseLayer.Builder().nOut(3).build(), "in")
                .addVertex("both", new MergeVertex(), "left", "right")
                .addLayer("code", new DenseLayer.Builder().nOut(2).build(), "both")
                .addLayer("up", new DenseLayer.Builder().nOut(5).build(), "code");
    }

    @Test
    void graph_thatBranchesInsideItsHalves_isCutAtTheCode() {
        ComputationGraph graph = graph(branching()
                .addLayer("up2", new DenseLayer.Builder().nOut(5).build(), "code")
                .addVertex("sum", new ElementWiseVertex(ElementWiseVertex.Op.Add), "up", "up2")
                .addLayer("out", output(12), "sum")
                .setOutputs("out"));
        INDArray x = examples(5, new long[] {1, 12});
        Autoencoder autoencoder = Autoencoders.of(graph, "code");

        assertThatArray(autoencoder.reconstruct(x)).isEqualTo(graph.outputSingle(x));
        assertThatArray(autoencoder.encode(x))
                .isEqualTo(graph.feedForward(x, false).get("code"));
        assertThat(autoencoder.encode(x).shape()).containsExactly(5, 2);
        int index = graph.getVertex("code").getVertexIndex();
        assertThatArray(Autoencoders.of(graph, index).reconstruct(x)).isEqualTo(graph.outputSingle(x));
    }

    private static ComputationGraph withClassifier() {
        return graph(branching()
                .addLayer("out", output(12), "up")
                .addLayer("classes", output(3), "code")
                .setOutputs("classes", "out"));
    }

    @Test
    void graph_withSeveralOutputs_reconstructsByTheOneThatIsNamed() {
        ComputationGraph graph = withClassifier();
        INDArray x = examples(5, new long[] {1, 12});
        Autoencoder autoencoder = Autoencoders.of(graph, "code", "out");

        assertThatArray(autoencoder.reconstruct(x)).isEqualTo(graph.output(x)[1]);
        assertThatArray(autoencoder.decode(autoencoder.encode(x))).isEqualTo(graph.output(x)[1]);
        assertThat(autoencoder).hasToString("Autoencoder(12 → code 2 → 12)");
    }

    @Test
    void graph_withSeveralOutputs_wantsOneNamed() {
        ComputationGraph graph = withClassifier();
        assertThatThrownBy(() -> Autoencoders.of(graph, "code"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage(
                        "Autoencoders: the output must be named where a graph has several, got [classes, out]; add the"
                                + " name of the one that reconstructs as the last argument");
        assertThatThrownBy(() -> Autoencoders.of(graph, "code", "up"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("Autoencoders: outputVertex must name an output of the graph, got 'up'; its outputs are"
                        + " [classes, out]");
    }

    /** Stock activation layers overwrite their input at test time. */
    @Test
    void graph_whoseBranchesWorkInPlace_givesWhatTheGraphGives() {
        ComputationGraph graph = graph(branching()
                .addLayer("act", new ActivationLayer(Activation.TANH), "up")
                .addVertex("sum", new ElementWiseVertex(ElementWiseVertex.Op.Add), "act", "up")
                .addLayer("out", output(12), "sum")
                .setOutputs("out"));
        INDArray x = examples(5, new long[] {1, 12});

        assertThatArray(Autoencoders.of(graph, "code").reconstruct(x)).isEqualTo(graph.outputSingle(x));
    }

    @Test
    void graph_withASkipConnection_isRefusedByName() {
        ComputationGraph graph = graph(branching()
                .addVertex("skip", new MergeVertex(), "up", "right")
                .addLayer("out", output(12), "skip")
                .setOutputs("out"));

        assertThatThrownBy(() -> Autoencoders.of(graph, "code"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("every path from 'in' to 'out' must lead through codeVertex 'code'")
                .hasMessageContaining("the connection 'right' -> 'skip' skips it");
    }

    @Test
    void graph_whoseInputSkipsTheCode_isRefusedByName() {
        ComputationGraph graph = graph(branching()
                .addVertex("skip", new MergeVertex(), "up", "in")
                .addLayer("out", output(12), "skip")
                .setOutputs("out"));

        assertThatThrownBy(() -> Autoencoders.of(graph, "code"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("'in' -> 'skip' skips it");
    }

    @Test
    void graph_whoseDecoderTakesItsLengthFromTheInput_isRefusedByName() {
        ComputationGraph graph = graph(base().graphBuilder()
                .addInputs("in")
                .setInputTypes(InputType.recurrent(3, 4))
                .addLayer("encoder", new LSTM.Builder().nOut(5).build(), "in")
                .addVertex("code", new LastTimeStepVertex("in"), "encoder")
                .addVertex("repeat", new DuplicateToTimeSeriesVertex("in"), "code")
                .addLayer("decoder", new LSTM.Builder().nOut(5).build(), "repeat")
                .addLayer(
                        "out", new RnnOutputLayer.Builder(new LossMSE()).nOut(3).build(), "decoder")
                .setOutputs("out"));

        assertThatThrownBy(() -> Autoencoders.of(graph, "code"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("vertex 'repeat' takes its length from the network's input")
                .hasMessageContaining("use a RepeatVector layer instead");
    }

    @Test
    void graph_codeVertexThatCannotBe_isRefused() {
        ComputationGraph graph =
                graph(branching().addLayer("out", output(12), "up").setOutputs("out"));

        assertThatThrownBy(() -> Autoencoders.of(graph, "kode"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("got 'kode'; its vertices are [");
        assertThatThrownBy(() -> Autoencoders.of(graph, "in"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("must lie between the input 'in' and the output 'out'");
        assertThatThrownBy(() -> Autoencoders.of(graph, "out"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("must have vertices after it that decode");
        assertThatThrownBy(() -> Autoencoders.of(graph, 99))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("codeVertex must be in [0, 6]");
        assertThatThrownBy(() -> Autoencoders.of(graph, "left"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("'in' -> 'right' skips it");
    }

    @Test
    void graph_withSeveralInputs_isRefused() {
        ComputationGraph graph = graph(base().graphBuilder()
                .addInputs("a", "b")
                .setInputTypes(InputType.feedForward(3), InputType.feedForward(3))
                .addVertex("both", new MergeVertex(), "a", "b")
                .addLayer("out", output(3), "both")
                .setOutputs("out"));

        assertThatThrownBy(() -> Autoencoders.of(graph, "both"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("must have exactly one input, got 2 [a, b]");
    }

    @Test
    void graph_ofAStockVariationalAutoencoderAlone_decodesByItsOwnDecoder() {
        ComputationGraph graph = graph(base().graphBuilder()
                .addInputs("in")
                .addLayer("vae", variational(), "in")
                .setOutputs("vae"));

        assertThat(Autoencoders.of(graph, "vae")
                        .reconstruct(examples(5, new long[] {1, 12}))
                        .shape())
                .containsExactly(5, 12);
    }
}
