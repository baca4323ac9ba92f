package io.github.dl4jae.updater;

import java.util.Arrays;
import java.util.Map;
import java.util.Objects;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.learning.GradientUpdater;
import org.nd4j.linalg.learning.config.Adam;
import org.nd4j.linalg.learning.config.IUpdater;
import org.nd4j.linalg.schedule.ISchedule;
import org.nd4j.shade.jackson.annotation.JsonCreator;
import org.nd4j.shade.jackson.annotation.JsonProperty;

/**
 * Adam, with the step computed in one pass by vector instructions on all cores.
 *
 * <pre>
 * m ← β₁m + (1 − β₁)g        v ← β₂v + (1 − β₂)g²        t = iteration + 1
 * Δ = η·√(1 − β₂ᵗ)/(1 − β₁ᵗ) · m / (√v + ε)              parameters ← parameters − Δ
 * </pre>
 *
 * The same rule, the same defaults and the same state as Deeplearning4j's {@link Adam}: 2n values, m and then v. So a checkpoint
 * of either continues with the other. On a million parameters a step takes between a quarter and a
 * half of the time, on 25 million two thirds; see {@code docs/performance.md}. On other types than float32 and on other backends than the CPU it calls the stock
 * operation: nothing is gained there.
 *
 * <p>Errors: a negative learning rate, decays outside [0, 1), ε not above 0.
 *
 * @see <a href="https://arxiv.org/abs/1412.6980">Kingma and Ba 2015, Adam: A Method for Stochastic Optimization</a>
 */
public final class FastAdam implements IUpdater {

    private double learningRate;
    private ISchedule learningRateSchedule;
    private final double beta1;
    private final double beta2;
    private final double epsilon;

    /** Adam with the defaults of the paper: η = 0.001, β₁ = 0.9, β₂ = 0.999, ε = 1e-8. */
    public FastAdam() {
        this(Adam.DEFAULT_ADAM_LEARNING_RATE);
    }

    /**
     * Adam with the paper's defaults but for the learning rate.
     *
     * @param learningRate η
     */
    public FastAdam(double learningRate) {
        this(
                learningRate,
                Adam.DEFAULT_ADAM_BETA1_MEAN_DECAY,
                Adam.DEFAULT_ADAM_BETA2_VAR_DECAY,
                Adam.DEFAULT_ADAM_EPSILON);
    }

    /**
     * Adam with the paper's defaults and a learning rate that moves.
     *
     * @param learningRateSchedule η by iteration or epoch
     */
    public FastAdam(ISchedule learningRateSchedule) {
        this(
                Double.NaN,
                Objects.requireNonNull(learningRateSchedule, "FastAdam: the learning rate schedule must not be null"),
                Adam.DEFAULT_ADAM_BETA1_MEAN_DECAY,
                Adam.DEFAULT_ADAM_BETA2_VAR_DECAY,
                Adam.DEFAULT_ADAM_EPSILON);
    }

    /**
     * Adam.
     *
     * @param learningRate η, not negative
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
            @JsonProperty("learningRateSchedule") ISchedule learningRateSchedule,
            @JsonProperty("beta1") double beta1,
            @JsonProperty("beta2") double beta2,
            @JsonProperty("epsilon") double epsilon) {
        if (learningRateSchedule == null && !(learningRate >= 0)) {
            throw new IllegalArgumentException(
                    "FastAdam: the learning rate must not be negative, got " + learningRate + "; 0.001 is usual");
        }
        this.learningRate = learningRate;
        this.learningRateSchedule = learningRateSchedule;
        this.beta1 = requireDecay("beta1", beta1);
        this.beta2 = requireDecay("beta2", beta2);
        if (!(epsilon > 0)) {
            throw new IllegalArgumentException(
                    "FastAdam: epsilon must be above 0, got " + epsilon + "; it keeps the step finite, 1e-8 is usual");
        }
        this.epsilon = epsilon;
    }

    private static double requireDecay(String name, double decay) {
        if (!(decay >= 0 && decay < 1)) {
            throw new IllegalArgumentException("FastAdam: " + name + " must be in [0, 1), got " + decay
                    + "; it is the share of the old average kept");
        }
        return decay;
    }

    /**
     * This updater for a stock one.
     *
     * @param adam its settings are taken over
     * @return an updater that takes the same steps
     */
    public static FastAdam like(Adam adam) {
        return new FastAdam(
                adam.getLearningRate(),
                adam.getLearningRateSchedule(),
                adam.getBeta1(),
                adam.getBeta2(),
                adam.getEpsilon());
    }

    /**
     * The learning rate when there is no schedule.
     *
     * @return η, or NaN
     */
    public double getLearningRate() {
        return learningRate;
    }

    /**
     * The schedule of the learning rate.
     *
     * @return null if η is constant
     */
    public ISchedule getLearningRateSchedule() {
        return learningRateSchedule;
    }

    /**
     * The decay of the mean.
     *
     * @return β₁
     */
    public double getBeta1() {
        return beta1;
    }

    /**
     * The decay of the mean square.
     *
     * @return β₂
     */
    public double getBeta2() {
        return beta2;
    }

    /**
     * What keeps the step finite.
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
    public void setLrAndSchedule(double learningRate, ISchedule schedule) {
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
