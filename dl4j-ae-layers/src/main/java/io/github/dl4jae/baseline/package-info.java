/**
 * Baselines for autoencoders: classical methods that implement {@link io.github.dl4jae.Autoencoder}.
 *
 * <p>Principal component analysis has the smallest squared error of all linear codes of k numbers (Eckart and Young). A
 * linear autoencoder trained to the optimum finds the same subspace (Baldi and Hornik 1989). A nonlinear autoencoder is
 * worth its cost only if its error is clearly below that of a {@link io.github.dl4jae.baseline.PcaAutoencoder} of the
 * same code size.
 */
@NullMarked
package io.github.dl4jae.baseline;

import org.jspecify.annotations.NullMarked;
