package io.github.dl4jae.internal.math;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class ShuffleTest {

    @Test
    void order_isAPermutation_thatDependsOnTheSeedOnly() {
        int[] order = Shuffle.permutation(100, new SplittableRandom(7));
        int[] sorted = order.clone();
        Arrays.sort(sorted);

        assertThat(sorted).isEqualTo(IntStream.range(0, 100).toArray());
        assertThat(order).isEqualTo(Shuffle.permutation(100, new SplittableRandom(7)));
        assertThat(order).isNotEqualTo(Shuffle.permutation(100, new SplittableRandom(8)));
    }

    /** 3 values have 6 permutations, each of probability 1/6: 5 standard deviations are 5·√(6000·1/6·5/6) = 144. */
    @Test
    void everyPermutation_isEquallyLikely() {
        SplittableRandom random = new SplittableRandom(1);
        int[] counts = new int[27];
        for (int i = 0; i < 6_000; i++) {
            int[] order = Shuffle.permutation(3, random);
            counts[9 * order[0] + 3 * order[1] + order[2]]++;
        }

        assertThat(Arrays.stream(counts).filter(count -> count > 0))
                .hasSize(6)
                .allMatch(count -> count > 856 && count < 1144);
    }

    @Test
    void order_ofNothing_isEmpty() {
        assertThat(Shuffle.permutation(0, new SplittableRandom(1))).isEmpty();
    }
}
