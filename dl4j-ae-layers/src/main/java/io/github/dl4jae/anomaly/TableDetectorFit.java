package io.github.dl4jae.anomaly;

import io.github.dl4jae.Autoencoder;
import io.github.dl4jae.bundle.ModelBundle;
import io.github.dl4jae.internal.layer.Require;
import io.github.dl4jae.internal.math.Shuffle;
import io.github.dl4jae.tabular.FeatureTable;
import io.github.dl4jae.training.ProgressListener;
import io.github.dl4jae.training.Trainer;
import io.github.dl4jae.zoo.DataShape;
import io.github.dl4jae.zoo.DenoisingAutoencoder;
import io.github.dl4jae.zoo.ZooAutoencoder;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.Function;
import java.util.SplittableRandom;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.jspecify.annotations.Nullable;
import org.nd4j.linalg.activations.Activation;
import org.nd4j.linalg.api.ndarray.INDArray;

/** Chooses and trains the detector of a table. */
final class TableDetectorFit {

    /** The number of autoencoders. */
    static final int MEMBERS = 3;
    /** With fewer rows, nothing can be held out. */
    static final int FEWEST_ROWS = 20;

    private static final double HELD_OUT = 0.2;
    private static final int MOST_HELD_OUT = 10_000;
    private static final int MOST_REFERENCES = 10_000;
    private static final int NEIGHBORS = 10;

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
        List<ModelBundle> models = new ArrayList<>();
        List<AnomalyScore> scores = new ArrayList<>();
        INDArray normal = null;
        for (int m = 0; m < members; m++) {
            ModelBundle model = train(training, heldOut, seed + m);
            models.add(model);
            Autoencoder autoencoder = model.autoencoder();
            if (normal == null) {
                normal = complete(models, training);
            }
            scores.add(ReconstructionNeighborScore.fit(autoencoder, normal, Math.min(NEIGHBORS, n - heldOutCount - 1)));
        }
        INDArray calibration = complete(models, heldOut);
        AnomalyScore score = scores.size() == 1 ? scores.get(0) : RankAverageScore.fit(scores, calibration);
        ScoreDistribution distribution = ScoreDistribution.of(score.score(calibration));
        return new DetectorParts(
                score, distribution, threshold.apply(distribution), prevalence, models, PopulationStability.fit(training));
    }

    private static INDArray complete(List<ModelBundle> models, FeatureTable rows) {
        INDArray present = rows.present().orElse(null);
        return present == null
                ? rows.features()
                : DetectorParts.impute(models.get(0).autoencoder(), rows.features(), present);
    }

    private ModelBundle train(FeatureTable training, FeatureTable heldOut, long memberSeed) {
        int n = (int) training.features().size(0);
        int d = (int) training.features().size(1);
        MultiLayerNetwork network = new DenoisingAutoencoder.Builder(DataShape.features(d))
                .hidden(Math.min(128, 2 * d + 8))
                .code(Math.max(1, d / 2))
                .activation(Activation.TANH)
                .seed(memberSeed)
                .build()
                .network();
        int batch = Math.max(8, Math.min(128, n / 20));
        Trainer.Builder trainer = new Trainer.Builder(
                        network, training.iterator(batch).shuffle(memberSeed).build())
                .epochs(epochs == 0 ? Math.max(20, Math.min(200, 200_000 / n)) : epochs)
                .validation(heldOut.iterator(1024).build())
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
}
