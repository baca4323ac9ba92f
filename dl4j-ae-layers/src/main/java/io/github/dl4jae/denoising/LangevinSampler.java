package io.github.dl4jae.denoising;

import io.github.dl4jae.internal.kernel.FiniteArrays;
import io.github.dl4jae.internal.kernel.FloatingPoint;
import io.github.dl4jae.internal.kernel.NoisyRows;
import io.github.dl4jae.internal.layer.Require;
import io.github.dl4jae.noise.NoiseStream;
import java.util.function.UnaryOperator;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * A sampler of a density with a known score: the unadjusted Langevin algorithm.
 *
 * <pre>
 * x ← x + ½·τ·s(x) + √τ·η,  η ~ N(0, I)
 * </pre>
 *
 * <p>For small steps τ the distribution of the points converges to the density from any start. Larger steps converge
 * faster but to a wider distribution: for N(0, v) the variance becomes v/(1 − τ/4v) per coordinate, and τ must be below
 * 4v. Points rarely cross from one region of high density to a distant one, so start with many points.
 *
 * @see DenoisingScore
 * @see <a href="https://jmlr.org/papers/v15/alain14a.html">Alain and Bengio 2014, section 4: sampling with an
 *     autoencoder</a>
 */
public final class LangevinSampler {

    private final UnaryOperator<INDArray> score;
    private final double step;
    private final NoiseStream noise;

    /**
     * Creates a sampler.
     *
     * @param score s = ∇ ln p, such as a {@link DenoisingScore}
     * @param step τ, above 0; start with a tenth of the variance along the narrowest direction
     * @param seed the seed of the noise
     * @throws IllegalArgumentException if the score is null, or the step is not above 0 and finite
     */
    public LangevinSampler(UnaryOperator<INDArray> score, double step, long seed) {
        this.score = Require.given("LangevinSampler", "score", score, "pass a DenoisingScore, for example");
        this.step = Require.positive("LangevinSampler", "step", step, "try σ²/10");
        this.noise = NoiseStream.of(seed, "LangevinSampler");
    }

    /**
     * Moves points by a number of steps.
     *
     * @param start {@code [N, d]}, not changed
     * @param steps the number of steps, at least 0
     * @return the points after the last step, {@code [N, d]}, a new array
     * @throws IllegalArgumentException if there are no points, one of them is not finite, or the number of steps is
     *     negative
     * @throws IllegalStateException if the score is NaN, or a point diverges because the step is too large
     */
    public INDArray run(INDArray start, int steps) {
        Require.that(
                !start.isEmpty() && FiniteArrays.isFinite(start),
                "LangevinSampler",
                "start must be finite points [N, d]",
                start.isEmpty() ? "none" : "NaN or an infinite value",
                "sample points from N(0, I), or start from examples");
        Require.atLeast(0, "LangevinSampler", "steps", steps, "");
        INDArray x = FloatingPoint.of(start).dup('c');
        for (int t = 0; t < steps; t++) {
            INDArray slope = score.apply(x);
            if (Double.isNaN(slope.sumNumber().doubleValue())) {
                throw new IllegalStateException(
                        "LangevinSampler: the score must be a number at finite points, got NaN in step " + (t + 1)
                                + "; check the network");
            }
            x.addi(slope.mul(step / 2));
            double root = Math.sqrt(step);
            NoisyRows.apply(x, x, noise.at(t, 0, 0)::normal, (value, eta) -> value + root * eta);
            if (!FiniteArrays.isFinite(x)) {
                throw new IllegalStateException(
                        "LangevinSampler: points must stay finite, got NaN or an infinite value in step " + (t + 1)
                                + "; use a step below " + step);
            }
        }
        return x;
    }
}
