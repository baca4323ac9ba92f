/** Examples on tables: a variational autoencoder for columns of several kinds. */
package io.github.dl4jae.examples.tabular;
