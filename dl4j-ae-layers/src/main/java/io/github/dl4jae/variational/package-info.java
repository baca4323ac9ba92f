/** Variational. */
package io.github.dl4jae.variational;
