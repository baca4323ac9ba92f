/**
 * Kernels: matrix products that skip zeros, and loops over float32 rows that replace chains of small ND4J operations.
 *
 * <p>Measured on two cores with 128 rows: an ND4J operation on a matrix of 64,000 values takes 40 to 100 µs, most of it
 * to wake a second thread. A compiled loop over rows in the first-level cache takes 15 to 30 µs on one core. On
 * backends other than the CPU, and for types other than float32, layers fall back to ND4J operations.
 *
 * <p>Internal: no public signature of the library mentions this package, and it may change with every version.
 */
@NullMarked
package io.github.dl4jae.internal.kernel;

import org.jspecify.annotations.NullMarked;
