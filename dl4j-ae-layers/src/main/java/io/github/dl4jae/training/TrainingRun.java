package io.github.dl4jae.training;

import io.github.dl4jae.internal.kernel.FiniteArrays;
import io.github.dl4jae.internal.layer.TrainingTime;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import org.deeplearning4j.exception.DL4JInvalidInputException;
import org.deeplearning4j.optimize.api.TrainingListener;
import org.jspecify.annotations.Nullable;
import org.nd4j.shade.jackson.databind.JsonNode;

/** One call of {@link Trainer#fit}. */
final class TrainingRun {

    // longer than 300 lines: the states of one loop, whose order is what makes a resumed run exact

    /** The last state from which training can continue, in memory. */
    private record LastGood(Snapshot network, JsonNode state) {}

    private final TrainerOptions options;
    private final NetworkAdapter network;
    private final RandomSeeds seeds;
    private final LearningRates rates;
    private final @Nullable TrainingCheckpoint checkpoint;
    private final BooleanSupplier stopRequested;
    private final ExecutorService dataThread = Executors.newSingleThreadExecutor(task -> {
        Thread thread = new Thread(task, "trainer-data");
        thread.setDaemon(true);
        return thread;
    });

    private TrainingState state = new TrainingState();
    private @Nullable Snapshot best;
    private @Nullable LastGood lastGood;
    private @Nullable EpochSource source;
    private Collection<TrainingListener> listeners = List.of();
    private boolean interrupted;
    private long begin = System.nanoTime();

    TrainingRun(TrainerOptions options, BooleanSupplier stopRequested) {
        this.options = options;
        this.network = options.network();
        this.seeds = new RandomSeeds(options.seed());
        this.rates = new LearningRates(network);
        this.stopRequested = stopRequested;
        this.checkpoint = options.checkpoint() == null
                ? null
                : new TrainingCheckpoint(options.checkpoint(), network, options.decisive());
    }

    TrainingResult run() {
        if (options.plateau() != null) {
            rates.requireConstant();
        }
        boolean resumed = restore();
        listeners = network.listeners();
        List<TrainingListener> guarded = new ArrayList<>();
        if (options.finite()) {
            requireFiniteParameters();
            guarded.add(new StepGuard());
        }
        guarded.addAll(listeners);
        network.setListeners(guarded);
        try {
            source = new EpochSource(options.data(), seeds, resumed && options.sameData() ? state.checksum : null);
            each(listener -> listener.trainingBegun(state.epoch, state.step, List.copyOf(state.curve)));
            keepLastGood();
            StopReason reason = train();
            TrainingResult result = new TrainingResult(state.epoch, state.step, state.curve, reason);
            each(listener -> listener.trainingEnded(result));
            if (options.restoreBest() && best != null) {
                best.restore(network);
                ends().reach();
            }
            return result;
        } finally {
            network.setListeners(listeners);
            dataThread.shutdown();
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }

    private boolean restore() {
        if (checkpoint == null) {
            begin(state);
            return false;
        }
        checkpoint.requireWritable();
        if (!checkpoint.exists()) {
            begin(state);
            return false;
        }
        TrainingCheckpoint.Restored restored = checkpoint.restore(rates);
        state = restored.state();
        best = restored.networkIsBest() ? Snapshot.of(network) : restored.best();
        return true;
    }

    private void begin(TrainingState state) {
        state.firstIteration = network.iterations();
        state.firstEpoch = network.epochs();
    }

    private void requireFiniteParameters() {
        if (!FiniteArrays.isFinite(network.params())) {
            throw new IllegalArgumentException("Trainer: the parameters must be finite before training, got NaN or"
                    + " infinity in " + Divergence.ofParameters(network) + "; initialize the network anew");
        }
    }

    private void each(Consumer<ProgressListener> event) {
        options.listeners().forEach(event);
    }

    private StopReason train() {
        while (true) {
            if (evaluationIsDue()) {
                evaluate();
                save();
            }
            StopReason reason = reasonToEnd();
            if (reason != null) {
                return end(reason);
            }
            if (isStopped()) {
                return stop();
            }
            reason = trainEpoch();
            if (reason != null) {
                return reason;
            }
        }
    }

    private @Nullable StopReason reasonToEnd() {
        if (state.dataEnded) {
            return StopReason.DATA_ENDED;
        } else if (options.patience() < Integer.MAX_VALUE
                && state.best >= 0
                && state.pointsSinceBest() >= options.patience()) {
            return StopReason.PATIENCE;
        }
        return state.epoch >= options.epochs() || state.step >= options.steps() ? StopReason.LIMIT : null;
    }

    private boolean isStopped() {
        interrupted |= Thread.interrupted(); // an interrupt would close files that are being written
        return interrupted || stopRequested.getAsBoolean();
    }

    private StopReason stop() {
        save();
        return StopReason.STOPPED;
    }

    /** Scores the last steps if no point of the curve includes them. */
    private StopReason end(StopReason reason) {
        if (state.scores > 0 && reason != StopReason.PATIENCE) {
            evaluate();
            save();
        }
        return reason;
    }

    /** Trains for the rest of an epoch; returns a reason if training ends with it or within it. */
    private @Nullable StopReason trainEpoch() {
        each(listener -> listener.epochBegun(state.epoch));
        listeners.forEach(listener -> listener.onEpochStart(network.model()));
        MiniBatches minibatches = Objects.requireNonNull(source).at(state.epoch);
        try (EpochReader reader = new EpochReader(minibatches, seeds, state.epoch, state.stepInEpoch, dataThread)) {
            MiniBatch minibatch;
            while ((minibatch = reader.next()) != null) {
                if (state.step >= options.steps()) {
                    return end(StopReason.LIMIT);
                }
                step(minibatch);
                if (isStopped()) {
                    return stop();
                }
                if (evaluationIsDue()) {
                    evaluate();
                    save();
                    if (reasonToEnd() == StopReason.PATIENCE) {
                        return StopReason.PATIENCE;
                    }
                } else if (state.step % options.checkpointEvery() == 0) {
                    save();
                }
            }
        } catch (InterruptedException e) { // while waiting for data
            interrupted = true;
            return stop();
        }
        return endEpoch();
    }

    private @Nullable StopReason endEpoch() {
        if (state.stepInEpoch == 0) {
            if (state.step == 0) {
                throw new IllegalArgumentException(
                        "Trainer: the training data must have a mini-batch, got none; check" + " the iterator");
            }
            state.dataEnded = true;
            save();
            return null;
        }
        listeners.forEach(listener -> listener.onEpochEnd(network.model()));
        network.incrementEpochs();
        state.epoch++;
        state.stepInEpoch = 0;
        if (!evaluationIsDue()) {
            save();
        }
        return null;
    }

    private void step(MiniBatch minibatch) {
        if (state.checksum == null) {
            state.checksum = minibatch.checksum();
        }
        seeds.begin(RandomSeeds.Use.STEP, state.step, 0);
        try {
            minibatch.fit(network);
        } catch (StepGuard.NotFinite e) {
            seeds.begin(RandomSeeds.Use.STEP, state.step, 0); // the noise of the step
            throw diverged(Divergence.ofStep(network, minibatch, e.variables()));
        } catch (DL4JInvalidInputException e) { // data that are not finite: the step has changed nothing
            save();
            throw e;
        }
        if (options.finite() && !FiniteArrays.isFinite(network.params())) {
            Divergence divergence = Divergence.ofParameters(network);
            long step = state.step;
            LastGood good = Objects.requireNonNull(lastGood);
            good.network().restore(network);
            state = TrainingState.of(good.state());
            throw diverged(divergence, step);
        }
        state.step++;
        state.stepInEpoch++;
        double score = network.model().score();
        state.addScore(score);
        each(listener -> listener.stepDone(state.epoch, state.step, score));
    }

    private TrainingDivergedException diverged(Divergence divergence) {
        return diverged(divergence, state.step);
    }

    private TrainingDivergedException diverged(Divergence divergence, long step) {
        save();
        return new TrainingDivergedException(
                "Trainer: training must stay finite, got NaN or infinity in " + divergence + " at step " + (step + 1)
                        + ", although the data are finite; lower the learning rate, or clip gradients"
                        + " (gradientNormalization); the network is that after step " + state.step
                        + (checkpoint == null ? "" : ", also in " + checkpoint.file()),
                divergence.layer(),
                divergence.source());
    }

    private boolean evaluationIsDue() {
        return state.scores > 0
                && (options.evaluateEvery() == 0 ? state.stepInEpoch == 0 : state.step % options.evaluateEvery() == 0);
    }

    private void evaluate() {
        double score = Double.NaN;
        boolean better = false;
        if (options.validation() != null) {
            score = validationScore(options.validation());
            better = state.best < 0 || options.validation().isBetter(score, state.bestScore(), options.margin());
        }
        state.add(new CurvePoint(
                state.epoch,
                state.step,
                state.meanScore(),
                score,
                better,
                state.rateFactor,
                state.seconds + secondsAndRestart()));
        if (better && options.restoreBest()) {
            best = Snapshot.of(network);
        }
        reduceRateOnPlateau();
        CurvePoint point = state.curve.get(state.curve.size() - 1);
        each(listener -> listener.evaluated(point));
    }

    private double validationScore(Validation validation) {
        double score;
        seeds.begin(RandomSeeds.Use.VALIDATION, 0, 0);
        try {
            score = ends().during(() -> validation.score(network, seeds));
        } catch (RuntimeException e) {
            save(); // training so far is not lost
            throw e;
        }
        if (!Double.isFinite(score)) {
            save();
            throw new IllegalStateException("Trainer: the validation score must be finite, got " + score
                    + " after step " + state.step + "; check the validation data, or lower the learning rate");
        }
        return score;
    }

    private ScheduleEnds ends() {
        return new ScheduleEnds(network.model(), options.scheduleEnd(), plannedCounts());
    }

    /** Returns the counts of the network at the planned end of training, as far as it is known. */
    private TrainingTime plannedCounts() {
        double stepsPerEpoch = state.epoch == 0 ? state.step : (double) (state.step - state.stepInEpoch) / state.epoch;
        double steps = Math.min((double) options.steps(), options.epochs() * stepsPerEpoch);
        double epochs = Math.min(options.epochs(), stepsPerEpoch == 0 ? 0 : (double) options.steps() / stepsPerEpoch);
        return new TrainingTime(
                state.firstIteration + (int) Math.min(steps, 1 << 28),
                state.firstEpoch + (int) Math.min(Math.ceil(epochs), 1 << 28));
    }

    private double secondsAndRestart() {
        long now = System.nanoTime();
        double seconds = (now - begin) / 1e9;
        begin = now;
        return seconds;
    }

    private void reduceRateOnPlateau() {
        Plateau plateau = options.plateau();
        if (plateau != null && state.onPlateau >= plateau.patience()) {
            double smallest = plateau.minimum() / rates.largest();
            double factor = Math.max(smallest, state.rateFactor * plateau.factor());
            state.onPlateau = 0;
            if (factor < state.rateFactor) {
                state.rateFactor = factor;
                rates.multiply(factor);
            }
        }
    }

    private void keepLastGood() {
        if (options.finite()) {
            boolean isBest = best != null && isBest();
            lastGood = new LastGood(isBest ? Objects.requireNonNull(best) : Snapshot.of(network), state.toJson());
        }
    }

    /** Returns whether the network has the parameters of the best point of the curve. */
    private boolean isBest() {
        return state.best >= 0 && state.curve.get(state.best).step() == state.step;
    }

    private void save() {
        state.seconds += secondsAndRestart();
        keepLastGood();
        if (checkpoint != null) {
            boolean isBest = best != null && isBest();
            try {
                checkpoint.write(state, best, isBest);
            } catch (UncheckedIOException e) {
                if (!Thread.interrupted()) {
                    throw e;
                }
                interrupted = true; // an interrupt closes the file that is being written
                checkpoint.write(state, best, isBest);
            }
            each(listener -> listener.checkpointWritten(checkpoint.file(), state.epoch, state.step));
        }
    }
}
