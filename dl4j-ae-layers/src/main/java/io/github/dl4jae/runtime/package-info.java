/**
 * The process that runs the library.
 *
 * <p>The library prepares a process by itself, when ND4J's CPU backend loads. {@link
 * io.github.dl4jae.runtime.Doctor} reports the result.
 *
 * <ul>
 *   <li>It selects the fastest native build on the class path that the processor can run.
 *   <li>On Linux it sets the environment variables of native threads that the user has not set.
 *   <li>It keeps ND4J from freeing operands that native code still reads, which can crash the JVM.
 *   <li>On Linux with glibc it lets the JVM exit while OpenBLAS works, where it could hang.
 * </ul>
 *
 * <p>No program has to call anything, and none fails because a setting cannot be applied. The system property {@code
 * dl4jae.runtime=false} turns all of it off. {@code docs/performance.md} describes settings that only a command line
 * can change.
 */
@NullMarked
package io.github.dl4jae.runtime;

import org.jspecify.annotations.NullMarked;
