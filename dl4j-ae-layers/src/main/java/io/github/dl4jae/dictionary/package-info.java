/**
 * Sparse dictionaries of the activations of a trained network.
 */
@NullMarked
package io.github.dl4jae.dictionary;

import org.jspecify.annotations.NullMarked;
