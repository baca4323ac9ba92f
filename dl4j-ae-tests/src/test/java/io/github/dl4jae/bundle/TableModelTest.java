package io.github.dl4jae.bundle;

import static io.github.dl4jae.testing.NdArrayAssert.assertThatArray;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.github.dl4jae.dense.FastDenseLayer;
import io.github.dl4jae.dense.FastOutputLayer;
import io.github.dl4jae.tabular.FeatureTable;
import io.github.dl4jae.tabular.TableReader;
import io.github.dl4jae.tabular.TableSchema;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.layers.LossLayer;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.nd4j.linalg.activations.Activation;
import org.nd4j.linalg.lossfunctions.ILossFunction;
import org.nd4j.linalg.lossfunctions.impl.LossL2;

/** Scores derived by hand, of networks whose parameters are zero. */
class TableModelTest {

    @TempDir
    private Path directory;

    private Path file;
    private TableSchema schema;

    /** The numbers have mean 5 and deviation 2, the three categories a third of the rows each. */
    @BeforeEach
    void fit() throws IOException {
        file = Files.writeString(directory.resolve("table.csv"), "size,kind\n3,a\n7,b\n3,c\n7,a\n3,b\n7,c\n");
        schema = new TableReader.Builder().build().fit(file);
    }

    private static NeuralNetConfiguration.Builder linear() {
        return new NeuralNetConfiguration.Builder().activation(Activation.IDENTITY);
    }

    private static FastDenseLayer encoder() {
        return new FastDenseLayer.Builder().name("code").nIn(4).nOut(2).build();
    }

    private static FastOutputLayer decoder(ILossFunction loss, int outputs) {
        return new FastOutputLayer.Builder(loss).nIn(2).nOut(outputs).build();
    }

    private static MultiLayerNetwork network(ILossFunction loss, int outputs) {
        MultiLayerNetwork network = new MultiLayerNetwork(
                linear().list().layer(encoder()).layer(decoder(loss, outputs)).build());
        network.init();
        network.params().assign(0);
        return network;
    }

    private TableModel model(MultiLayerNetwork network) {
        return new ModelBundle.Builder(network)
                .schema(schema)
                .codeLayer("code")
                .build()
                .tableModel();
    }

    private FeatureTable row(String size, String kind) {
        Map<String, String> row = new HashMap<>();
        row.put("size", size);
        row.put("kind", kind);
        return schema.encode(List.of(row));
    }

    private RowScore score(ILossFunction loss, int outputs, String size, String kind) {
        return model(network(loss, outputs)).score(row(size, kind)).get(0);
    }

    private static void assertScore(RowScore score, double error, String column, double columnError, int missing) {
        assertThat(score.score()).isCloseTo(error, within(1e-6));
        assertThat(score.worstColumn()).isEqualTo(column);
        assertThat(score.worstError()).isCloseTo(columnError, within(1e-6));
        assertThat(score.missing()).isEqualTo(missing);
    }

    /** x = (2, 0, 1, 0), x̂ = 0. */
    @Test
    void score_ofZeros_isMeanSquareOfFeatures() {
        assertScore(score(new LossL2(), 4, "9", "b"), (4.0 + 1) / 4, "size", 4, 0);
    }

    /** x̂ = (0, 1/3, 1/3, 1/3): the means of the distributions, not their parameters. */
    @Test
    void score_ofLikelihood_isThatOfItsMeans() {
        double kind = 4.0 / 9 + 1.0 / 9 + 1.0 / 9;

        assertScore(score(schema.likelihood(), 5, "6", "b"), (0.25 + kind) / 4, "kind", kind, 0);
    }

    /** A graph, and a loss in a layer of its own. */
    @Test
    void score_ofGraph_isThatOfTheMeansOfItsOutput() {
        ComputationGraph graph = new ComputationGraph(linear().graphBuilder()
                .addInputs("x")
                .addLayer("code", encoder(), "x")
                .addLayer("decoder", new FastDenseLayer.Builder().nIn(2).nOut(5).build(), "code")
                .addLayer(
                        "out",
                        new LossLayer.Builder(schema.likelihood())
                                .activation(schema.likelihood().activation())
                                .build(),
                        "decoder")
                .setOutputs("out")
                .build());
        graph.init();
        graph.params().assign(0);
        TableModel model = new ModelBundle.Builder(graph)
                .schema(schema)
                .codeLayer("code")
                .build()
                .tableModel();

        assertThat(model.score(row("6", "b")))
                .isEqualTo(model(network(schema.likelihood(), 5)).score(row("6", "b")));
    }

    @Test
    void score_withMissingValue_isThatOfTheOthers() {
        assertScore(score(new LossL2(), 4, null, "b"), 1.0 / 3, "kind", 1, 1);
        assertScore(score(new LossL2(), 4, "9", null), 4, "size", 4, 1);
    }

    @Test
    void score_withoutValues_isNaN() {
        RowScore score = score(new LossL2(), 4, null, null);

        assertThat(score.score()).isNaN();
        assertThat(score.worstColumn()).isEmpty();
        assertThat(score.worstError()).isNaN();
        assertThat(score.missing()).isEqualTo(2);
    }

    @Test
    void score_ofOverflow_isInfinite() {
        MultiLayerNetwork network = network(new LossL2(), 4);
        network.params().assign(Float.MAX_VALUE);

        assertThat(model(network).score(row("9", "b")).get(0).score()).isInfinite();
    }

    @Test
    void storedModel_givesTheSameScoresOfRowsOfTheOldSchema() {
        MultiLayerNetwork network = network(schema.likelihood(), 5);
        network.params().assign(0.3);
        Path stored = new ModelBundle.Builder(network)
                .schema(schema)
                .codeLayer("code")
                .build()
                .save(directory.resolve("model.zip"));
        TableModel loaded = ModelBundle.load(stored).tableModel();
        FeatureTable rows = schema.read(file);

        assertThat(loaded.score(rows)).isEqualTo(model(network).score(rows)).hasSize(6);
        assertThat(loaded.score(loaded.schema().read(file))).isEqualTo(loaded.score(rows));
        assertThatArray(loaded.encode(rows)).isEqualTo(model(network).encode(rows));
        assertThatArray(loaded.reconstruct(rows)).hasShape(6, 4);
    }

    @Test
    void rowsOfAnotherSchema_areRefused() throws IOException {
        FeatureTable others = new TableReader.Builder()
                .build()
                .read(Files.writeString(directory.resolve("other.csv"), "size,kind\n1,a\n9,b\n1,c\n9,a\n1,b\n9,c\n"));

        assertThat(others.names()).isEqualTo(schema.names());
        assertThatThrownBy(() -> model(network(new LossL2(), 4)).score(others))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageStartingWith("TableModel: rows must have the columns, scales and categories of the model's"
                        + " schema, got TableSchema(")
                .hasMessageContaining("read them with schema().read(file)");
    }

    /** Five outputs without the likelihood that makes four features of them. */
    @Test
    void networkThatDoesNotReconstruct_isRefused() {
        assertThatThrownBy(() -> model(network(new LossL2(), 5)).score(row("9", "b")))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("the network must reconstruct the features, [1, 4], got [1, 5]; use an output");
    }

    @Test
    void bundleWithoutSchema_isRefused() {
        ModelBundle bundle = new ModelBundle.Builder(network(new LossL2(), 4))
                .codeLayer("code")
                .build();

        assertThatThrownBy(bundle::tableModel)
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("TableModel: the bundle must have the schema of a table, got none; set it with");
    }

    @Test
    void bundleWithoutCodeLayer_isRefused() {
        ModelBundle bundle =
                new ModelBundle.Builder(network(new LossL2(), 4)).schema(schema).build();

        assertThatThrownBy(bundle::tableModel)
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("codeLayer must be given, got none");
    }
}
