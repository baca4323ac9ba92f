/**
 * Denoising autoencoders: noise removal, inpainting, super-resolution, and an estimate of the score of a density.
 */
package io.github.dl4jae.examples.denoising;
