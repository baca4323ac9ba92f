package io.github.dl4jae.examples.selection;

import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/** A random split of rows: four fifths for training, one fifth for testing. */
public final class RandomSplit {

    private final int[] train;
    private final int[] test;

    private RandomSplit(int[] train, int[] test) {
        this.train = train;
        this.test = test;
    }

    /**
     * Splits a random subset of rows.
     *
     * @param all number of rows
     * @param most maximum size of the subset
     * @param seed seed of the order
     * @return the split
     */
    public static RandomSplit of(int all, int most, long seed) {
        List<Integer> shuffled = IntStream.range(0, all).boxed().collect(Collectors.toList());
        Collections.shuffle(shuffled, new Random(seed));
        int[] order = shuffled.stream().limit(most).mapToInt(i -> i).toArray();
        int training = (int) (4L * order.length / 5);
        return new RandomSplit(Arrays.copyOf(order, training), Arrays.copyOfRange(order, training, order.length));
    }

    /**
     * Returns the training rows.
     *
     * @return their numbers, a copy
     */
    public int[] train() {
        return train.clone();
    }

    /**
     * Returns the test rows.
     *
     * @return their numbers, a copy
     */
    public int[] test() {
        return test.clone();
    }
}
