/** Adversarial autoencoders: codes in the shape of a prior. */
package io.github.dl4jae.examples.adversarial;
