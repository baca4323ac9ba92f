/**
 * Selection of pixels or table columns, by concrete autoencoders and other methods.
 */
package io.github.dl4jae.examples.selection;
