/**
 * Sparse dictionaries of the layers of a trained classifier: their features on a page, and the kinds of dictionaries
 * compared.
 */
package io.github.dl4jae.examples.dictionary;
