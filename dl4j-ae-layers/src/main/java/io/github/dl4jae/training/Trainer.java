package io.github.dl4jae.training;

import io.github.dl4jae.internal.layer.Require;
import io.github.dl4jae.internal.layer.TrainingTime;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.deeplearning4j.earlystopping.scorecalc.ScoreCalculator;
import org.deeplearning4j.nn.api.Model;
import org.jspecify.annotations.Nullable;
import org.nd4j.linalg.dataset.api.iterator.DataSetIterator;
import org.nd4j.linalg.dataset.api.iterator.MultiDataSetIterator;

/**
 * A training loop for any {@code MultiLayerNetwork} or {@code ComputationGraph}: validation, early stopping,
 * checkpoints from which a killed run continues exactly, and a guard against NaN.
 *
 * <pre>{@code
 * TrainingResult result = new Trainer.Builder(network, trainingData)
 *         .epochs(50).validation(heldOut).patience(5).checkpoint(Path.of("training.zip")).build().fit();
 * }</pre>
 *
 * <p>{@code fit} trains the network itself, which in the end has the parameters with the best validation score.
 * Updater, learning rates, regularization and gradient clipping are those of its configuration. Its Deeplearning4j
 * listeners are called as in {@code network.fit}.
 *
 * <p><b>Validation.</b> After each epoch the network is scored on held-out data. Layers with a schedule, such as the β
 * of {@code GaussianLatentLayer} and the k of {@code TopKLayer}, are then at the end of their schedules. Otherwise the
 * scores of a warm-up would measure different objectives, and the first epochs would seem best. The restored best
 * network keeps these final values, because they are what was scored.
 *
 * <p><b>Exact resume.</b> If the checkpoint exists when {@code fit} is called, training continues from it. The
 * parameters, the curve and the decisions are then bit by bit those of an uninterrupted run on the same machine, with
 * the same number of threads. The checkpoint has parameters, updater state, counts, schedules, reduced learning rates,
 * the curve and the best parameters. Random numbers are not stored: before every step and mini-batch the trainer seeds
 * ND4J's generator with a function of seed and step. What it cannot know: the state of listeners, of random generators
 * that an iterator shares with other code, and of optimizers other than stochastic gradient descent.
 *
 * <p>A checkpoint is also a model file for {@code ModelSerializer}. It is replaced atomically. {@code fit} refuses a
 * checkpoint of another configuration, or of other data, and names the option and both values.
 *
 * <p><b>Stopping.</b> {@link #stop} and an interrupt of the thread end training after the current step, with a
 * checkpoint if there is a file for it.
 *
 * <p>Errors: {@link TrainingDivergedException} names the layer in which NaN or infinity appeared; {@code
 * DL4JInvalidInputException} if it was in the data. The network then has the last good state. A checkpoint that cannot
 * be written is refused before training.
 *
 * <p>When not to use it: for layerwise pretraining ({@code GreedyLayerwisePretrainer}), or with {@code ParallelWrapper}
 * and Spark, which have loops of their own.
 */
public final class Trainer {

    private final TrainerOptions options;
    private volatile boolean stopRequested;
    private boolean begun;

    private Trainer(TrainerOptions options) {
        this.options = options;
    }

    /**
     * Trains the network, or continues from the checkpoint. Can be called once.
     *
     * @return the course of the training, that of the resumed run included
     * @throws TrainingDivergedException if NaN or infinity appears in parameters, activations, gradients or score
     * @throws CheckpointMismatchException if the checkpoint belongs to another configuration or to other data
     * @throws IllegalArgumentException if the checkpoint cannot be written, or the data are empty
     * @throws IllegalStateException if it was called before, or if the validation score is not finite
     */
    public TrainingResult fit() {
        if (begun) {
            throw new IllegalStateException("Trainer: fit() can be called once, got a second call; build another"
                    + " trainer, with new iterators");
        }
        begun = true;
        return new TrainingRun(options, () -> stopRequested).run();
    }

    /** Ends training after the current step. Can be called by any thread, also before {@link #fit}. */
    public void stop() {
        stopRequested = true;
    }

    /** Builds a {@link Trainer}. Epochs or steps are required. */
    public static final class Builder {
        private final NetworkAdapter network;
        private final TrainingData data;
        private final List<ProgressListener> listeners = new ArrayList<>();
        private int epochs = Integer.MAX_VALUE;
        private long steps = Long.MAX_VALUE;
        private @Nullable Validation validation;
        private int evaluateEvery;
        private int patience = Integer.MAX_VALUE;
        private double margin;
        private boolean restoreBest = true;
        private double rateFactor;
        private int ratePatience;
        private double smallestRate;
        private @Nullable Path checkpoint;
        private int checkpointEvery = Integer.MAX_VALUE;
        private String dataName = "";
        private long seed;
        private @Nullable TrainingTime scheduleEnd;
        private boolean finite = true;
        private boolean sameData = true;

        /**
         * Creates a builder.
         *
         * @param network an initialized {@code MultiLayerNetwork} or {@code ComputationGraph}; {@code fit} trains it
         * @param data the training data, at the first mini-batch; must support {@code reset()}
         * @throws IllegalArgumentException if an argument is null, or the network is of another kind or not initialized
         */
        public Builder(Model network, DataSetIterator data) {
            this(network, TrainingData.of(data));
        }

        /**
         * Creates a builder for data with several inputs or outputs.
         *
         * @param network an initialized {@code ComputationGraph}; {@code fit} trains it
         * @param data the training data, at the first mini-batch; must support {@code reset()}
         * @throws IllegalArgumentException if an argument is null, or the network is of another kind or not initialized
         */
        public Builder(Model network, MultiDataSetIterator data) {
            this(network, TrainingData.of(data));
        }

        /**
         * Creates a builder.
         *
         * @param network an initialized {@code MultiLayerNetwork} or {@code ComputationGraph}; {@code fit} trains it
         * @param data the training data
         * @throws IllegalArgumentException if an argument is null, or the network is of another kind or not initialized
         */
        public Builder(Model network, TrainingData data) {
            this.network = NetworkAdapter.of(network);
            this.data = Require.given("Trainer", "data", data, "");
            this.seed = this.network.configuredSeed();
        }

        /**
         * Sets the largest number of epochs. Default: none, if the number of steps is set.
         *
         * @param largest at least 1
         * @return this
         * @throws IllegalArgumentException if it is below 1
         */
        public Builder epochs(int largest) {
            this.epochs = Require.atLeast(1, "Trainer", "epochs", largest, "");
            return this;
        }

        /**
         * Sets the largest number of steps, that is mini-batches. Default: none, if the number of epochs is set.
         *
         * @param largest at least 1
         * @return this
         * @throws IllegalArgumentException if it is below 1
         */
        public Builder steps(long largest) {
            Require.that(largest >= 1, "Trainer", "steps must be at least 1", largest, "");
            this.steps = largest;
            return this;
        }

        /**
         * Scores the network by its own loss on held-out data, regularization included: the mean over examples.
         * Default: no validation.
         *
         * @param heldOut gives the same mini-batches after every {@code reset()}
         * @return this
         * @throws IllegalArgumentException if it is null or cannot be reset
         */
        public Builder validation(DataSetIterator heldOut) {
            return validation(TrainingData.of(heldOut));
        }

        /**
         * Scores the network by its own loss on held-out data with several inputs or outputs. Default: no validation.
         *
         * @param heldOut gives the same mini-batches after every {@code reset()}
         * @return this
         * @throws IllegalArgumentException if it is null or cannot be reset
         */
        public Builder validation(MultiDataSetIterator heldOut) {
            return validation(TrainingData.of(heldOut));
        }

        /**
         * Scores the network by its own loss on held-out data. Default: no validation.
         *
         * @param heldOut the data; {@link TrainingData#perEpoch} is always asked for epoch 0
         * @return this
         * @throws IllegalArgumentException if it is null
         */
        public Builder validation(TrainingData heldOut) {
            this.validation = Validation.byLoss(Require.given("Trainer", "heldOut", heldOut, ""));
            return this;
        }

        /**
         * Scores the network by a metric, such as {@link ElboScoreCalculator} or one of Deeplearning4j. Default: no
         * validation.
         *
         * @param name of the metric, which a checkpoint must share
         * @param metric lower is better, or higher, as it says itself; must depend on nothing but the network
         * @return this
         * @throws IllegalArgumentException if an argument is null
         */
        public Builder validation(String name, ScoreCalculator<? extends Model> metric) {
            this.validation = Validation.by(
                    Require.given("Trainer", "name", name, "name the metric"),
                    Require.given("Trainer", "metric", metric, ""));
            return this;
        }

        /**
         * Sets the number of steps between two points of the curve. Default: one point per epoch.
         *
         * @param steps at least 1
         * @return this
         * @throws IllegalArgumentException if it is below 1
         */
        public Builder evaluateEvery(int steps) {
            this.evaluateEvery = Require.atLeast(1, "Trainer", "evaluateEvery", steps, "leave it out for every epoch");
            return this;
        }

        /**
         * Ends training when the validation score has not improved for a number of points of the curve. Default: never.
         *
         * @param points at least 1; epochs, unless {@link #evaluateEvery} is set
         * @return this
         * @throws IllegalArgumentException if it is below 1
         */
        public Builder patience(int points) {
            this.patience = Require.atLeast(1, "Trainer", "patience", points, "leave it out to train to the end");
            return this;
        }

        /**
         * Sets the improvement of the validation score that counts, for the best parameters, early stopping and
         * plateaus. Default: 0, any improvement.
         *
         * @param margin at least 0
         * @return this
         * @throws IllegalArgumentException if it is below 0 or not finite
         */
        public Builder minimumImprovement(double margin) {
            this.margin = Require.nonNegative("Trainer", "minimumImprovement", margin, "");
            return this;
        }

        /**
         * Sets whether the network has the parameters with the best validation score in the end, or the last. Default:
         * true.
         *
         * @param best whether to restore the best
         * @return this
         */
        public Builder restoreBest(boolean best) {
            this.restoreBest = best;
            return this;
        }

        /**
         * Multiplies all learning rates by a factor when the validation score has not improved for a number of points
         * of the curve. The rates must be constant otherwise. Default: never.
         *
         * @param factor in (0, 1); 0.5 is usual
         * @param points at least 1, and less than the patience of early stopping
         * @return this
         * @throws IllegalArgumentException if an argument is out of range
         */
        public Builder reduceLearningRate(double factor, int points) {
            Require.that(factor > 0 && factor < 1, "Trainer", "factor must be in (0, 1)", factor, "0.5 is usual");
            this.rateFactor = factor;
            this.ratePatience = Require.atLeast(1, "Trainer", "points", points, "");
            return this;
        }

        /**
         * Sets the rate at which {@link #reduceLearningRate} ends. Default: 0.
         *
         * @param rate of the layer with the largest rate, at least 0
         * @return this
         * @throws IllegalArgumentException if it is below 0 or not finite
         */
        public Builder minimumLearningRate(double rate) {
            this.smallestRate = Require.nonNegative("Trainer", "minimumLearningRate", rate, "");
            return this;
        }

        /**
         * Writes the state of training after every epoch, every point of the curve and when it is stopped, and
         * continues from it if the file exists when training begins. With the file of a finished training, {@code fit}
         * only restores its network and result; with more epochs or steps than before, it continues. Default: no
         * checkpoint.
         *
         * @param file replaced atomically, through a temporary file in its directory
         * @return this
         * @throws IllegalArgumentException if it is null
         */
        public Builder checkpoint(Path file) {
            this.checkpoint = Require.given("Trainer", "checkpoint", file, "").toAbsolutePath();
            return this;
        }

        /**
         * Writes a checkpoint within epochs, too. Default: none within epochs.
         *
         * @param steps the number of steps between two checkpoints, at least 1
         * @return this
         * @throws IllegalArgumentException if it is below 1
         */
        public Builder checkpointEvery(int steps) {
            this.checkpointEvery = Require.atLeast(1, "Trainer", "checkpointEvery", steps, "");
            return this;
        }

        /**
         * Describes the training data. A checkpoint of data with another description is refused. Default: an empty
         * description.
         *
         * @param description such as "the first 10000 of MNIST"
         * @return this
         * @throws IllegalArgumentException if it is null
         */
        public Builder dataName(String description) {
            this.dataName = Require.given("Trainer", "dataName", description, "");
            return this;
        }

        /**
         * Sets whether a resumed training must begin with the first mini-batch of the first run, which shows that data,
         * order and seeds are the same. Default: true. Without it, training with an iterator of random order can
         * continue, but not exactly.
         *
         * @param required whether to compare
         * @return this
         */
        public Builder sameData(boolean required) {
            this.sameData = required;
            return this;
        }

        /**
         * Sets the seed of ND4J's random numbers in training: stock dropout, weight noise, and iterators that use
         * {@code Nd4j.getRandom()}. Noise of this library's layers depends on the configuration's seed alone. Default:
         * the seed of the network's configuration.
         *
         * @param seed any number
         * @return this
         */
        public Builder seed(long seed) {
            this.seed = seed;
            return this;
        }

        /**
         * Sets the time at which layers with a schedule are validated. Default: the end of schedules that hold a final
         * value, such as those of this library; the planned end of training for others.
         *
         * @param iterations the number of iterations, at least 0
         * @param epochs the number of epochs, at least 0
         * @return this
         * @throws IllegalArgumentException if a number is below 0
         */
        public Builder scheduleEnd(int iterations, int epochs) {
            this.scheduleEnd = new TrainingTime(
                    Require.atLeast(0, "Trainer", "iterations", iterations, ""),
                    Require.atLeast(0, "Trainer", "epochs", epochs, ""));
            return this;
        }

        /**
         * Sets whether NaN and infinity stop training. Default: true. It costs two sums over all parameters per step,
         * and a copy of parameters and updater state per checkpoint.
         *
         * @param required whether they do
         * @return this
         */
        public Builder requireFinite(boolean required) {
            this.finite = required;
            return this;
        }

        /**
         * Adds listeners.
         *
         * @param added are called on the thread of {@code fit}
         * @return this
         * @throws IllegalArgumentException if one is null
         */
        public Builder listener(ProgressListener... added) {
            for (ProgressListener each : added) {
                listeners.add(Require.given("Trainer", "listener", each, ""));
            }
            return this;
        }

        /**
         * Builds the trainer.
         *
         * @return the trainer
         * @throws IllegalArgumentException if neither epochs nor steps are set, or an option needs validation
         */
        public Trainer build() {
            Require.that(
                    epochs < Integer.MAX_VALUE || steps < Long.MAX_VALUE,
                    "Trainer",
                    "epochs or steps must be set",
                    "neither",
                    "call epochs(10), for example");
            Require.that(
                    validation != null || patience == Integer.MAX_VALUE,
                    "Trainer",
                    "patience needs validation",
                    "none",
                    "call validation(…) with held-out data");
            Require.that(
                    validation != null || rateFactor == 0,
                    "Trainer",
                    "reduceLearningRate needs validation",
                    "none",
                    "call validation(…) with held-out data");
            return new Trainer(new TrainerOptions(
                    network,
                    data,
                    epochs,
                    steps,
                    validation,
                    evaluateEvery,
                    patience,
                    margin,
                    restoreBest,
                    rateFactor == 0 ? null : new Plateau(rateFactor, ratePatience, smallestRate),
                    checkpoint,
                    checkpointEvery,
                    dataName,
                    seed,
                    scheduleEnd,
                    finite,
                    sameData,
                    List.copyOf(listeners)));
        }
    }
}
