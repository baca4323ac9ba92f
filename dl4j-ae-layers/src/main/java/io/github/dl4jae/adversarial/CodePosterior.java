package io.github.dl4jae.adversarial;

import io.github.dl4jae.internal.layer.Require;

/**
 * The distribution q(z|x) from which a training step draws latents. After training, the code of an example is its mean.
 *
 * <pre>
 * Deterministic   z = f(x)                            the encoder has n outputs for n latents
 * Noisy           z = f(x) + s·ε                      n outputs; ε ~ N(0, I)
 * Gaussian        z = m(x) + exp(½ l(x))·ε            2n outputs: means, then log-variances, in [−10, 10]
 * </pre>
 *
 * <p>Noise of a fixed deviation s limits the information of a code to about n·log(1/s) nats if the prior is standard
 * normal. It makes the codes of many examples one smooth distribution, so that the decoder knows every sample of the
 * prior. The Gaussian posterior of the paper is free to shrink its variances, and usually does.
 */
public sealed interface CodePosterior {

    /** A code without noise. */
    record Deterministic() implements CodePosterior {}

    /**
     * A code with noise of a fixed deviation.
     *
     * @param deviation s, above 0
     */
    record Noisy(double deviation) implements CodePosterior {
        /**
         * Creates the posterior.
         *
         * @param deviation s, above 0
         * @throws IllegalArgumentException if it is not positive and finite
         */
        public Noisy {
            Require.positive("Noisy", "deviation", deviation, "use Deterministic for none");
        }
    }

    /** A code with a learned variance for each example and latent. */
    record Gaussian() implements CodePosterior {}
}
