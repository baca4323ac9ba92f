package io.github.dl4jae.kernel;

import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * The number of examples that the rows of a mini-batch belong to. For layer authors: a layer whose part of the score is
 * a mean over examples needs it.
 *
 * <p>Rows can be the time steps of fewer sequences, or examples that a {@code StackVertex} has put below each other. A
 * {@code MultiLayerNetwork} announces the examples by {@code setInputMiniBatchSize}. A {@code ComputationGraph} does
 * not, but tells preprocessors; one that calls {@link #tell} passes the number on to the layer behind it, which calls
 * {@link #receive} from {@code setInput}.
 *
 * <p>How it works: a graph calls the preprocessor of a layer and {@code setInput} of that layer one after the other on
 * one thread. So what was told belongs to the layer that receives the very array that it was told about.
 */
public final class ExampleCount {

    private record Told(INDArray array, int examples) {}

    private static final ThreadLocal<Told> LAST_TOLD = new ThreadLocal<>();

    private int announced;
    private int told;

    /** A count that is not known yet. */
    public ExampleCount() {}

    /**
     * Tells the layer that will receive an array how many examples it holds.
     *
     * @param array what a preprocessor returns
     * @param examples of the mini-batch
     */
    public static void tell(INDArray array, int examples) {
        LAST_TOLD.set(new Told(array, examples));
    }

    /**
     * Takes what was told about an array, if anything.
     *
     * @param array the input of the layer
     */
    public void receive(INDArray array) {
        Told last = LAST_TOLD.get();
        told = last != null && last.array == array ? last.examples : 0;
        LAST_TOLD.remove();
    }

    /**
     * Takes what a {@code MultiLayerNetwork} announces.
     *
     * @param examples of the mini-batch
     */
    public void announce(int examples) {
        announced = examples;
    }

    /**
     * Returns the number of examples, if it is known.
     *
     * @return the examples of the mini-batch; 0 in a {@code ComputationGraph} without a preprocessor that tells
     */
    public int known() {
        return announced > 0 ? announced : told;
    }

    /**
     * Returns B.
     *
     * @param rows of the layer's input
     * @return what is known if that many examples can have so many rows, else {@code rows}
     */
    public long of(long rows) {
        boolean rowsBelongToExamples = known() > 0 && rows % known() == 0;
        return rowsBelongToExamples ? known() : rows;
    }

    /**
     * Refuses to train where the number of examples cannot be known: score and gradient would not fit together behind a
     * {@code StackVertex}.
     *
     * @param subject the layer, for the message
     * @throws IllegalStateException if nothing was announced or told
     */
    public void requireKnown(String subject) {
        if (known() == 0) {
            throw new IllegalStateException(subject + ": the number of examples must be known in training, got a"
                    + " ComputationGraph without input types; call setInputTypes(...) on the graph builder, or add the"
                    + " layer with a new ExampleCountPreProcessor()");
        }
    }
}
