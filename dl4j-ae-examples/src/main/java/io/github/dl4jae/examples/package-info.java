/**
 * The launcher, which lists and runs the examples, and {@link io.github.dl4jae.examples.Quickstart} to start with.
 *
 * <p>There is one package per concept. {@code support} has the code that examples share, {@code reproduce} the recipes
 * of papers, and {@code bench} the comparison with stock Deeplearning4j and PyTorch. The launcher imports them all; the
 * recipes import concepts; a concept imports {@code support} and no other concept.
 */
package io.github.dl4jae.examples;
