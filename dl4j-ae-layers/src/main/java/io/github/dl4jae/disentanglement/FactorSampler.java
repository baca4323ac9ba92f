package io.github.dl4jae.disentanglement;

import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.SplittableRandom;
import java.util.stream.IntStream;

/** A sampler of examples that agree in one factor. */
final class FactorSampler {

    private final SplittableRandom random;
    private final int[][] distinct;
    /** Per factor: the indices of the examples with each value. */
    private final List<Map<Integer, int[]>> examples;

    FactorSampler(Factors factors, long seed) {
        this.random = new SplittableRandom(seed);
        this.distinct =
                IntStream.range(0, factors.count()).mapToObj(factors::distinct).toArray(int[][]::new);
        this.examples = IntStream.range(0, factors.count())
                .mapToObj(k -> {
                    int[] column = factors.column(k);
                    Map<Integer, int[]> byValue = new HashMap<>();
                    for (int value : distinct[k]) {
                        byValue.put(
                                value,
                                IntStream.range(0, column.length)
                                        .filter(i -> column[i] == value)
                                        .toArray());
                    }
                    return byValue;
                })
                .toList();
    }

    /** Samples a factor uniformly. */
    int anyFactor() {
        return random.nextInt(distinct.length);
    }

    /** Samples a value of the factor, then examples with this value, with replacement. */
    int[] agreeingIn(int factor, int count) {
        int[] candidates = Objects.requireNonNull(
                examples.get(factor).get(distinct[factor][random.nextInt(distinct[factor].length)]));
        int[] drawn = new int[count];
        Arrays.setAll(drawn, any -> candidates[random.nextInt(candidates.length)]);
        return drawn;
    }
}
