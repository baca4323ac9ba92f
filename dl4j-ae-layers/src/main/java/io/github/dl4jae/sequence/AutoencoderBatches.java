package io.github.dl4jae.sequence;

import java.util.Arrays;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.dataset.api.MultiDataSet;
import org.nd4j.linalg.factory.Nd4j;

/** Mini-batches for a {@link SequenceAutoencoder}: cut to their longest sequence, with zeros as padding. */
final class AutoencoderBatches {

    private final SequenceCoder coder;
    private final SequenceRows sequences;
    private final int[] lengths;
    private final PreviousSteps previous;
    /** The iteration of the network before the training. */
    private final int begin;

    AutoencoderBatches(SequenceCoder coder, SequenceRows sequences, SequenceTraining training) {
        this.coder = coder;
        this.sequences = sequences;
        this.lengths = sequences.lengths();
        this.previous = new PreviousSteps(training);
        this.begin = coder.graph().getConfiguration().getIterationCount();
    }

    private DataType type() {
        return coder.pass().type();
    }

    /** Makes a mini-batch with the true previous steps. */
    MultiDataSet forced(int[] rows) {
        INDArray x = x(rows);
        return batch(x, forcedSteps(x), mask(rows));
    }

    private INDArray x(int[] rows) {
        int steps = Arrays.stream(rows).map(row -> lengths[row]).max().orElseThrow();
        return sequences.of(rows, steps, type());
    }

    private INDArray mask(int[] rows) {
        int[] ofRows = Arrays.stream(rows).map(row -> lengths[row]).toArray();
        return SequenceLengths.mask(ofRows, Arrays.stream(ofRows).max().orElseThrow())
                .castTo(type());
    }

    private static INDArray forcedSteps(INDArray x) {
        return PreviousSteps.shifted(x, Nd4j.zeros(x.dataType(), x.size(0), x.size(1)));
    }

    /** Makes a mini-batch of training; one that a resumed training only passes by has true steps. */
    MultiDataSet training(int[] rows, long iteration) {
        INDArray x = x(rows);
        INDArray mask = mask(rows);
        INDArray before = forcedSteps(x);
        if (coder.isConditioned()) {
            long done = (long) coder.graph().getConfiguration().getIterationCount() - begin;
            previous.replace(before, iteration, done, () -> coder.mix(previous, before, x, mask, iteration));
        }
        return batch(x, before, mask);
    }

    private MultiDataSet batch(INDArray x, INDArray before, INDArray mask) {
        INDArray[] labels = {x.dup()};
        INDArray[] labelMasks = {mask};
        return coder.isConditioned()
                ? new org.nd4j.linalg.dataset.MultiDataSet(
                        new INDArray[] {x, before}, labels, new INDArray[] {mask, mask.dup()}, labelMasks)
                : new org.nd4j.linalg.dataset.MultiDataSet(
                        new INDArray[] {x}, labels, new INDArray[] {mask}, labelMasks);
    }
}
