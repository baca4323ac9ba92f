/**
 * Autoencoders whose codes are sparse: by a penalty on mean activations, and by competition.
 */
package io.github.dl4jae.examples.sparse;
