package io.github.dl4jae.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.github.dl4jae.bundle.ModelBundle;
import io.github.dl4jae.cli.RowScores.RowScore;
import io.github.dl4jae.dense.FastDenseLayer;
import io.github.dl4jae.dense.FastOutputLayer;
import io.github.dl4jae.tabular.TableReader;
import io.github.dl4jae.tabular.TableSchema;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.nd4j.linalg.activations.Activation;
import org.nd4j.linalg.lossfunctions.ILossFunction;
import org.nd4j.linalg.lossfunctions.impl.LossL2;

/** Scores derived by hand, of networks whose parameters are zero. */
class RowScoresTest {

    @TempDir
    private Path directory;

    private TableSchema schema;

    /** The numbers have mean 5 and deviation 2, the three categories a third of the rows each. */
    @BeforeEach
    void fit() throws IOException {
        Path file = Files.writeString(directory.resolve("table.csv"), "size,kind\n3,a\n7,b\n3,c\n7,a\n3,b\n7,c\n");
        schema = new TableReader.Builder().build().fit(file);
    }

    private TableModel model(ILossFunction loss, int outputs) {
        MultiLayerNetwork network = new MultiLayerNetwork(new NeuralNetConfiguration.Builder()
                .activation(Activation.IDENTITY)
                .list()
                .layer(new FastDenseLayer.Builder().name("code").nIn(4).nOut(2).build())
                .layer(new FastOutputLayer.Builder(loss).nIn(2).nOut(outputs).build())
                .build());
        network.init();
        network.params().assign(0);
        return TableModel.of(new ModelBundle.Builder(network)
                .schema(schema)
                .codeLayer("code")
                .build());
    }

    private RowScore score(TableModel model, String size, String kind) {
        Map<String, String> row = new HashMap<>();
        row.put("size", size);
        row.put("kind", kind);
        return RowScores.of(model, schema.encode(List.of(row))).get(0);
    }

    private static void assertScore(RowScore score, double error, String column, double columnError, int missing) {
        assertThat(score.error()).isCloseTo(error, within(1e-6));
        assertThat(score.worstColumn()).isEqualTo(column);
        assertThat(score.worstError()).isCloseTo(columnError, within(1e-6));
        assertThat(score.missing()).isEqualTo(missing);
    }

    /** x = (2, 0, 1, 0), x̂ = 0. */
    @Test
    void error_ofZeros_isMeanSquareOfFeatures() {
        assertScore(score(model(new LossL2(), 4), "9", "b"), (4.0 + 1) / 4, "size", 4, 0);
    }

    /** x̂ = (0, 1/3, 1/3, 1/3): the means of the distributions, not their parameters. */
    @Test
    void error_ofLikelihood_isThatOfItsMeans() {
        double kind = 4.0 / 9 + 1.0 / 9 + 1.0 / 9;

        assertScore(score(model(schema.likelihood(), 5), "6", "b"), (0.25 + kind) / 4, "kind", kind, 0);
    }

    @Test
    void error_withMissingValue_isThatOfTheOthers() {
        assertScore(score(model(new LossL2(), 4), null, "b"), 1.0 / 3, "kind", 1, 1);
        assertScore(score(model(new LossL2(), 4), "9", null), 4, "size", 4, 1);
    }

    @Test
    void error_withoutValues_isNaN() {
        RowScore score = score(model(new LossL2(), 4), null, null);

        assertThat(score.error()).isNaN();
        assertThat(score.worstColumn()).isEmpty();
        assertThat(score.missing()).isEqualTo(2);
    }

    @Test
    void error_ofOverflow_isInfinite() {
        TableModel model = model(new LossL2(), 4);
        model.bundle().multiLayerNetwork().params().assign(Float.MAX_VALUE);

        assertThat(score(model, "9", "b").error()).isInfinite();
    }
}
