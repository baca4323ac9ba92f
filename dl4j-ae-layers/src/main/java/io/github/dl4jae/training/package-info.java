/**
 * Listeners and scores for the training of any network.
 *
 * <pre>{@code
 * ExitGuard guard = new ExitGuard();
 * network.setListeners(new ScoreIterationListener(100), new FiniteGuard(), guard);
 * guard.run(() -> network.fit(data, 20));
 * }</pre>
 *
 * <ul>
 *   <li>{@link io.github.dl4jae.training.FiniteGuard}: stops training before NaN or infinity reaches the
 *       parameters, and names the source.
 *   <li>{@link io.github.dl4jae.training.ExitGuard}: lets the JVM exit between two iterations.
 *   <li>{@link io.github.dl4jae.training.ElboScoreCalculator}: scores variational autoencoders for early
 *       stopping, with a constant β.
 * </ul>
 */
@NullMarked
package io.github.dl4jae.training;

import org.jspecify.annotations.NullMarked;
