/**
 * Adversarial autoencoders: a discriminator on the codes replaces the KL divergence of a variational autoencoder. It
 * learns to tell codes from samples of a prior, and the encoder learns to deceive it. Any distribution that can be
 * sampled can be the prior, also a categorical one.
 *
 * <pre>
 * code          c = (y, z) = q(x)                        y: categories, if the mode has them; z: latents
 * reconstruct   L_r = loss(p(c), x)                      the decoder's own output layer
 * discriminate  L_D = −log σ(D(prior)) − log(1 − σ(D(c)))     for each of y and z
 * deceive       L_E = −log σ(D(c))                       the encoder minimizes L_r + λ_z·L_E(z) + λ_y·L_E(y)
 * </pre>
 *
 * <p>{@link io.github.dl4jae.adversarial.AdversarialAutoencoder} trains the networks, {@link
 * io.github.dl4jae.adversarial.AdversarialMode} decides what a code is, {@link
 * io.github.dl4jae.adversarial.CodePosterior} how latents are drawn, {@link io.github.dl4jae.adversarial.CodePrior}
 * what they should look like, and {@link io.github.dl4jae.adversarial.AdversarialModel} is the trained result.
 */
@NullMarked
package io.github.dl4jae.adversarial;

import org.jspecify.annotations.NullMarked;
