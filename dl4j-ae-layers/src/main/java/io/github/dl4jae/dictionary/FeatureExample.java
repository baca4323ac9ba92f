package io.github.dl4jae.dictionary;

/**
 * An example in which a feature fires.
 *
 * @param example the number of the example, from 0, in the order in which the collector received them
 * @param position where in the example the activation is largest in magnitude: the pixel, {@code y·width + x}, of a
 *     convolutional layer, the time step of a recurrent one, otherwise 0
 * @param activation the activation there; negative only in dictionaries with signed codes
 * @param label the class of the example, or −1 where it has none
 */
public record FeatureExample(int example, int position, double activation, int label) {}
