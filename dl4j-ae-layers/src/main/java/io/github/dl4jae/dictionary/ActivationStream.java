package io.github.dl4jae.dictionary;

import java.util.Iterator;
import java.util.List;
import java.util.NoSuchElementException;
import org.jspecify.annotations.Nullable;
import org.nd4j.linalg.api.ndarray.INDArray;

/** The rows of one or two places, mini-batch by mini-batch. Both have the same rows. */
final class ActivationStream implements Iterator<ActivationStream.Rows> {

    /** The activations of each place, with the same examples and positions. */
    record Rows(List<INDArray> values, ActivationRows rows) {}

    private final Iterator<ExampleBatch> batches;
    private final List<NetworkPlace> places;
    private final PlaceReader reader;
    private long batch;
    private long examples;
    private @Nullable Rows next;

    ActivationStream(List<NetworkPlace> places, ExampleSource source) {
        this.batches = source.iterator();
        this.places = places;
        this.reader = new PlaceReader(places);
    }

    @Override
    public boolean hasNext() {
        while (next == null && batches.hasNext()) {
            Rows rows = read(batches.next());
            next = rows.rows().rows() == 0 ? null : rows;
        }
        return next != null;
    }

    @Override
    public Rows next() {
        Rows result = hasNext() ? next : null;
        if (result == null) {
            throw new NoSuchElementException("no examples are left");
        }
        next = null;
        return result;
    }

    /** Refuses two places with other positions. */
    static void requireSameRows(List<NetworkPlace> places, List<RowLayout> layouts) {
        if (layouts.get(0).rows() != layouts.get(1).rows()) {
            throw new IllegalArgumentException("SparseDictionary: both layers must have the same positions, got "
                    + layouts.get(0).rows() + " rows in the " + places.get(0) + " and "
                    + layouts.get(1).rows() + " in the " + places.get(1)
                    + "; name layers without pooling or strides between them");
        }
    }

    private Rows read(ExampleBatch data) {
        List<RowLayout> layouts;
        synchronized (places.get(0).pass().network()) {
            layouts = reader.read(data).layouts();
        }
        List<INDArray> values = layouts.stream().map(RowLayout::values).toList();
        for (int i = 0; i < values.size(); i++) {
            PlaceReader.requireFinite(values.get(i), places.get(i), batch);
        }
        if (layouts.size() > 1) {
            requireSameRows(places, layouts);
        }
        ActivationRows rows = layouts.get(0).rows(values.get(0), examples);
        batch++;
        examples += data.examples();
        return new Rows(values, rows);
    }
}
