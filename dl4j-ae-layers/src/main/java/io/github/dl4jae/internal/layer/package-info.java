/**
 * Shared parts of layer implementations: checks, the construction of networks, counts of examples, training time.
 *
 * <p>Internal: no public signature of the library mentions this package, and it may change with every version.
 */
@NullMarked
package io.github.dl4jae.internal.layer;

import org.jspecify.annotations.NullMarked;
