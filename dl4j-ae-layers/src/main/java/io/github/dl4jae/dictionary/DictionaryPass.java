package io.github.dl4jae.dictionary;

import io.github.dl4jae.internal.kernel.RowMatrix;
import io.github.dl4jae.internal.kernel.RowVector;
import org.jspecify.annotations.Nullable;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/** A pass of a mini-batch through a dictionary: codes, reconstruction, loss and gradients. */
abstract sealed class DictionaryPass permits EncoderPass, PursuitPass {

    final DictionaryLayer layer;
    final PassContext context;
    final DictionaryBatch batch;
    final RowMatrix decoder;

    DictionaryPass(DictionaryLayer layer, DictionaryBatch batch) {
        this.layer = layer;
        this.batch = batch;
        this.context = batch.context;
        this.decoder = RowMatrix.of(context.parameter(DictionaryParamInitializer.DECODER));
    }

    static DictionaryPass of(DictionaryLayer layer, DictionaryBatch batch, PreActivations memory) {
        return layer.getEncoder() instanceof MatchingPursuitEncoder
                ? new PursuitPass(layer, batch, memory)
                : new EncoderPass(layer, batch, memory);
    }

    /** The loss of a mini-batch, summed over examples, and the loss of each example. */
    @SuppressWarnings("ArrayRecordComponent") // package-private, and never compared
    record Loss(double sum, double[] reconstruction, double[] penalty) {}

    /** Returns the codes. */
    abstract PairList pairs();

    /** Computes the loss without gradients. */
    abstract Loss loss(INDArray labels);

    /**
     * Computes the loss and all gradients.
     *
     * @param labels {@code [B, nOut]}
     * @param gradients receive the sums over examples, multiplied by {@code scale}
     * @param inputGradient receives the sums, not multiplied; null if the gradient is not needed
     */
    abstract Loss backward(
            INDArray labels, DictionaryGradients gradients, double scale, @Nullable INDArray inputGradient);

    /** Returns the next value of the encoder's state. */
    double nextState(double running) {
        return running;
    }

    /** Returns the reconstruction, {@code [B, nOut]}. */
    INDArray reconstruction() {
        RowVector[] sums =
                Reconstruction.sums(pairs(), PairList::value, decoder, batch.offsets(), 1, layer.getUnits())[0];
        INDArray result = Nd4j.createUninitialized(context.type(), new long[] {sums.length, layer.getNOut()}, 'c');
        for (int b = 0; b < sums.length; b++) {
            if (!batch.counts(b)) {
                sums[b].clear();
            }
        }
        RowMatrix.of(result).write(sums);
        return result;
    }

    /** Projects the gradient of a decoder row on the sphere, where rows have length 1. */
    void project(RowVector gradient, RowVector row) {
        if (layer.hasUnitNorm()) {
            double square = row.dot(row);
            gradient.add(square == 0 ? 0 : -row.dot(gradient) / square, row);
        }
    }
}
