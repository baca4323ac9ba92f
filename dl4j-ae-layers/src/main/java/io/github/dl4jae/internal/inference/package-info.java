/**
 * Inference with parts of trained networks: one forward pass for both kinds of network, mini-batches, masks.
 *
 * <p>Internal: no public signature of the library mentions this package, and it may change with every version.
 */
@NullMarked
package io.github.dl4jae.internal.inference;

import org.jspecify.annotations.NullMarked;
