package io.github.dl4jae.quantized;

/** How a {@link BinaryCodeLayer} makes bits in training. At inference a bit is 1 where its logit z is above 0. */
public enum BinarySampling {
    /** A bit is 1 where z is above 0. */
    THRESHOLD,
    /** A bit is 1 with probability σ(z). */
    BERNOULLI,
    /**
     * The binary concrete distribution, also known as Gumbel-softmax: σ((z + ℓ)/τ) with logistic noise ℓ. Its values
     * lie between 0 and 1, and its gradient is exact.
     */
    CONCRETE
}
