/**
 * Examples that read like recipes, and the launcher that lists and runs them.
 *
 * <p>Start with {@link io.github.dl4jae.examples.Quickstart}. What examples share: {@link
 * io.github.dl4jae.examples.ExampleOptions} (the command line), {@link io.github.dl4jae.examples.Training} (epochs, early
 * stopping, checkpoints, a progress bar) and {@link io.github.dl4jae.examples.Report} (figures and pictures).
 */
package io.github.dl4jae.examples;
