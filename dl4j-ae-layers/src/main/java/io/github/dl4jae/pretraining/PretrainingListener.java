package io.github.dl4jae.pretraining;

/** Hears how layerwise training goes: for progress bars and curves. */
public interface PretrainingListener {

    /**
     * A minibatch is done.
     *
     * @param layer its number in the network
     * @param epoch from 0 for each layer
     * @param score of the minibatch, before the update
     */
    default void minibatchDone(int layer, int epoch, double score) {}

    /**
     * A layer has seen all examples once more.
     *
     * @param layer its number in the network
     * @param epoch from 0 for each layer
     * @param meanScore over the minibatches of the epoch
     */
    default void epochDone(int layer, int epoch, double meanScore) {}
}
