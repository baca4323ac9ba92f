package io.github.dl4jae.dictionary;

import io.github.dl4jae.internal.kernel.RowBlocks;
import io.github.dl4jae.internal.kernel.RowMatrix;
import io.github.dl4jae.internal.kernel.RowVector;
import java.util.Arrays;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * The views of a layer's gradients. The rows of units without a gradient are zero; backprop clears those that it wrote
 * last time, so its time does not depend on the number of units. Where the updater leaves steps in all rows, as one
 * with momentum does, backprop clears all.
 */
final class DictionaryGradients {

    private final Map<String, INDArray> views;
    /** Whether the updater changes the rows of active units alone. */
    private final boolean lazy;

    private final @Nullable RowMatrix encoder;
    private final RowMatrix decoder;
    /** The units whose rows differ from zero, in ascending order. */
    private int[] active = {};

    DictionaryGradients(Map<String, INDArray> views, boolean lazy) {
        this.lazy = lazy;
        this.views = views;
        this.encoder = views.containsKey(DictionaryParamInitializer.ENCODER)
                ? RowMatrix.of(view(DictionaryParamInitializer.ENCODER).transpose())
                : null;
        this.decoder = RowMatrix.of(view(DictionaryParamInitializer.DECODER));
        views.values().forEach(view -> view.assign(0));
    }

    /** Returns the units that have a gradient, in ascending order. */
    int[] active() {
        return active;
    }

    /**
     * Starts a pass: the rows of these units will be written, and all others are cleared.
     *
     * @param units in ascending order
     */
    void begin(int[] units) {
        if (lazy) {
            int[] left = left(active, units);
            clear(decoder, left);
            if (encoder != null) {
                clear(encoder, left);
            }
        } else {
            view(DictionaryParamInitializer.DECODER).assign(0);
            if (encoder != null) {
                view(DictionaryParamInitializer.ENCODER).assign(0);
            }
        }
        active = units;
    }

    /** Returns the numbers of a sorted array that another one does not contain. */
    private static int[] left(int[] before, int[] now) {
        return Arrays.stream(before)
                .filter(j -> Arrays.binarySearch(now, j) < 0)
                .toArray();
    }

    private static void clear(RowMatrix matrix, int[] rows) {
        RowVector zeros = matrix.vector();
        for (int j : rows) {
            matrix.write(j, zeros);
        }
    }

    void writeEncoder(int unit, RowVector gradient) {
        if (encoder != null) {
            encoder.write(unit, gradient);
        }
    }

    void writeDecoder(int unit, RowVector gradient) {
        decoder.write(unit, gradient);
    }

    /** Adds to the gradients of the decoder rows of units. */
    void addDecoder(int[] units, UnitSum sums) {
        RowBlocks.of(units.length, 64L * decoder.columns()).forEach((block, from, to) -> {
            RowVector sum = decoder.vector();
            for (int i = from; i < to; i++) {
                decoder.read(units[i], sum);
                sums.add(units[i], sum);
                decoder.write(units[i], sum);
            }
        });
    }

    /** What is added to the row of a unit. */
    @FunctionalInterface
    interface UnitSum {
        void add(int unit, RowVector sum);
    }

    /** Sets the gradient of a parameter with one row. */
    void write(String name, double[] gradient, double scale) {
        INDArray view = view(name);
        RowVector row = RowVector.of(view.dataType(), gradient.length);
        for (int i = 0; i < gradient.length; i++) {
            row.set(i, scale * gradient[i]);
        }
        RowMatrix.of(view).write(0, row);
    }

    INDArray view(String name) {
        return Objects.requireNonNull(views.get(name), name);
    }
}
