package io.github.dl4jae.mdl;

import io.github.dl4jae.coding.AnsStack;
import io.github.dl4jae.coding.NormalBuckets;
import io.github.dl4jae.variational.PriorDensity;

/** Pushes and pops codes under a prior, on a grid of buckets u = (z − c) / w for each latent. */
sealed interface PriorCoder permits StandardPriorCoder, MixturePriorCoder {

    /** Returns the coder of a prior; the posterior's buckets are those of the coder. */
    static PriorCoder of(PriorDensity prior, NormalBuckets buckets) {
        return prior.isStandardNormal()
                ? new StandardPriorCoder(prior.means().length, buckets)
                : new MixturePriorCoder(prior, buckets);
    }

    /** Returns c of a latent, the center of its grid. */
    double center(int latent);

    /** Returns w of a latent, the width of its grid. */
    double width(int latent);

    /** Pushes the buckets of a code. */
    void push(AnsStack stack, int[] z);

    /** Pops the buckets of a code. */
    int[] pop(AnsStack stack);
}
