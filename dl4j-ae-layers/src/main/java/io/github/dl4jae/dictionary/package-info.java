/** Sparse dictionaries of a network's activations, and ways to look at their features. */
@NullMarked
package io.github.dl4jae.dictionary;

import org.jspecify.annotations.NullMarked;
