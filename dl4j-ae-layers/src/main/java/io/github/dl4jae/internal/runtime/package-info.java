/**
 * Settings of the process, which the library applies when ND4J loads: native build, native threads, protection of
 * operands, exit.
 *
 * <p>Internal: no public signature of the library mentions this package, and it may change with every version.
 */
@NullMarked
package io.github.dl4jae.internal.runtime;

import org.jspecify.annotations.NullMarked;
