package io.github.dl4jae.tabular;

import io.github.dl4jae.internal.layer.Require;
import io.github.dl4jae.internal.math.EpochOrder;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.dataset.DataSet;
import org.nd4j.linalg.dataset.api.DataSetPreProcessor;
import org.nd4j.linalg.dataset.api.iterator.DataSetIterator;

/**
 * An iterator over mini-batches of a table in memory, for training and validation.
 *
 * <pre>{@code
 * network.fit(table.iterator(64).shuffle(42).build(), 10);
 * }</pre>
 *
 * <p>The labels are the features, with {@link FeatureTable#present} as their mask, or with {@link Builder#withLabels}
 * the classes or quantities of the label column. Mini-batches do not share arrays with the table.
 *
 * <p>With {@link Builder#shuffle}, every epoch has its own order, which depends only on the seed and the number of the
 * epoch. A run resumed with {@link Builder#startEpoch} therefore sees the same mini-batches as an uninterrupted one.
 *
 * @see TableIterator
 */
public final class FeatureTableIterator implements DataSetIterator {

    private final FeatureTable table;
    private final int batch;
    private final EpochOrder order;
    private final boolean withLabels;
    private @Nullable DataSetPreProcessor preProcessor;

    private FeatureTableIterator(Builder builder) {
        this.table = builder.table;
        this.batch = builder.batch;
        this.order = new EpochOrder(
                Math.toIntExact(table.features().size(0)), builder.shuffled, builder.seed, builder.startEpoch);
        this.withLabels = builder.withLabels;
    }

    @Override
    public boolean hasNext() {
        return order.hasNext();
    }

    @Override
    public DataSet next() {
        return next(batch);
    }

    @Override
    public DataSet next(int count) {
        if (!hasNext()) {
            throw new NoSuchElementException(table + ": no mini-batch is left in this epoch; call reset()");
        }
        FeatureTable some = table.rows(order.next(count));
        INDArray x = some.features();
        DataSet minibatch = withLabels
                ? new DataSet(x, some.labels())
                // a preprocessor of features must not change labels
                : new DataSet(x, x.dup(), null, some.present().orElse(null));
        if (preProcessor != null) {
            preProcessor.preProcess(minibatch);
        }
        return minibatch;
    }

    /** Starts the next epoch, unless the current one has just started. */
    @Override
    public void reset() {
        order.reset();
    }

    @Override
    public int inputColumns() {
        return table.names().size();
    }

    @Override
    public int totalOutcomes() {
        return withLabels ? Objects.requireNonNull(table.schema().target()).columns() : inputColumns();
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
        return withLabels ? table.classes() : List.of();
    }

    /** A builder of a {@link FeatureTableIterator}, created by {@link FeatureTable#iterator}. */
    public static final class Builder {
        private final FeatureTable table;
        private final int batch;
        private boolean shuffled;
        private long seed;
        private int startEpoch;
        private boolean withLabels;

        Builder(FeatureTable table, int batch) {
            this.table = table;
            this.batch = Require.atLeast(1, "FeatureTableIterator", "batch", batch, "64 is a usual size");
        }

        /**
         * Shuffles the rows of every epoch. Default: the order of the table.
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
         * @throws IllegalArgumentException if it is negative
         */
        public Builder startEpoch(int epoch) {
            this.startEpoch = Require.atLeast(0, "FeatureTableIterator", "startEpoch", epoch, "");
            return this;
        }

        /**
         * Sets whether labels are those of the label column, for a classifier or a regression. Default: false.
         *
         * @param withLabels whether they are
         * @return this
         */
        public Builder withLabels(boolean withLabels) {
            this.withLabels = withLabels;
            return this;
        }

        /**
         * Creates the iterator.
         *
         * @return an iterator at its first mini-batch
         * @throws IllegalArgumentException if labels are asked for and the table has no label column
         */
        public FeatureTableIterator build() {
            Require.that(
                    !withLabels || table.targets().length > 0,
                    "FeatureTableIterator",
                    "withLabels needs a table with the label column",
                    table,
                    "set label(…) of the TableReader");
            return new FeatureTableIterator(this);
        }
    }
}
