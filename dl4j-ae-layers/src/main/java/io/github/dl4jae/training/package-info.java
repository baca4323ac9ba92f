/**
 * Training of any network.
 *
 * <pre>{@code
 * TrainingResult result = new Trainer.Builder(network, data)
 *         .epochs(50).validation(heldOut).patience(5).checkpoint(Path.of("training.zip")).build().fit();
 * }</pre>
 *
 * <ul>
 *   <li>{@link io.github.dl4jae.training.Trainer}: a loop with validation, early stopping, checkpoints, exact resume
 *       and a guard against NaN.
 *   <li>{@link io.github.dl4jae.training.ElboScoreCalculator}: scores variational autoencoders for early stopping, with
 *       a constant β.
 *   <li>{@link io.github.dl4jae.training.ScheduleEndScoreCalculator}: scores networks at the end of their schedules,
 *       for Deeplearning4j's own early stopping.
 * </ul>
 *
 * <p>For training with {@code network.fit}:
 *
 * <ul>
 *   <li>{@link io.github.dl4jae.training.FiniteGuard}: stops training before NaN or infinity reaches the
 *       parameters, and names the source.
 *   <li>{@link io.github.dl4jae.training.ExitGuard}: lets the JVM exit between two iterations.
 * </ul>
 */
@NullMarked
package io.github.dl4jae.training;

import org.jspecify.annotations.NullMarked;
