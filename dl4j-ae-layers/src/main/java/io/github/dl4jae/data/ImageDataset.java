package io.github.dl4jae.data;

import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * A published data set of 60,000 training and 10,000 test images in four IDX files: 28×28 pixels, ten classes.
 *
 * <pre>{@code
 * LabeledImages train = ImageDataset.MNIST.train();
 * }</pre>
 *
 * <p>The files, gzipped or plain, are in the subdirectory {@link #directoryName} of the {@link DataDirectory}. They
 * have their published names, names with a dot ({@code train-images.idx3-ubyte}), or lie in folders of these names.
 * Missing files are downloaded over HTTPS to a temporary name, verified, and moved. Header, sizes and the MD5 sum of
 * the uncompressed bytes of every file must be those of the published one.
 *
 * <p>The system property {@code dl4jae.mirrors} or the environment variable {@code DL4JAE_MIRRORS} sets other download
 * addresses: a comma-separated list of {@code https:} or {@code file:} addresses. Each is a directory with the layout
 * of the data directory.
 */
@SuppressWarnings("ImmutableEnumChecker") // the lists are unmodifiable, the records hold immutable values
public enum ImageDataset {
    /**
     * Handwritten digits.
     *
     * @see <a href="http://yann.lecun.com/exdb/mnist/">LeCun, Cortes and Burges, The MNIST database</a>
     */
    MNIST(
            "mnist",
            List.of(
                    "https://storage.googleapis.com/cvdf-datasets/mnist/",
                    "https://ossci-datasets.s3.amazonaws.com/mnist/"),
            new IdxPair("train", 60_000, "6bbc9ace898e44ae57da46a324031adb", "a25bea736e30d166cdddb491f175f624"),
            new IdxPair("t10k", 10_000, "2646ac647ad5339dbf082846283269ea", "27ae3e4e09519cfbb04c329615203637")),

    /**
     * Ten kinds of clothing, in the format of MNIST but harder to classify.
     *
     * @see <a href="https://arxiv.org/abs/1708.07747">Xiao, Rasul and Vollgraf 2017, Fashion-MNIST</a>
     */
    FASHION_MNIST(
            "fashion-mnist",
            List.of(
                    "https://github.com/zalandoresearch/fashion-mnist/raw/master/data/fashion/",
                    "https://raw.githubusercontent.com/zalandoresearch/fashion-mnist/master/data/fashion/"),
            new IdxPair("train", 60_000, "f4a8712d7a061bf5bd6d2ca38dc4d50a", "9018921c3c673c538a1fc5bad174d6f9"),
            new IdxPair("t10k", 10_000, "8181f5470baa50b63fa0f6fddb340f0a", "15d484375f8d13e6eb1aabb0c3f46965"));

    private static final int SIDE = 28;
    private static final int CLASSES = 10;

    private final String directoryName;
    private final List<String> addresses;
    private final IdxPair train;
    private final IdxPair test;

    ImageDataset(String directoryName, List<String> addresses, IdxPair train, IdxPair test) {
        this.directoryName = directoryName;
        this.addresses = addresses;
        this.train = train;
        this.test = test;
    }

    /**
     * Returns the name of the subdirectory of the data directory that holds the files.
     *
     * @return {@code mnist} or {@code fashion-mnist}
     */
    public String directoryName() {
        return directoryName;
    }

    /**
     * Reads the training images from {@link DataDirectory#find}.
     *
     * @return 60,000 images
     * @throws IllegalStateException if files are missing and cannot be downloaded; the message lists files and folder
     * @throws IllegalArgumentException if a file is not the published one; the message gives the file and the position
     * @throws UncheckedIOException if a file cannot be read
     */
    public LabeledImages train() {
        return train(DataDirectory.find());
    }

    /**
     * Reads the training images.
     *
     * @param directory the data directory, also the destination of downloads
     * @return 60,000 images
     * @throws IllegalStateException if files are missing and cannot be downloaded; the message lists files and folder
     * @throws IllegalArgumentException if a file is not the published one; the message gives the file and the position
     * @throws UncheckedIOException if a file cannot be read
     */
    public LabeledImages train(DataDirectory directory) {
        return load(train, directory);
    }

    /**
     * Reads the test images from {@link DataDirectory#find}.
     *
     * @return 10,000 images
     * @throws IllegalStateException if files are missing and cannot be downloaded; the message lists files and folder
     * @throws IllegalArgumentException if a file is not the published one; the message gives the file and the position
     * @throws UncheckedIOException if a file cannot be read
     */
    public LabeledImages test() {
        return test(DataDirectory.find());
    }

    /**
     * Reads the test images.
     *
     * @param directory the data directory, also the destination of downloads
     * @return 10,000 images
     * @throws IllegalStateException if files are missing and cannot be downloaded; the message lists files and folder
     * @throws IllegalArgumentException if a file is not the published one; the message gives the file and the position
     * @throws UncheckedIOException if a file cannot be read
     */
    public LabeledImages test(DataDirectory directory) {
        return load(test, directory);
    }

    private LabeledImages load(IdxPair pair, DataDirectory directory) {
        Path folder = directory.path().resolve(directoryName);
        List<PublishedFile> missing = new ArrayList<>();
        for (PublishedFile file : pair.files()) {
            if (file.find(folder) == null) {
                missing.add(file);
            }
        }
        if (!missing.isEmpty()) {
            new IdxDownloader(name(), mirrors(), directory.listener()).download(missing, folder);
        }
        byte[] labels = pair.labels().read(folder).sharedValues();
        byte[] pixels = pair.images().read(folder).sharedValues();
        return LabeledImages.sharing(directoryName, pixels, labels, SIDE, SIDE, CLASSES);
    }

    private List<URI> mirrors() {
        String configured = System.getProperty("dl4jae.mirrors", System.getenv("DL4JAE_MIRRORS"));
        if (configured == null || configured.isBlank()) {
            return addresses.stream().map(URI::create).toList();
        }
        List<URI> mirrors = new ArrayList<>();
        for (String address : configured.split(",", -1)) {
            String base = address.strip();
            if (!base.startsWith("https://") && !base.startsWith("file:")) {
                throw new IllegalArgumentException(
                        "dl4jae.mirrors (DL4JAE_MIRRORS): every address must begin with https:// or file:, got '" + base
                                + "'; separate addresses by commas");
            }
            mirrors.add(URI.create((base.endsWith("/") ? base : base + "/") + directoryName + "/"));
        }
        return mirrors;
    }

    /** The images and labels of the training or the test set. */
    private record IdxPair(String prefix, int count, String imagesMd5, String labelsMd5) {

        PublishedFile images() {
            return new PublishedFile(prefix + "-images-idx3-ubyte", new int[] {count, SIDE, SIDE}, imagesMd5);
        }

        PublishedFile labels() {
            return new PublishedFile(prefix + "-labels-idx1-ubyte", new int[] {count}, labelsMd5);
        }

        List<PublishedFile> files() {
            return List.of(images(), labels());
        }
    }
}
