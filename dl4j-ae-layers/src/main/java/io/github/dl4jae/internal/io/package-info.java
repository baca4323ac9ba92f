/**
 * Files that are written completely or not at all, and JSON that is safe to parse.
 *
 * <p>Internal: no public signature of the library mentions this package, and it may change with every version.
 */
@NullMarked
package io.github.dl4jae.internal.io;

import org.jspecify.annotations.NullMarked;
