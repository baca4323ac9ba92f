package io.github.dl4jae.dictionary;

import io.github.dl4jae.internal.inference.Batches;
import io.github.dl4jae.internal.layer.Require;
import java.util.Iterator;
import java.util.function.Function;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.dataset.api.iterator.DataSetIterator;
import org.nd4j.linalg.dataset.api.iterator.MultiDataSetIterator;

/** Examples that can be read several times, in mini-batches. */
interface ExampleSource extends Iterable<ExampleBatch> {

    /** Rows of wide layers take more memory than the examples. */
    long EXAMPLES = 256;

    /** Returns the rows of an array. */
    static ExampleSource of(String subject, INDArray examples) {
        Batches.requireRows(subject, "examples", examples);
        Batches batches = new Batches(
                examples.size(0), Math.min(EXAMPLES, Batches.of(examples).step()));
        return () -> new Iterator<>() {
            private long from;

            @Override
            public boolean hasNext() {
                return from < batches.rows();
            }

            @Override
            public ExampleBatch next() {
                long to = Math.min(from + batches.step(), batches.rows());
                INDArray rows = Batches.copy(examples, from, to, examples.dataType());
                from = to;
                return ExampleBatch.of(rows, null);
            }
        };
    }

    static ExampleSource of(String subject, DataSetIterator iterator) {
        Require.given(subject, "examples", iterator, "pass an iterator or an array of examples");
        requireReset(subject, iterator.resetSupported(), iterator);
        return () -> {
            iterator.reset();
            return mapped(iterator, ExampleBatch::of);
        };
    }

    static ExampleSource of(String subject, MultiDataSetIterator iterator) {
        Require.given(subject, "examples", iterator, "pass an iterator or an array of examples");
        requireReset(subject, iterator.resetSupported(), iterator);
        return () -> {
            iterator.reset();
            return mapped(iterator, ExampleBatch::of);
        };
    }

    private static void requireReset(String subject, boolean supported, Object iterator) {
        Require.that(
                supported,
                subject,
                "the iterator must support reset()",
                iterator.getClass().getName(),
                "the examples are read several times");
    }

    private static <T> Iterator<ExampleBatch> mapped(Iterator<T> iterator, Function<T, ExampleBatch> batch) {
        return new Iterator<>() {
            @Override
            public boolean hasNext() {
                return iterator.hasNext();
            }

            @Override
            public ExampleBatch next() {
                return batch.apply(iterator.next());
            }
        };
    }
}
