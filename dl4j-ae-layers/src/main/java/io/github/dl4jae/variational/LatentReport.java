package io.github.dl4jae.variational;

import java.util.Arrays;
import java.util.Locale;

/**
 * How much each latent carries: the mean over examples of KL(q(z_j|x)‖p(z_j)), in nats.
 *
 * <p>A latent at 0 says nothing about the example: its posterior has collapsed to the prior. Some such latents are usual where there
 * are more than the data need; all of them mean that the decoder ignores the code.
 */
public final class LatentReport {

    /** A latent that carries less is not counted as active. */
    static final double ACTIVE = 0.01;

    private final double[] divergence;

    LatentReport(double[] divergence) {
        this.divergence = divergence;
    }

    /**
     * What each latent carries.
     *
     * @return n values in nats, a new array
     */
    public double[] perLatent() {
        return divergence.clone();
    }

    /**
     * What they carry together, if the prior's latents are independent.
     *
     * @return the sum, in nats
     */
    public double total() {
        return Arrays.stream(divergence).sum();
    }

    /**
     * How many latents carry more than 0.01 nats.
     *
     * @return at most n
     */
    public int active() {
        return (int) Arrays.stream(divergence).filter(each -> each > ACTIVE).count();
    }

    /**
     * Whether no latent carries anything.
     *
     * @return whether the posterior has collapsed
     */
    public boolean isCollapsed() {
        return active() == 0;
    }

    @Override
    public String toString() {
        StringBuilder sorted = new StringBuilder();
        Arrays.stream(divergence)
                .map(each -> -each)
                .sorted()
                .limit(10)
                .forEach(each -> sorted.append(String.format(Locale.ROOT, " %.2f", Math.abs(each))));
        return String.format(
                Locale.ROOT,
                "KL %.2f nats, %d of %d latents active, largest:%s",
                total(),
                active(),
                divergence.length,
                sorted);
    }
}
