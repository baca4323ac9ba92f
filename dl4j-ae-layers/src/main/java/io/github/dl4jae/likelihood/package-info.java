/**
 * Reconstruction losses as negative log-likelihoods, computed from the pre-activations of an output layer.
 *
 * <pre>
 * LossBernoulli   −Σ_i ln p(x_i)     = Σ_i softplus(z_i) − x_i·z_i             p = σ(z)
 * LossGaussian    −Σ_i ln N(x_i; y_i, s²) = Σ_i (x_i − y_i)²/(2s²) + ln s + ½ ln 2π    y = activation(z)
 * </pre>
 *
 * <p>Reduction, the same for all: the sum over features (and unmasked outputs), the mean over the examples of a minibatch; in nats per
 * example. Stock losses differ among themselves: {@code LossMSE} takes the mean over features, {@code LossBinaryXENT} the sum. A
 * mean over features beside a Kullback-Leibler term weighs the term as many times too heavily as there are features.
 */
package io.github.dl4jae.likelihood;
