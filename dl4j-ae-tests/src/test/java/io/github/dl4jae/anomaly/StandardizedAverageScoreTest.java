package io.github.dl4jae.anomaly;

import static io.github.dl4jae.testing.NdArrayAssert.assertThatArray;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.github.dl4jae.Autoencoder;
import io.github.dl4jae.Autoencoders;
import io.github.dl4jae.bundle.ModelBundle;
import java.nio.file.Path;
import java.util.List;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/** The mean of standardized scores, and neighbors among normalized codes. */
class StandardizedAverageScoreTest {

    private static final INDArray NORMAL = Nd4j.createFromArray(new float[][] {{1, 0}, {0, 2}, {3, 0}});
    private static final INDArray HELD_OUT = Nd4j.createFromArray(new float[][] {{2, 0}, {0, 4}, {2, 2}});

    private final MultiLayerNetwork network = HalvingNetwork.create();
    private final Autoencoder autoencoder = Autoencoders.of(network, "code");

    private StandardizedAverageScore average() {
        return StandardizedAverageScore.fit(
                List.of(
                        SquaredErrorScore.of(autoencoder),
                        LatentNeighborScore.fitNormalized(autoencoder, NORMAL.getRow(0, true), 1)),
                HELD_OUT);
    }

    private static INDArray random(int rows) {
        Nd4j.getRandom().setSeed(5);
        return Nd4j.randn(DataType.FLOAT, rows, 2);
    }

    @Test
    void normalizedNeighbors_compareDirectionsOnly() {
        INDArray x = Nd4j.createFromArray(new float[][] {{0, 5}, {-4, 0}, {0.1f, 0.1f}, {0, 0}});

        double[] one = LatentNeighborScore.fitNormalized(autoencoder, NORMAL, 1).score(x);
        double[] three =
                LatentNeighborScore.fitNormalized(autoencoder, NORMAL, 3).score(x);

        double diagonal = Math.sqrt(2 - Math.sqrt(2)); // 2 − 2·cos 45°
        assertThat(one).containsExactly(new double[] {0, Math.sqrt(2), diagonal, 1}, within(1e-6));
        assertThat(three)
                .containsExactly(
                        new double[] {2 * Math.sqrt(2) / 3, (Math.sqrt(2) + 4) / 3, diagonal, 1}, within(1e-6));
    }

    @Test
    void score_isTheMeanOfScoresInStandardDeviations() {
        INDArray x = Nd4j.createFromArray(new float[][] {{4, 0}, {0, -2}});

        // squared errors of the held-out pairs: 1/2, 2, 1; distances: 0, √2, √(2 − √2)
        double mean = 3.5 / 3;
        double deviation = Math.sqrt((0.25 + 4 + 1 - 3 * mean * mean) / 2);
        double far = (Math.sqrt(2) + Math.sqrt(2 - Math.sqrt(2))) / 3;
        double spread = Math.sqrt((2 + 2 - Math.sqrt(2) - 3 * far * far) / 2);
        assertThat(average().score(x))
                .containsExactly(
                        new double[] {
                            ((2 - mean) / deviation + (0 - far) / spread) / 2,
                            ((0.5 - mean) / deviation + (Math.sqrt(2) - far) / spread) / 2
                        },
                        within(1e-5));
    }

    @Test
    void attribution_isTheMeanOfShares() {
        INDArray x = Nd4j.createFromArray(new float[][] {{1, 3}});
        INDArray distance = LatentNeighborScore.fitNormalized(autoencoder, NORMAL.getRow(0, true), 1)
                .attribution(x);
        double sum = Math.abs(distance.getDouble(0)) + Math.abs(distance.getDouble(1));

        INDArray shares = average().attribution(x);

        assertThat(shares.getDouble(0)).isCloseTo((0.1 + distance.getDouble(0) / sum) / 2, within(1e-6));
        assertThat(shares.getDouble(1)).isCloseTo((0.9 + distance.getDouble(1) / sum) / 2, within(1e-6));
    }

    @Test
    void score_dependsOnTheRowAlone() {
        INDArray x = random(37);
        double[] all = average().score(x);

        for (int i = 0; i < 37; i++) {
            assertThat(average().score(x.getRow(i, true))).containsExactly(all[i]);
        }
    }

    @Test
    void loadedScore_givesTheSameNumbers(@TempDir Path directory) {
        ModelBundle bundle = new ModelBundle.Builder(network).codeLayer("code").build();
        AnomalyDetector detector =
                new AnomalyDetector.Builder().falseAlarmRate(0.3).calibrate(average(), HELD_OUT, bundle);

        AnomalyDetector loaded = AnomalyDetector.load(detector.save(directory.resolve("detector.zip")));

        INDArray x = random(20);
        assertThat(loaded.score(x)).containsExactly(detector.score(x));
        assertThatArray(loaded.attribution(x)).isCloseTo(detector.attribution(x), 0);
        assertThat(loaded.scoreName()).isEqualTo("mean of 2 standardized scores");
    }

    @Test
    void scoresThatAreEqualForAllHeldOutExamples_areRefused() {
        assertThatThrownBy(() -> StandardizedAverageScore.fit(
                        List.of(SquaredErrorScore.of(autoencoder)), Nd4j.ones(DataType.FLOAT, 3, 2)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("StandardizedAverageScore: the scores of held-out examples must differ, got mean squared"
                        + " error always 0.25; leave the score out");
        assertThatThrownBy(() -> StandardizedAverageScore.fit(List.of(), HELD_OUT))
                .hasMessageContaining("scores must have at least one, got none");
    }
}
