package io.github.dl4jae.coding;

import io.github.dl4jae.internal.layer.Require;
import org.apache.commons.math3.distribution.NormalDistribution;
import org.apache.commons.math3.special.Erf;

/**
 * A standard normal prior in buckets of equal mass, and normal posteriors on the same buckets.
 *
 * <pre>
 * edges eᵢ = Φ⁻¹(i / 2ᵇ)        code of bucket i: Φ⁻¹((i + ½) / 2ᵇ)        prior: b bits per bucket
 * posterior N(μ, σ²):  cᵢ = i + ⌊(2ᵖ − 2ᵇ)·Φ((eᵢ − μ) / σ) + ½⌋
 * </pre>
 *
 * <p>The buckets are fine where the prior is dense, so that the same code serves every posterior. The discretization
 * cancels in bits-back coding: what a finer bucket costs under the prior, the posterior returns. Every bucket has a
 * count
 * of at least 1, and every code can therefore be pushed and popped. Computed in Java alone, and identical on every
 * machine. Immutable.
 *
 * <p>Townsend et al., "Practical lossless compression with latent variables using bits back coding", ICLR 2019, §2.5.
 */
public final class NormalBuckets {

    private static final String SUBJECT = "NormalBuckets";

    private final int bits;
    private final int precision;
    private final double[] edges;
    private final double[] centers;

    private NormalBuckets(int bits, int precision) {
        this.bits = bits;
        this.precision = precision;
        int n = 1 << bits;
        NormalDistribution normal = new NormalDistribution(null, 0, 1);
        edges = new double[n + 1];
        centers = new double[n];
        for (int i = 0; i < n; i++) {
            edges[i] = normal.inverseCumulativeProbability((double) i / n);
            centers[i] = normal.inverseCumulativeProbability((i + 0.5) / n);
        }
        edges[n] = Double.POSITIVE_INFINITY;
    }

    /**
     * Returns buckets.
     *
     * @param bits log₂ of the number of buckets, 1 to 14
     * @param precision log₂ of the sum of counts of a posterior, above bits, to {@link AnsStack#MAX_PRECISION}
     * @return the buckets
     */
    public static NormalBuckets of(int bits, int precision) {
        Require.that(bits >= 1 && bits <= 14, SUBJECT, "bits must be from 1 to 14", bits, "use 8");
        Require.that(
                precision > bits && precision <= AnsStack.MAX_PRECISION,
                SUBJECT,
                "precision must be above " + bits + ", and at most " + AnsStack.MAX_PRECISION,
                precision,
                "use 20");
        return new NormalBuckets(bits, precision);
    }

    /**
     * Returns the number of bits of a bucket under the prior.
     *
     * @return log₂ of the number of buckets
     */
    public int bits() {
        return bits;
    }

    /**
     * Returns the code that stands for a bucket.
     *
     * @param bucket 0 to 2^bits − 1
     * @return the median of the prior within the bucket
     */
    public double center(int bucket) {
        checkBucket(bucket);
        return centers[bucket];
    }

    /**
     * Pushes a bucket under the prior.
     *
     * @param stack the stack
     * @param bucket 0 to 2^bits − 1
     */
    public void pushPrior(AnsStack stack, int bucket) {
        checkBucket(bucket);
        stack.push(bucket, 1, bits);
    }

    /**
     * Pops a bucket under the prior.
     *
     * @param stack the stack
     * @return 0 to 2^bits − 1
     */
    public int popPrior(AnsStack stack) {
        int bucket = stack.peek(bits);
        stack.pop(bucket, 1, bits);
        return bucket;
    }

    /**
     * Pushes a bucket under a posterior.
     *
     * @param stack the stack
     * @param bucket 0 to 2^bits − 1
     * @param mean μ, finite
     * @param deviation σ, positive
     */
    public void pushPosterior(AnsStack stack, int bucket, double mean, double deviation) {
        checkPosterior(mean, deviation);
        checkBucket(bucket);
        int start = start(bucket, mean, deviation);
        stack.push(start, start(bucket + 1, mean, deviation) - start, precision);
    }

    /**
     * Pops a bucket under a posterior.
     *
     * @param stack the stack
     * @param mean μ, finite
     * @param deviation σ, positive
     * @return 0 to 2^bits − 1
     */
    public int popPosterior(AnsStack stack, double mean, double deviation) {
        checkPosterior(mean, deviation);
        int at = stack.peek(precision);
        int low = 0;
        int high = centers.length;
        int start = 0;
        int end = 1 << precision;
        while (high - low > 1) {
            int middle = (low + high) >>> 1;
            int count = start(middle, mean, deviation);
            if (count <= at) {
                low = middle;
                start = count;
            } else {
                high = middle;
                end = count;
            }
        }
        stack.pop(start, end - start, precision);
        return low;
    }

    private int start(int bucket, double mean, double deviation) {
        if (bucket == centers.length) {
            return 1 << precision;
        }
        if (bucket == 0) {
            return 0;
        }
        double z = (edges[bucket] - mean) / deviation;
        double below = 0.5 * Erf.erfc(-z / Math.sqrt(2));
        return bucket + (int) Math.floor(((1 << precision) - centers.length) * below + 0.5);
    }

    private void checkBucket(int bucket) {
        Require.that(
                bucket >= 0 && bucket < centers.length,
                SUBJECT,
                "a bucket must be from 0 to " + (centers.length - 1),
                bucket,
                "pop it from a stack");
    }

    private static void checkPosterior(double mean, double deviation) {
        Require.finite(SUBJECT, "mean", mean, "train with smaller steps");
        Require.positive(SUBJECT, "deviation", deviation, "train with smaller steps");
    }
}
