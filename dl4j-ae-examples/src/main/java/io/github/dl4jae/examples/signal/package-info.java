/**
 * Noise is removed from sound, by a denoising autoencoder and by spectral methods.
 */
package io.github.dl4jae.examples.signal;
