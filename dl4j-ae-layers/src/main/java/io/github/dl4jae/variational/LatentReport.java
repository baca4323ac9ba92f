package io.github.dl4jae.variational;

import java.util.Arrays;
import java.util.Locale;

/**
 * The KL divergence per latent dimension: the mean over a mini-batch of KL(q(z_j|x)‖p(z_j)), in nats.
 *
 * <p>A latent with 0 nats carries no information about the example: its posterior has collapsed to the prior. Some such
 * latents are usual where the model has more latents than the data need. If all latents collapse, the decoder ignores
 * the code.
 *
 * @see LatentListener
 */
public final class LatentReport {

    /** The KL divergence in nats above which a latent counts as active. */
    static final double ACTIVE = 0.01;

    private final double[] divergence;

    /** Takes ownership of the array. */
    LatentReport(double[] divergence) {
        this.divergence = divergence;
    }

    /**
     * Returns the KL divergence per latent dimension.
     *
     * @return n values in nats, a new array
     */
    public double[] perLatent() {
        return divergence.clone();
    }

    /**
     * Returns the sum over latents, which is the KL divergence of the code if the prior's latents are independent.
     *
     * @return the sum, in nats
     */
    public double total() {
        return Arrays.stream(divergence).sum();
    }

    /**
     * Returns the number of latents with a KL divergence above 0.01 nats.
     *
     * @return at most n
     */
    public int active() {
        return (int) Arrays.stream(divergence).filter(each -> each > ACTIVE).count();
    }

    /**
     * Returns whether the posterior has collapsed.
     *
     * @return whether no latent is active
     */
    public boolean isCollapsed() {
        return active() == 0;
    }

    /** Returns the sum, the number of active latents and the ten largest values. */
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
