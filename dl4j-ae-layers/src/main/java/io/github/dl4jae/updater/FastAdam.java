package io.github.dl4jae.updater;

import io.github.dl4jae.internal.layer.Require;
import java.util.Arrays;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.learning.GradientUpdater;
import org.nd4j.linalg.learning.config.Adam;
import org.nd4j.linalg.learning.config.IUpdater;
import org.nd4j.linalg.schedule.ISchedule;
import org.nd4j.shade.jackson.annotation.JsonCreator;
import org.nd4j.shade.jackson.annotation.JsonProperty;

/**
 * Adam with the step computed in one pass by vector instructions on all cores.
 *
 * <pre>
 * m ← β₁m + (1 − β₁)g        v ← β₂v + (1 − β₂)g²        t = iteration + 1
 * Δ = η·√(1 − β₂ᵗ)/(1 − β₁ᵗ) · m / (√v + ε)              parameters ← parameters − Δ
 * </pre>
 *
 * <p>Rule, defaults and state are those of Deeplearning4j's {@link Adam}. The state is 2n values, m followed by v, so
 * either updater can continue from a checkpoint of the other. A step on one million parameters takes between a quarter
 * and a half of the stock time, and on 25 million two thirds; see {@code docs/performance.md}.
 *
 * <p>When not to use it: with types other than float32 or backends other than the CPU it calls the stock operation and
 * gains nothing.
 *
 * <p>Errors: a negative learning rate, decays outside [0, 1), ε not above 0.
 *
 * @see <a href="https://arxiv.org/abs/1412.6980">Kingma and Ba 2015, Adam: A Method for Stochastic Optimization</a>
 */
public final class FastAdam implements IUpdater {

    private double learningRate;
    private @Nullable ISchedule learningRateSchedule;
    private final double beta1;
    private final double beta2;
    private final double epsilon;

    /** Creates the updater with the defaults of the paper: η = 0.001, β₁ = 0.9, β₂ = 0.999, ε = 1e-8. */
    public FastAdam() {
        this(Adam.DEFAULT_ADAM_LEARNING_RATE);
    }

    /**
     * Creates the updater with a learning rate and the other defaults of the paper.
     *
     * @param learningRate η, at least 0
     * @throws IllegalArgumentException if η is negative or NaN
     */
    public FastAdam(double learningRate) {
        this(
                learningRate,
                Adam.DEFAULT_ADAM_BETA1_MEAN_DECAY,
                Adam.DEFAULT_ADAM_BETA2_VAR_DECAY,
                Adam.DEFAULT_ADAM_EPSILON);
    }

    /**
     * Creates the updater with a scheduled learning rate and the other defaults of the paper.
     *
     * @param learningRateSchedule η by iteration or epoch
     * @throws IllegalArgumentException if the schedule is null
     */
    public FastAdam(ISchedule learningRateSchedule) {
        this(
                Double.NaN,
                Require.given("FastAdam", "learningRateSchedule", learningRateSchedule, "use new FastAdam()"),
                Adam.DEFAULT_ADAM_BETA1_MEAN_DECAY,
                Adam.DEFAULT_ADAM_BETA2_VAR_DECAY,
                Adam.DEFAULT_ADAM_EPSILON);
    }

    /**
     * Creates the updater.
     *
     * @param learningRate η, at least 0
     * @param beta1 β₁, in [0, 1)
     * @param beta2 β₂, in [0, 1)
     * @param epsilon ε, above 0
     * @throws IllegalArgumentException if η, β₁, β₂ or ε is out of its range
     */
    public FastAdam(double learningRate, double beta1, double beta2, double epsilon) {
        this(learningRate, null, beta1, beta2, epsilon);
    }

    @JsonCreator
    FastAdam(
            @JsonProperty("learningRate") double learningRate,
            @JsonProperty("learningRateSchedule") @Nullable ISchedule learningRateSchedule,
            @JsonProperty("beta1") double beta1,
            @JsonProperty("beta2") double beta2,
            @JsonProperty("epsilon") double epsilon) {
        Require.that(
                learningRateSchedule != null || learningRate >= 0,
                "FastAdam",
                "the learning rate must not be negative",
                learningRate,
                "0.001 is usual");
        this.learningRate = learningRate;
        this.learningRateSchedule = learningRateSchedule;
        this.beta1 = requireDecay("beta1", beta1);
        this.beta2 = requireDecay("beta2", beta2);
        Require.that(epsilon > 0, "FastAdam", "epsilon must be above 0", epsilon, "1e-8 is usual");
        this.epsilon = epsilon;
    }

    private static double requireDecay(String name, double decay) {
        Require.that(
                decay >= 0 && decay < 1,
                "FastAdam",
                name + " must be in [0, 1)",
                decay,
                "it is the fraction of the old average that is kept");
        return decay;
    }

    /**
     * Returns an updater with the settings of a stock one.
     *
     * @param adam the stock updater
     * @return an updater that takes the same steps
     * @throws IllegalArgumentException if {@code adam} is null or has a setting out of range
     */
    public static FastAdam like(Adam adam) {
        Require.given("FastAdam", "adam", adam, "use new FastAdam()");
        return new FastAdam(
                adam.getLearningRate(),
                adam.getLearningRateSchedule(),
                adam.getBeta1(),
                adam.getBeta2(),
                adam.getEpsilon());
    }

    /**
     * Returns a stock updater with the settings of this one.
     *
     * @return an updater that takes the same steps
     */
    public Adam toAdam() {
        Adam adam = new Adam(learningRate, beta1, beta2, epsilon);
        adam.setLearningRateSchedule(learningRateSchedule == null ? null : learningRateSchedule.clone());
        return adam;
    }

    /**
     * Returns the learning rate that holds without a schedule.
     *
     * @return η; unused if there is a schedule
     */
    public double getLearningRate() {
        return learningRate;
    }

    /**
     * Returns the schedule of the learning rate.
     *
     * @return the schedule, or null if η is constant
     */
    public @Nullable ISchedule getLearningRateSchedule() {
        return learningRateSchedule;
    }

    /**
     * Returns the decay of the mean.
     *
     * @return β₁
     */
    public double getBeta1() {
        return beta1;
    }

    /**
     * Returns the decay of the mean square.
     *
     * @return β₂
     */
    public double getBeta2() {
        return beta2;
    }

    /**
     * Returns the term in the denominator that keeps the step finite.
     *
     * @return ε
     */
    public double getEpsilon() {
        return epsilon;
    }

    @Override
    public long stateSize(long parameters) {
        return 2 * parameters;
    }

    @Override
    public GradientUpdater<?> instantiate(INDArray state, boolean initialize) {
        long[] shape = Arrays.copyOf(state.shape(), state.rank());
        shape[state.rank() - 1] /= 2;
        FastAdamStep step = new FastAdamStep(this);
        step.setStateViewArray(state, shape, state.ordering(), initialize);
        return step;
    }

    @Override
    public GradientUpdater<?> instantiate(Map<String, INDArray> state, boolean initialize) {
        FastAdamStep step = new FastAdamStep(this);
        step.setState(state, initialize);
        return step;
    }

    @Override
    public double getLearningRate(int iteration, int epoch) {
        return learningRateSchedule == null ? learningRate : learningRateSchedule.valueAt(iteration, epoch);
    }

    /** η·√(1 − β₂ᵗ)/(1 − β₁ᵗ). */
    double stepSize(int iteration, int epoch) {
        double t = iteration + 1d;
        return getLearningRate(iteration, epoch) * Math.sqrt(1 - Math.pow(beta2, t)) / (1 - Math.pow(beta1, t));
    }

    @Override
    public boolean hasLearningRate() {
        return true;
    }

    @Override
    public void setLrAndSchedule(double learningRate, @Nullable ISchedule schedule) {
        this.learningRate = learningRate;
        this.learningRateSchedule = schedule;
    }

    @Override
    @SuppressWarnings("MethodDoesntCallSuperMethod")
    public FastAdam clone() {
        ISchedule schedule = learningRateSchedule == null ? null : learningRateSchedule.clone();
        return new FastAdam(learningRate, schedule, beta1, beta2, epsilon);
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof FastAdam that
                && Double.compare(learningRate, that.learningRate) == 0
                && Objects.equals(learningRateSchedule, that.learningRateSchedule)
                && beta1 == that.beta1
                && beta2 == that.beta2
                && epsilon == that.epsilon;
    }

    @Override
    public int hashCode() {
        return Objects.hash(learningRate, learningRateSchedule, beta1, beta2, epsilon);
    }

    @Override
    public String toString() {
        return "FastAdam(learningRate=" + (learningRateSchedule == null ? learningRate : learningRateSchedule)
                + ", beta1=" + beta1 + ", beta2=" + beta2 + ", epsilon=" + epsilon + ")";
    }
}
