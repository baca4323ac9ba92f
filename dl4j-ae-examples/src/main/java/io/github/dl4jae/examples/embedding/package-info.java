/**
 * Low-dimensional codes by linear and deep autoencoders, compared with PCA and UMAP.
 */
package io.github.dl4jae.examples.embedding;
