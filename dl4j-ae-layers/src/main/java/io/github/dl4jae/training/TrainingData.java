package io.github.dl4jae.training;

import io.github.dl4jae.internal.layer.Require;
import java.util.Objects;
import java.util.function.IntFunction;
import org.jspecify.annotations.Nullable;
import org.nd4j.linalg.dataset.api.iterator.DataSetIterator;
import org.nd4j.linalg.dataset.api.iterator.MultiDataSetIterator;

/**
 * The mini-batches of each epoch, for a {@link Trainer}.
 *
 * <pre>{@code
 * TrainingData.of(iterator)                                                     // any iterator that can be reset
 * TrainingData.perEpoch(epoch -> images.iterator(128).shuffle(42).startEpoch(epoch).build())
 * TrainingData.perEpoch(epoch -> table.iterator(64).shuffle(42).startEpoch(epoch).build())
 * }</pre>
 *
 * <p>A resumed training must see the mini-batches of an uninterrupted one. With {@link #of}, it therefore reads the
 * past epochs again, without training on them: exact for every iterator whose order depends only on its seed and its
 * past. With {@link #perEpoch}, it creates the iterator of the current epoch directly, which takes no time.
 *
 * <p>Iterators that support asynchronous reading are read in a background thread, one at a time. Before each mini-batch
 * the trainer seeds ND4J's random generator of that thread, so that iterators which use it are reproducible.
 */
public final class TrainingData {

    private final @Nullable DataSetIterator single;
    private final @Nullable MultiDataSetIterator multi;
    private final @Nullable IntFunction<? extends MiniBatches> byEpoch;

    private TrainingData(
            @Nullable DataSetIterator single,
            @Nullable MultiDataSetIterator multi,
            @Nullable IntFunction<? extends MiniBatches> byEpoch) {
        this.single = single;
        this.multi = multi;
        this.byEpoch = byEpoch;
    }

    /**
     * Adapts an iterator.
     *
     * @param iterator at its first mini-batch; must support {@code reset()}, which begins the next epoch
     * @return the data
     * @throws IllegalArgumentException if the iterator is null or cannot be reset
     */
    public static TrainingData of(DataSetIterator iterator) {
        Require.given("TrainingData", "iterator", iterator, "");
        requireReset(iterator.resetSupported(), iterator);
        return new TrainingData(iterator, null, null);
    }

    /**
     * Adapts an iterator for graphs with several inputs or outputs.
     *
     * @param iterator at its first mini-batch; must support {@code reset()}, which begins the next epoch
     * @return the data
     * @throws IllegalArgumentException if the iterator is null or cannot be reset
     */
    public static TrainingData of(MultiDataSetIterator iterator) {
        Require.given("TrainingData", "iterator", iterator, "");
        requireReset(iterator.resetSupported(), iterator);
        return new TrainingData(null, iterator, null);
    }

    private static void requireReset(boolean supported, Object iterator) {
        Require.that(
                supported,
                "TrainingData",
                "the iterator must support reset()",
                iterator.getClass().getName(),
                "every epoch reads all mini-batches; use perEpoch(epoch -> …) to create an iterator per epoch");
    }

    /**
     * Creates an iterator for each epoch.
     *
     * @param iterators returns a new iterator of the mini-batches of an epoch, counted from 0; must give the same
     *     mini-batches whenever it is called for the same epoch
     * @return the data
     * @throws IllegalArgumentException if the function is null
     */
    public static TrainingData perEpoch(IntFunction<? extends DataSetIterator> iterators) {
        Require.given("TrainingData", "iterators", iterators, "");
        return new TrainingData(null, null, epoch -> MiniBatches.of(iterators.apply(epoch)));
    }

    /**
     * Creates an iterator for each epoch, for graphs with several inputs or outputs.
     *
     * @param iterators returns a new iterator of the mini-batches of an epoch, counted from 0; must give the same
     *     mini-batches whenever it is called for the same epoch
     * @return the data
     * @throws IllegalArgumentException if the function is null
     */
    public static TrainingData multiPerEpoch(IntFunction<? extends MultiDataSetIterator> iterators) {
        Require.given("TrainingData", "iterators", iterators, "");
        return new TrainingData(null, null, epoch -> MiniBatches.of(iterators.apply(epoch)));
    }

    /** Returns whether the mini-batches of an epoch can be had without reading those before. */
    boolean isByEpoch() {
        return byEpoch != null;
    }

    /** Returns the mini-batches of an epoch; those of an iterator that is not {@code byEpoch} continue where it is. */
    MiniBatches epoch(int epoch) {
        if (byEpoch != null) {
            return byEpoch.apply(epoch);
        }
        return single != null ? MiniBatches.of(single) : MiniBatches.of(Objects.requireNonNull(multi));
    }
}
