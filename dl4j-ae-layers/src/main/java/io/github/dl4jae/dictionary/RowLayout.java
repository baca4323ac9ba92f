package io.github.dl4jae.dictionary;

import io.github.dl4jae.internal.layer.UnitAxis;
import java.util.Arrays;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/** The rows of an array of activations, without masked ones: there and back. */
final class RowLayout {

    private static final String SUBJECT = "LayerActivations";

    private final INDArray activations;
    private final UnitAxis axis;
    private final int examples;
    /** Positions of one row on axis 0 of the activations. */
    private final int inner;
    /** The indices of the rows that are not masked; null for all. */
    private final int @Nullable [] kept;

    RowLayout(INDArray activations, UnitAxis axis, @Nullable INDArray mask, int examples) {
        this.activations = activations;
        this.axis = axis;
        this.examples = examples;
        if (activations.rank() < 2 || activations.rank() > 4) {
            throw new IllegalArgumentException(SUBJECT + ": activations must have rank 2, 3 or 4, got shape "
                    + Arrays.toString(activations.shape()) + "; name a layer of features, sequences or images");
        }
        if (activations.size(0) % examples != 0) {
            throw new IllegalArgumentException(SUBJECT + ": activations must have as many rows as examples, or a"
                    + " multiple, got shape " + Arrays.toString(activations.shape()) + " for " + examples
                    + " examples; name a layer before the examples are split");
        }
        int rows = Math.toIntExact(activations.length() / axis.units(activations));
        this.inner = rows / Math.toIntExact(activations.size(0));
        this.kept = mask == null ? null : kept(axis, mask, activations, rows);
    }

    private static int[] kept(UnitAxis axis, INDArray mask, INDArray activations, int rows) {
        INDArray column = axis.positionMask(mask, activations);
        if (column.length() != rows) {
            throw new IllegalArgumentException(SUBJECT + ": a mask must have a value per row of the activations, got "
                    + column.length() + " values for " + rows + " rows; is it the mask of other data?");
        }
        double[] values = column.toDoubleVector();
        return IntStream.range(0, rows).filter(row -> values[row] != 0).toArray();
    }

    int rows() {
        return kept == null ? Math.toIntExact(activations.length() / axis.units(activations)) : kept.length;
    }

    long width() {
        return axis.units(activations);
    }

    /** Returns the rows that are not masked, a new array in 'c' order. */
    INDArray values() {
        INDArray all = axis.toMatrix(activations);
        INDArray rows = kept == null ? all : kept.length == 0 ? all : all.getRows(kept);
        if (kept != null && kept.length == 0) {
            return Nd4j.empty(all.dataType());
        }
        return rows.dup('c');
    }

    /** Returns the rows with their example and position. */
    ActivationRows rows(INDArray values, long firstExample) {
        int n = rows();
        long[] example = new long[n];
        int[] position = new int[n];
        for (int i = 0; i < n; i++) {
            int row = kept == null ? i : kept[i];
            int outer = row / inner;
            example[i] = firstExample + outer % examples;
            position[i] = outer / examples * inner + row % inner;
        }
        return new ActivationRows(values, example, position, grid());
    }

    private long[] grid() {
        long repeats = activations.size(0) / examples;
        long[] shape = activations.shape();
        if (shape.length == 4 && repeats == 1) {
            return axis == UnitAxis.LAST ? new long[] {shape[1], shape[2]} : new long[] {shape[2], shape[3]};
        }
        return new long[] {repeats * inner};
    }

    /** Returns activations whose rows are replaced, and masked ones kept. */
    INDArray with(INDArray rows) {
        if (kept != null && kept.length == 0) {
            return activations.dup('c');
        }
        INDArray all = rows;
        if (kept != null) {
            all = axis.toMatrix(activations).dup('c');
            for (int i = 0; i < kept.length; i++) {
                all.putRow(kept[i], rows.getRow(i));
            }
        }
        return axis.fromMatrix(all.castTo(activations.dataType()), activations).dup('c');
    }
}
