package io.github.dl4jae.sequence;

import io.github.dl4jae.internal.layer.Require;
import java.util.function.LongToDoubleFunction;

/**
 * The probability ε(i) that a conditioned decoder reads the true previous step in iteration i of training. Otherwise it
 * reads a sample of its own.
 *
 * <pre>
 * always            1
 * constant          p
 * linear            max(last, 1 − (1 − last)·i/n)
 * inverse sigmoid   k / (k + e^{i/k})
 * </pre>
 *
 * <p>With ε &lt; 1 each mini-batch is decoded once, step by step, before it is learned from, which takes about as long
 * as the training step itself.
 *
 * @see <a href="https://arxiv.org/abs/1506.03099">Bengio et al. 2015, Scheduled sampling for sequence prediction with
 *     recurrent neural networks</a>
 */
public final class TeacherForcing {

    private static final String SUBJECT = "TeacherForcing";

    private final String name;
    private final LongToDoubleFunction probability;

    private TeacherForcing(String name, LongToDoubleFunction probability) {
        this.name = name;
        this.probability = probability;
    }

    /**
     * Always reads the true step.
     *
     * @return ε = 1
     */
    public static TeacherForcing always() {
        return new TeacherForcing("always", step -> 1);
    }

    /**
     * Reads the true step with one probability.
     *
     * @param probability ε, in [0, 1]
     * @return a constant
     * @throws IllegalArgumentException if it is out of range
     */
    public static TeacherForcing constant(double probability) {
        requireProbability("probability", probability);
        return new TeacherForcing("constant(" + probability + ")", step -> probability);
    }

    private static void requireProbability(String name, double value) {
        Require.that(value >= 0 && value <= 1, SUBJECT, name + " must be in [0, 1]", value, "");
    }

    /**
     * Falls linearly from 1.
     *
     * @param last the final probability, in [0, 1]
     * @param iterations the number of iterations until then, at least 1
     * @return a falling line, then a constant
     * @throws IllegalArgumentException if an argument is out of range
     */
    public static TeacherForcing linear(double last, int iterations) {
        requireProbability("last", last);
        Require.atLeast(1, SUBJECT, "iterations", iterations, "");
        return new TeacherForcing(
                "linear(" + last + ", " + iterations + ")", step -> Math.max(last, 1 - (1 - last) * step / iterations));
    }

    /**
     * Falls like a sigmoid.
     *
     * @param k at least 1; ε is ½ after about k·ln k iterations
     * @return the inverse sigmoid decay
     * @throws IllegalArgumentException if k is below 1 or not finite
     */
    public static TeacherForcing inverseSigmoid(double k) {
        Require.that(k >= 1 && Double.isFinite(k), SUBJECT, "k must be at least 1 and finite", k, "1000 is usual");
        return new TeacherForcing("inverseSigmoid(" + k + ")", step -> k / (k + Math.exp(step / k)));
    }

    /**
     * Returns the probability of the true step.
     *
     * @param iteration of the training, from 0
     * @return ε, in [0, 1]
     */
    public double probability(long iteration) {
        return probability.applyAsDouble(iteration);
    }

    /** Returns the schedule as it is created. */
    @Override
    public String toString() {
        return SUBJECT + "." + name;
    }
}
