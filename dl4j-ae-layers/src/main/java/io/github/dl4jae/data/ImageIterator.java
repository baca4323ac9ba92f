package io.github.dl4jae.data;

import java.util.Arrays;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.dataset.DataSet;
import org.nd4j.linalg.dataset.api.DataSetPreProcessor;
import org.nd4j.linalg.dataset.api.iterator.DataSetIterator;

/**
 * Minibatches of images for autoencoders: the targets are the features, unless labels are asked for.
 *
 * <p>Features are {@code [batch, rows·columns]}, or {@code [batch, 1, rows, columns]} with {@link Builder#asImages}, float32 in
 * [0, 1]. Bytes become numbers when a minibatch is asked for; Deeplearning4j does that ahead of time on a thread of its
 * own.
 *
 * <p>Shuffled, every pass over the data has an order of its own that depends on the seed and the number of the pass only:
 * with {@link Builder#startEpoch} a resumed training run sees what an uninterrupted one would.
 */
public final class ImageIterator implements DataSetIterator {

    private final LabeledImages images;
    private final int batch;
    private final boolean shuffled;
    private final long seed;
    private final boolean asImages;
    private final boolean withLabels;
    private final boolean binarized;
    private final long binarizationSeed;
    private final DataType dataType;
    private final int[] order;
    private int epoch;
    private int position;
    private DataSetPreProcessor preProcessor;

    private ImageIterator(Builder builder) {
        this.images = builder.images;
        this.batch = builder.batch;
        this.shuffled = builder.shuffled;
        this.seed = builder.seed;
        this.asImages = builder.asImages;
        this.withLabels = builder.withLabels;
        this.binarized = builder.binarized;
        this.binarizationSeed = builder.binarizationSeed;
        this.dataType = builder.dataType;
        this.epoch = builder.startEpoch;
        this.order = IntStream.range(0, images.size()).toArray();
        shuffle();
    }

    /** Fisher and Yates, from the identity: the order depends on seed and epoch, not on earlier epochs. */
    private void shuffle() {
        if (!shuffled) {
            return;
        }
        Arrays.setAll(order, i -> i);
        SplittableRandom random = RandomStreams.of(seed, epoch);
        for (int i = order.length - 1; i > 0; i--) {
            int j = random.nextInt(i + 1);
            int swapped = order[i];
            order[i] = order[j];
            order[j] = swapped;
        }
    }

    @Override
    public DataSet next() {
        return next(batch);
    }

    @Override
    public DataSet next(int count) {
        if (!hasNext()) {
            throw new NoSuchElementException(images + ": all were read; call reset() for another pass");
        }
        int to = Math.min(position + count, images.size());
        INDArray features = (binarized
                        ? images.binarized(order, position, to, binarizationSeed, epoch)
                        : images.features(order, position, to))
                .castTo(dataType);
        if (asImages) {
            features = features.reshape(to - position, 1, images.rows(), images.columns());
        }
        INDArray targets = withLabels
                ? images.oneHot(order, position, to).castTo(dataType)
                : preProcessor == null ? features : features.dup(); // what changes features must not change targets
        position = to;
        DataSet minibatch = new DataSet(features, targets);
        if (preProcessor != null) {
            preProcessor.preProcess(minibatch);
        }
        return minibatch;
    }

    @Override
    public boolean hasNext() {
        return position < images.size();
    }

    /** Begins another pass, unless nothing was read since the last began. */
    @Override
    public void reset() {
        if (position > 0) {
            position = 0;
            epoch++;
            shuffle();
        }
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
    public void setPreProcessor(DataSetPreProcessor preProcessor) {
        this.preProcessor = preProcessor;
    }

    @Override
    public DataSetPreProcessor getPreProcessor() {
        return preProcessor;
    }

    @Override
    public List<String> getLabels() {
        return IntStream.range(0, images.classes()).mapToObj(Integer::toString).toList();
    }

    /** Settings of an {@link ImageIterator}; get one from {@link LabeledImages#iterator}. */
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
            if (batch < 1) {
                throw new IllegalArgumentException(
                        "ImageIterator: batch must be at least 1, got " + batch + "; 128 is a usual size");
            }
            this.images = images;
            this.batch = batch;
        }

        /**
         * Gives every pass an order of its own.
         *
         * @param seed decides the orders
         * @return this
         */
        public Builder shuffle(long seed) {
            this.shuffled = true;
            this.seed = seed;
            return this;
        }

        /**
         * Numbers the first pass, for training that resumes.
         *
         * @param epoch how many passes were made before
         * @return this
         */
        public Builder startEpoch(int epoch) {
            this.startEpoch = epoch;
            return this;
        }

        /**
         * Gives features (and targets that equal them) as {@code [batch, 1, rows, columns]}, for convolutional networks.
         *
         * @return this
         */
        public Builder asImages() {
            this.asImages = true;
            return this;
        }

        /**
         * Gives the classes, one-hot {@code [batch, classes]}, as targets.
         *
         * @return this
         */
        public Builder withLabels() {
            this.withLabels = true;
            return this;
        }

        /**
         * Gives pixels that are 0 or 1, drawn anew in every pass with the gray value as the probability of 1: dynamic binarization. A pixel
         * depends on the seed, the pass and the image alone, not on the order.
         *
         * @param seed decides the pixels
         * @return this
         */
        public Builder binarized(long seed) {
            this.binarized = true;
            this.binarizationSeed = seed;
            return this;
        }

        /**
         * Sets the type of the numbers.
         *
         * @param dataType float32 unless set
         * @return this
         */
        public Builder dataType(DataType dataType) {
            this.dataType = dataType;
            return this;
        }

        /**
         * Makes the iterator.
         *
         * @return an iterator at its first minibatch
         */
        public ImageIterator build() {
            return new ImageIterator(this);
        }
    }
}
