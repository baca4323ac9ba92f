package io.github.dl4jae.internal.layer;

import java.util.function.DoubleSupplier;
import org.jspecify.annotations.Nullable;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * The summed loss of a mini-batch, which an output layer computes in backprop and needs again for the score of the same
 * training step.
 *
 * <p>It is valid for one input, one array of labels, one mask and one state of the parameters. The layer drops it where
 * one of the first three changes. The parameters can change after the score, so a value is used once.
 */
public final class BackpropLoss {

    private @Nullable Double sum;

    /** Creates the cache of a layer, without a value. */
    public BackpropLoss() {}

    /**
     * Stores the loss from backprop.
     *
     * @param sum over the mini-batch
     */
    public void keep(double sum) {
        this.sum = sum;
    }

    /** Drops the loss, for a new input or new labels. */
    public void drop() {
        sum = null;
    }

    /**
     * Drops the loss for a new mask. A {@code ComputationGraph} sets the mask of the labels between backprop and score,
     * also where it is the same.
     *
     * @param mask that the layer has, or null
     * @param next that it gets, or null
     */
    @SuppressWarnings("ReferenceEquality") // another array can have other values
    public void dropForMask(@Nullable INDArray mask, @Nullable INDArray next) {
        if (mask != next) {
            drop();
        }
    }

    /**
     * Returns the loss for the score, and drops it.
     *
     * @param training whether the score is that of a training step
     * @param loss computes the loss again, where backprop has not stored it or the score is not of training
     * @return the sum over the mini-batch
     */
    public double take(boolean training, DoubleSupplier loss) {
        Double kept = sum;
        drop();
        return training && kept != null ? kept : loss.getAsDouble();
    }
}
