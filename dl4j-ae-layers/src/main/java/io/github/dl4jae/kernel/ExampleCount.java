package io.github.dl4jae.kernel;

/**
 * To how many examples the rows of a minibatch belong: for those who write a layer whose part of the score is a mean over examples.
 *
 * <p>Rows may be the time steps of fewer sequences. Only a {@code MultiLayerNetwork} says of how many, by {@code
 * setInputMiniBatchSize}; a {@code ComputationGraph} never does, and each row is then taken for an example.
 */
public final class ExampleCount {

    private int announced;

    /** Nothing is announced yet. */
    public ExampleCount() {}

    /**
     * What the network says.
     *
     * @param examples of the minibatch
     */
    public void announce(int examples) {
        announced = examples;
    }

    /**
     * What the network said.
     *
     * @return the examples of the minibatch; 0 in a {@code ComputationGraph}
     */
    public int announced() {
        return announced;
    }

    /**
     * B.
     *
     * @param rows of the layer's input
     * @return what was announced if that many examples can have so many rows, else {@code rows}
     */
    public long of(long rows) {
        boolean rowsAreTimeSteps = announced > 0 && rows % announced == 0;
        return rowsAreTimeSteps ? announced : rows;
    }
}
