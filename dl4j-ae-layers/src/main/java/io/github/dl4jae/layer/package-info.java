/**
 * Base classes for layer authors: the configuration of a layer in one place.
 *
 * <p>Deeplearning4j splits a layer into a configuration, which is saved as JSON, and an implementation, which computes.
 * A configuration must wire the implementation into its network, and must define {@code equals}, {@code hashCode} and
 * {@code toString}. The base classes do both:
 *
 * <ul>
 *   <li>{@link io.github.dl4jae.layer.AbstractFeedForwardLayer} for layers with parameters,
 *   <li>{@link io.github.dl4jae.layer.AbstractNoParamLayer} for layers without,
 *   <li>{@link io.github.dl4jae.layer.Settings} for the options that make two configurations equal.
 * </ul>
 *
 * <p>The test kit checks what they leave to the subclass: gradients, JSON, masks, shapes.
 */
@NullMarked
package io.github.dl4jae.layer;

import org.jspecify.annotations.NullMarked;
