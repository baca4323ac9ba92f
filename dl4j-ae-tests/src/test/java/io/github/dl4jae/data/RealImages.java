package io.github.dl4jae.data;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

/**
 * MNIST and Fashion-MNIST for tests.
 *
 * <p>Where a data directory is set, the files must be in it: a test that needs them then fails rather than being
 * skipped.
 */
public final class RealImages {

    private RealImages() {}

    public static LabeledImages mnistTrain() {
        return images(ImageDataset.MNIST, true);
    }

    public static LabeledImages mnistTest() {
        return images(ImageDataset.MNIST, false);
    }

    static LabeledImages images(ImageDataset dataset, boolean train) {
        assumeTrue(
                DataDirectory.isConfigured(),
                "needs the real images: name their directory with -Ddl4jae.data=… or DL4JAE_DATA");
        return train ? dataset.train() : dataset.test();
    }
}
