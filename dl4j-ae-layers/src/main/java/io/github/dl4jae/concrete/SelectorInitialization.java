package io.github.dl4jae.concrete;

/** How the logits of a {@link ConcreteSelectorLayer} begin. */
public enum SelectorInitialization {
    /** By the layer's {@code weightInit}, as in the paper: every selector begins with all columns alike. */
    WEIGHT_INIT,

    /**
     * By the layer's {@code weightInit}, and each selector prefers columns of its own: those of a random n/m of all, which have nine tenths of the
     * probability together, at temperature 1; at higher ones the preference is weaker. Selectors then differ from the first step on, whatever n is.
     */
    STRIPES
}
