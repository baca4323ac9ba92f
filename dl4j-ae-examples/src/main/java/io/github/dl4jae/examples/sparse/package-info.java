/**
 * An autoencoder whose code is sparse by a penalty on mean activations.
 */
package io.github.dl4jae.examples.sparse;
