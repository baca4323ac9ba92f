/**
 * Code that the examples share: command line ({@link io.github.dl4jae.examples.support.ExampleOptions}), data, training
 * with checkpoints ({@link io.github.dl4jae.examples.support.Training}), and reports.
 *
 * <p>Nothing here imports an example.
 */
package io.github.dl4jae.examples.support;
