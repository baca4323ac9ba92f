/**
 * Numerical functions on plain arrays.
 *
 * <p>Internal: no public signature of the library mentions this package, and it may change with every version.
 */
@NullMarked
package io.github.dl4jae.internal.math;

import org.jspecify.annotations.NullMarked;
