/**
 * New data from a trained autoencoder: codes to decode.
 *
 * <pre>
 * from the prior         z ~ p(z)                                  VariationalModel.samplePrior
 * from a fitted mixture  z ~ Σ_k π_k N(m_k, C_k)                   CodeMixture
 * between two codes      z(t) = (1 − t)·a + t·b, or along an arc   Interpolation
 * one latent at a time   z + t·e_j                                 LatentTraversal
 * </pre>
 *
 * <p>Decode them with {@code Autoencoder.decode}, and draw images with {@code ImageGrid}.
 */
package io.github.dl4jae.generation;
