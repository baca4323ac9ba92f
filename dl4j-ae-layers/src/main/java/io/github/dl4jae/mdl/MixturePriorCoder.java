package io.github.dl4jae.mdl;

import io.github.dl4jae.coding.AnsStack;
import io.github.dl4jae.coding.FrequencyTable;
import io.github.dl4jae.coding.NormalBuckets;
import io.github.dl4jae.variational.PriorDensity;

/**
 * Codes under a mixture of Gaussians. The component k is another latent, whose choice returns its bits:
 *
 * <pre>
 * pop k with p(k|z)      push z with N(m_k, s_k²)      push k with π
 * length: −log₂ N(z; m_k, s_k²) − log₂ π_k + log₂ p(k|z) = −log₂ p(z)
 * </pre>
 *
 * <p>The grid of a latent holds four deviations of every component within 2.5 of its own, where buckets are fine.
 * Computed without intrinsics, because encoder and decoder must have the same integers.
 */
final class MixturePriorCoder implements PriorCoder {

    private static final int COMPONENT_PRECISION = 24;
    private static final double COVERED = 4;
    private static final double FINE = 2.5;

    private final NormalBuckets buckets;
    private final int components;
    private final int latents;
    private final double[] logWeights;
    /** On the grid, {@code [K·n]}. */
    private final double[] means;

    private final double[] deviations;
    private final double[] centers;
    private final double[] widths;
    private final FrequencyTable weights;

    MixturePriorCoder(PriorDensity prior, NormalBuckets buckets) {
        this.buckets = buckets;
        this.logWeights = prior.logWeights();
        this.means = prior.means();
        this.deviations = prior.logVariances();
        this.components = logWeights.length;
        this.latents = means.length / components;
        for (int at = 0; at < deviations.length; at++) {
            deviations[at] = StrictMath.exp(0.5 * deviations[at]);
        }
        this.centers = new double[latents];
        this.widths = new double[latents];
        for (int j = 0; j < latents; j++) {
            placeGrid(j);
        }
        this.weights = table(logWeights);
    }

    /** Sets the grid of a latent, and moves its components to it. */
    private void placeGrid(int latent) {
        double low = Double.POSITIVE_INFINITY;
        double high = Double.NEGATIVE_INFINITY;
        for (int at = latent; at < means.length; at += latents) {
            low = Math.min(low, means[at] - COVERED * deviations[at]);
            high = Math.max(high, means[at] + COVERED * deviations[at]);
        }
        centers[latent] = 0.5 * (low + high);
        widths[latent] = 0.5 * (high - low) / FINE;
        for (int at = latent; at < means.length; at += latents) {
            means[at] = (means[at] - centers[latent]) / widths[latent];
            deviations[at] /= widths[latent];
        }
    }

    private static FrequencyTable table(double[] logs) {
        double most = Double.NEGATIVE_INFINITY;
        for (double log : logs) {
            most = Math.max(most, log);
        }
        double[] probabilities = new double[logs.length];
        for (int k = 0; k < logs.length; k++) {
            probabilities[k] = StrictMath.exp(logs[k] - most);
        }
        return FrequencyTable.of(probabilities, COMPONENT_PRECISION);
    }

    /** Returns p(k|z) at the centers of the buckets. */
    private FrequencyTable responsibilities(int[] z) {
        double[] joint = new double[components];
        for (int k = 0; k < components; k++) {
            double log = logWeights[k];
            for (int j = 0, at = k * latents; j < latents; j++, at++) {
                double distance = (buckets.center(z[j]) - means[at]) / deviations[at];
                log -= 0.5 * distance * distance + StrictMath.log(deviations[at]);
            }
            joint[k] = log;
        }
        return table(joint);
    }

    @Override
    public double center(int latent) {
        return centers[latent];
    }

    @Override
    public double width(int latent) {
        return widths[latent];
    }

    @Override
    public void push(AnsStack stack, int[] z) {
        int k = responsibilities(z).pop(stack);
        for (int j = latents - 1; j >= 0; j--) {
            int at = k * latents + j;
            buckets.pushPosterior(stack, z[j], means[at], deviations[at]);
        }
        weights.push(stack, k);
    }

    @Override
    public int[] pop(AnsStack stack) {
        int k = weights.pop(stack);
        int[] z = new int[latents];
        for (int j = 0; j < latents; j++) {
            int at = k * latents + j;
            z[j] = buckets.popPosterior(stack, means[at], deviations[at]);
        }
        responsibilities(z).push(stack, k);
        return z;
    }
}
