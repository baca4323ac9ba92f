package io.github.dl4jae.denoising;

import io.github.dl4jae.internal.kernel.FiniteArrays;
import io.github.dl4jae.internal.kernel.FloatingPoint;
import io.github.dl4jae.internal.kernel.NoisyRows;
import io.github.dl4jae.noise.NoiseStream;
import java.util.function.UnaryOperator;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * Draws from a density whose score is known, by the unadjusted Langevin algorithm.
 *
 * <pre>
 * x ← x + ½·τ·s(x) + √τ·η,  η ~ N(0, I)
 * </pre>
 *
 * For small steps τ the points end up distributed by the density, wherever they began; larger steps get there sooner and stay too
 * wide. For N(0, v) the variance reached is v/(1 − τ/4v) per coordinate, and steps must be below 4v. Between regions of high
 * density that are far from each other, points hardly ever move: begin with many.
 *
 * @see DenoisingScore
 * @see <a href="https://jmlr.org/papers/v15/alain14a.html">Alain and Bengio 2014, section 4: sampling with an autoencoder</a>
 */
public final class LangevinSampler {

    private final UnaryOperator<INDArray> score;
    private final double step;
    private final NoiseStream noise;

    /**
     * Prepares a sampler.
     *
     * @param score s = ∇ ln p, such as a {@link DenoisingScore}
     * @param step τ, above 0; a tenth of the variance along the narrowest direction is a good start
     * @param seed of the noise
     * @throws IllegalArgumentException if the step is not above 0 and finite
     */
    public LangevinSampler(UnaryOperator<INDArray> score, double step, long seed) {
        if (score == null) {
            throw new IllegalArgumentException(
                    "LangevinSampler: a score must be given, got null; a DenoisingScore is one");
        }
        if (!(step > 0) || Double.isInfinite(step)) {
            throw new IllegalArgumentException(
                    "LangevinSampler: step must be above 0 and finite, got " + step + "; try σ²/10");
        }
        this.score = score;
        this.step = step;
        this.noise = NoiseStream.of(seed, "LangevinSampler");
    }

    /**
     * Moves points for some steps.
     *
     * @param start {@code [N, d]}, not changed
     * @param steps how many, at least 0
     * @return where they are then, {@code [N, d]}
     * @throws IllegalArgumentException if there are no points, or one of them is not finite
     * @throws IllegalStateException if a point leaves all bounds, because the steps are too large; if the score is NaN
     */
    public INDArray run(INDArray start, int steps) {
        if (start.isEmpty() || !FiniteArrays.isFinite(start)) {
            throw new IllegalArgumentException("LangevinSampler: start must be finite points [N, d], got "
                    + (start.isEmpty() ? "none" : "NaN or an infinite value")
                    + "; draw points from N(0, I), or take examples");
        }
        INDArray x = FloatingPoint.of(start).dup('c');
        for (int t = 0; t < steps; t++) {
            INDArray slope = score.apply(x);
            if (Double.isNaN(slope.sumNumber().doubleValue())) {
                throw new IllegalStateException(
                        "LangevinSampler: the score must be a number at finite points, got NaN in" + " step " + (t + 1)
                                + "; check the network that it comes from");
            }
            x.addi(slope.mul(step / 2));
            double root = Math.sqrt(step);
            NoisyRows.apply(x, x, noise.at(t, 0, 0)::normal, (value, eta) -> value + root * eta);
            if (!FiniteArrays.isFinite(x)) {
                throw new IllegalStateException("LangevinSampler: points must stay finite, but one was lost in step "
                        + (t + 1) + "; make the step smaller than " + step);
            }
        }
        return x;
    }
}
