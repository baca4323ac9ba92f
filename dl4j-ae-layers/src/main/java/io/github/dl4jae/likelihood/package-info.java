/**
 * Reconstruction losses as negative log-likelihoods, computed from the pre-activations of an output layer.
 *
 * <pre>
 * LossBernoulli                −Σ_i ln p(x_i) = Σ_i softplus(z_i) − x_i·z_i                      p = σ(z)
 * LossContinuousBernoulli      −Σ_i ln p(x_i) = Σ_i ln((e^z_i − 1)/z_i) − x_i·z_i                a density on [0, 1]
 * LossGaussian                 −Σ_i ln N(x_i; y_i, s²) = Σ_i (x_i − y_i)²/(2s²) + ln s + ½ ln 2π  y = activation(z)
 * LossGaussianLearnedVariance  the same with s_i² from the network
 * LossCategorical              −Σ_d ln softmax(z_d) at the class of variable d
 * LossPoissonNll               Σ_i r_i − x_i·ln r_i + ln x_i!                                    r = e^z or softplus(z)
 * LossMixed                    Σ_k L_k, a loss of these for each block of columns of a mixed table
 * LossReconstructionDistribution   −ln p(x) of a distribution of Deeplearning4j
 * ActivationStableSoftplus         ln(1 + e^z) without overflow, for the rates of LossPoissonNll
 * ActivationMixed                  an activation for each block of columns, for LossMixed
 * </pre>
 *
 * <p>All use the same reduction: the sum over features (and unmasked outputs) and the mean over the examples of a
 * mini-batch, in nats per example. Stock losses differ: {@code LossMSE} takes the mean over features, {@code
 * LossBinaryXENT} the sum. Beside a KL divergence, a mean over n features makes the divergence n times too heavy.
 *
 * <p>A mask has one value per example, or one per label. Where it is 0, there is no term and no gradient, and the label
 * may be anything, even NaN.
 *
 * <p>{@link SampledOutput} draws examples from the distributions, {@link DistributionOutput} returns their means.
 */
@NullMarked
package io.github.dl4jae.likelihood;

import org.jspecify.annotations.NullMarked;
