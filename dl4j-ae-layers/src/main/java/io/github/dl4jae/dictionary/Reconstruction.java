package io.github.dl4jae.dictionary;

import io.github.dl4jae.internal.kernel.RowBlocks;
import io.github.dl4jae.internal.kernel.RowMatrix;
import io.github.dl4jae.internal.kernel.RowVector;

/** Sums of decoder rows, weighted by codes, in time proportional to the number of active units. */
final class Reconstruction {

    private Reconstruction() {}

    /** The value of a pair. */
    @FunctionalInterface
    interface Value {
        double of(PairList pairs, int pair);
    }

    /**
     * Adds the weighted decoder rows of the first units to a start, for several numbers of units.
     *
     * <pre>
     * result[i][b] = start_b + sign · Σ_{j &lt; width_i} f_bj d_j
     * </pre>
     *
     * @param pairs codes; those that are not zero must ascend by unit
     * @param value f of a pair
     * @param decoder W_dec
     * @param starts a vector per example; not changed
     * @param sign 1 or −1
     * @param widths ascending, the last one the number of units
     */
    static RowVector[][] sums(
            PairList pairs, Value value, RowMatrix decoder, RowVector[] starts, double sign, int... widths) {
        RowVector[][] sums = new RowVector[widths.length][starts.length];
        long work = decoder.columns() * (pairs.size() / (long) Math.max(1, starts.length) + 1);
        RowBlocks.of(starts.length, work).forEach((block, from, to) -> {
            RowVector row = decoder.vector();
            for (int b = from; b < to; b++) {
                RowVector sum = copy(decoder, starts[b]);
                int i = 0;
                for (int p = pairs.start(b); p < pairs.start(b + 1); p++) {
                    double f = value.of(pairs, p);
                    if (f != 0) {
                        for (; pairs.unit(p) >= widths[i]; i++) {
                            sums[i][b] = copy(decoder, sum);
                        }
                        decoder.read(pairs.unit(p), row);
                        sum.add(sign * f, row);
                    }
                }
                for (; i < widths.length - 1; i++) {
                    sums[i][b] = copy(decoder, sum);
                }
                sums[i][b] = sum;
            }
        });
        return sums;
    }

    private static RowVector copy(RowMatrix decoder, RowVector from) {
        RowVector copy = decoder.vector();
        copy.copy(from);
        return copy;
    }
}
