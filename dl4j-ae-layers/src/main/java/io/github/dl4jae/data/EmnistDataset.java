package io.github.dl4jae.data;

import io.github.dl4jae.internal.layer.Require;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;

/**
 * The splits of EMNIST, handwritten letters and digits of 28×28 pixels, each in four IDX files.
 *
 * <pre>{@code
 * LabeledImages letters = EmnistDataset.LETTERS.train();      // upright, class 0 is A
 * }</pre>
 *
 * <p>The files have their published names, such as {@code emnist-letters-train-images-idx3-ubyte.gz}. They are in the
 * subdirectory {@code emnist} of the {@link DataDirectory}, or in the folder {@code gzip} there, where the archive of
 * NIST puts them. They are not downloaded.
 *
 * <p>The files store images with rows and columns exchanged, and count letters from 1. The methods return upright
 * images, and classes that count from 0.
 *
 * <p>Header, sizes and labels are verified. The number of images is not: releases of the letters differ.
 *
 * @see <a href="https://arxiv.org/abs/1702.05373">Cohen, Afshar, Tapson and van Schaik 2017, EMNIST</a>
 */
public enum EmnistDataset {
    /** Letters, where upper and lower case are one class: 26 classes from A to Z. */
    LETTERS("letters", 26, 1),

    /** As many digits and letters of each class: 47 classes, of which some merge upper and lower case. */
    BALANCED("balanced", 47, 0),

    /** All digits and letters: 62 classes, first 10 digits, then 26 upper-case and 26 lower-case letters. */
    BY_CLASS("byclass", 62, 0),

    /** All digits and letters, in the 47 classes of {@link #BALANCED}. */
    BY_MERGE("bymerge", 47, 0),

    /** Digits, as many of each. */
    DIGITS("digits", 10, 0),

    /** Digits, 60,000 for training and 10,000 for testing like those of MNIST, but other images. */
    MNIST("mnist", 10, 0);

    private static final int SIDE = 28;

    private final String split;
    private final int classes;
    private final int firstLabel;

    EmnistDataset(String split, int classes, int firstLabel) {
        this.split = split;
        this.classes = classes;
        this.firstLabel = firstLabel;
    }

    /**
     * Returns the name of the subdirectory of the data directory that holds the files.
     *
     * @return {@code emnist}
     */
    public String directoryName() {
        return "emnist";
    }

    /**
     * Returns the number of classes.
     *
     * @return the exclusive upper bound of labels
     */
    public int classes() {
        return classes;
    }

    /**
     * Reads the training images from {@link DataDirectory#find}.
     *
     * @return the images
     * @throws IllegalStateException if files are missing; the message lists the files and what the folder holds
     * @throws IllegalArgumentException if a file is not a file of images or labels of this split, or images and labels
     *     differ in number
     * @throws UncheckedIOException if a file cannot be read
     */
    public LabeledImages train() {
        return train(DataDirectory.find());
    }

    /**
     * Reads the training images.
     *
     * @param directory the data directory
     * @return the images
     * @throws IllegalStateException if files are missing; the message lists the files and what the folder holds
     * @throws IllegalArgumentException if the directory is null, a file is not a file of images or labels of this
     *     split, or images and labels differ in number
     * @throws UncheckedIOException if a file cannot be read
     */
    public LabeledImages train(DataDirectory directory) {
        return load("train", directory);
    }

    /**
     * Reads the test images from {@link DataDirectory#find}.
     *
     * @return the images
     * @throws IllegalStateException if files are missing; the message lists the files and what the folder holds
     * @throws IllegalArgumentException if a file is not a file of images or labels of this split, or images and labels
     *     differ in number
     * @throws UncheckedIOException if a file cannot be read
     */
    public LabeledImages test() {
        return test(DataDirectory.find());
    }

    /**
     * Reads the test images.
     *
     * @param directory the data directory
     * @return the images
     * @throws IllegalStateException if files are missing; the message lists the files and what the folder holds
     * @throws IllegalArgumentException if the directory is null, a file is not a file of images or labels of this
     *     split, or images and labels differ in number
     * @throws UncheckedIOException if a file cannot be read
     */
    public LabeledImages test(DataDirectory directory) {
        return load("test", directory);
    }

    private LabeledImages load(String part, DataDirectory directory) {
        Require.given("EmnistDataset", "directory", directory, "use DataDirectory.find() for the configured directory");
        String subject = "emnist-" + split;
        List<IdxName> names = List.of(
                new IdxName(subject + "-" + part + "-images-idx3-ubyte"),
                new IdxName(subject + "-" + part + "-labels-idx1-ubyte"));
        List<Path> files = find(names, directory.path().resolve(directoryName()));
        IdxFile images = IdxFile.read(files.get(0), 3);
        IdxFile labels = IdxFile.read(files.get(1), 1);
        int[] size = images.dimensions();
        Require.that(
                size[0] == labels.dimensions()[0] && size[1] == SIDE && size[2] == SIDE,
                subject,
                "images must be " + labels.dimensions()[0] + " of 28×28 pixels, as many as labels",
                size[0] + " of " + size[1] + "×" + size[2],
                "take images and labels of one download");
        return LabeledImages.of(subject, images.sharedValues(), labels.sharedValues(), SIDE, SIDE, classes, firstLabel)
                .transposed();
    }

    /** Returns the files in a folder, or in the folder of NIST's archive in it. */
    private static List<Path> find(List<IdxName> names, Path folder) {
        for (Path place : List.of(folder, folder.resolve("gzip"))) {
            List<Path> files = names.stream()
                    .map(name -> name.find(place))
                    .filter(Objects::nonNull)
                    .toList();
            if (files.size() == names.size()) {
                return files;
            }
        }
        Path archive = folder.resolve("gzip");
        Path place = Files.isDirectory(archive) ? archive : folder;
        List<IdxName> absent =
                names.stream().filter(name -> name.find(place) == null).toList();
        throw MissingFiles.exception("EMNIST", absent, place, "");
    }
}
