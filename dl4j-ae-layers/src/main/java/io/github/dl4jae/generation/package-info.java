/**
 * Generation of new data from a trained autoencoder: codes for its decoder.
 *
 * <pre>
 * from the prior         z ~ p(z)                                  VariationalModel.samplePrior
 * from a fitted mixture  z ~ Σ_k π_k N(m_k, C_k)                   CodeMixture
 * between two codes      z(t) = (1 − t)·a + t·b, or along an arc   Interpolation
 * one latent at a time   z + t·e_j                                 LatentTraversal
 * </pre>
 *
 * <p>{@link io.github.dl4jae.generation.SampleDiscrepancy} tests whether codes are distributed like their prior, {@link
 * io.github.dl4jae.generation.ParzenWindow} estimates a likelihood from samples.
 *
 * <p>{@code Autoencoder.decode} decodes the codes, {@code ImageGrid} renders decoded images.
 */
@NullMarked
package io.github.dl4jae.generation;

import org.jspecify.annotations.NullMarked;
