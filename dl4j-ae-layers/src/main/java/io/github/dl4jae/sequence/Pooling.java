package io.github.dl4jae.sequence;

/** The way from the states of an encoder to one vector. */
public enum Pooling {
    /** The state after the last step; in the backward direction, that after the first. */
    LAST,
    /** The mean of all states. */
    MEAN,
    /** A mean with learned weights: {@link io.github.dl4jae.recurrent.AttentionPoolingLayer}. */
    ATTENTION
}
