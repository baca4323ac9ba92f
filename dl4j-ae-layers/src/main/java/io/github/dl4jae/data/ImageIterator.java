package io.github.dl4jae.data;

import io.github.dl4jae.internal.layer.Require;
import io.github.dl4jae.internal.math.EpochOrder;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.dataset.DataSet;
import org.nd4j.linalg.dataset.api.DataSetPreProcessor;
import org.nd4j.linalg.dataset.api.iterator.DataSetIterator;

/**
 * An iterator over mini-batches of images for autoencoders. The targets are the features, or the labels with {@link
 * Builder#withLabels}.
 *
 * <pre>{@code
 * network.fit(images.iterator(128).shuffle(42).build(), 10);
 * }</pre>
 *
 * <p>Features are float32 in [0, 1], {@code [batch, rows·columns]} or, with {@link Builder#asImages}, {@code [batch, 1,
 * rows, columns]}. The iterator converts bytes to numbers for each mini-batch. Deeplearning4j does this in a background
 * thread.
 *
 * <p>With {@link Builder#shuffle}, every epoch has its own order, which depends only on the seed and the number of the
 * epoch. A run resumed with {@link Builder#startEpoch} therefore sees the same mini-batches as an uninterrupted one.
 */
public final class ImageIterator implements DataSetIterator {

    private final LabeledImages images;
    private final int batch;
    private final EpochOrder order;
    private final boolean asImages;
    private final boolean withLabels;
    private final boolean binarized;
    private final long binarizationSeed;
    private final DataType dataType;
    private @Nullable DataSetPreProcessor preProcessor;

    private ImageIterator(Builder builder) {
        this.images = builder.images;
        this.batch = builder.batch;
        this.order = new EpochOrder(images.size(), builder.shuffled, builder.seed, builder.startEpoch);
        this.asImages = builder.asImages;
        this.withLabels = builder.withLabels;
        this.binarized = builder.binarized;
        this.binarizationSeed = builder.binarizationSeed;
        this.dataType = builder.dataType;
    }

    @Override
    public DataSet next() {
        return next(batch);
    }

    @Override
    public DataSet next(int count) {
        if (!hasNext()) {
            throw new NoSuchElementException(images + ": no mini-batch is left in this epoch; call reset()");
        }
        int[] chosen = order.next(count);
        INDArray features = (binarized
                        ? images.binarized(chosen, binarizationSeed, order.epoch())
                        : images.features(chosen))
                .castTo(dataType);
        if (asImages) {
            features = features.reshape(chosen.length, 1, images.rows(), images.columns());
        }
        INDArray targets = withLabels
                ? images.oneHot(chosen).castTo(dataType)
                : preProcessor == null
                        ? features
                        : features.dup(); // a preprocessor of features must not change targets
        DataSet minibatch = new DataSet(features, targets);
        if (preProcessor != null) {
            preProcessor.preProcess(minibatch);
        }
        return minibatch;
    }

    @Override
    public boolean hasNext() {
        return order.hasNext();
    }

    /** Starts the next epoch, unless the current one has just started. */
    @Override
    public void reset() {
        order.reset();
    }

    @Override
    public int inputColumns() {
        return images.rows() * images.columns();
    }

    @Override
    public int totalOutcomes() {
        return withLabels ? images.classes() : inputColumns();
    }

    @Override
    public boolean resetSupported() {
        return true;
    }

    @Override
    public boolean asyncSupported() {
        return true;
    }

    @Override
    public int batch() {
        return batch;
    }

    @Override
    public void setPreProcessor(@Nullable DataSetPreProcessor preProcessor) {
        this.preProcessor = preProcessor;
    }

    @Override
    public @Nullable DataSetPreProcessor getPreProcessor() {
        return preProcessor;
    }

    @Override
    public List<String> getLabels() {
        return IntStream.range(0, images.classes()).mapToObj(Integer::toString).toList();
    }

    /** A builder of an {@link ImageIterator}, created by {@link LabeledImages#iterator}. */
    public static final class Builder {
        private final LabeledImages images;
        private final int batch;
        private boolean shuffled;
        private long seed;
        private int startEpoch;
        private boolean asImages;
        private boolean withLabels;
        private boolean binarized;
        private long binarizationSeed;
        private DataType dataType = DataType.FLOAT;

        Builder(LabeledImages images, int batch) {
            this.images = images;
            this.batch = Require.atLeast(1, "ImageIterator", "batch", batch, "128 is a usual size");
        }

        /**
         * Shuffles the images of every epoch. Default: the order of the data set.
         *
         * @param seed the seed of the orders
         * @return this
         */
        public Builder shuffle(long seed) {
            this.shuffled = true;
            this.seed = seed;
            return this;
        }

        /**
         * Sets the number of the first epoch, for training that resumes. Default: 0.
         *
         * @param epoch the number of completed epochs
         * @return this
         */
        public Builder startEpoch(int epoch) {
            this.startEpoch = epoch;
            return this;
        }

        /**
         * Shapes the features as {@code [batch, 1, rows, columns]}, for convolutional networks; likewise the targets,
         * unless they are labels. Default: {@code [batch, rows·columns]}.
         *
         * @return this
         */
        public Builder asImages() {
            this.asImages = true;
            return this;
        }

        /**
         * Makes the classes, one-hot {@code [batch, classes]}, the targets. Default: the features.
         *
         * @return this
         */
        public Builder withLabels() {
            this.withLabels = true;
            return this;
        }

        /**
         * Samples each pixel as 0 or 1 in every epoch, with the gray value as the probability of 1: dynamic
         * binarization. A sample depends on the seed, the epoch and the image, not on the order. Default: gray values.
         *
         * @param seed the seed of the samples
         * @return this
         */
        public Builder binarized(long seed) {
            this.binarized = true;
            this.binarizationSeed = seed;
            return this;
        }

        /**
         * Sets the data type of features and targets. Default: {@code FLOAT}.
         *
         * @param dataType a floating-point type
         * @return this
         * @throws IllegalArgumentException if it is null
         */
        public Builder dataType(DataType dataType) {
            this.dataType = Require.given("ImageIterator", "dataType", dataType, "use FLOAT");
            return this;
        }

        /**
         * Creates the iterator.
         *
         * @return an iterator at its first mini-batch
         */
        public ImageIterator build() {
            return new ImageIterator(this);
        }
    }
}
