package io.github.dl4jae.dictionary;

/**
 * A feature that is similar to another.
 *
 * @param unit the number of the similar feature
 * @param similarity the cosine of the decoder directions, or the correlation of the activations
 */
public record FeatureNeighbor(int unit, double similarity) {}
