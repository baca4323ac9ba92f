package io.github.dl4jae.anomaly;

import static io.github.dl4jae.testing.NdArrayAssert.assertThatArray;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.layers.DenseLayer;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.deeplearning4j.util.ModelSerializer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.nd4j.linalg.activations.Activation;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

class DeepSvddScoreTest {

    private static final INDArray X = random(5, 4);

    private static INDArray random(int... shape) {
        Nd4j.getRandom().setSeed(8);
        return Nd4j.rand(DataType.DOUBLE, shape);
    }

    private static DeepSvddScore linear() {
        return new DeepSvdd.Builder(LinearEncoder.configuration(4, 3, 0.05, 0.01))
                .epochs(2)
                .build()
                .fit(X);
    }

    @Test
    void attribution_isTheFallOfTheScore_whenAValueIsReplacedByItsMean() {
        DeepSvddScore score = linear();
        double[][] W = LinearEncoder.weights(score.network());
        double[] c = score.center().toDoubleVector();
        double[] means = X.mean(0).toDoubleVector();
        double[][] expected = new double[5][4];
        double[] scores = LinearEncoder.distances(X, W, c);
        for (int j = 0; j < 4; j++) {
            INDArray without = X.dup();
            without.getColumn(j).assign(means[j]);
            double[] lower = LinearEncoder.distances(without, W, c);
            for (int i = 0; i < 5; i++) {
                expected[i][j] = scores[i] - lower[i];
            }
        }

        assertThatArray(score.attribution(X).castTo(DataType.DOUBLE)).isCloseTo(Nd4j.createFromArray(expected), 1e-6);
    }

    @Test
    void score_dependsOnTheRowAlone() {
        DeepSvddScore score = linear();

        assertThat(score.score(X.getRow(3, true))[0]).isCloseTo(score.score(X)[3], within(1e-14));
    }

    @Test
    void storedScore_givesTheSameNumbers(@TempDir Path directory) throws IOException {
        DeepSvddScore score = linear();
        Path file = directory.resolve("svdd.zip");
        ModelSerializer.writeModel(score.network(), file.toFile(), false);
        MultiLayerNetwork restored = ModelSerializer.restoreMultiLayerNetwork(file.toFile());

        DeepSvddScore again = DeepSvddScore.of(restored, score.center(), score.baseline());

        assertThat(again.score(X)).containsExactly(score.score(X));
        assertThatArray(again.attribution(X)).isCloseTo(score.attribution(X), 0);
    }

    @Test
    void biases_thatGiveTheCenterForAllInputs_areACollapse() {
        MultiLayerNetwork network = new MultiLayerNetwork(new NeuralNetConfiguration.Builder()
                .list()
                .layer(new DenseLayer.Builder()
                        .nIn(4)
                        .nOut(2)
                        .activation(Activation.IDENTITY)
                        .build())
                .build());
        network.init();
        network.getParam("0_W").muli(1e-4);
        network.getParam("0_b").assign(0.5);
        DeepSvddScore constant = DeepSvddScore.of(network, Nd4j.createFromArray(0.5, 0.5), X.mean(0));

        assertThatThrownBy(() -> constant.requireSpread(X))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("use layers without biases");
    }

    @Test
    void scores_thatHardlyDiffer_areACollapse() {
        DeepSvddScore score = linear();
        INDArray copies = Nd4j.vstack(X.getRow(0, true), X.getRow(0, true), X.getRow(0, true));

        assertThatCode(() -> score.requireSpread(X)).doesNotThrowAnyException();
        assertThatThrownBy(() -> score.requireSpread(copies)).isInstanceOf(IllegalStateException.class);
    }

    @Test
    void otherShapes_areRefused() {
        DeepSvddScore score = linear();

        assertThatThrownBy(() -> score.score(random(5, 3)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining(
                        "examples must have the shape of the training examples, [N, …] with … = [4], got" + " [5, 3]");
        assertThatThrownBy(() -> DeepSvddScore.of(score.network(), Nd4j.zeros(7), score.baseline()))
                .hasMessageContaining("the center must have as many values as the network's output, 3, got 7");
    }

    @Test
    void attribution_isLargestForTheCorruptedValue() {
        INDArray table = CorruptedTable.unitInterval(400);
        DeepSvddScore score = new DeepSvdd.Builder(new SvddEncoder.Builder(20).build())
                .epochs(10)
                .build()
                .fit(table);
        INDArray corrupted = CorruptedTable.rows(table, 0, 20);
        for (int i = 0; i < 20; i++) {
            corrupted.putScalar(i, i, corrupted.getDouble(i, i) + 3);
        }

        int[] largest = score.attribution(corrupted).argMax(1).toIntVector();

        int[] right = new int[20];
        Arrays.setAll(right, i -> i);
        assertThat(largest).containsExactly(right);
    }
}
