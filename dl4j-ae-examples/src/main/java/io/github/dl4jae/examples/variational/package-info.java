/**
 * Variational autoencoders: dense, convolutional, conditional, importance-weighted, and disentangled.
 */
package io.github.dl4jae.examples.variational;
