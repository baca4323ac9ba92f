package io.github.dl4jae.examples.support;

import io.github.dl4jae.data.DataDirectory;
import io.github.dl4jae.data.ImageDataset;
import io.github.dl4jae.data.LabeledImages;
import io.github.dl4jae.data.SyntheticDigits;
import java.util.Arrays;
import java.util.stream.Collectors;

/**
 * The images of an example, split into three parts.
 *
 * @param train images that networks and baselines are fitted to
 * @param validation the last of the training images, held out for early stopping
 * @param test images for the final figures only
 * @param all training and validation images together
 */
public record ExampleData(LabeledImages train, LabeledImages validation, LabeledImages test, LabeledImages all) {

    private static final int WATCHED = 2000;

    /**
     * Returns the first training images.
     *
     * @param most maximum number of images
     * @return that many images, or all if there are fewer
     */
    public LabeledImages train(int most) {
        return train.first(Math.min(most, train.size()));
    }

    /**
     * Returns a split for the recipes of papers that train on all images and hold none out.
     *
     * @return data whose validation images are the first 2000 of the training images
     */
    public ExampleData trainingOnAll() {
        return new ExampleData(all, all.first(WATCHED), test, all);
    }

    /** A data set that {@code --data} can name. */
    public enum Source {
        /** Synthetic digits, which need no files and no network. */
        DIGITS("digits"),
        /** Handwritten digits. */
        MNIST("mnist"),
        /** Clothes. */
        FASHION_MNIST("fashion-mnist");

        private final String option;

        Source(String option) {
            this.option = option;
        }

        /** Returns the name on the command line. */
        @Override
        public String toString() {
            return option;
        }

        static Source named(String option) {
            return Arrays.stream(values())
                    .filter(source -> source.option.equals(option))
                    .findFirst()
                    .orElseThrow(() -> new IllegalArgumentException("must be one of "
                            + Arrays.stream(values()).map(Source::toString).collect(Collectors.joining(", "))
                            + ", got '"
                            + option + "'"));
        }

        /** Loads the first training images, the validation images that follow them, and all test images. */
        ExampleData load(DataDirectory directory, long seed, int trainingImages) {
            return switch (this) {
                case DIGITS ->
                    split(
                            SyntheticDigits.generate(11_000, seed),
                            1_000,
                            SyntheticDigits.generate(2_000, ~seed),
                            trainingImages);
                case MNIST ->
                    split(
                            ImageDataset.MNIST.train(directory),
                            5_000,
                            ImageDataset.MNIST.test(directory),
                            trainingImages);
                case FASHION_MNIST ->
                    split(
                            ImageDataset.FASHION_MNIST.train(directory),
                            5_000,
                            ImageDataset.FASHION_MNIST.test(directory),
                            trainingImages);
            };
        }

        private static ExampleData split(LabeledImages images, int validation, LabeledImages test, int trainingImages) {
            int train = Math.min(images.size() - validation, trainingImages);
            LabeledImages all = images.first(train + validation);
            return new ExampleData(all.first(train), all.range(train, all.size()), test, all);
        }
    }
}
