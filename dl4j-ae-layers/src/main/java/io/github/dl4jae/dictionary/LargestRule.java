package io.github.dl4jae.dictionary;

import io.github.dl4jae.internal.kernel.RowVector;
import java.util.Arrays;

/** The k largest positive values ({@link TopKEncoder}), or the k largest magnitudes ({@link AbsTopKEncoder}). */
final class LargestRule extends CodeRule {

    private final int k;
    private final boolean signed;

    LargestRule(int k, boolean signed) {
        this.k = k;
        this.signed = signed;
    }

    @Override
    void select(RowVector z, Scratch scratch, PairList pairs) {
        RowVector sizes = z;
        if (signed) {
            sizes = scratch.copy;
            sizes.copy(z);
            sizes.absolute();
        }
        sizes.largest(k, scratch.found);
        Arrays.sort(scratch.found, 0, k);
        for (int i = 0; i < k; i++) {
            int j = scratch.found[i];
            if (!(sizes.get(j) <= 0)) { // NaN must show
                pairs.add(j, z.get(j), z.get(j));
            }
        }
    }
}
