package io.github.dl4jae.internal.layer;

import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * The number of examples that the rows of a mini-batch belong to. For layer authors: a layer whose part of the score is
 * a mean over examples needs it.
 *
 * <p>Rows can be the time steps of fewer sequences, or examples that a {@code StackVertex} has put below each other. A
 * {@code MultiLayerNetwork} announces the examples by {@code setInputMiniBatchSize}. A {@code ComputationGraph} does
 * not, but tells preprocessors; one that calls {@link #tell} passes the number on to the layer after it, which calls
 * {@link #receive} from {@code setInput} and {@link #begin} from {@code activate}.
 *
 * <p>How it works: a graph calls the preprocessor of a layer and {@code setInput} of that layer one after the other on
 * one thread. So a number that was told belongs to the layer that receives the same array.
 *
 * <p>What a graph tells is certain in a training step and in its very first pass. In other passes ({@code score},
 * {@code output}) it is the number of labels of the pass before, because Deeplearning4j sets labels after the forward
 * pass. These passes use the last certain number of rows per example of their kind, training or inference, and
 * otherwise take rows for examples.
 */
public final class ExampleCount {

    private record Told(INDArray array, int examples) {}

    /** Rows per example, as a fraction: at inference there can be fewer rows than examples. */
    private record Ratio(long rows, long examples) {
        long examplesIn(long count) {
            boolean whole = count * examples % rows == 0;
            return whole ? count * examples / rows : count;
        }
    }

    private static final Ratio ONE = new Ratio(1, 1);
    private static final ThreadLocal<Told> LAST_TOLD = new ThreadLocal<>();
    /** From {@code receive} up to the method of the graph that runs the pass. */
    private static final int FRAMES = 12;

    private int announced;
    private int told;
    private boolean certain;
    private boolean hadPass;
    private Ratio inTraining = ONE;
    private Ratio atInference = ONE;
    private Ratio ratio = ONE;

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

    private static boolean isTrainingStep() {
        return StackWalker.getInstance().walk(frames -> frames.limit(FRAMES)
                .anyMatch(frame -> frame.getMethodName().equals("computeGradientAndScore")));
    }

    /**
     * Takes the number of examples that was told for an array, if there is one.
     *
     * @param array the input of the layer
     */
    public void receive(INDArray array) {
        Told last = LAST_TOLD.get();
        boolean aboutThis = last != null && last.array == array;
        told = aboutThis ? last.examples : 0;
        certain = aboutThis && announced == 0 && isTrainingStep();
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
     * Begins a forward pass.
     *
     * @param training whether it is one of training
     * @param rows of the layer's input
     */
    public void begin(boolean training, long rows) {
        if (isCertain() || (told > 0 && !hadPass)) {
            int examples = announced > 0 ? announced : told;
            boolean rowsBelongToExamples = rows > 0 && rows % examples == 0;
            ratio = rowsBelongToExamples ? new Ratio(rows, examples) : ONE;
            inTraining = training ? ratio : inTraining;
            atInference = training ? atInference : ratio;
        } else {
            ratio = training ? inTraining : atInference;
        }
        hadPass = true;
    }

    /**
     * Returns whether the number of examples of this pass is told and up to date.
     *
     * @return true in a {@code MultiLayerNetwork} and in training steps of a graph
     */
    public boolean isCertain() {
        return announced > 0 || certain;
    }

    /**
     * Returns the number of examples, if it was told.
     *
     * @return the examples of the mini-batch, up to date if {@link #isCertain()}; 0 in a {@code ComputationGraph}
     *     without a preprocessor that tells
     */
    public int known() {
        return announced > 0 ? announced : told;
    }

    /**
     * Returns B.
     *
     * @param rows of the layer's input, as passed to {@link #begin}
     * @return the number of examples that these rows belong to; {@code rows} if there is no whole number of rows per
     *     example
     */
    public long of(long rows) {
        return ratio.examplesIn(rows);
    }

    /**
     * Refuses to train where the number of examples cannot be known: score and gradient would not match after a
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
