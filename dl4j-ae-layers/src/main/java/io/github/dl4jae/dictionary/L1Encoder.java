package io.github.dl4jae.dictionary;

import io.github.dl4jae.internal.kernel.RowVector;
import org.jspecify.annotations.Nullable;
import org.nd4j.linalg.schedule.ISchedule;
import org.nd4j.shade.jackson.annotation.JsonProperty;

/**
 * A ReLU with an L1 penalty, weighted by the lengths of decoder rows.
 *
 * <pre>
 * f = relu(z)        L = ‖e‖² + λ Σ_j f_j ‖d_j‖
 * ∂L/∂z_j = ∂L/∂f_j + λ‖d_j‖ where z_j &gt; 0,   ∂/∂d_j = λ Σ_b f_j · d_j/‖d_j‖
 * </pre>
 *
 * <p>The weight ‖d_j‖ keeps the network from evading the penalty by small codes and a large decoder. The penalty
 * shrinks all codes, also those that should be large. Use it as a baseline, and where codes must be continuous in
 * their input. λ of 1 to 10 is usual for inputs with E‖x‖² = d. Increase it slowly over the first steps, or units die.
 *
 * @see <a href="https://transformer-circuits.pub/2024/april-update/index.html">Anthropic 2024, Update on training
 *     sparse autoencoders</a>
 */
public final class L1Encoder extends PenaltyEncoder {

    /**
     * Creates an encoder with a constant weight.
     *
     * @param lambda λ, at least 0
     * @throws IllegalArgumentException if it is negative or not finite
     */
    public L1Encoder(double lambda) {
        this(weight("L1Encoder", lambda));
    }

    /**
     * Creates an encoder with a scheduled weight.
     *
     * @param lambda λ by iteration or epoch
     * @throws IllegalArgumentException if it is null
     */
    public L1Encoder(@JsonProperty("lambda") @Nullable ISchedule lambda) {
        super(lambda);
    }

    @Override
    boolean prefersUnitNorm() {
        return false;
    }

    @Override
    CodeRule rule(PassContext context) {
        return new Rule(context.sparsity(), RowVector.of(context.type(), context.units()));
    }

    private static final class Rule extends CodeRule {

        private final double lambda;
        private final RowVector zeros;

        Rule(double lambda, RowVector zeros) {
            this.lambda = lambda;
            this.zeros = zeros;
        }

        @Override
        void select(RowVector z, Scratch scratch, PairList pairs) {
            addAbove(zeros, z, scratch, pairs);
        }

        @Override
        boolean chargesNorms() {
            return true;
        }

        @Override
        void backward(UnitGradient unit) {
            for (int i = 0; i < unit.count; i++) {
                unit.gradient[i] += lambda * unit.norm;
                unit.normGradient += lambda * unit.value[i];
            }
            unit.penalty = unit.normGradient * unit.norm;
            unit.sumBias();
        }

        @Override
        double examplePenalty(PairList pairs, int example, double[] norms) {
            double sum = 0;
            for (int p = pairs.start(example); p < pairs.start(example + 1); p++) {
                sum += pairs.value(p) * norms[pairs.unit(p)];
            }
            return lambda * sum;
        }
    }
}
