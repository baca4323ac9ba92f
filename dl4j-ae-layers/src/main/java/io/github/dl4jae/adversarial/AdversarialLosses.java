package io.github.dl4jae.adversarial;

/**
 * Mean losses per example of an epoch.
 *
 * @param reconstruction of the decoder's output layer
 * @param discriminator L_D of the latents; 2·ln 2 = 1.386 if the discriminator cannot tell codes from the prior
 * @param encoder L_E of the latents; ln 2 = 0.693 likewise
 * @param categoryDiscriminator L_D of the categories; 0 without categories
 * @param categoryEncoder L_E of the categories; 0 without categories
 * @param classification cross-entropy of labeled examples, in nats; 0 without labels
 */
public record AdversarialLosses(
        double reconstruction,
        double discriminator,
        double encoder,
        double categoryDiscriminator,
        double categoryEncoder,
        double classification) {

    static final int COUNT = 6;

    static AdversarialLosses of(double[] values) {
        return new AdversarialLosses(values[0], values[1], values[2], values[3], values[4], values[5]);
    }

    double[] values() {
        return new double[] {
            reconstruction, discriminator, encoder, categoryDiscriminator, categoryEncoder, classification
        };
    }
}
