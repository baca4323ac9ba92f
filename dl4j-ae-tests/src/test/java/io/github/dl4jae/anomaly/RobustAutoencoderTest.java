package io.github.dl4jae.anomaly;

import static io.github.dl4jae.testing.NdArrayAssert.assertThatArray;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.github.dl4jae.Autoencoders;
import io.github.dl4jae.ReconstructionError;
import io.github.dl4jae.dense.FastDenseLayer;
import io.github.dl4jae.dense.FastOutputLayer;
import io.github.dl4jae.testing.RefusesNull;
import io.github.dl4jae.training.ProgressListener;
import io.github.dl4jae.updater.FastAdam;
import java.util.Arrays;
import java.util.Random;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.provider.Arguments;
import org.nd4j.linalg.activations.Activation;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.learning.config.IUpdater;
import org.nd4j.linalg.learning.config.Sgd;
import org.nd4j.linalg.lossfunctions.impl.LossL2;

@Tag("slow")
class RobustAutoencoderTest implements RefusesNull {

    private static final IUpdater FROZEN = new Sgd(0);

    /** A linear autoencoder. */
    private static MultiLayerNetwork network(int features, int code, IUpdater updater) {
        MultiLayerNetwork network = new MultiLayerNetwork(new NeuralNetConfiguration.Builder()
                .seed(3)
                .activation(Activation.IDENTITY)
                .updater(updater)
                .list()
                .layer(new FastDenseLayer.Builder()
                        .name("code")
                        .nIn(features)
                        .nOut(code)
                        .build())
                .layer(new FastOutputLayer.Builder(new LossL2())
                        .nIn(code)
                        .nOut(features)
                        .build())
                .build());
        network.init();
        return network;
    }

    private static INDArray random(int rows, int columns) {
        Nd4j.getRandom().setSeed(2);
        return Nd4j.randn(rows, columns);
    }

    @Test
    void rounds_alternateReconstructionAndShrinkage() {
        MultiLayerNetwork network = network(5, 2, FROZEN);
        INDArray X = random(6, 5);
        INDArray L1 = network.output(X.dup());
        INDArray S1 = RobustPenalty.VALUES.shrink(X.sub(L1), 0.4);
        INDArray L2 = network.output(X.sub(S1));
        INDArray S2 = RobustPenalty.VALUES.shrink(X.sub(L2), 0.4);

        RobustDecomposition found = new RobustAutoencoder.Builder(network, RobustPenalty.VALUES, 0.4)
                .rounds(2)
                .build()
                .fit(X);

        double norm = X.norm2Number().doubleValue();
        assertThatArray(found.reconstructed()).isCloseTo(L2, 1e-6);
        assertThatArray(found.outliers()).isCloseTo(S2, 1e-6);
        assertThat(found.remainder()).isCloseTo(X.sub(L2).sub(S2).norm2Number().doubleValue() / norm, within(1e-6));
        assertThat(found.change())
                .isCloseTo(L1.add(S1).sub(L2).sub(S2).norm2Number().doubleValue() / norm, within(1e-6));
        assertThat(found.rounds()).isEqualTo(2);
        assertThat(found.converged()).isFalse();
        assertThat(found.rowScores()[4]).isCloseTo(S2.getRow(4).norm2Number().doubleValue(), within(1e-6));
        assertThat(found.columnScores()[1])
                .isCloseTo(S2.getColumn(1).norm2Number().doubleValue(), within(1e-6));
    }

    @Test
    void perfectReconstruction_meetsBothStoppingRules_inTheFirstRound() {
        MultiLayerNetwork network = network(4, 4, FROZEN);
        network.getParam("0_W").assign(Nd4j.eye(4));
        network.getParam("1_W").assign(Nd4j.eye(4));

        RobustDecomposition found = new RobustAutoencoder.Builder(network, RobustPenalty.ROWS, 0.1)
                .build()
                .fit(random(6, 4));

        assertThat(found.converged()).isTrue();
        assertThat(found.rounds()).isEqualTo(1);
        assertThat(found.rowScores()).containsOnly(0);
    }

    /** With a lambda near 0, L + S is X in every round: the first rule is met, and the second one as well. */
    @Test
    void aRemainder_keepsTrainingFromEnding_unlessItIsBelowTheTolerance() {
        INDArray X = random(6, 4);

        assertThat(new RobustAutoencoder.Builder(network(4, 2, FROZEN), RobustPenalty.VALUES, 1e-9)
                        .build()
                        .fit(X)
                        .converged())
                .isTrue();
        // nothing changes after the first round, but all of X − L remains
        RobustDecomposition found = new RobustAutoencoder.Builder(network(4, 2, FROZEN), RobustPenalty.VALUES, 100)
                .rounds(3)
                .build()
                .fit(X);
        assertThat(found.change()).isZero();
        assertThat(found.remainder()).isGreaterThan(0.1);
        assertThat(found.converged()).isFalse();
    }

    @Test
    void training_seesAllRoundsAndEpochs() {
        AtomicInteger epochs = new AtomicInteger();
        MultiLayerNetwork network = network(4, 2, FROZEN);
        new RobustAutoencoder.Builder(network, RobustPenalty.ROWS, 1)
                .rounds(3)
                .epochsPerRound(2)
                .batch(5)
                .listener(new ProgressListener() {
                    @Override
                    public void epochBegun(int epoch) {
                        epochs.incrementAndGet();
                    }
                })
                .build()
                .fit(random(12, 4));

        assertThat(epochs).hasValue(6);
        assertThat(network.getIterationCount()).isEqualTo(18);
    }

    private static RobustAutoencoder.Builder trained(MultiLayerNetwork network, RobustPenalty penalty, double lambda) {
        return new RobustAutoencoder.Builder(network, penalty, lambda)
                .rounds(8)
                .epochsPerRound(8)
                .batch(32);
    }

    @Test
    void rows_withoutTheUsualDependencies_areFound() {
        INDArray normal = CorruptedTable.standardized(500);
        INDArray anomalies = CorruptedTable.shuffledColumns(CorruptedTable.rows(normal, 0, 50));
        INDArray X = Nd4j.vstack(normal, anomalies);
        MultiLayerNetwork network = network(20, 4, new FastAdam(5e-3));

        double[] scores = trained(network, RobustPenalty.ROWS, 4).build().fit(X).rowScores();

        double area = Roc.area(Arrays.copyOf(scores, 500), Arrays.copyOfRange(scores, 500, 550));
        assertThat(area).isGreaterThan(0.95);
        assertThat(Arrays.stream(scores, 0, 500).filter(s -> s == 0).count()).isGreaterThan(450);
    }

    @Test
    void values_withSpikes_areFound() {
        INDArray X = CorruptedTable.standardized(400);
        Random random = new Random(6);
        boolean[][] spikes = new boolean[400][20];
        for (int i = 0; i < 400; i++) {
            int j = random.nextInt(20);
            spikes[i][j] = true;
            X.putScalar(i, j, X.getDouble(i, j) + (random.nextBoolean() ? 6 : -6));
        }

        double[][] S = trained(network(20, 4, new FastAdam(5e-3)), RobustPenalty.VALUES, 2)
                .build()
                .fit(X)
                .outliers()
                .toDoubleMatrix();

        assertThat(absolute(S, spikes, true).filter(s -> s > 0).count()).isGreaterThan(360);
        assertThat(absolute(S, spikes, false).filter(s -> s > 0).count()).isLessThan(7600 / 20);
    }

    private static java.util.stream.DoubleStream absolute(double[][] S, boolean[][] spikes, boolean spike) {
        return IntStream.range(0, 8000)
                .filter(i -> spikes[i / 20][i % 20] == spike)
                .mapToDouble(i -> Math.abs(S[i / 20][i % 20]));
    }

    @Test
    void column_ofNoise_isFound() {
        INDArray X = CorruptedTable.standardized(400);
        X.getColumn(7).assign(random(400, 1).reshape(400));

        double[] scores = trained(network(20, 4, new FastAdam(5e-3)), RobustPenalty.COLUMNS, 17)
                .build()
                .fit(X)
                .columnScores();

        assertThat(scores[7])
                .isEqualTo(Arrays.stream(scores).max().orElseThrow())
                .isGreaterThan(0);
        assertThat(Arrays.stream(scores).filter(s -> s == 0).count()).isGreaterThan(14);
    }

    /** What the paper claims: normal examples are reconstructed better than after ordinary training. */
    @Test
    void network_reconstructsNormalExamplesBetter_thanOneTrainedOnAll() {
        INDArray normal = CorruptedTable.standardized(500);
        INDArray X = Nd4j.vstack(normal, random(60, 20).mul(4));
        MultiLayerNetwork robust = network(20, 4, new FastAdam(5e-3));
        MultiLayerNetwork ordinary = network(20, 4, new FastAdam(5e-3));

        trained(robust, RobustPenalty.ROWS, 4).build().fit(X);
        trained(ordinary, RobustPenalty.ROWS, 1e6).build().fit(X); // S stays 0

        assertThat(error(robust, normal)).isLessThan(error(ordinary, normal));
    }

    private static double error(MultiLayerNetwork network, INDArray x) {
        return Arrays.stream(ReconstructionError.squaredPerExample(Autoencoders.of(network, "code"), x))
                .average()
                .orElseThrow();
    }

    @Test
    void wrongArguments_areRefused() {
        RobustAutoencoder robust = new RobustAutoencoder.Builder(network(4, 2, FROZEN), RobustPenalty.ROWS, 1).build();

        assertThatThrownBy(() -> robust.fit(Nd4j.zeros(3, 4)))
                .hasMessage("RobustAutoencoder: examples must not all be 0, got only zeros");
        assertThatThrownBy(() -> robust.fit(Nd4j.zeros(3, 1, 2, 2)))
                .hasMessageContaining("examples must be rows [N, d], got [3, 1, 2, 2]");
        assertThatThrownBy(() -> robust.fit(Nd4j.valueArrayOf(2, 4, Float.NaN)))
                .hasMessageContaining("examples must be finite, got NaN or infinity");
        assertThatThrownBy(() -> new RobustAutoencoder.Builder(network(4, 2, FROZEN), RobustPenalty.ROWS, 0))
                .hasMessage("RobustAutoencoder: lambda must be above 0 and finite, got 0.0; begin with the error of"
                        + " typical rows");
        assertThatThrownBy(() -> new RobustAutoencoder.Builder(wide(), RobustPenalty.ROWS, 1)
                        .build()
                        .fit(random(2, 4)))
                .hasMessageContaining("the network's output must have the shape of its input, [N, 4], got [1, 8] for");
    }

    private static MultiLayerNetwork wide() {
        MultiLayerNetwork wide = new MultiLayerNetwork(new NeuralNetConfiguration.Builder()
                .list()
                .layer(new FastOutputLayer.Builder(new LossL2()).nIn(4).nOut(8).build())
                .build());
        wide.init();
        return wide;
    }

    static Stream<Arguments> nulls() {
        MultiLayerNetwork network = network(4, 2, FROZEN);
        return Stream.of(
                RefusesNull.call(
                        "network must be given", () -> new RobustAutoencoder.Builder(null, RobustPenalty.ROWS, 1)),
                RefusesNull.call("penalty must be given", () -> new RobustAutoencoder.Builder(network, null, 1)));
    }
}
