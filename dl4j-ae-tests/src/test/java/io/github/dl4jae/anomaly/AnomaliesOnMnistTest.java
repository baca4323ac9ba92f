package io.github.dl4jae.anomaly;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.dl4jae.data.LabeledImages;
import io.github.dl4jae.data.RealImages;
import io.github.dl4jae.updater.FastAdam;
import io.github.dl4jae.zoo.DataShape;
import io.github.dl4jae.zoo.UndercompleteAutoencoder;
import java.util.Arrays;
import java.util.stream.IntStream;
import org.deeplearning4j.nn.conf.MultiLayerConfiguration;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.nd4j.linalg.activations.Activation;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.lossfunctions.impl.LossL2;

/** Behavior on real images. */
@Tag("slow")
class AnomaliesOnMnistTest {

    private static INDArray images(LabeledImages images, int digit, boolean isDigit, int most) {
        int[] labels = images.labels();
        int[] rows = IntStream.range(0, labels.length)
                .filter(i -> (labels[i] == digit) == isDigit)
                .limit(most)
                .toArray();
        return images.features().getRows(rows);
    }

    @ParameterizedTest
    @CsvSource({"1,false,0.97", "0,true,0.92"})
    void deepSvdd_tellsOneDigit_fromTheOthers(int digit, boolean convolutions, double least) {
        LabeledImages train = RealImages.mnistTrain().first(10_000);
        LabeledImages test = RealImages.mnistTest().first(2_000);
        MultiLayerConfiguration encoder = convolutions
                ? new SvddEncoder.Builder(28, 28, 1).build()
                : new SvddEncoder.Builder(784).hidden(64).build();

        DeepSvddScore score = new DeepSvdd.Builder(encoder).epochs(10).build().fit(images(train, digit, true, 800));

        assertThat(Roc.area(
                        score.score(images(test, digit, true, 2_000)), score.score(images(test, digit, false, 500))))
                .isGreaterThan(least);
    }

    /** The paper's experiment: other digits among fours, in the training data themselves. */
    @Test
    void robustAutoencoder_findsOtherDigits_amongFours() {
        LabeledImages train = RealImages.mnistTrain().first(10_000);
        INDArray X = Nd4j.vstack(images(train, 4, true, 800), images(train, 4, false, 40));
        MultiLayerNetwork network = new UndercompleteAutoencoder.Builder(DataShape.pixels(784))
                .loss(new LossL2(), Activation.IDENTITY)
                .updater(new FastAdam(2e-3))
                .code(16)
                .hidden(128)
                .build()
                .network();

        double[] scores = new RobustAutoencoder.Builder(network, RobustPenalty.ROWS, 4)
                .rounds(8)
                .epochsPerRound(8)
                .build()
                .fit(X)
                .rowScores();

        assertThat(Roc.area(Arrays.copyOf(scores, 800), Arrays.copyOfRange(scores, 800, 840)))
                .isGreaterThan(0.88);
    }
}
