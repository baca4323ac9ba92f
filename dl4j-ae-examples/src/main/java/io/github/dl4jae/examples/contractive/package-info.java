/**
 * Contractive autoencoders, and the Jacobian of their codes.
 */
package io.github.dl4jae.examples.contractive;
