package io.github.dl4jae.examples.support;

import io.github.dl4jae.data.LabeledImages;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * The images of one class, which is normal, and test images of all classes.
 *
 * @param train images of the class
 * @param heldOut further images of the class, for means and thresholds
 * @param test images of all classes
 * @param label the class
 */
public record OneClassImages(LabeledImages train, LabeledImages heldOut, LabeledImages test, int label) {

    private static final int FEWEST = 20;

    /**
     * Splits the images of a class at random.
     *
     * @param data all images
     * @param label the class
     * @param heldOutShare the share of its training images that is held out, in (0, 1)
     * @param seed seed of the split
     * @return the images
     * @throws IllegalArgumentException if there are too few images of the class
     */
    public static OneClassImages of(ExampleData data, int label, double heldOutShare, long seed) {
        LabeledImages all = data.all();
        List<Integer> rows = IntStream.range(0, all.size())
                .filter(i -> all.label(i) == label)
                .boxed()
                .collect(Collectors.toList());
        if (rows.size() < FEWEST) {
            throw new IllegalArgumentException("the training images must have at least " + FEWEST + " of class " + label
                    + ", got " + rows.size() + "; set another class, or more images with --train-images");
        }
        Collections.shuffle(rows, new Random(seed));
        int held = (int) Math.round(heldOutShare * rows.size());
        INDArray features = all.features();
        return new OneClassImages(
                pick(all, features, rows.subList(held, rows.size())),
                pick(all, features, rows.subList(0, held)),
                data.test(),
                label);
    }

    private static LabeledImages pick(LabeledImages all, INDArray features, List<Integer> rows) {
        int[] numbers = rows.stream().mapToInt(Integer::intValue).toArray();
        float[] values = features.getRows(numbers).dup('c').data().asFloat();
        byte[] pixels = new byte[values.length];
        for (int i = 0; i < pixels.length; i++) {
            pixels[i] = (byte) Math.round(255 * values[i]);
        }
        byte[] labels = new byte[numbers.length];
        Arrays.fill(labels, (byte) all.label(numbers[0]));
        return LabeledImages.of(
                "class " + labels[0] + " of " + all.name(), pixels, labels, all.rows(), all.columns(), all.classes());
    }

    /**
     * Returns whether each test image is of another class.
     *
     * @return a value for each test image
     */
    public boolean[] isAnomaly() {
        return isAnomaly(IntStream.range(0, test.size()).toArray());
    }

    /**
     * Returns whether test images are of another class.
     *
     * @param rows numbers of test images
     * @return a value for each of them
     */
    public boolean[] isAnomaly(int[] rows) {
        boolean[] others = new boolean[rows.length];
        for (int i = 0; i < others.length; i++) {
            others[i] = test.label(rows[i]) != label;
        }
        return others;
    }

    /**
     * Returns all test images of the class, and others at random up to their share.
     *
     * @param share the share of the others, in (0, 1)
     * @param seed seed of the choice
     * @return numbers of test images, ascending
     */
    public int[] testRows(double share, long seed) {
        List<Integer> others = IntStream.range(0, test.size())
                .filter(i -> test.label(i) != label)
                .boxed()
                .collect(Collectors.toList());
        Collections.shuffle(others, new Random(seed));
        long wanted = Math.max(1, Math.round((test.size() - others.size()) * share / (1 - share)));
        return IntStream.concat(
                        IntStream.range(0, test.size()).filter(i -> test.label(i) == label),
                        others.stream().limit(wanted).mapToInt(Integer::intValue))
                .sorted()
                .toArray();
    }
}
