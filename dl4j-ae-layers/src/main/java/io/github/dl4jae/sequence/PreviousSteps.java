package io.github.dl4jae.sequence;

import io.github.dl4jae.internal.math.RandomStreams;
import java.util.SplittableRandom;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.indexing.NDArrayIndex;

/** What a conditioned decoder reads in training: the true previous steps, or some of its own samples among them. */
final class PreviousSteps {

    private final SequenceTraining training;

    PreviousSteps(SequenceTraining training) {
        this.training = training;
    }

    /** Decodes a step of a mini-batch. */
    @FunctionalInterface
    interface Decoder {

        /**
         * Decodes the next step and draws it.
         *
         * @param previous {@code [N, n]}
         * @param seed of the sample
         * @return {@code [N, n]}
         */
        INDArray next(INDArray previous, long seed);
    }

    private static INDArray step(INDArray sequences, int t) {
        return sequences.get(NDArrayIndex.all(), NDArrayIndex.all(), NDArrayIndex.point(t));
    }

    /** Returns sequences {@code [N, n, T]} one step later, beginning with a first step {@code [N, n]}. */
    static INDArray shifted(INDArray sequences, INDArray first) {
        int steps = (int) sequences.size(2);
        INDArray previous = Nd4j.create(sequences.dataType(), sequences.shape());
        step(previous, 0).assign(first);
        if (steps > 1) {
            previous.get(NDArrayIndex.all(), NDArrayIndex.all(), NDArrayIndex.interval(1, steps))
                    .assign(sequences.get(NDArrayIndex.all(), NDArrayIndex.all(), NDArrayIndex.interval(0, steps - 1)));
        }
        return previous;
    }

    private boolean samples(long iteration) {
        return iteration > 0 && training.teacherForcing().probability(iteration) < 1;
    }

    /**
     * Replaces true previous steps in a mini-batch of training, in place, as the options say.
     *
     * @param previous the true ones
     * @param iteration of this training
     * @param done iterations of this training that the network has made; a resumed training passes by mini-batches that
     *     it made before, which keep their true steps
     * @param decoding calls {@link #mix} with the decoder of the mini-batch
     */
    void replace(INDArray previous, long iteration, long done, Runnable decoding) {
        if (done == iteration && samples(iteration)) {
            decoding.run();
        }
        drop(previous, iteration);
    }

    /** Replaces some of the true previous steps, in place, by samples of the decoder. */
    void mix(INDArray previous, long iteration, Decoder decoder) {
        double forced = training.teacherForcing().probability(iteration);
        SplittableRandom coins = RandomStreams.of(training.seed(), 2 * iteration);
        for (int t = 1; t < previous.size(2); t++) {
            INDArray own = decoder.next(step(previous, t - 1).dup('c'), coins.nextLong());
            for (int i = 0; i < previous.size(0); i++) {
                if (coins.nextDouble() >= forced) {
                    previous.get(NDArrayIndex.point(i), NDArrayIndex.all(), NDArrayIndex.point(t))
                            .assign(own.getRow(i));
                }
            }
        }
    }

    /** Replaces some previous steps, in place, by zeros. */
    void drop(INDArray previous, long iteration) {
        if (training.previousDropout() == 0) {
            return;
        }
        SplittableRandom coins = RandomStreams.of(training.seed(), 2 * iteration + 1);
        for (int i = 0; i < previous.size(0); i++) {
            for (int t = 1; t < previous.size(2); t++) {
                if (coins.nextDouble() < training.previousDropout()) {
                    previous.get(NDArrayIndex.point(i), NDArrayIndex.all(), NDArrayIndex.point(t))
                            .assign(0);
                }
            }
        }
    }
}
