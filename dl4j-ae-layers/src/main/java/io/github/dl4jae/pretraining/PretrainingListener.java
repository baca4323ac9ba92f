package io.github.dl4jae.pretraining;

/** A listener that receives the progress of layerwise pretraining, for progress bars and learning curves. */
public interface PretrainingListener {

    /**
     * Receives the score of a mini-batch after its update.
     *
     * @param layer the index of the layer in the network
     * @param epoch the epoch of this layer, from 0
     * @param score the score of the mini-batch, before the update
     */
    default void minibatchDone(int layer, int epoch, double score) {}

    /**
     * Receives the mean score of an epoch at its end.
     *
     * @param layer the index of the layer in the network
     * @param epoch the epoch of this layer, from 0
     * @param meanScore the mean score of the mini-batches of the epoch
     */
    default void epochDone(int layer, int epoch, double meanScore) {}
}
