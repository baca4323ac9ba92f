package io.github.dl4jae.mdl;

import io.github.dl4jae.coding.AnsStack;
import io.github.dl4jae.coding.NormalBuckets;

/** Codes under N(0, I), of which all buckets have the same mass. */
final class StandardPriorCoder implements PriorCoder {

    private final int latents;
    private final NormalBuckets buckets;

    StandardPriorCoder(int latents, NormalBuckets buckets) {
        this.latents = latents;
        this.buckets = buckets;
    }

    @Override
    public double center(int latent) {
        return 0;
    }

    @Override
    public double width(int latent) {
        return 1;
    }

    @Override
    public void push(AnsStack stack, int[] z) {
        for (int j = latents - 1; j >= 0; j--) {
            buckets.pushPrior(stack, z[j]);
        }
    }

    @Override
    public int[] pop(AnsStack stack) {
        int[] z = new int[latents];
        for (int j = 0; j < latents; j++) {
            z[j] = buckets.popPrior(stack);
        }
        return z;
    }
}
