package io.github.dl4jae.adversarial;

import io.github.dl4jae.internal.kernel.FiniteArrays;
import io.github.dl4jae.internal.math.EpochOrder;
import io.github.dl4jae.internal.math.RandomStreams;
import io.github.dl4jae.training.CurvePoint;
import io.github.dl4jae.training.ProgressListener;
import io.github.dl4jae.training.StopReason;
import io.github.dl4jae.training.TrainingResult;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/** One call of {@link AdversarialAutoencoder#fit}. */
final class AdversarialRun {

    private final AdversarialOptions options;
    private final INDArray examples;
    private final int[] labels;
    private final int[] labeledRows;
    private final BooleanSupplier stopRequested;
    private final TrainedNetworks networks;
    private final AdversarialStep step;
    private final @Nullable AdversarialCheckpoint checkpoint;
    private AdversarialState state = new AdversarialState();
    private final List<CurvePoint> curve = new ArrayList<>();
    private final int batch;

    AdversarialRun(AdversarialOptions options, INDArray examples, int[] labels, BooleanSupplier stopRequested) {
        this.options = options;
        this.examples = examples;
        this.labels = labels;
        this.labeledRows = IntStream.range(0, labels.length)
                .filter(row -> labels[row] >= 0)
                .toArray();
        this.stopRequested = stopRequested;
        this.batch = (int) Math.min(options.batch(), examples.size(0));
        this.networks = TrainedNetworks.of(options);
        this.step = new AdversarialStep(options, networks);
        this.checkpoint = options.checkpoint() == null
                ? null
                : new AdversarialCheckpoint(options.checkpoint(), networks, options.decisive());
    }

    AdversarialResult run() {
        if (checkpoint != null) {
            state = checkpoint.restore();
        }
        requireSameData();
        each(listener -> listener.trainingBegun(state.epoch(), state.step, List.of()));
        StopReason reason = StopReason.LIMIT;
        while (state.epoch() < options.epochs()) {
            if (!trainEpoch()) {
                reason = StopReason.STOPPED;
                break;
            }
        }
        save();
        TrainingResult ended = new TrainingResult(state.epoch(), state.step, curve, reason);
        each(listener -> listener.trainingEnded(ended));
        return new AdversarialResult(AdversarialModel.of(options), state.losses, state.step, reason);
    }

    private void requireSameData() {
        double checksum = rows(order(0).next(batch)).sumNumber().doubleValue();
        if (!Double.isNaN(state.checksum) && state.checksum != checksum) {
            throw new IllegalArgumentException("AdversarialAutoencoder: the examples must be those of the checkpoint,"
                    + " got others; use the data of the first run, or another file");
        }
        state.checksum = checksum;
    }

    private void each(Consumer<ProgressListener> event) {
        options.listeners().forEach(event);
    }

    private EpochOrder order(int epoch) {
        return new EpochOrder((int) examples.size(0), true, options.seed(), epoch);
    }

    private INDArray rows(int[] rows) {
        return Nd4j.pullRows(
                        examples.rank() == 2 ? examples : examples.reshape('c', examples.size(0), -1), 1, rows, 'c')
                .reshape('c', shape(rows.length));
    }

    private long[] shape(int rows) {
        long[] shape = examples.shape().clone();
        shape[0] = rows;
        return shape;
    }

    /** Trains for the rest of an epoch; returns false if training was stopped. */
    private boolean trainEpoch() {
        long begin = System.nanoTime();
        int epoch = state.epoch();
        each(listener -> listener.epochBegun(epoch));
        EpochOrder order = order(epoch);
        order.next(batch * state.stepInEpoch);
        long steps = examples.size(0) / batch; // an incomplete mini-batch would disturb batch normalization
        while (state.stepInEpoch < steps) {
            if (Thread.interrupted()) {
                save();
                Thread.currentThread().interrupt();
                return false;
            }
            if (stopRequested.getAsBoolean()) {
                return false;
            }
            step(rows(order.next(batch)));
        }
        state.endEpoch();
        networks.all().forEach(part -> part.pass()
                .setCounts(part.pass().iterations(), part.pass().epochs() + 1));
        curve.add(new CurvePoint(
                state.epoch(),
                state.step,
                state.losses.get(epoch).reconstruction(),
                Double.NaN,
                false,
                1,
                (System.nanoTime() - begin) / 1e9));
        each(listener -> listener.evaluated(curve.get(curve.size() - 1)));
        save();
        return true;
    }

    private void step(INDArray minibatch) {
        Nd4j.getRandom().setSeed(RandomStreams.of(options.seed(), state.step).nextLong() | 1); // of dropout
        int[] chosen = labeledRows.length == 0 ? labeledRows : labeledMinibatch();
        double[] losses = step.run(
                minibatch,
                chosen.length == 0 ? null : rows(chosen),
                Arrays.stream(chosen).map(row -> labels[row]).toArray(),
                state.step);
        requireFinite(losses);
        state.add(losses);
        each(listener -> listener.stepDone(state.epoch(), state.step, losses[0]));
    }

    /** Returns the labeled rows of the next step, which are a function of the step. */
    private int[] labeledMinibatch() {
        int size = Math.min(options.labeledBatch(), labeledRows.length);
        int perEpoch = labeledRows.length / size;
        EpochOrder order = new EpochOrder(labeledRows.length, true, options.seed() + 1, state.step / perEpoch);
        order.next(size * (state.step % perEpoch));
        return Arrays.stream(order.next(size)).map(i -> labeledRows[i]).toArray();
    }

    private void requireFinite(double[] losses) {
        for (TrainedNetworks.Part network : networks.all()) {
            if (!FiniteArrays.isFinite(network.parameters())
                    || !Arrays.stream(losses).allMatch(Double::isFinite)) {
                throw new IllegalStateException("AdversarialAutoencoder: training must stay finite, got NaN or infinity"
                        + " at step " + (state.step + 1) + " in the losses or in the network '" + network.name()
                        + "'; lower the learning rates");
            }
        }
    }

    private void save() {
        if (checkpoint != null) {
            checkpoint.write(state);
            each(listener -> listener.checkpointWritten(checkpoint.file(), state.epoch(), state.step));
        }
    }
}
