/**
 * The library's random numbers: counter-based, so that noise depends on the configuration's seed and on the place where it is
 * used, and on nothing that happened before.
 *
 * <pre>
 * number = f(seed, layer, iteration, epoch, draw, place)
 * </pre>
 */
package io.github.dl4jae.noise;
