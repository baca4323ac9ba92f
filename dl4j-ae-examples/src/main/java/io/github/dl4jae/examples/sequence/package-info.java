/** Texts into texts: sequence to sequence with attention. */
package io.github.dl4jae.examples.sequence;
