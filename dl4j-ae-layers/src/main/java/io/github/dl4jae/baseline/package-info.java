/**
 * What an autoencoder must beat: classical methods behind the same {@link io.github.dl4jae.Autoencoder}.
 *
 * <p>Principal component analysis is the best that any linear code of k numbers can do in squared error (Eckart and Young),
 * and a linear autoencoder trained to the optimum finds the same subspace (Baldi and Hornik 1989). So an autoencoder earns
 * its keep by the distance to {@link io.github.dl4jae.baseline.PcaAutoencoder} of the same code size.
 */
package io.github.dl4jae.baseline;
