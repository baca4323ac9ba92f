package io.github.dl4jae.examples;

import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/** Which examples are for training, four fifths, and which for testing. */
final class RandomSplit {

    final int[] train;
    final int[] test;

    private RandomSplit(int[] train, int[] test) {
        this.train = train;
        this.test = test;
    }

    /**
     * Splits some of all examples.
     *
     * @param all how many there are
     * @param most how many to use at most
     * @param seed of the order
     */
    static RandomSplit of(int all, int most, long seed) {
        List<Integer> shuffled = IntStream.range(0, all).boxed().collect(Collectors.toList());
        Collections.shuffle(shuffled, new Random(seed));
        int[] order = shuffled.stream().limit(most).mapToInt(i -> i).toArray();
        int training = (int) (4L * order.length / 5);
        return new RandomSplit(Arrays.copyOf(order, training), Arrays.copyOfRange(order, training, order.length));
    }
}
