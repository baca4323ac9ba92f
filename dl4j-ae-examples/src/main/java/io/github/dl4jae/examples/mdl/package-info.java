/** Description lengths of models, and code sizes chosen by them. */
package io.github.dl4jae.examples.mdl;
