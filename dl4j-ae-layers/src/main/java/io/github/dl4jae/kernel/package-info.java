/**
 * What all layers compute with: matrix products that use zeros, and loops over float32 rows that replace chains of small
 * operations. Inside this library only: it may change with every version.
 *
 * <p>The numbers behind it (two cores, 128 rows): an ND4J operation on a matrix of 64,000 values takes 40 to 100 µs, most of it
 * to wake a second thread; a compiled loop over rows in the first-level cache takes 15 to 30 µs on one. On other backends
 * than the CPU, and on other types than float32, layers fall back to ND4J's operations.
 */
package io.github.dl4jae.kernel;
