package io.github.dl4jae.examples.reproduce;

import com.amazon.randomcutforest.RandomCutForest;
import io.github.dl4jae.Autoencoder;
import io.github.dl4jae.Autoencoders;
import io.github.dl4jae.anomaly.AnomalyScore;
import io.github.dl4jae.anomaly.DeepSvdd;
import io.github.dl4jae.anomaly.LatentNeighborScore;
import io.github.dl4jae.anomaly.NegativeElboScore;
import io.github.dl4jae.anomaly.SquaredErrorScore;
import io.github.dl4jae.anomaly.StandardizedAverageScore;
import io.github.dl4jae.anomaly.SvddEncoder;
import io.github.dl4jae.baseline.PcaAutoencoder;
import io.github.dl4jae.data.LabeledImages;
import io.github.dl4jae.examples.support.MinibatchBar;
import io.github.dl4jae.examples.support.OneClassImages;
import io.github.dl4jae.schedule.LinearSchedule;
import io.github.dl4jae.training.Trainer;
import io.github.dl4jae.updater.FastAdam;
import io.github.dl4jae.variational.VariationalModel;
import io.github.dl4jae.zoo.DataShape;
import io.github.dl4jae.zoo.UndercompleteAutoencoder;
import io.github.dl4jae.zoo.VariationalAutoencoder;
import io.github.dl4jae.zoo.ZooAutoencoder;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.nd4j.linalg.activations.Activation;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.learning.config.IUpdater;
import org.nd4j.linalg.lossfunctions.impl.LossL2;
import org.nd4j.linalg.schedule.ScheduleType;

/** A method that is fitted to images of one class and scores the test images. */
enum OneClassMethod {
    /** A dense autoencoder. */
    DENSE(20) {
        @Override
        Map<String, double[]> scores(OneClassImages images, int epochs, long seed) {
            MultiLayerNetwork network = new UndercompleteAutoencoder.Builder(DataShape.pixels(PIXELS))
                    .hidden(256, 64)
                    .code(CODE)
                    .loss(new LossL2(), Activation.SIGMOID)
                    .updater(falling(images, epochs))
                    .seed(seed)
                    .build()
                    .network();
            return errorAndNeighbors("dense autoencoder", train(network, images, epochs, seed), images);
        }
    },
    /** A convolutional autoencoder. */
    CONVOLUTIONAL(10) {
        @Override
        Map<String, double[]> scores(OneClassImages images, int epochs, long seed) {
            MultiLayerNetwork network = new UndercompleteAutoencoder.Builder(DataShape.image(28, 28, 1))
                    .code(CODE)
                    .activation(Activation.LEAKYRELU)
                    .loss(new LossL2(), Activation.SIGMOID)
                    .updater(falling(images, epochs))
                    .seed(seed)
                    .build()
                    .network();
            return errorAndNeighbors("convolutional autoencoder", train(network, images, epochs, seed), images);
        }
    },
    /** A variational autoencoder. */
    VAE(30) {
        @Override
        Map<String, double[]> scores(OneClassImages images, int epochs, long seed) {
            MultiLayerNetwork network = new VariationalAutoencoder.Builder(DataShape.pixels(PIXELS))
                    .hidden(256, 64)
                    .code(16)
                    .updater(falling(images, epochs))
                    .seed(seed)
                    .build()
                    .network();
            train(network, images, epochs, seed);
            VariationalModel model = VariationalModel.of(network, ZooAutoencoder.CODE);
            return rows(
                    images.test().features(),
                    Map.of("variational autoencoder, −ELBO", new NegativeElboScore(model, 10, seed)));
        }
    },
    /** Deep support vector data description. */
    SVDD(10) {
        @Override
        Map<String, double[]> scores(OneClassImages images, int epochs, long seed) {
            SvddEncoder.Builder encoder =
                    new SvddEncoder.Builder(28, 28, 1).code(CODE).seed(seed);
            AnomalyScore score = new DeepSvdd.Builder(encoder.build())
                    .pretraining(epochs)
                    .epochs(epochs)
                    .heldOut(images.heldOut().features())
                    .seed(seed)
                    .build()
                    .fit(images.train().features());
            return rows(images.test().features(), Map.of("Deep SVDD, one class", score));
        }
    },
    /** Principal components. */
    PCA(0) {
        @Override
        Map<String, double[]> scores(OneClassImages images, int epochs, long seed) {
            INDArray train = images.train().features();
            int components = (int) Math.min(30, train.size(0) - 1);
            return rows(
                    images.test().features(),
                    Map.of("PCA, squared error", SquaredErrorScore.of(PcaAutoencoder.fit(train, components))));
        }
    },
    /** Amazon's random cut forest. */
    FOREST(0) {
        @Override
        Map<String, double[]> scores(OneClassImages images, int epochs, long seed) {
            RandomCutForest forest = RandomCutForest.builder()
                    .dimensions(PIXELS)
                    .shingleSize(1)
                    .numberOfTrees(100)
                    .sampleSize(256)
                    .timeDecay(0) // images have no order in time
                    .outputAfter(1)
                    .randomSeed(seed)
                    .build();
            for (float[] row : images.train().features().toFloatMatrix()) {
                forest.update(row);
            }
            return Map.of(
                    "random cut forest",
                    Arrays.stream(images.test().features().toFloatMatrix())
                            .mapToDouble(forest::getApproximateAnomalyScore)
                            .toArray());
        }
    };

    private static final int PIXELS = 28 * 28;
    private static final int CODE = 32;
    private static final int BATCH = 100;
    private static final double RATE = 2e-3;
    private static final int NEIGHBORS = 5;

    private final int epochs;

    OneClassMethod(int epochs) {
        this.epochs = epochs;
    }

    /** Returns the default number of epochs, or 0 if there are none. */
    int epochs() {
        return epochs;
    }

    /** Returns the scores of the test images by name of the score. */
    abstract Map<String, double[]> scores(OneClassImages images, int epochs, long seed);

    /** Returns the name on the command line. */
    @Override
    public String toString() {
        return name().toLowerCase(Locale.ROOT);
    }

    /** Returns an updater whose rate falls to 0. */
    private static IUpdater falling(OneClassImages images, int epochs) {
        int steps = Math.multiplyExact(steps(images.train()), epochs);
        return new FastAdam(new LinearSchedule(ScheduleType.ITERATION, RATE, 0, steps));
    }

    private static int steps(LabeledImages images) {
        return (images.size() + BATCH - 1) / BATCH;
    }

    private static MultiLayerNetwork train(MultiLayerNetwork network, OneClassImages images, int epochs, long seed) {
        LabeledImages train = images.train();
        try (MinibatchBar bar = new MinibatchBar("class " + images.label(), (long) epochs * steps(train))) {
            new Trainer.Builder(network, train.iterator(BATCH).shuffle(seed).build())
                    .epochs(epochs)
                    .listener(bar)
                    .build()
                    .fit();
        }
        return network;
    }

    private static Map<String, double[]> errorAndNeighbors(
            String name, MultiLayerNetwork network, OneClassImages images) {
        Autoencoder autoencoder = Autoencoders.of(network, ZooAutoencoder.CODE);
        AnomalyScore error = SquaredErrorScore.of(autoencoder);
        AnomalyScore neighbors = LatentNeighborScore.fitNormalized(
                autoencoder,
                images.train().features(),
                Math.min(NEIGHBORS, images.train().size()));
        Map<String, AnomalyScore> scores = new LinkedHashMap<>();
        scores.put(name + ", squared error", error);
        scores.put(
                name + ", error and nearest codes",
                StandardizedAverageScore.fit(
                        List.of(error, neighbors), images.heldOut().features()));
        return rows(images.test().features(), scores);
    }

    private static Map<String, double[]> rows(INDArray test, Map<String, AnomalyScore> scores) {
        Map<String, double[]> rows = new LinkedHashMap<>();
        scores.forEach((name, score) -> rows.put(name, score.score(test)));
        return rows;
    }
}
