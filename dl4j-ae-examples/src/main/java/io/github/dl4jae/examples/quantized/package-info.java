/**
 * Discrete codes: a variational autoencoder with a codebook, and samples of a prior over its indices.
 */
package io.github.dl4jae.examples.quantized;
