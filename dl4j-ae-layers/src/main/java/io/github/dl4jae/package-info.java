/**
 * Autoencoders for Deeplearning4j.
 *
 * <p>An {@link io.github.dl4jae.Autoencoder} maps data to a code and back; {@link io.github.dl4jae.Autoencoders} finds one
 * in any trained network. Layers, activations and penalties to build such networks from are in the packages below, one
 * concept each:
 *
 * <ul>
 *   <li>{@code sparse}: top-k activation and layer, activity regularization, sparsity figures
 *   <li>{@code penalty}: L1, L2 and target-rate penalties on activations
 *   <li>{@code schedule}: values that move while a network trains
 *   <li>{@code baseline}: principal component analysis as an autoencoder
 *   <li>{@code data}: MNIST and Fashion-MNIST in IDX files, and synthetic digits
 *   <li>{@code plot}: image grids, curves and scatter plots as PNG
 * </ul>
 */
package io.github.dl4jae;
