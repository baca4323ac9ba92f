/**
 * Autoencoders for Deeplearning4j.
 *
 * <p>An {@link io.github.dl4jae.Autoencoder} encodes and decodes; {@link io.github.dl4jae.Autoencoders} finds one in
 * any trained network. The other packages, one concept each:
 *
 * <p>What people do with a trained autoencoder:
 *
 * <ul>
 *   <li>{@code generation}: samples from mixtures of codes, interpolation, latent traversals
 *   <li>{@code disentanglement}: mutual information gap, SAP, DCI, FactorVAE and β-VAE scores
 *   <li>{@code selection}: feature selection, with and without networks
 *   <li>{@code training}: early stopping by the evidence lower bound, guards against NaN and killed processes
 * </ul>
 *
 * <p>Training methods, baselines and tables:
 *
 * <ul>
 *   <li>{@code pretraining}: greedy layerwise pretraining, tied autoencoders, restricted Boltzmann machines
 *   <li>{@code baseline}: principal component analysis as an autoencoder
 *   <li>{@code tabular}: CSV files as matrices with named columns
 * </ul>
 *
 * <p>Kinds of autoencoders:
 *
 * <ul>
 *   <li>{@code sparse}: top-k activation and layer, activity regularization, sparsity reports
 *   <li>{@code denoising}: corruptions of the input, denoising score, Langevin sampling
 *   <li>{@code contractive}: penalties on the norm of the encoder's Jacobian, tangent spaces
 *   <li>{@code variational}: Gaussian latent layer, priors, regularizers, importance weighting, likelihood estimates
 *   <li>{@code concrete}: the concrete selector layer
 *   <li>{@code sparsecoding}: predictive sparse decomposition
 * </ul>
 *
 * <p>Building blocks:
 *
 * <ul>
 *   <li>{@code dense}: fast dense and output layers, tied weights
 *   <li>{@code likelihood}: negative log-likelihoods as losses
 *   <li>{@code penalty}: penalties on activations
 *   <li>{@code noise}: counter-based random streams
 *   <li>{@code schedule}: linear, geometric and cyclical schedules
 *   <li>{@code updater}: Adam with fused loops, and with one learning rate per block
 *   <li>{@code data}: MNIST and Fashion-MNIST in IDX files, synthetic digits, sprites and tables
 *   <li>{@code plot}: image grids, curves, scatter plots and vector fields as PNG
 * </ul>
 *
 * <p>Packages below {@code internal} are not part of the public interface.
 */
@NullMarked
package io.github.dl4jae;

import org.jspecify.annotations.NullMarked;
