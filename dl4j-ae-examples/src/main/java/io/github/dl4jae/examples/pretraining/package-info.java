/**
 * Layerwise pretraining by Boltzmann machines and autoencoders.
 */
package io.github.dl4jae.examples.pretraining;
