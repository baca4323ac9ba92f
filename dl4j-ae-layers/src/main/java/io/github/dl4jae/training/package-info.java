/**
 * Around the training of any network: stop before bad numbers do damage, stop in time when the JVM ends, and stop at the epoch that is really the best.
 *
 * <pre>{@code
 * ExitGuard guard = new ExitGuard();
 * network.setListeners(new ScoreIterationListener(100), new FiniteGuard(), guard);
 * guard.run(() -> network.fit(data, 20));
 * }</pre>
 *
 * <ul>
 *   <li>{@link io.github.dl4jae.training.FiniteGuard}: no NaN or infinity reaches the parameters, and the message says where it came from.
 *   <li>{@link io.github.dl4jae.training.ExitGuard}: a JVM that is told to end does so, between two iterations.
 *   <li>{@link io.github.dl4jae.training.ElboScoreCalculator}: Deeplearning4j's early stopping for variational autoencoders, whatever β is at the time.
 * </ul>
 */
package io.github.dl4jae.training;
