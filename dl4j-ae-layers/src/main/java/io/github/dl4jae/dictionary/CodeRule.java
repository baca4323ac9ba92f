package io.github.dl4jae.dictionary;

import io.github.dl4jae.internal.kernel.RowVector;
import java.util.List;
import java.util.Map;

/**
 * The arithmetic of an encoder in one pass: it selects the (unit, value) pairs of each example, and turns gradients
 * with respect to codes into gradients with respect to pre-activations, unit by unit. Both run on several threads.
 */
abstract class CodeRule {

    /** The working memory of a thread. */
    static final class Scratch {
        final int[] found;
        final RowVector copy;

        Scratch(RowVector z) {
            found = new int[z.length()];
            copy = z;
        }
    }

    /**
     * Adds the pairs of an example: all whose value is not zero, and those that only take part in gradients.
     *
     * @param z its pre-activations with bias
     * @param scratch of the thread
     * @param pairs receives them
     */
    abstract void select(RowVector z, Scratch scratch, PairList pairs);

    /** Adds the pairs whose pre-activation exceeds a floor, with the pre-activation as their value. */
    static void addAbove(RowVector floors, RowVector z, Scratch scratch, PairList pairs) {
        int count = z.above(floors, scratch.found);
        for (int i = 0; i < count; i++) {
            int j = scratch.found[i];
            pairs.add(j, z.get(j), z.get(j));
        }
    }

    /**
     * Drops pairs of the first parts of a mini-batch that cannot count, whatever follows: it bounds the memory.
     *
     * @param parts of {@link #select}, by ascending example; changed
     */
    void prune(List<PairList> parts) {
        // most encoders choose by example
    }

    /**
     * Chooses among the pairs of a whole mini-batch.
     *
     * @param pairs of {@link #select}
     * @return those that count; default: all
     */
    PairList choose(PairList pairs) {
        return pairs;
    }

    /**
     * Returns the part of the loss that depends on the codes of the whole mini-batch, as a sum over examples.
     *
     * @param pairs of {@link #choose}
     * @return default: 0
     */
    double batchLoss(PairList pairs) {
        return 0;
    }

    /** Returns whether penalties depend on the lengths of decoder rows. */
    boolean chargesNorms() {
        return false;
    }

    /** Returns whether the positive pre-activations reconstruct on their own, with a decoder that is held constant. */
    boolean gateReconstructs() {
        return false;
    }

    /**
     * Completes the gradients of a unit. Default: ∂L/∂z = ∂L/∂f.
     *
     * @param unit its pairs with ∂L/∂f in, ∂L/∂z out
     */
    void backward(UnitGradient unit) {
        unit.sumBias();
    }

    /** Returns the gradients of parameters other than W_enc, W_dec, b_dec and the bias: one value per unit. */
    Map<String, double[]> gradients() {
        return Map.of();
    }

    /** Returns the penalty of an example's codes, for scores by example. */
    double examplePenalty(PairList pairs, int example, double[] norms) {
        return 0;
    }

    /**
     * Returns the next value of the state, after a training pass.
     *
     * @param running its value before
     * @return default: the same
     */
    double updateState(double running) {
        return running;
    }
}
