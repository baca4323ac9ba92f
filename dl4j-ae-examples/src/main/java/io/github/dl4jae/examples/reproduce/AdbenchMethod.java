package io.github.dl4jae.examples.reproduce;

import com.amazon.randomcutforest.RandomCutForest;
import io.github.dl4jae.Autoencoders;
import io.github.dl4jae.anomaly.AnomalyDetector;
import io.github.dl4jae.anomaly.SquaredErrorScore;
import io.github.dl4jae.baseline.PcaAutoencoder;
import io.github.dl4jae.schedule.LinearSchedule;
import io.github.dl4jae.training.Trainer;
import io.github.dl4jae.updater.FastAdam;
import io.github.dl4jae.zoo.DataShape;
import io.github.dl4jae.zoo.UndercompleteAutoencoder;
import io.github.dl4jae.zoo.ZooAutoencoder;
import java.util.Arrays;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.nd4j.linalg.activations.Activation;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.schedule.ScheduleType;

/** A method that is fitted to rows and scores others. */
enum AdbenchMethod {
    /** This library's detector, with its defaults. */
    DETECTOR("AnomalyDetector") {
        @Override
        double[] score(AdbenchSplit split, long seed) {
            return new AnomalyDetector.Builder().seed(seed).fit(split.fitted()).score(split.scored());
        }
    },
    /** The squared error of an autoencoder with the network of the detector. */
    AUTOENCODER("autoencoder, squared error") {
        @Override
        double[] score(AdbenchSplit split, long seed) {
            int n = (int) split.fitted().features().size(0);
            int steps = (n + BATCH - 1) / BATCH; // of an epoch
            int epochs = Math.max((STEPS + steps - 1) / steps, 2);
            int d = split.columns();
            MultiLayerNetwork network = new UndercompleteAutoencoder.Builder(DataShape.features(d))
                    .hidden(2 * d + 16)
                    .code(Math.max(2, (int) Math.round(Math.sqrt(d))))
                    .activation(Activation.TANH)
                    .updater(new FastAdam(
                            new LinearSchedule(ScheduleType.ITERATION, RATE, 0, Math.multiplyExact(epochs, steps))))
                    .seed(seed)
                    .build()
                    .network();
            new Trainer.Builder(
                            network,
                            split.fitted().iterator(BATCH).shuffle(seed).build())
                    .epochs(epochs)
                    .build()
                    .fit();
            return SquaredErrorScore.of(Autoencoders.of(network, ZooAutoencoder.CODE))
                    .score(split.scored().features());
        }
    },
    /** The squared error of the principal components that have 90 % of the variance. */
    PCA("PCA, squared error") {
        @Override
        double[] score(AdbenchSplit split, long seed) {
            INDArray fitted = split.fitted().features();
            double[] variances = PcaAutoencoder.fit(fitted, split.columns()).variances();
            double wanted = 0.9 * Arrays.stream(variances).sum();
            int k = 0;
            for (double sum = 0; sum < wanted && k < variances.length; k++) {
                sum += variances[k];
            }
            return SquaredErrorScore.of(PcaAutoencoder.fit(fitted, k))
                    .score(split.scored().features());
        }
    },
    /** The mean distance to the five nearest fitted rows. */
    NEIGHBORS("5 nearest neighbors") {
        @Override
        double[] score(AdbenchSplit split, long seed) {
            return AdbenchNeighbors.meanDistances(
                    split.fitted().features(), split.scored().features(), 5, split.isSame());
        }
    },
    /** Amazon's random cut forest. */
    FOREST("random cut forest") {
        @Override
        double[] score(AdbenchSplit split, long seed) {
            RandomCutForest forest = RandomCutForest.builder()
                    .dimensions(split.columns())
                    .shingleSize(1)
                    .numberOfTrees(100)
                    .sampleSize(256)
                    .timeDecay(0) // rows have no order in time
                    .outputAfter(1) // else scores are 0 below 64 rows
                    .randomSeed(seed)
                    .build();
            for (float[] row : split.fitted().features().toFloatMatrix()) {
                forest.update(row);
            }
            return Arrays.stream(split.scored().features().toFloatMatrix())
                    .mapToDouble(forest::getAnomalyScore)
                    .toArray();
        }
    };

    private static final int BATCH = 128;
    private static final int STEPS = 500;
    private static final double RATE = 0.01;

    private final String title;

    AdbenchMethod(String title) {
        this.title = title;
    }

    /** Returns a score for each of the scored rows, larger for anomalies. */
    abstract double[] score(AdbenchSplit split, long seed);

    @Override
    public String toString() {
        return title;
    }
}
