/**
 * Counter-based random numbers: noise that depends only on the configuration's seed and on where it is used.
 *
 * <pre>
 * number = f(seed, layer, iteration, epoch, draw, place)
 * </pre>
 */
@NullMarked
package io.github.dl4jae.noise;

import org.jspecify.annotations.NullMarked;
