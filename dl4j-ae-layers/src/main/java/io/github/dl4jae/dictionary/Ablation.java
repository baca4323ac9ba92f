package io.github.dl4jae.dictionary;

/** What the activations of a layer are replaced by, for comparison with a dictionary. */
public enum Ablation {
    /** Zero for all units. */
    ZERO,
    /** The mean of each unit over all rows of the data. */
    MEAN
}
