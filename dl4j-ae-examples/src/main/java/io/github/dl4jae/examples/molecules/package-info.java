/** Molecules as texts: an autoencoder of SMILES, whose codes are searched for properties. */
package io.github.dl4jae.examples.molecules;
