package io.github.dl4jae.variational;

/**
 * The weighted KL divergence of the posterior from the prior, a mean over examples, with free bits.
 *
 * <pre>
 * N(0, I)     P = β Σ_j max(λ, KL_j)     KL_j = 1/N Σ_i ½(μ_ij² + σ_ij² − 1 − ln σ_ij²)
 *             ∂KL_j/∂μ_ij = μ_ij/N        ∂KL_j/∂ln σ_ij² = ½(σ_ij² − 1)/N
 * mixtures    P = β/N Σ_i ln q(z_i|x_i) − ln p(z_i)     at z = μ + σ ⊙ ε, where ln q = −½ Σ_j ε_j² + ln σ_j² + ln 2π
 *             ∂P/∂z = −β/N ∂ln p/∂z       ∂P/∂ln σ² = −½ β/N
 * </pre>
 */
final class KullbackLeibler {

    private KullbackLeibler() {}

    /** Returns KL(N(μ, σ²)‖N(0, 1)). */
    static double ofOne(double mean, double logVariance) {
        return 0.5 * (mean * mean + Math.expm1(logVariance) - logVariance);
    }

    /** Returns P and adds its gradient to the codes. */
    static double evaluate(LatentCodes codes, double beta, double freeBits) {
        return codes.posterior().prior().isStandardNormal()
                ? closedForm(codes, beta, freeBits)
                : atTheSamples(codes, beta);
    }

    private static double closedForm(LatentCodes codes, double beta, double freeBits) {
        GaussianPosterior q = codes.posterior();
        double[] mean = q.sharedMean();
        double[] logVariance = q.sharedLogVariance();
        double[] perLatent = q.divergencePerLatent(codes.sharedSample());
        double value = 0;
        for (int j = 0; j < perLatent.length; j++) {
            value += Math.max(freeBits, perLatent[j]);
        }
        double scale = beta / q.rows();
        for (int at = 0; at < mean.length; at++) {
            if (perLatent[at % q.latents()] >= freeBits) {
                codes.sharedMeanGradient()[at] += scale * mean[at];
                codes.sharedLogVarianceGradient()[at] += scale * 0.5 * Math.expm1(logVariance[at]);
            }
        }
        return beta * value;
    }

    private static double atTheSamples(LatentCodes codes, double beta) {
        GaussianPosterior q = codes.posterior();
        double scale = beta / q.rows();
        double value = 0;
        for (int i = 0; i < q.rows(); i++) {
            int offset = i * q.latents();
            value -= q.logRatio(i, codes.sharedSample(), offset);
            q.prior().addGradient(codes.sharedSample(), offset, -scale, codes.sharedSampleGradient());
            for (int at = offset; at < offset + q.latents(); at++) {
                codes.sharedLogVarianceGradient()[at] -= 0.5 * scale;
            }
        }
        return scale * value;
    }
}
