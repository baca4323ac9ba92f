package io.github.dl4jae.training;

import org.nd4j.linalg.dataset.api.iterator.DataSetIterator;
import org.nd4j.linalg.dataset.api.iterator.MultiDataSetIterator;

/** An iterator over mini-batches of either kind. */
interface MiniBatches {

    boolean hasNext();

    MiniBatch next();

    void reset();

    /** Returns whether another thread may read, one thread at a time. */
    boolean asyncSupported();

    static MiniBatches of(DataSetIterator iterator) {
        return new MiniBatches() {
            @Override
            public boolean hasNext() {
                return iterator.hasNext();
            }

            @Override
            public MiniBatch next() {
                return new MiniBatch.Single(iterator.next());
            }

            @Override
            public void reset() {
                iterator.reset();
            }

            @Override
            public boolean asyncSupported() {
                return iterator.asyncSupported();
            }
        };
    }

    static MiniBatches of(MultiDataSetIterator iterator) {
        return new MiniBatches() {
            @Override
            public boolean hasNext() {
                return iterator.hasNext();
            }

            @Override
            public MiniBatch next() {
                return new MiniBatch.Multi(iterator.next());
            }

            @Override
            public void reset() {
                iterator.reset();
            }

            @Override
            public boolean asyncSupported() {
                return iterator.asyncSupported();
            }
        };
    }
}
