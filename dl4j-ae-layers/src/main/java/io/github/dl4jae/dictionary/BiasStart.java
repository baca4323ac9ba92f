package io.github.dl4jae.dictionary;

/** The first value of the decoder bias b_dec of an attached dictionary. */
public enum BiasStart {
    /** 0. */
    ZERO,
    /** The mean of a sample of the activations. */
    MEAN,
    /** The geometric median of a sample of the activations, which a few extreme examples do not move. */
    GEOMETRIC_MEDIAN
}
