package io.github.dl4jae.concrete;

/** The initialization of the logits of a {@link ConcreteSelectorLayer}. */
public enum SelectorInitialization {
    /** The layer's {@code weightInit} alone, as in the paper: no selector prefers a column. */
    WEIGHT_INIT,

    /**
     * The layer's {@code weightInit} plus a preference of each selector for its own random n/m of the columns. These
     * have a probability of 0.9 together at temperature 1, and less at higher temperatures. Selectors then differ from
     * the first step on, whatever n is.
     */
    STRIPES
}
