package io.github.dl4jae.dictionary;

import io.github.dl4jae.internal.kernel.RowVector;
import io.github.dl4jae.internal.layer.Require;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.nd4j.linalg.schedule.FixedSchedule;
import org.nd4j.linalg.schedule.ISchedule;
import org.nd4j.shade.jackson.annotation.JsonProperty;

/**
 * A unit passes its pre-activation where that exceeds a threshold of its own, which training learns.
 *
 * <pre>
 * f = z·H(z − θ)        H(u) = 1 for u &gt; 0, else 0        K(u) = 1 for |u| &lt; ½, else 0
 *
 * STEP        L = ‖e‖² + λ Σ_j H(z_j − θ_j)
 * TARGET_L0   L = ‖e‖² + λ (L0/L0* − 1)²,   L0 the mean over the mini-batch
 * TANH        L = ‖e‖² + λ Σ_j tanh(c f_j ‖d_j‖) + p Σ_{j dead} relu(θ_j − z_j) ‖d_j‖
 *
 * ∂f/∂z = H(z − θ)        ∂f/∂θ = −θ/ε · K((z − θ)/ε)        ∂H/∂z = 0        ∂H/∂θ = −1/ε · K((z − θ)/ε)
 * </pre>
 *
 * <p>The derivatives with respect to θ are straight-through estimates: they replace the step by a ramp of width ε.
 * Pre-activations within ε/2 of the threshold take part in them, also those below it. θ itself is trained, not its
 * logarithm, with which Adam freezes the thresholds. The layer keeps it at 0 or above.
 *
 * <p>ε must fit the scale of pre-activations. The defaults fit inputs with E‖x‖² = d: ε = 0.05 and θ = 0.01 at the
 * start, for TANH ε = 2 and θ = 0.1. A target L0 is easier to tune than λ. Increase λ from 0,
 * for TANH over the whole training, for the others over its first part: at the start thousands of units are active,
 * and their gradients would dominate Adam's mean squares for a long time.
 *
 * @see <a href="https://arxiv.org/abs/2407.14435">Rajamanoharan et al. 2024, Jumping ahead</a>
 * @see <a href="https://transformer-circuits.pub/2025/january-update/index.html">Anthropic 2025, Dictionary learning
 *     optimization techniques</a>
 */
public final class JumpReLUEncoder extends PenaltyEncoder {

    /** The threshold of each unit, {@code [1, d_sae]}. */
    static final String THRESHOLD = "threshold";

    /** The term of the loss that keeps codes sparse. */
    public enum Objective {
        /** The number of active units. */
        STEP,
        /** The squared relative difference of L0 from a target. */
        TARGET_L0,
        /** A saturating function of activations, with a term that revives dead units. */
        TANH
    }

    private static final double TANH_SCALE = 4;
    private static final double DEAD_WEIGHT = 3e-6;

    private final Objective objective;
    private final double targetL0;
    private final double bandwidth;
    private final double initialThreshold;

    // for JSON
    JumpReLUEncoder(
            @JsonProperty("objective") Objective objective,
            @JsonProperty("lambda") @Nullable ISchedule lambda,
            @JsonProperty("targetL0") double targetL0,
            @JsonProperty("bandwidth") double bandwidth,
            @JsonProperty("initialThreshold") double initialThreshold) {
        super(lambda);
        this.objective = objective;
        this.targetL0 = targetL0;
        this.bandwidth = Require.positive("JumpReLUEncoder", "bandwidth", bandwidth, "0.05 fits inputs with E‖x‖² = d");
        this.initialThreshold =
                Require.nonNegative("JumpReLUEncoder", "initialThreshold", initialThreshold, "0.01 is usual");
        Require.that(
                objective != Objective.TARGET_L0 || (targetL0 > 0 && targetL0 < Double.POSITIVE_INFINITY),
                "JumpReLUEncoder",
                "targetL0 must be above 0",
                targetL0,
                "it is the mean number of active units");
    }

    /**
     * Returns an encoder that is charged per active unit.
     *
     * @param lambda λ, at least 0
     * @return with ε = 0.05 and θ = 0.01
     * @throws IllegalArgumentException if λ is negative or not finite
     */
    public static JumpReLUEncoder step(double lambda) {
        return step(weight("JumpReLUEncoder", lambda));
    }

    /**
     * Returns an encoder that is charged per active unit, with a warm-up.
     *
     * @param lambda λ by iteration or epoch
     * @return with ε = 0.05 and θ = 0.01
     * @throws IllegalArgumentException if the schedule is null
     */
    public static JumpReLUEncoder step(ISchedule lambda) {
        return new JumpReLUEncoder(Objective.STEP, lambda, 0, 0.05, 0.01);
    }

    /**
     * Returns an encoder that reaches a given L0.
     *
     * @param targetL0 L0*, the mean number of active units
     * @param lambda the weight of the squared relative difference; 1 % of E‖x‖² is a good start
     * @return with ε = 0.05 and θ = 0.01
     * @throws IllegalArgumentException if L0* is not above 0, or λ is negative or not finite
     */
    public static JumpReLUEncoder targetL0(double targetL0, double lambda) {
        return targetL0(targetL0, weight("JumpReLUEncoder", lambda));
    }

    /**
     * Returns an encoder that reaches a given L0, with a warm-up.
     *
     * @param targetL0 L0*, the mean number of active units
     * @param lambda the weight of the squared relative difference by iteration or epoch
     * @return with ε = 0.05 and θ = 0.01
     * @throws IllegalArgumentException if L0* is not above 0, or the schedule is null
     */
    public static JumpReLUEncoder targetL0(double targetL0, ISchedule lambda) {
        return new JumpReLUEncoder(Objective.TARGET_L0, lambda, targetL0, 0.05, 0.01);
    }

    /**
     * Returns an encoder with the tanh objective, c = 4 and p = 3·10⁻⁶.
     *
     * @param lambda λ by iteration or epoch
     * @return with ε = 2 and θ = 0.1
     * @throws IllegalArgumentException if the schedule is null
     */
    public static JumpReLUEncoder tanh(ISchedule lambda) {
        return new JumpReLUEncoder(Objective.TANH, lambda, 0, 2, 0.1);
    }

    /**
     * Returns an encoder with the tanh objective and a constant weight.
     *
     * @param lambda λ, at least 0
     * @return with ε = 2 and θ = 0.1
     * @throws IllegalArgumentException if λ is negative or not finite
     */
    public static JumpReLUEncoder tanh(double lambda) {
        return tanh(weight("JumpReLUEncoder", lambda));
    }

    /**
     * Returns an encoder for codes alone, such as one that is read from a file.
     *
     * @return the step objective with λ = 0
     */
    static JumpReLUEncoder trained() {
        return step(new FixedSchedule(0));
    }

    /**
     * Returns this encoder with another bandwidth.
     *
     * @param bandwidth ε, above 0
     * @return a copy
     * @throws IllegalArgumentException if it is not above 0
     */
    public JumpReLUEncoder withBandwidth(double bandwidth) {
        return new JumpReLUEncoder(objective, sparsity(), targetL0, bandwidth, initialThreshold);
    }

    /**
     * Returns this encoder with another threshold at the start of training.
     *
     * @param threshold θ, at least 0
     * @return a copy
     * @throws IllegalArgumentException if it is negative or not finite
     */
    public JumpReLUEncoder withInitialThreshold(double threshold) {
        return new JumpReLUEncoder(objective, sparsity(), targetL0, bandwidth, threshold);
    }

    /**
     * Returns the term of the loss that keeps codes sparse.
     *
     * @return the objective
     */
    public Objective getObjective() {
        return objective;
    }

    /**
     * Returns the target of TARGET_L0.
     *
     * @return L0*, or 0 for other objectives
     */
    public double getTargetL0() {
        return targetL0;
    }

    /**
     * Returns the width of the ramp that replaces the step.
     *
     * @return ε
     */
    public double getBandwidth() {
        return bandwidth;
    }

    /**
     * Returns the threshold at the start of training.
     *
     * @return θ
     */
    public double getInitialThreshold() {
        return initialThreshold;
    }

    @Override
    boolean prefersUnitNorm() {
        return objective != Objective.TANH;
    }

    @Override
    boolean chargesDeadUnits() {
        return objective == Objective.TANH;
    }

    @Override
    List<String> unitParameters() {
        return List.of(BIAS, THRESHOLD);
    }

    @Override
    double initial(String parameter) {
        return parameter.equals(THRESHOLD) ? initialThreshold : super.initial(parameter);
    }

    @Override
    CodeRule rule(PassContext context) {
        return new Rule(this, context);
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return super.equals(other)
                && other instanceof JumpReLUEncoder that
                && objective == that.objective
                && targetL0 == that.targetL0
                && bandwidth == that.bandwidth
                && initialThreshold == that.initialThreshold;
    }

    @Override
    public int hashCode() {
        return Objects.hash(super.hashCode(), objective, targetL0, bandwidth, initialThreshold);
    }

    private static final class Rule extends CodeRule {

        private final Objective objective;
        private final double targetL0;
        private final double lambda;
        private final double bandwidth;
        private final boolean training;
        private final int examples;
        private final DeadUnits dead;
        private final boolean[] isDead;
        private final double[] threshold;
        /** Where pre-activations begin to matter. */
        private final RowVector floors;

        private final double[] thresholdGradient;
        /** The weight of a unit that becomes active. */
        private double perUnit;

        Rule(JumpReLUEncoder encoder, PassContext context) {
            objective = encoder.objective;
            targetL0 = encoder.targetL0;
            lambda = context.sparsity();
            perUnit = objective == Objective.STEP ? lambda : 0;
            bandwidth = encoder.bandwidth;
            training = context.training();
            examples = context.examples();
            dead = objective == Objective.TANH && training ? context.dead() : DeadUnits.NONE;
            isDead = new boolean[context.units()];
            for (int j : dead.units()) {
                isDead[j] = true;
            }
            threshold = context.numbers(THRESHOLD);
            floors = RowVector.of(context.type(), threshold.length);
            for (int j = 0; j < threshold.length; j++) {
                floors.set(j, training ? threshold[j] - bandwidth / 2 : threshold[j]);
            }
            thresholdGradient = new double[threshold.length];
        }

        @Override
        void select(RowVector z, Scratch scratch, PairList pairs) {
            int count = z.above(floors, scratch.found);
            for (int i = 0; i < count; i++) {
                int j = scratch.found[i];
                double pre = z.get(j);
                boolean active = !(pre <= threshold[j]); // NaN must show
                if (active || !isDead[j]) {
                    pairs.add(j, pre, active ? pre : 0);
                }
            }
            for (int j : dead.units()) {
                if (z.get(j) <= threshold[j]) {
                    pairs.add(j, z.get(j), 0);
                }
            }
        }

        @Override
        double batchLoss(PairList pairs) {
            if (objective != Objective.TARGET_L0) {
                return 0;
            }
            long active = 0;
            for (int p = 0; p < pairs.size(); p++) {
                active += pairs.value(p) != 0 ? 1 : 0;
            }
            double difference = active / (double) examples / targetL0 - 1;
            perUnit = 2 * lambda * difference / targetL0;
            return examples * lambda * difference * difference;
        }

        @Override
        boolean chargesNorms() {
            return objective == Objective.TANH;
        }

        @Override
        void backward(UnitGradient unit) {
            int j = unit.unit;
            double theta = threshold[j];
            for (int i = 0; i < unit.count; i++) {
                double pre = unit.pre[i];
                boolean active = unit.value[i] != 0;
                if (objective == Objective.STEP) {
                    unit.penalty += active ? lambda : 0;
                } else if (objective == Objective.TANH) {
                    double tanh = Math.tanh(TANH_SCALE * unit.value[i] * unit.norm);
                    double slope = lambda * TANH_SCALE * (1 - tanh * tanh);
                    unit.penalty += lambda * tanh;
                    unit.gradient[i] += slope * unit.norm;
                    unit.normGradient += slope * unit.value[i];
                }
                if (Math.abs(pre - theta) < bandwidth / 2) {
                    thresholdGradient[j] -= (theta * unit.gradient[i] + perUnit) / bandwidth;
                }
                unit.gradient[i] = active ? unit.gradient[i] : 0;
                if (isDead[j] && pre < theta) {
                    unit.penalty += DEAD_WEIGHT * (theta - pre) * unit.norm;
                    unit.gradient[i] -= DEAD_WEIGHT * unit.norm;
                    unit.normGradient += DEAD_WEIGHT * (theta - pre);
                    thresholdGradient[j] += DEAD_WEIGHT * unit.norm;
                }
            }
            unit.sumBias();
        }

        @Override
        Map<String, double[]> gradients() {
            return Map.of(THRESHOLD, thresholdGradient);
        }

        @Override
        double examplePenalty(PairList pairs, int example, double[] norms) {
            double sum = 0;
            for (int p = pairs.start(example); p < pairs.start(example + 1); p++) {
                int j = pairs.unit(p);
                boolean active = pairs.value(p) != 0;
                if (objective == Objective.STEP) {
                    sum += active ? lambda : 0;
                } else if (objective == Objective.TANH) {
                    sum += lambda * Math.tanh(TANH_SCALE * pairs.value(p) * norms[j]);
                    sum += isDead[j] && !active ? DEAD_WEIGHT * (threshold[j] - pairs.pre(p)) * norms[j] : 0;
                }
            }
            return sum;
        }
    }
}
