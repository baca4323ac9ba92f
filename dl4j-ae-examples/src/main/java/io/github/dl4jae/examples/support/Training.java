package io.github.dl4jae.examples.support;

import io.github.dl4jae.data.ConditionalIterator;
import io.github.dl4jae.data.ImageIterator;
import io.github.dl4jae.data.LabeledImages;
import io.github.dl4jae.training.CheckpointMismatchException;
import io.github.dl4jae.training.CurvePoint;
import io.github.dl4jae.training.ExitGuard;
import io.github.dl4jae.training.ProgressListener;
import io.github.dl4jae.training.StopReason;
import io.github.dl4jae.training.Trainer;
import io.github.dl4jae.training.TrainingData;
import io.github.dl4jae.training.TrainingResult;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.Supplier;
import java.util.function.ToDoubleBiFunction;
import java.util.function.UnaryOperator;
import org.deeplearning4j.earlystopping.scorecalc.ScoreCalculator;
import org.deeplearning4j.nn.api.Model;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.deeplearning4j.optimize.api.TrainingListener;
import org.nd4j.linalg.dataset.api.iterator.DataSetIterator;

/**
 * Trains a network on images with a {@link Trainer}, a progress bar, and the files that {@code --resume} needs: a
 * validation score after each epoch, early stopping, and a checkpoint.
 */
public final class Training {

    private static final ExitGuard EXIT_GUARD = new ExitGuard();

    private final ExampleOptions options;
    private final ExampleData data;
    private final Path directory;
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
        this.directory = directory;
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
     * Sets the validation score. Default: the network's own score, at the end of schedules.
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
     * Trains a network of layers or a graph with one input, or continues if the run resumes another.
     *
     * @param network an initialized network; its weights are changed
     * @param <N> the type of network
     * @return the trained network
     * @throws IllegalArgumentException if there is no checkpoint to resume, or if it belongs to another run
     * @throws IllegalStateException if the validation score is not finite
     */
    public <N extends Model> Result<N> run(N network) {
        return run(
                network,
                TrainingData.perEpoch(
                        epoch -> images(data.train()).startEpoch(epoch).build()),
                TrainingData.perEpoch(epoch -> validationImages()));
    }

    /**
     * Trains a graph whose second input is the class of an image, one-hot, or continues if the run resumes another.
     *
     * @param graph an initialized graph; its weights are changed
     * @return the trained graph
     * @throws IllegalArgumentException if there is no checkpoint to resume, or if it belongs to another run
     * @throws IllegalStateException if the validation score is not finite
     */
    public Result<ComputationGraph> runConditional(ComputationGraph graph) {
        return run(
                graph,
                TrainingData.multiPerEpoch(epoch -> new ConditionalIterator(
                        images(data.train()).startEpoch(epoch).build())),
                TrainingData.multiPerEpoch(epoch -> new ConditionalIterator(validationImages())));
    }

    private ImageIterator.Builder images(LabeledImages images) {
        return minibatchOptions.apply(images.iterator(batch)).shuffle(options.seed());
    }

    private ImageIterator validationImages() {
        return minibatchOptions.apply(data.validation().iterator(batch)).build();
    }

    private <N extends Model> Result<N> run(N network, TrainingData minibatches, TrainingData heldOut) {
        String trainingImages = data.train().size() + " of " + data.train().name();
        TrainingFiles files = new TrainingFiles(directory, trainingImages, network);
        requireCheckpoint(files);
        System.out.printf(
                Locale.ROOT,
                "Training on %s, %d parameters, at most %d epochs%n",
                data.train(),
                network.numParams(),
                epochs);
        long steps = (data.train().size() + batch - 1L) / batch;
        try (MinibatchBar bar = new MinibatchBar("train", steps * epochs)) {
            Trainer.Builder trainer = new Trainer.Builder(network, minibatches)
                    .epochs(epochs)
                    .restoreBest(!keepLast)
                    .checkpoint(files.checkpoint())
                    .dataName(trainingImages)
                    .listener(bar, files, new Messages());
            if (validation == null) {
                trainer.validation(heldOut);
            } else {
                trainer.validation("validation score", new ImageScore(validation, this::validationImages));
            }
            if (patience < Integer.MAX_VALUE) {
                trainer.patience(patience);
            }
            List<TrainingListener> all = new ArrayList<>(List.of(listeners));
            all.add(EXIT_GUARD); // last, so that the others have seen the iteration
            network.setListeners(all);
            TrainingResult[] result = new TrainingResult[1];
            EXIT_GUARD.run(() -> result[0] = fit(trainer.build(), files));
            network.setListeners(List.of());
            return new Result<>(network, new LearningCurve(result[0].curve()));
        }
    }

    private TrainingResult fit(Trainer trainer, TrainingFiles files) {
        try {
            return trainer.fit();
        } catch (CheckpointMismatchException e) {
            String differences = options.differences();
            throw new IllegalArgumentException(
                    "--resume: the checkpoint must be of the same example, data, seed and options, got another in "
                            + files.checkpoint() + " (" + (differences.isEmpty() ? e.getMessage() : differences)
                            + "); use the options of the first run, or another --out",
                    e);
        }
    }

    private void requireCheckpoint(TrainingFiles files) {
        if (options.resume() && !files.hasCheckpoint() && !oneOfSeveral) {
            throw new IllegalArgumentException("--resume: there must be a checkpoint to continue, got none at "
                    + files.checkpoint() + "; leave out --resume to start a run, or name its directory with --out");
        }
    }

    /** Prints where training continues, and why it stopped. */
    private final class Messages implements ProgressListener {

        @Override
        public void trainingBegun(int epochs, long steps, List<CurvePoint> curve) {
            if (steps > 0) {
                System.out.printf("Continuing after epoch %d%n", epochs);
            }
        }

        @Override
        public void trainingEnded(TrainingResult result) {
            if (result.reason() == StopReason.PATIENCE) {
                System.out.printf("Stopped: no better validation score for %d epochs%n", patience);
            }
        }
    }

    /** A score of a network on the validation images, as a metric; lower is better. */
    private record ImageScore(ToDoubleBiFunction<Model, DataSetIterator> score, Supplier<DataSetIterator> images)
            implements ScoreCalculator<Model> {

        @Override
        public double calculateScore(Model network) {
            return score.applyAsDouble(network, images.get());
        }

        @Override
        public boolean minimizeScore() {
            return true;
        }
    }
}
