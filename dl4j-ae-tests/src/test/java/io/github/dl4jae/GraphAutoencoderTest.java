package io.github.dl4jae;

import static io.github.dl4jae.SmallAutoencoders.base;
import static io.github.dl4jae.SmallAutoencoders.examples;
import static io.github.dl4jae.SmallAutoencoders.output;
import static io.github.dl4jae.SmallAutoencoders.variational;
import static io.github.dl4jae.testing.NdArrayAssert.assertThatArray;
import static io.github.dl4jae.testing.Networks.initialized;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Named.named;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import java.util.stream.Stream;
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
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.nd4j.linalg.activations.Activation;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.lossfunctions.impl.LossMSE;

/** Autoencoders in graphs: valid and invalid code vertices. */
class GraphAutoencoderTest {

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
        ComputationGraph graph = initialized(branching()
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
        return initialized(branching()
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
        ComputationGraph graph = initialized(branching()
                .addLayer("act", new ActivationLayer(Activation.TANH), "up")
                .addVertex("sum", new ElementWiseVertex(ElementWiseVertex.Op.Add), "act", "up")
                .addLayer("out", output(12), "sum")
                .setOutputs("out"));
        INDArray x = examples(5, new long[] {1, 12});

        assertThatArray(Autoencoders.of(graph, "code").reconstruct(x)).isEqualTo(graph.outputSingle(x));
    }

    static Stream<Arguments> graphsWithoutACode() {
        ComputationGraphConfiguration.GraphBuilder lengthOfTheInput = base().graphBuilder()
                .addInputs("in")
                .setInputTypes(InputType.recurrent(3, 4))
                .addLayer("encoder", new LSTM.Builder().nOut(5).build(), "in")
                .addVertex("code", new LastTimeStepVertex("in"), "encoder")
                .addVertex("repeat", new DuplicateToTimeSeriesVertex("in"), "code")
                .addLayer("decoder", new LSTM.Builder().nOut(5).build(), "repeat")
                .addLayer(
                        "out", new RnnOutputLayer.Builder(new LossMSE()).nOut(3).build(), "decoder");
        ComputationGraphConfiguration.GraphBuilder severalInputs = base().graphBuilder()
                .addInputs("a", "b")
                .setInputTypes(InputType.feedForward(3), InputType.feedForward(3))
                .addVertex("code", new MergeVertex(), "a", "b")
                .addLayer("out", output(3), "code");
        return Stream.of(
                arguments(
                        named("skip connection", withVertexThatMerges("up", "right")),
                        "every path from 'in' to 'out' must lead through codeVertex 'code'",
                        "the connection 'right' -> 'skip' skips it"),
                arguments(
                        named("input that skips the code", withVertexThatMerges("up", "in")),
                        "every path from 'in' to 'out' must lead through codeVertex 'code'",
                        "'in' -> 'skip' skips it"),
                arguments(
                        named("decoder with the length of the input", lengthOfTheInput),
                        "vertex 'repeat' takes its length from the network's input",
                        "use a RepeatVector layer instead"),
                arguments(
                        named("several inputs", severalInputs),
                        "must have exactly one input, got 2 [a, b]",
                        "an autoencoder maps one array to one array"));
    }

    private static ComputationGraphConfiguration.GraphBuilder withVertexThatMerges(String first, String second) {
        return branching().addVertex("skip", new MergeVertex(), first, second).addLayer("out", output(12), "skip");
    }

    @ParameterizedTest
    @MethodSource("graphsWithoutACode")
    void graph_thatIsNotCutByItsCode_isRefusedByName(
            ComputationGraphConfiguration.GraphBuilder builder, String requirement, String found) {
        ComputationGraph graph = initialized(builder.setOutputs("out"));

        assertThatThrownBy(() -> Autoencoders.of(graph, "code"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining(requirement)
                .hasMessageContaining(found);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '"', textBlock = """
                    kode | got 'kode'; its vertices are [
                    in   | must lie between the input 'in' and the output 'out'
                    out  | must have vertices after it that decode
                    left | 'in' -> 'right' skips it
                    """)
    void codeVertex_thatCannotBe_isRefused(String codeVertex, String message) {
        ComputationGraph graph =
                initialized(branching().addLayer("out", output(12), "up").setOutputs("out"));

        assertThatThrownBy(() -> Autoencoders.of(graph, codeVertex))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining(message);
    }

    @Test
    void codeVertex_outOfRange_isRefused() {
        ComputationGraph graph =
                initialized(branching().addLayer("out", output(12), "up").setOutputs("out"));

        assertThatThrownBy(() -> Autoencoders.of(graph, 99))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("codeVertex must be in [0, 6]");
    }

    @Test
    void graph_ofAStockVariationalAutoencoderAlone_decodesByItsOwnDecoder() {
        ComputationGraph graph = initialized(base().graphBuilder()
                .addInputs("in")
                .addLayer("vae", variational(), "in")
                .setOutputs("vae"));

        assertThat(Autoencoders.of(graph, "vae")
                        .reconstruct(examples(5, new long[] {1, 12}))
                        .shape())
                .containsExactly(5, 12);
    }
}
