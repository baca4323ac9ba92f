package io.github.dl4jae.tabular;

import io.github.dl4jae.internal.layer.Require;
import java.nio.file.Path;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.Objects;
import java.util.SplittableRandom;
import org.jspecify.annotations.Nullable;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.dataset.DataSet;
import org.nd4j.linalg.dataset.api.DataSetPreProcessor;
import org.nd4j.linalg.dataset.api.iterator.DataSetIterator;

/**
 * An iterator over mini-batches of a file that does not fit into memory, for training and scoring. {@link
 * FeatureTable#iterator} is that of a table in memory.
 *
 * <pre>{@code
 * TableSchema schema = new TableReader.Builder().build().fit(file);
 * network.fit(new TableIterator.Builder(file, schema, 128).shuffle(10_000, 42).build(), 5);
 * }</pre>
 *
 * <p>Features are encoded by the schema. The labels are the features, with a mask that leaves out missing values, or
 * with {@link Builder#withLabels} the classes or quantities of the label column.
 *
 * <p>With {@link Builder#shuffle}, rows wait in a buffer, and each next row is a random one of it, so that rows leave
 * their place by about the size of the buffer. A file that is sorted by class should be shuffled before. Every epoch
 * has its own order, which depends only on the seed and the number of the epoch. A run resumed with {@link
 * Builder#startEpoch} therefore sees the same mini-batches as an uninterrupted one.
 *
 * <p>Memory: the buffer and a mini-batch. The file is open during an epoch; {@link #close} closes it earlier.
 *
 * <p>Errors: those of {@link TableSchema#read}, when the row is reached.
 */
public final class TableIterator implements DataSetIterator, AutoCloseable {

    private final Path file;
    private final TableSchema schema;
    private final TableFormat format;
    private final RowEncoder encoder;
    private final int batch;
    private final int buffer;
    private final long seed;
    private final boolean withLabels;

    /** The rows of the buffer, and spare ones. */
    private final @Nullable EncodedRow[] waiting;

    private int waitingRows;
    private @Nullable TableRows rows;
    private SplittableRandom random;
    private int epoch;
    private boolean begun;
    private @Nullable DataSetPreProcessor preProcessor;

    private TableIterator(Builder builder) {
        this.file = builder.file;
        this.schema = builder.schema;
        this.format = schema.formatOf(file);
        this.encoder = RowEncoder.of(schema, file, format);
        this.batch = builder.batch;
        this.buffer = builder.buffer;
        this.seed = builder.seed;
        this.withLabels = builder.withLabels;
        this.waiting = new EncodedRow[buffer];
        this.epoch = builder.startEpoch;
        this.random = random();
        Require.that(
                !withLabels || encoder.hasTarget(),
                "TableIterator",
                "withLabels needs a schema and a file with the label column",
                schema + " and " + file,
                "set label(…) of the TableReader");
    }

    @Override
    public boolean hasNext() {
        fill();
        return waitingRows > 0;
    }

    /** Fills the buffer. */
    private void fill() {
        if (!begun) {
            begun = true;
            rows = encoder.open(file, format);
        }
        while (rows != null && waitingRows < buffer) {
            if (!rows.hasNext()) {
                close();
                return;
            }
            EncodedRow row = waiting[waitingRows];
            if (row == null) {
                row = new EncodedRow(schema.names().size());
                waiting[waitingRows] = row;
            }
            encoder.encode(rows.next(), row);
            waitingRows++;
        }
    }

    /** Takes a row of the buffer, which is valid until the buffer is filled again. */
    private EncodedRow take() {
        int place = buffer == 1 ? 0 : random.nextInt(waitingRows);
        EncodedRow row = Objects.requireNonNull(waiting[place]);
        waiting[place] = waiting[--waitingRows];
        waiting[waitingRows] = row;
        return row;
    }

    @Override
    public DataSet next() {
        return next(batch);
    }

    @Override
    public DataSet next(int count) {
        if (!hasNext()) {
            throw new NoSuchElementException(
                    "TableIterator: " + file + ": no mini-batch is left in this epoch; call reset()");
        }
        EncodedRows block = new EncodedRows(count, schema.names().size());
        while (!block.isFull() && hasNext()) {
            block.add(take());
        }
        INDArray x = block.features();
        DataSet minibatch = withLabels
                ? new DataSet(x, Objects.requireNonNull(schema.target()).labels(block.targets()))
                : new DataSet(x, x.dup(), null, block.present());
        if (preProcessor != null) {
            preProcessor.preProcess(minibatch);
        }
        return minibatch;
    }

    /** Starts the next epoch, unless the current one has just started. */
    @Override
    public void reset() {
        if (begun) {
            close();
            begun = false;
            waitingRows = 0;
            epoch++;
            random = random();
        }
    }

    private SplittableRandom random() {
        return new SplittableRandom(seed + epoch);
    }

    /** Closes the file; the rows in the buffer remain. */
    @Override
    public void close() {
        if (rows != null) {
            rows.close();
            rows = null;
        }
    }

    @Override
    public int inputColumns() {
        return schema.names().size();
    }

    @Override
    public int totalOutcomes() {
        return withLabels ? Objects.requireNonNull(schema.target()).columns() : inputColumns();
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
    public @Nullable DataSetPreProcessor getPreProcessor() {
        return preProcessor;
    }

    @Override
    public List<String> getLabels() {
        return withLabels ? schema.classes() : List.of();
    }

    /** A builder of a {@link TableIterator}. */
    public static final class Builder {
        private final Path file;
        private final TableSchema schema;
        private final int batch;
        private int buffer = 1;
        private long seed;
        private int startEpoch;
        private boolean withLabels;

        /**
         * Creates a builder for rows in the order of the file, with the features as labels.
         *
         * @param file a file with the columns of the schema
         * @param schema a fitted schema
         * @param batch the number of rows of a mini-batch, at least 1
         * @throws IllegalArgumentException if an argument is null or the batch is empty
         */
        public Builder(Path file, TableSchema schema, int batch) {
            this.file = Require.given("TableIterator", "file", file, "");
            this.schema = Require.given("TableIterator", "schema", schema, "fit one with TableReader");
            this.batch = Require.atLeast(1, "TableIterator", "batch", batch, "");
        }

        /**
         * Sets the number of rows that wait to be drawn at random. Default: 1, the order of the file.
         *
         * @param rows at least 1
         * @param seed of the random order
         * @return this
         * @throws IllegalArgumentException if there are no rows
         */
        public Builder shuffle(int rows, long seed) {
            this.buffer = Require.atLeast(1, "TableIterator", "rows", rows, "");
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
            this.startEpoch = Require.atLeast(0, "TableIterator", "startEpoch", epoch, "");
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
         * @return an iterator at the beginning of the file
         * @throws IllegalArgumentException if the file lacks a column
         */
        public TableIterator build() {
            return new TableIterator(this);
        }
    }
}
