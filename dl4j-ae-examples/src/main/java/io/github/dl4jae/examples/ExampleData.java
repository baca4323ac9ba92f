package io.github.dl4jae.examples;

import io.github.dl4jae.data.DataDirectory;
import io.github.dl4jae.data.ImageDataset;
import io.github.dl4jae.data.LabeledImages;
import io.github.dl4jae.data.SyntheticDigits;
import java.util.Arrays;
import java.util.stream.Collectors;

/**
 * Images to train on, to decide when to stop, and to report on.
 *
 * @param train what networks and baselines are fitted to
 * @param validation held out of the training images: those behind train
 * @param test seen only for the final figures
 * @param all training and validation images together
 */
record ExampleData(LabeledImages train, LabeledImages validation, LabeledImages test, LabeledImages all) {

    /** The first training images: so many, or all if there are fewer. */
    LabeledImages train(int most) {
        return train.first(Math.min(most, train.size()));
    }

    /** What {@code --data} can name. */
    enum Source {
        /** Synthetic digits: no files, no network. */
        DIGITS("digits"),
        /** Handwritten digits. */
        MNIST("mnist"),
        /** Clothes. */
        FASHION_MNIST("fashion-mnist");

        private final String option;

        Source(String option) {
            this.option = option;
        }

        /** Its name on the command line. */
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

        /** All images, or few: the first training images and the same number to validate with. */
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
