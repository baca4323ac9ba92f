package io.github.dl4jae.dictionary;

import io.github.dl4jae.internal.kernel.RowVector;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.nd4j.linalg.schedule.ISchedule;
import org.nd4j.shade.jackson.annotation.JsonProperty;

/**
 * A gate that decides which units are active, and a magnitude that decides how much, from the same weights.
 *
 * <pre>
 * u = (x − b_dec)·W_enc       π = u + b_gate       m = relu(exp(r_mag)·u + b_mag)
 * f = m where π &gt; 0, else 0
 * L = ‖e‖² + λ Σ_j relu(π_j) ‖d_j‖ + ‖x − sg(b_dec) − relu(π)·sg(W_dec)‖²
 * </pre>
 *
 * <p>sg stops the gradient. The penalty acts on the gate only, so magnitudes do not shrink. The step of the gate has no
 * gradient; the gate learns from the penalty and from its own reconstruction. Decoder rows have length 1, or the gate
 * would evade the penalty. Increase λ from 0 over the first part of the training.
 *
 * @see <a href="https://arxiv.org/abs/2404.16014">Rajamanoharan et al. 2024, Improving dictionary learning with gated
 *     sparse autoencoders</a>
 */
public final class GatedEncoder extends PenaltyEncoder {

    static final String GATE_BIAS = "bgate";
    static final String MAGNITUDE_BIAS = "bmag";
    static final String MAGNITUDE_SCALE = "rmag";

    /**
     * Creates an encoder with a constant weight.
     *
     * @param lambda λ, at least 0
     * @throws IllegalArgumentException if it is negative or not finite
     */
    public GatedEncoder(double lambda) {
        this(weight("GatedEncoder", lambda));
    }

    /**
     * Creates an encoder with a scheduled weight.
     *
     * @param lambda λ by iteration or epoch
     * @throws IllegalArgumentException if it is null
     */
    public GatedEncoder(@JsonProperty("lambda") @Nullable ISchedule lambda) {
        super(lambda);
    }

    @Override
    List<String> unitParameters() {
        return List.of(GATE_BIAS, MAGNITUDE_BIAS, MAGNITUDE_SCALE);
    }

    @Override
    String bias() {
        return GATE_BIAS;
    }

    @Override
    CodeRule rule(PassContext context) {
        return new Rule(context);
    }

    private static final class Rule extends CodeRule {

        private final double lambda;
        private final RowVector zeros;
        private final double[] gateBias;
        private final double[] magnitudeBias;
        private final double[] magnitudeScale;
        private final double[] biasGradient;
        private final double[] scaleGradient;

        Rule(PassContext context) {
            lambda = context.sparsity();
            zeros = RowVector.of(context.type(), context.units());
            gateBias = context.numbers(GATE_BIAS);
            magnitudeBias = context.numbers(MAGNITUDE_BIAS);
            magnitudeScale = context.numbers(MAGNITUDE_SCALE);
            for (int j = 0; j < magnitudeScale.length; j++) {
                magnitudeScale[j] = Math.exp(magnitudeScale[j]);
            }
            biasGradient = new double[gateBias.length];
            scaleGradient = new double[gateBias.length];
        }

        @Override
        void select(RowVector z, Scratch scratch, PairList pairs) {
            int count = z.above(zeros, scratch.found);
            for (int i = 0; i < count; i++) {
                int j = scratch.found[i];
                double u = z.get(j) - gateBias[j];
                pairs.add(j, z.get(j), Math.max(0, magnitudeScale[j] * u + magnitudeBias[j])); // NaN for NaN
            }
        }

        @Override
        boolean chargesNorms() {
            return true;
        }

        @Override
        boolean gateReconstructs() {
            return true;
        }

        @Override
        void backward(UnitGradient unit) {
            int j = unit.unit;
            for (int i = 0; i < unit.count; i++) {
                double magnitude = unit.value[i] > 0 ? unit.gradient[i] : 0;
                double gate = lambda * unit.norm + unit.gateGradient[i];
                double scaled = magnitude * magnitudeScale[j];
                biasGradient[j] += magnitude;
                scaleGradient[j] += scaled * (unit.pre[i] - gateBias[j]);
                unit.gradient[i] = scaled + gate;
                unit.biasGradient += gate;
                unit.normGradient += lambda * unit.pre[i];
            }
            unit.penalty = unit.normGradient * unit.norm;
        }

        @Override
        Map<String, double[]> gradients() {
            return Map.of(MAGNITUDE_BIAS, biasGradient, MAGNITUDE_SCALE, scaleGradient);
        }

        @Override
        double examplePenalty(PairList pairs, int example, double[] norms) {
            double sum = 0;
            for (int p = pairs.start(example); p < pairs.start(example + 1); p++) {
                sum += pairs.pre(p) * norms[pairs.unit(p)];
            }
            return lambda * sum;
        }
    }
}
