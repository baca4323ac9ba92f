package io.github.dl4jae.examples.support;

import io.github.dl4jae.data.ImageIterator;
import io.github.dl4jae.data.LabeledImages;
import io.github.dl4jae.training.ExitGuard;
import io.github.dl4jae.training.FiniteGuard;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.ToDoubleBiFunction;
import java.util.function.UnaryOperator;
import org.deeplearning4j.nn.api.Model;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.deeplearning4j.optimize.api.TrainingListener;
import org.nd4j.linalg.dataset.api.iterator.DataSetIterator;

/**
 * Trains a network to reconstruct images, with a progress bar, a validation score after each epoch, early stopping, and
 * checkpoints. A killed run that is resumed ends with the parameters of an uninterrupted one.
 *
 * <p>Deeplearning4j's own early stopping cannot resume, and overwrites its files in place.
 */
public final class Training {

    private static final ExitGuard EXIT_GUARD = new ExitGuard();

    private final ExampleOptions options;
    private final ExampleData data;
    private final TrainingFiles files;
    private final int epochs;
    private final int batch;
    private UnaryOperator<ImageIterator.Builder> minibatchOptions = UnaryOperator.identity();
    private TrainingListener[] listeners = {};
    private ToDoubleBiFunction<Model, DataSetIterator> validation;
    private int patience = 5;
    private boolean keepLast;
    private boolean oneOfSeveral;

    /**
     * Prepares a training.
     *
     * @param options seed, and whether to resume
     * @param data training and validation images
     * @param directory directory for checkpoints and {@code curve.csv}
     * @param epochs maximum number of epochs
     * @param batch images per mini-batch
     */
    public Training(ExampleOptions options, ExampleData data, Path directory, int epochs, int batch) {
        this.options = options;
        this.data = data;
        this.files = new TrainingFiles(directory);
        this.epochs = epochs;
        this.batch = batch;
    }

    /**
     * Sets the form of mini-batches. Default: flat gray images without labels.
     *
     * @param settings changes the iterator
     * @return this training
     */
    public Training minibatches(UnaryOperator<ImageIterator.Builder> settings) {
        this.minibatchOptions = settings;
        return this;
    }

    /**
     * Adds listeners.
     *
     * @param more called after every mini-batch
     * @return this training
     */
    public Training listeners(TrainingListener... more) {
        this.listeners = more;
        return this;
    }

    /**
     * Sets the validation score. Default: the network's own score. Use another where the objective changes during
     * training.
     *
     * @param score the mean over images; lower is better
     * @return this training
     */
    public Training validateBy(ToDoubleBiFunction<Model, DataSetIterator> score) {
        this.validation = score;
        return this;
    }

    /**
     * Sets the patience of early stopping. Default: 5.
     *
     * @param epochsWithoutGain epochs without a better validation score after which training stops
     * @return this training
     */
    public Training patience(int epochsWithoutGain) {
        this.patience = epochsWithoutGain;
        return this;
    }

    /**
     * Marks the training as one of several in a run. A resumed run restarts it if it has no checkpoint.
     *
     * @return this training
     */
    public Training oneOfSeveral() {
        this.oneOfSeveral = true;
        return this;
    }

    /**
     * Keeps the network of the last epoch instead of the one with the best validation score. Use it where the objective
     * changes during training.
     *
     * @return this training
     */
    public Training keepLast() {
        this.keepLast = true;
        return this;
    }

    /**
     * A trained network.
     *
     * @param network the network after the best epoch, or after the last
     * @param curve scores per epoch
     * @param <N> the type of network
     */
    public record Result<N extends Model>(N network, LearningCurve curve) {}

    /**
     * Trains a network of layers.
     *
     * @param initialized the network; its weights are changed
     * @return the trained network
     */
    public Result<MultiLayerNetwork> run(MultiLayerNetwork initialized) {
        return run(Trainable.layers(initialized));
    }

    /**
     * Trains a network, or the one in the checkpoint if the run resumes another.
     *
     * @param initialized the network; its weights are changed
     * @param <N> the type of network
     * @return the trained network
     * @throws IllegalArgumentException if there is no checkpoint to resume, or if it belongs to another run
     * @throws IllegalStateException if the validation score is not finite
     */
    public <N extends Model> Result<N> run(Trainable<N> initialized) {
        boolean resume = options.resume() && (files.hasCheckpoint() || !oneOfSeveral);
        Trainable<N> network = resume ? readCheckpoint(initialized) : initialized;
        LearningCurve curve = resume ? readCurve(initialized, network) : new LearningCurve();
        ImageIterator minibatches = minibatchOptions
                .apply(data.train().iterator(batch))
                .shuffle(options.seed())
                .startEpoch(curve.epochs())
                .build();
        long steps = (data.train().size() + batch - 1L) / batch;
        System.out.printf(
                Locale.ROOT,
                "Training on %s, %d parameters, at most %d epochs%n",
                data.train(),
                network.network().numParams(),
                epochs);
        try (MinibatchBar bar = new MinibatchBar("train", steps * epochs)) {
            bar.stepTo(steps * curve.epochs());
            List<TrainingListener> all = new ArrayList<>(List.of(new FiniteGuard(), bar));
            all.addAll(List.of(listeners));
            all.add(EXIT_GUARD); // last, so that the others have seen the iteration
            network.listen(all.toArray(TrainingListener[]::new));
            while (curve.epochs() < epochs && !curve.hasStalled(patience)) {
                bar.message(String.format(Locale.ROOT, "epoch %d/%d", curve.epochs() + 1, epochs));
                long start = System.nanoTime();
                EXIT_GUARD.run(() -> network.fit(minibatches));
                double score = validationScore(network, curve.epochs() + 1);
                curve.add(new LearningCurve.Epoch(bar.meanAndClear(), score, (System.nanoTime() - start) / 1e9));
                files.save(network, curve, trainingImages());
            }
        }
        network.listen();
        if (curve.hasStalled(patience)) {
            System.out.printf("Stopped: no better validation score for %d epochs%n", patience);
        }
        Trainable<N> kept = keepLast ? files.readCheckpoint(network) : files.readBest(network);
        return new Result<>(kept.network(), curve);
    }

    private <N extends Model> Trainable<N> readCheckpoint(Trainable<N> initialized) {
        if (!files.hasCheckpoint()) {
            throw new IllegalArgumentException("--resume: there must be a checkpoint to continue, got none at "
                    + files.checkpoint() + "; leave out --resume to start a run, or name its directory with --out");
        }
        return files.readCheckpoint(initialized);
    }

    private LearningCurve readCurve(Trainable<?> initialized, Trainable<?> resumed) {
        LearningCurve curve = files.readCurve(resumed.epochs(), trainingImages());
        if (curve == null || !resumed.configuration().equals(initialized.configuration())) {
            String differences = options.differences();
            throw new IllegalArgumentException(
                    "--resume: the checkpoint must be of the same example, data, seed and options, got another in "
                            + files.checkpoint() + (differences.isEmpty() ? "" : " (" + differences + ")")
                            + "; use the options of the first run, or another --out");
        }
        System.out.printf("Continuing after epoch %d%n", curve.epochs());
        return curve;
    }

    /** Describes the images that a run and its continuation must share. */
    private String trainingImages() {
        return data.train().size() + " of " + data.train().name();
    }

    private double validationScore(Trainable<?> network, int epoch) {
        LabeledImages images = data.validation();
        ImageIterator minibatches =
                minibatchOptions.apply(images.iterator(batch)).build();
        double score = validation == null
                ? network.score(minibatches) / images.size()
                : validation.applyAsDouble(network.network(), minibatches);
        if (!Double.isFinite(score)) {
            throw new IllegalStateException("Training: the validation score must be finite, got " + score
                    + " after epoch " + epoch + "; try another --seed (the previous checkpoint is intact)");
        }
        return score;
    }
}
