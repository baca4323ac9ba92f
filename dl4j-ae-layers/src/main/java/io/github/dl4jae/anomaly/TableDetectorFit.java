package io.github.dl4jae.anomaly;

import io.github.dl4jae.Autoencoder;
import io.github.dl4jae.bundle.ModelBundle;
import io.github.dl4jae.internal.layer.Require;
import io.github.dl4jae.internal.math.Shuffle;
import io.github.dl4jae.schedule.LinearSchedule;
import io.github.dl4jae.tabular.FeatureTable;
import io.github.dl4jae.tabular.FeatureTableIterator;
import io.github.dl4jae.training.ProgressListener;
import io.github.dl4jae.training.Trainer;
import io.github.dl4jae.updater.FastAdam;
import io.github.dl4jae.zoo.DataShape;
import io.github.dl4jae.zoo.UndercompleteAutoencoder;
import io.github.dl4jae.zoo.ZooAutoencoder;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import java.util.function.Function;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.jspecify.annotations.Nullable;
import org.nd4j.linalg.activations.Activation;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.dataset.api.iterator.DataSetIterator;
import org.nd4j.linalg.schedule.ScheduleType;

/**
 * Chooses and trains the detector of a table, from the numbers of rows n and features d.
 *
 * <pre>
 * held out      a fifth of the rows, at most 5,000
 * network       d → w → √d → w → d, w = min(2d + 16, 512), tanh; code and output linear
 * training      Adam, rate falling from 0.01 to 0 over 500 steps or two epochs, mini-batches of 128; the step with the
 *               smallest error of the held-out rows
 * score         distance to the 5 and 50 nearest training rows, by reconstruction and residual, of three networks
 * </pre>
 */
final class TableDetectorFit {

    /** The number of autoencoders. */
    static final int MEMBERS = 3;
    /** With fewer rows, nothing can be held out. */
    static final int FEWEST_ROWS = 20;

    private static final double HELD_OUT = 0.2;
    private static final int MOST_HELD_OUT = 5_000;
    private static final int MOST_NEIGHBORS = 10_000;
    private static final int FEW = 5;
    private static final int MANY = 50;
    private static final int BATCH = 128;
    private static final int STEPS = 500;
    private static final int WIDEST = 512;
    private static final double RATE = 0.01;

    private final int members;
    private final int epochs;
    private final long seed;
    private final @Nullable ProgressListener listener;

    TableDetectorFit(int members, int epochs, long seed, @Nullable ProgressListener listener) {
        this.members = members;
        this.epochs = epochs;
        this.seed = seed;
        this.listener = listener;
    }

    DetectorParts fit(FeatureTable rows, Function<ScoreDistribution, AnomalyThreshold> threshold, double prevalence) {
        Require.given(AnomalyDetector.NAME, "rows", rows, "read them with a TableReader");
        int n = (int) rows.features().size(0);
        Require.that(
                n >= FEWEST_ROWS,
                AnomalyDetector.NAME,
                "a table needs at least " + FEWEST_ROWS + " rows",
                n,
                "collect more, or calibrate a score of your own");
        int[] order = Shuffle.permutation(n, new SplittableRandom(seed));
        int heldOutCount = Math.min(MOST_HELD_OUT, (int) Math.round(HELD_OUT * n));
        FeatureTable heldOut = rows.rows(Arrays.copyOf(order, heldOutCount));
        FeatureTable training = rows.rows(Arrays.copyOfRange(order, heldOutCount, n));
        TablePreparation preparation = TablePreparation.fit(training);
        List<ModelBundle> models = new ArrayList<>();
        for (int m = 0; m < members; m++) {
            models.add(train(preparation, training, heldOut, seed + m));
        }
        List<Autoencoder> autoencoders =
                models.stream().map(ModelBundle::autoencoder).toList();
        FeatureTable neighbors =
                rows.rows(Arrays.copyOfRange(order, heldOutCount, Math.min(n, heldOutCount + MOST_NEIGHBORS)));
        int most = (int) neighbors.features().size(0) / 2;
        AnomalyScore score = ReconstructionNeighborScore.fit(
                autoencoders,
                prepared(preparation, autoencoders, neighbors),
                FEW,
                Math.max(FEW + 1, Math.min(MANY, most)));
        ScoreDistribution distribution =
                ScoreDistribution.of(score.score(prepared(preparation, autoencoders, heldOut)));
        return new DetectorParts(
                score,
                preparation,
                distribution,
                threshold.apply(distribution),
                prevalence,
                models,
                PopulationStability.fit(training));
    }

    private static INDArray prepared(TablePreparation preparation, List<Autoencoder> autoencoders, FeatureTable rows) {
        INDArray x = preparation.prepare(rows.features());
        return rows.present()
                .map(present -> DetectorParts.impute(autoencoders.get(0), x, present))
                .orElse(x);
    }

    private ModelBundle train(
            TablePreparation preparation, FeatureTable training, FeatureTable heldOut, long memberSeed) {
        int n = (int) training.features().size(0);
        int d = (int) training.features().size(1);
        int batch = Math.min(BATCH, n);
        int epochSteps = (n + batch - 1) / batch;
        int most = epochs == 0 ? Math.max((STEPS + epochSteps - 1) / epochSteps, 2) : epochs;
        MultiLayerNetwork network = new UndercompleteAutoencoder.Builder(DataShape.features(d))
                .hidden(Math.min(2 * d + 16, WIDEST))
                .code(Math.max(2, (int) Math.round(Math.sqrt(d))))
                .activation(Activation.TANH)
                .updater(new FastAdam(
                        new LinearSchedule(ScheduleType.ITERATION, RATE, 0, Math.multiplyExact(most, epochSteps))))
                .seed(memberSeed)
                .build()
                .network();
        Trainer.Builder trainer = new Trainer.Builder(network, batches(preparation, training, batch, memberSeed))
                .epochs(most)
                .validation(batches(preparation, heldOut, 1024, memberSeed))
                .evaluateEvery(Math.max(1, most * epochSteps / 20))
                .patience(10)
                .seed(memberSeed);
        if (listener != null) {
            trainer.listener(listener);
        }
        trainer.build().fit();
        return new ModelBundle.Builder(network)
                .schema(training.schema())
                .codeLayer(ZooAutoencoder.CODE)
                .build();
    }

    private static DataSetIterator batches(TablePreparation preparation, FeatureTable rows, int size, long shuffle) {
        FeatureTableIterator batches = rows.iterator(size).shuffle(shuffle).build();
        batches.setPreProcessor(batch -> {
            INDArray x = preparation.prepare(batch.getFeatures());
            batch.setFeatures(x);
            batch.setLabels(x.dup());
        });
        return batches;
    }
}
