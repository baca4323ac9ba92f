package io.github.dl4jae.internal.math;

import org.apache.commons.math3.distribution.NormalDistribution;

/** Quantiles of the standard normal distribution. */
public final class NormalQuantile {

    private static final NormalDistribution STANDARD = new NormalDistribution(null, 0, 1);

    private NormalQuantile() {}

    /**
     * Returns the number that a standard normal variable exceeds with a given probability.
     *
     * @param p in [0, 1]
     * @return −Φ⁻¹(p); infinite for 0 and 1
     */
    public static double upper(double p) {
        return -STANDARD.inverseCumulativeProbability(p);
    }
}
