package io.github.dl4jae.anomaly;

import static io.github.dl4jae.testing.Networks.initialized;
import static org.assertj.core.api.Assertions.assertThat;

import io.github.dl4jae.data.ImageDataset;
import io.github.dl4jae.data.RealImages;
import io.github.dl4jae.dense.FastDenseLayer;
import io.github.dl4jae.dense.FastOutputLayer;
import io.github.dl4jae.likelihood.LossContinuousBernoulli;
import io.github.dl4jae.updater.FastAdam;
import io.github.dl4jae.variational.GaussianLatentLayer;
import io.github.dl4jae.variational.VariationalModel;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.nd4j.linalg.activations.Activation;
import org.nd4j.linalg.api.ndarray.INDArray;

/** A model of clothes finds digits more likely than clothes, and regrets them more. */
@Tag("slow")
class LikelihoodOfOtherImagesTest {

    private static final int IMAGES = 150;

    private static MultiLayerNetwork trainedOnClothes() {
        MultiLayerNetwork network = initialized(new NeuralNetConfiguration.Builder()
                .seed(1)
                .updater(new FastAdam(1e-3))
                .activation(Activation.RELU)
                .list()
                .layer(new FastDenseLayer.Builder()
                        .nIn(784)
                        .nOut(256)
                        .inputGradient(false)
                        .build())
                .layer(new GaussianLatentLayer.Builder()
                        .name("z")
                        .nIn(256)
                        .nOut(10)
                        .build())
                .layer(new FastDenseLayer.Builder().nIn(10).nOut(256).build())
                .layer(new FastOutputLayer.Builder(new LossContinuousBernoulli())
                        .nIn(256)
                        .nOut(784)
                        .activation(Activation.SIGMOID)
                        .build()));
        network.fit(
                ImageDataset.FASHION_MNIST
                        .train()
                        .first(10_000)
                        .iterator(100)
                        .shuffle(1)
                        .build(),
                4);
        return network;
    }

    /** Returns the share of pairs of a digit and a piece of clothing in which the digit has the larger score. */
    private static double areaUnderRoc(AnomalyScore score, INDArray clothes, INDArray digits) {
        double[] normal = score.score(clothes);
        double wins = 0;
        for (double anomaly : score.score(digits)) {
            for (double each : normal) {
                wins += anomaly > each ? 1 : 0;
            }
        }
        return wins / (normal.length * (double) digits.size(0));
    }

    @Test
    void digits_areMoreLikelyThanClothes_butHaveMoreRegret() {
        INDArray digits = RealImages.mnistTest().first(IMAGES).features();
        INDArray clothes = ImageDataset.FASHION_MNIST.test().first(IMAGES).features();
        VariationalModel model = VariationalModel.of(trainedOnClothes(), "z");
        assertThat(areaUnderRoc(new NegativeLogLikelihoodScore(model, 50, 1), clothes, digits))
                .isLessThan(0.45);
        assertThat(areaUnderRoc(new NegativeElboScore(model, 10, 1), clothes, digits))
                .isLessThan(0.45);
        AnomalyScore regret = new LikelihoodRegretScore.Builder(model)
                .steps(50)
                .learningRate(0.1)
                .build();
        assertThat(areaUnderRoc(regret, clothes, digits)).isGreaterThan(0.9);
    }
}
