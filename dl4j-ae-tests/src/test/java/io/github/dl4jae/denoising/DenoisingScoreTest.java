package io.github.dl4jae.denoising;

import static io.github.dl4jae.testing.NdArrayAssert.assertThatArray;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.github.dl4jae.Autoencoders;
import io.github.dl4jae.likelihood.LossGaussian;
import java.util.function.UnaryOperator;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.layers.DenseLayer;
import org.deeplearning4j.nn.conf.layers.OutputLayer;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.nd4j.linalg.activations.Activation;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.dataset.DataSet;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.learning.config.Adam;
import org.nd4j.linalg.schedule.ExponentialSchedule;
import org.nd4j.linalg.schedule.ScheduleType;

@Tag("slow")
class DenoisingScoreTest {

    /** E[x | x̃] for x ~ N(0, s²) is x̃·s²/(s² + σ²), so the score is −x̃/(s² + σ²). */
    @Test
    void score_ofTheOptimalDenoiserOfAGaussian_isExact() {
        double s = 1.5;
        double sigma = 0.5;
        UnaryOperator<INDArray> optimal = x -> x.mul(s * s / (s * s + sigma * sigma));
        INDArray x = Nd4j.createFromArray(new double[][] {{1, -2}, {0, 3}});

        INDArray score = new DenoisingScore(optimal, sigma).apply(x);

        assertThatArray(score).isCloseTo(x.div(-(s * s + sigma * sigma)), 1e-12);
    }

    /** A linear denoising autoencoder that was trained on N(0, s²) finds the same. */
    @Test
    void score_ofATrainedLinearAutoencoder_isThatOfTheNoisedGaussian() {
        double s = 2;
        double sigma = 1;
        Adam adam = new Adam(0.02);
        adam.setLrAndSchedule(0.02, new ExponentialSchedule(ScheduleType.ITERATION, 0.02, 0.998));
        MultiLayerNetwork network = new MultiLayerNetwork(new NeuralNetConfiguration.Builder()
                .seed(1)
                .updater(adam)
                .activation(Activation.IDENTITY)
                .list()
                .layer(new DenseLayer.Builder()
                        .nIn(1)
                        .nOut(2)
                        .dropOut(new GaussianCorruption(sigma, 3))
                        .build())
                .layer(new OutputLayer.Builder(new LossGaussian())
                        .nIn(2)
                        .nOut(1)
                        .activation(Activation.IDENTITY)
                        .build())
                .build());
        network.init();
        Nd4j.getRandom().setSeed(4);
        INDArray x = Nd4j.randn(DataType.FLOAT, 20_000, 1).muli(s);
        double variance = x.mul(x).meanNumber().doubleValue();
        for (int i = 0; i < 1_500; i++) {
            network.fit(new DataSet(x, x));
        }

        INDArray score = new DenoisingScore(Autoencoders.of(network, 0)::reconstruct, sigma)
                .apply(Nd4j.createFromArray(new float[][] {{-3}, {0}, {3}}));

        double slope = -1 / (variance + sigma * sigma);
        assertThat(score.getDouble(0)).isCloseTo(-3 * slope, within(0.01));
        assertThat(score.getDouble(1)).isCloseTo(0, within(0.01));
        assertThat(score.getDouble(2)).isCloseTo(3 * slope, within(0.01));
    }

    /** N(0, v): x ← (1 − τ/2v)·x + √τ·η settles at the variance v/(1 − τ/4v). */
    @Test
    void langevin_onAGaussian_reachesTheVarianceOfItsRecursion() {
        double v = 2;
        double step = 0.5;
        INDArray samples = new LangevinSampler(x -> x.div(-v), step, 9)
                .run(Nd4j.valueArrayOf(new long[] {20_000, 2}, 5.0, DataType.DOUBLE), 100);

        double expected = v / (1 - step / (4 * v));
        double variance = samples.mul(samples).meanNumber().doubleValue();
        assertThat(variance).isCloseTo(expected, within(5 * expected * Math.sqrt(2 / 40_000.0)));
        assertThat(samples.meanNumber().doubleValue()).isCloseTo(0, within(5 * Math.sqrt(expected / 40_000)));
    }

    @Test
    void langevin_withTheSameSeed_drawsTheSame() {
        INDArray start = Nd4j.zeros(DataType.FLOAT, 5, 3);
        UnaryOperator<INDArray> score = INDArray::neg;

        assertThatArray(new LangevinSampler(score, 0.1, 1).run(start, 20))
                .isEqualTo(new LangevinSampler(score, 0.1, 1).run(start, 20))
                .isNotEqualTo(new LangevinSampler(score, 0.1, 2).run(start, 20));
        assertThatArray(start).isEqualTo(Nd4j.zeros(DataType.FLOAT, 5, 3));
    }

    @Test
    void input_thatCannotBe_isRefused() {
        INDArray x = Nd4j.ones(DataType.FLOAT, 2, 3);
        assertThatThrownBy(() -> new DenoisingScore(y -> y, 0))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("sigma must be above 0");
        assertThatThrownBy(() -> new DenoisingScore(null, 1))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("reconstruction must be given, got null");
        assertThatThrownBy(() -> new DenoisingScore(y -> y.sum(true, 1), 1).apply(x))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("must have the shape of the input, [2, 3], got [2, 1]");
        assertThatThrownBy(() -> new LangevinSampler(y -> y, -1, 0))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("step must be above 0");
        assertThatThrownBy(() -> new LangevinSampler(y -> y.mul(1e30), 1e9, 0).run(x, 50))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("points must stay finite, got NaN or an infinite value in step");
    }
}
